"""Who is enrolled where: terms, their units, cadets across terms, and lists a unit may edit."""

import unicodedata

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from rotc.grading import Policy

SEMESTERS = {1: "1st Semester", 2: "2nd Semester", 3: "Summer/OJT"}


def folded(text: str) -> str:
    """``text`` as it is compared and sorted: no case, no accents, single spaces (Peña → pena)."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().split())


class Term(models.Model):
    """A semester of a school year, graded under the policy it stores."""

    name = models.CharField(max_length=11, unique=True)  # 2026-2027-1
    school_year = models.CharField(max_length=9)
    semester = models.PositiveSmallIntegerField(choices=list(SEMESTERS.items()))
    policy = models.JSONField()
    planned_days = models.PositiveSmallIntegerField()
    opened_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-name"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "semester"], name="one_term_a_semester"),
            models.CheckConstraint(condition=Q(semester__in=SEMESTERS), name="semester_is_known"),
        ]

    def __str__(self):
        return self.name

    @property
    def title(self) -> str:
        return f"{self.get_semester_display()}, SY {self.school_year}"

    @property
    def rules(self) -> Policy:
        """The stored policy as the engine takes it."""
        return Policy.from_dict(self.policy)


class Unit(models.Model):
    """A corps, battalion, company or platoon of one term.

    ``path`` holds the folded names from the corps down, each closed by a slash (``1st/alpha/2nd/``;
    the corps itself is empty), so "everything under Alpha" is one prefix and the order of paths is
    the order of formation.
    """

    class Kind(models.TextChoices):
        CORPS = "corps", "Corps"
        BATTALION = "battalion", "Battalion"
        COMPANY = "company", "Company"
        PLATOON = "platoon", "Platoon"

    term = models.ForeignKey(Term, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["term", "path"], name="one_unit_a_path"),
            models.CheckConstraint(
                condition=Q(kind="corps", parent=None, path="")
                | (~Q(kind="corps") & Q(parent__isnull=False) & ~Q(path="")),
                name="only_the_corps_stands_alone",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["corps", "battalion", "company", "platoon"]),
                name="unit_kind_is_known",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """The unit's name as it is said: ``Alpha Company``, ``1st Platoon``, ``Corps``."""
        if self.kind == self.Kind.CORPS or self.name.casefold().endswith(self.kind):
            return self.name
        return f"{self.name} {self.get_kind_display()}"

    @property
    def place(self) -> str:
        """Where it stands, as people say it: ``Alpha Company · 1st Platoon``. Reads ``parent``."""
        if self.kind == self.Kind.PLATOON:
            return f"{self.parent.label} · {self.label}"
        return self.label

    def holds(self, other: "Unit") -> bool:
        """Whether ``other`` is this unit or stands under it."""
        return self.term_id == other.term_id and other.path.startswith(self.path)


class Cadet(models.Model):
    """A person, across terms. What belongs to one term is in the enrollment."""

    class Sex(models.TextChoices):
        MALE = "M", "Male"
        FEMALE = "F", "Female"

    student_number = models.CharField(max_length=30)
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    middle_name = models.CharField(max_length=80, blank=True)
    suffix = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    contact_number = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    birthdate = models.DateField(null=True, blank=True)
    programme = models.CharField(max_length=80, blank=True)
    religion = models.CharField(max_length=60, blank=True)
    birthplace = models.CharField(max_length=120, blank=True)
    height_cm = models.PositiveSmallIntegerField("height", null=True, blank=True)
    weight_kg = models.PositiveSmallIntegerField("weight", null=True, blank=True)
    blood_type = models.CharField(max_length=5, blank=True)
    civil_status = models.CharField(max_length=20, blank=True)
    boots = models.CharField(max_length=20, blank=True)
    uniform = models.CharField(max_length=30, blank=True)
    bullcap = models.CharField(max_length=20, blank=True)
    emergency_name = models.CharField("emergency contact", max_length=120, blank=True)
    emergency_relation = models.CharField("relation of the emergency contact", max_length=40, blank=True)
    emergency_number = models.CharField("number of the emergency contact", max_length=30, blank=True)
    photo = models.CharField(max_length=100, blank=True)  # its name in the storage
    profile_locked_at = models.DateTimeField(null=True, blank=True)  # until then the cadet fills it in
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sort_name = models.CharField(max_length=260, editable=False, db_index=True)

    class Meta:
        ordering = ["sort_name", "student_number"]
        constraints = [
            models.UniqueConstraint(Lower("student_number"), name="one_cadet_a_student_number"),
            models.CheckConstraint(condition=~Q(student_number=""), name="cadet_has_a_student_number"),
            models.CheckConstraint(
                condition=Q(height_cm=None) | Q(height_cm__gte=50, height_cm__lte=250),
                name="cadet_height_in_centimetres",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__gte=20, weight_kg__lte=300),
                name="cadet_weight_in_kilograms",
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        """``Last, First Middle Suffix``, as rosters and papers print it."""
        given = " ".join(part for part in (self.first_name, self.middle_name, self.suffix) if part)
        return f"{self.last_name}, {given}"

    @property
    def short_name(self) -> str:
        """``Last, First M.``, for narrow tables."""
        initial = f" {self.middle_name[0]}." if self.middle_name else ""
        suffix = f" {self.suffix}" if self.suffix else ""
        return f"{self.last_name}, {self.first_name}{initial}{suffix}"

    def set_sort_name(self) -> None:
        """Derive ``sort_name``; bulk writers call it themselves, ``save`` always does."""
        # Folding may lengthen a name: one sign of type for “ffi” becomes three letters.
        self.sort_name = folded(self.full_name)[: self._meta.get_field("sort_name").max_length]

    def save(self, **kwargs):
        self.set_sort_name()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "sort_name"}
        super().save(**kwargs)


class Enrollment(models.Model):
    """A cadet in a term: the thing that is graded. A cadet not placed yet stands in the corps."""

    cadet = models.ForeignKey(Cadet, models.PROTECT, related_name="enrollments")
    term = models.ForeignKey(Term, models.PROTECT, related_name="enrollments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="enrollments")
    ms_level = models.CharField(max_length=10, blank=True)
    rank = models.CharField(max_length=10, blank=True)
    year_level = models.CharField(max_length=5, blank=True)
    position = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=20, blank=True)  # the unit's word (Ongoing, Dropped); never a grade
    enrolled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["unit__path", "cadet__sort_name"]
        constraints = [
            models.UniqueConstraint(fields=["cadet", "term"], name="one_enrollment_a_term"),
        ]

    def __str__(self):
        return f"{self.cadet} ({self.term})"


class ListedValue(models.Model):
    """A word of one of the unit's lists (MS levels, ranks, programmes, sizes…). Data, not code."""

    class List(models.TextChoices):
        MS_LEVEL = "ms_level", "MS levels"
        CADET_RANK = "cadet_rank", "Cadet ranks"
        STAFF_RANK = "staff_rank", "Staff ranks"
        PROGRAMME = "programme", "Degree programmes"
        POSITION = "position", "Positions"
        CADET_STATUS = "cadet_status", "Cadet statuses"
        CIVIL_STATUS = "civil_status", "Civil statuses"
        BLOOD_TYPE = "blood_type", "Blood types"
        RELIGION = "religion", "Religions"
        BOOTS = "boots", "Sizes of boots"
        UNIFORM = "uniform", "Sizes of uniforms"
        BULLCAP = "bullcap", "Sizes of bullcaps"

    list = models.CharField(max_length=12, choices=List)
    value = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["list", "position", "value"]
        constraints = [
            models.UniqueConstraint(F("list"), Lower("value"), name="listed_once"),
        ]

    def __str__(self):
        return self.value
