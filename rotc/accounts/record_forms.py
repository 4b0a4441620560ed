"""The shape of a staff record: all of it for an administrator, what is one's own for oneself."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from rotc.accounts.models import StaffProfile, User
from rotc.accounts.queries import why_not_email
from rotc.roster.models import ListedValue
from rotc.web.altered import CarriesWhatItShowed
from rotc.web.fields import DayField

List = ListedValue.List
LISTED = {
    "rank": List.STAFF_RANK,
    "blood_type": List.BLOOD_TYPE,
    "civil_status": List.CIVIL_STATUS,
    "boots": List.BOOTS,
    "uniform": List.UNIFORM,
    "bullcap": List.BULLCAP,
}


def _text(field, **more):
    return forms.CharField(max_length=StaffProfile._meta.get_field(field).max_length, required=False, **more)


def _figure(label, least, most, unit):
    return forms.IntegerField(
        label=label,
        required=False,
        help_text=f"In {unit}.",
        widget=forms.NumberInput(attrs={"min": least, "max": most, "inputmode": "numeric"}),
        validators=[MinValueValidator(least), MaxValueValidator(most)],
    )


class OwnRecord(CarriesWhatItShowed, forms.Form):
    """What somebody of the staff keeps right themselves: how to reach them, and what quartermaster and medics ask."""

    contact_number = _text("contact_number", widget=forms.TextInput(attrs={"type": "tel"}))
    address = _text("address")
    birthdate = DayField(required=False)
    birthplace = _text("birthplace")
    civil_status = forms.ChoiceField(required=False)
    nationality = _text("nationality")
    languages = _text("languages", help_text="Those they speak, such as Maranao, Filipino, English.")
    height_cm = _figure("Height", 50, 250, "centimetres")
    weight_kg = _figure("Weight", 20, 300, "kilograms")
    blood_type = forms.ChoiceField(required=False)
    boots = forms.ChoiceField(required=False)
    uniform = forms.ChoiceField(required=False)
    bullcap = forms.ChoiceField(required=False)

    def __init__(self, *args, person: User, profile: StaffProfile, words: dict, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)
        self.initial = {
            name: getattr(profile if hasattr(profile, name) else person, name) for name in self.fields
        }
        for name, listed in LISTED.items():
            if name in self.fields:
                kept = filter(None, [self.initial[name]])
                known = dict.fromkeys([*words.get(listed, []), *kept])
                self.fields[name].choices = [("", "–"), *((word, word) for word in known)]


class StaffRecord(OwnRecord):
    """All that the unit keeps."""

    rank = forms.ChoiceField(required=False)
    first_name = forms.CharField(max_length=80)
    last_name = forms.CharField(max_length=80)
    afpsn = _text("afpsn", label="AFPSN")
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    home_unit = _text("home_unit", label="Unit", help_text="Where they belong in the AFP.")
    mobilization_centre = _text("mobilization_centre")
    field_order = ["rank", "first_name", "last_name", "afpsn", "email", "contact_number", "address"]

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email and email != self.person.email and (why_not := why_not_email(email, self.person)):
            raise forms.ValidationError(why_not)
        return email
