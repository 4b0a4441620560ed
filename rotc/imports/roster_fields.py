"""The columns of a roster and the headers that units give them."""

from rotc.imports.matching import Field, Shape

FIELDS = (
    Field(
        "student_number",
        "Student ID",
        (
            "Student Number", "Student No", "Student ID Number", "Student ID No", "USN", "SID",
            "ID Number", "ID No", "ID",
        ),
    ),
    Field("last_name", "Last Name", ("LName", "Surname", "Family Name")),
    Field("first_name", "First Name", ("FName", "Given Name", "Given Names")),
    Field("middle_name", "Middle Name", ("MName", "Middle Initial", "MI")),
    Field("suffix", "Suffix", ("Suffix Name", "Name Suffix", "Extension", "Ext")),
    Field("name", "Name", ("Full Name", "Cadet Name", "Student Name", "Name of Cadet", "Complete Name")),
    Field("email", "Email", ("E-mail", "Email Address")),
    Field("username", "Username", ("User Name",)),
    Field("rank", "Rank"),
    Field("sex", "Sex", ("Gender",)),
    Field(
        "contact_number",
        "Contact Number",
        ("Contact No", "Contact", "Mobile", "Mobile Number", "Mobile No", "Phone", "Phone Number", "Phone No"),
    ),
    Field("address", "Address", ("Home Address", "Complete Address")),
    Field("birthdate", "Birthdate", ("Birth Date", "Date of Birth", "DOB", "Birthday")),
    Field("programme", "Course", ("Program", "Programme", "Degree Program", "Degree Programme", "Degree")),
    Field("year_level", "Year Level", ("Yr Level", "Year")),
    Field("school_year", "School Year", ("SY", "Academic Year", "AY")),
    Field("semester", "Semester", ("Sem",)),
    Field("battalion", "Battalion", ("Bn",)),
    Field("company", "Company", ("Coy",)),
    Field("platoon", "Platoon", ("Plt",)),
    Field("ms_level", "MS Level", ("Cadet Course", "MS", "Military Science")),
    Field("position", "Position", ("Designation",)),
    Field("status", "Status", ("Cadet Status", "Enrollment Status")),
    Field("religion", "Religion"),
    Field("birthplace", "Birthplace", ("Place of Birth", "Birth Place")),
    Field("height_cm", "Height", ("Height cm", "Height in cm")),
    Field("weight_kg", "Weight", ("Weight kg", "Weight in kg")),
    Field("blood_type", "Blood Type", ("Blood", "Blood Group")),
    Field("civil_status", "Civil Status", ("Marital Status",)),
    Field("boots", "Boots", ("Boots Size", "Boot Size", "Combat Boots")),
    Field("uniform", "Uniform", ("Uniform Size", "BDU Size", "BDA Size")),
    Field("bullcap", "Bullcap", ("Bullcap Size", "Cap Size", "Bull Cap")),
    Field("emergency_name", "Emergency Contact", ("Emergency Contact Person", "Person to Contact", "Guardian")),
    Field("emergency_relation", "Emergency Relation", ("Relation", "Relationship")),
    Field(
        "emergency_number",
        "Emergency Number",
        ("Emergency Contact Number", "Emergency Contact No", "Guardian Contact Number"),
    ),
)  # fmt: skip
CADET_FIELDS = (
    "last_name", "first_name", "middle_name", "suffix", "email", "contact_number", "address", "sex",
    "birthdate", "programme", "religion", "birthplace", "height_cm", "weight_kg", "blood_type", "civil_status",
    "boots", "uniform", "bullcap", "emergency_name", "emergency_relation", "emergency_number",
)  # fmt: skip
ENROLLMENT_FIELDS = ("ms_level", "rank", "year_level", "position", "status")
UNIT_FIELDS = ("battalion", "company", "platoon")
BY_NAME = {each.name: each for each in FIELDS}
SHAPE = Shape(FIELDS, needs=(("student_number",),))
WORDS = {each.name: each.label for each in FIELDS} | {"unit": "Unit", "programme": "Programme"}


def roster_shape(term) -> Shape:
    """The same columns in every term."""
    return SHAPE
