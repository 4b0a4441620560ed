"""The facts of a cadet as forms: an officer's over all of them, the cadet's own over what is theirs to say."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from rotc.roster.facts import PLACING
from rotc.roster.models import Cadet, ListedValue
from rotc.roster.profiles import REQUIRED
from rotc.web.altered import CarriesWhatItShowed
from rotc.web.fields import DayField

YEAR_LEVELS = ["1st", "2nd", "3rd", "4th", "5th"]
CHOSEN = {
    "ms_level": ListedValue.List.MS_LEVEL,
    "rank": ListedValue.List.CADET_RANK,
    "position": ListedValue.List.POSITION,
    "status": ListedValue.List.CADET_STATUS,
    "civil_status": ListedValue.List.CIVIL_STATUS,
    "blood_type": ListedValue.List.BLOOD_TYPE,
    "boots": ListedValue.List.BOOTS,
    "uniform": ListedValue.List.UNIFORM,
    "bullcap": ListedValue.List.BULLCAP,
}
SUGGESTED = {"programme": ListedValue.List.PROGRAMME, "religion": ListedValue.List.RELIGION}
PERSON = ("sex", "birthdate", "birthplace", "civil_status", "religion")
CONTACT = ("contact_number", "email", "address")
STUDIES = ("programme", "year_level")
BODY = ("height_cm", "weight_kg", "blood_type", "boots", "uniform", "bullcap")
EMERGENCY = ("emergency_name", "emergency_relation", "emergency_number")


def listed() -> dict[str, list[str]]:
    """The words of every list, in its order; one query."""
    words = {}
    for each in ListedValue.objects.all():
        words.setdefault(each.list, []).append(each.value)
    return words


class Suggested(forms.TextInput):
    """Free text with the words of a list to choose from."""

    template_name = "roster/_suggested.html"
    words: list[str] = []

    def get_context(self, name, value, attrs):
        attrs = {**(attrs or {}), "list": f"words_{name}"}
        return super().get_context(name, value, attrs) | {"words": self.words, "words_id": f"words_{name}"}


def phone(**facts) -> forms.CharField:
    """A telephone number: text, so that its first zero stays."""
    return forms.CharField(
        max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"}), **facts
    )


def size(least: int, most: int, of: str, label: str) -> forms.IntegerField:
    beyond = f"Between {least} and {most} {of}."
    return forms.IntegerField(
        min_value=least,
        max_value=most,
        required=False,
        label=label,
        error_messages={"min_value": beyond, "max_value": beyond, "invalid": f"A whole number of {of}."},
    )


class Profile(CarriesWhatItShowed, forms.Form):
    """What a cadet knows best about themselves."""

    contact_number = phone()
    email = forms.EmailField(required=False, max_length=254, label="E-mail")
    address = forms.CharField(max_length=200, required=False)
    sex = forms.ChoiceField(required=False, choices=[("", "–"), *Cadet.Sex.choices])
    birthdate = DayField(required=False)
    birthplace = forms.CharField(max_length=120, required=False)
    civil_status = forms.ChoiceField(required=False)
    religion = forms.CharField(max_length=60, required=False, widget=Suggested)
    programme = forms.CharField(max_length=80, required=False, widget=Suggested)
    year_level = forms.ChoiceField(required=False)
    height_cm = size(50, 250, "centimetres", "Height in cm")
    weight_kg = size(20, 300, "kilograms", "Weight in kg")
    blood_type = forms.ChoiceField(required=False)
    boots = forms.ChoiceField(required=False, label="Size of boots")
    uniform = forms.ChoiceField(required=False, label="Size of uniform")
    bullcap = forms.ChoiceField(required=False, label="Size of bullcap")
    emergency_name = forms.CharField(max_length=120, required=False, label="Name")
    emergency_relation = forms.CharField(
        max_length=40, required=False, label="Relation", help_text="Mother, guardian, spouse"
    )
    emergency_number = phone(label="Telephone")

    groups = (
        ("Contact", CONTACT),
        ("Person", PERSON),
        ("Studies", STUDIES),
        ("Sizes and health", BODY),
        ("In an emergency, call", EMERGENCY),
    )

    def __init__(self, *args, cadet, enrollment, **kwargs):
        super().__init__(*args, **kwargs)
        if enrollment is None:
            for name in set(PLACING) & set(self.fields):
                del self.fields[name]
        self._offer(cadet, enrollment)
        for name in self.fields:
            self.initial[name] = getattr(enrollment if name in PLACING else cadet, name)

    def _offer(self, cadet, enrollment) -> None:
        words = listed()
        for name in CHOSEN.keys() & self.fields.keys():
            kept = getattr(enrollment if name in PLACING else cadet, name)
            self.fields[name].choices = _choices(words.get(CHOSEN[name], []), kept)
        if "year_level" in self.fields:
            self.fields["year_level"].choices = _choices(YEAR_LEVELS, enrollment.year_level)
        for name in SUGGESTED.keys() & self.fields.keys():
            self.fields[name].widget.words = words.get(SUGGESTED[name], [])

    def grouped(self):
        """``(heading, fields)`` in the order of the page."""
        for heading, names in self.groups:
            if fields := [self[name] for name in names if name in self.fields]:
                yield heading, fields

    def clean_birthdate(self):
        born = self.cleaned_data["birthdate"]
        if born and not 1900 <= born.year <= timezone.localdate().year - 10:
            raise forms.ValidationError("Check the year: nobody here was born then.")
        return born

    def clean_programme(self):
        return as_listed(self.cleaned_data["programme"], self.fields["programme"].widget.words)


def _choices(words, kept):
    known = dict.fromkeys([*words, *filter(None, [kept])])
    return [("", "–"), *((word, word) for word in known)]


def as_listed(given: str, words) -> str:
    """The word of the list that this is, however its letters are written; else as it is given."""
    return next((word for word in words if word.casefold() == given.casefold()), given)


class OwnProfile(Profile):
    """A cadet's own. ``complete`` asks for everything that is needed; else it is kept as far as it goes."""

    use_required_attribute = False

    def __init__(self, *args, cadet, complete: bool, **kwargs):
        super().__init__(*args, cadet=cadet, **kwargs)
        self.cadet = cadet
        for name in REQUIRED.keys() & self.fields.keys():
            self.fields[name].required = complete or not self.is_bound
            self.fields[name].error_messages["required"] = f"Still needed: {REQUIRED[name]}."

    def clean_email(self):
        email = self.cleaned_data["email"]
        others = get_user_model().objects.exclude(cadet=self.cadet)
        held = others.filter(Q(email__iexact=email) | Q(sign_in_names__name=email.casefold()))
        # An e-mail of two people signs in neither, so nobody may make another's one of two.
        if email and "email" in self.changed_data and held.exists():
            raise forms.ValidationError("Somebody else here has this e-mail. Give one of your own.")
        return email

    def clean(self):
        # Shown again, the page still says which of them may stay blank.
        for name in REQUIRED.keys() & self.fields.keys():
            self.fields[name].required = True
        return super().clean()


class Names(forms.Form):
    student_number = forms.CharField(max_length=30)
    last_name = forms.CharField(max_length=80)
    first_name = forms.CharField(max_length=80)
    middle_name = forms.CharField(max_length=80, required=False)
    suffix = forms.CharField(max_length=10, required=False)


class ChangeFacts(Profile, Names):
    """Everything that is kept about a cadet, and their place in the term."""

    unit = forms.ModelChoiceField(queryset=None, empty_label=None)
    ms_level = forms.ChoiceField(required=False, label="MS level")
    rank = forms.ChoiceField(required=False)
    position = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False)

    groups = (
        ("Name", ("last_name", "first_name", "middle_name", "suffix", "student_number")),
        ("In this term", ("unit", "ms_level", "rank", "position", "status")),
        *Profile.groups,
    )

    def __init__(self, *args, enrollment, units, **kwargs):
        super().__init__(*args, cadet=enrollment.cadet, enrollment=enrollment, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place
        self.initial["unit"] = enrollment.unit_id
