from django import forms

from rotc.roster.fact_forms import CHOSEN, Names, Suggested, as_listed, listed, phone
from rotc.roster.models import ListedValue, Unit
from rotc.roster.naming import unit_key

LONGEST_SEARCH = 100
PLACED = ("unit", "ms_level", "seen")


class Search(forms.Form):
    """What the roster is narrowed to. A value that means nothing narrows nothing."""

    q = forms.CharField(
        required=False,
        label="Cadet",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Name, ID or e-mail", "maxlength": LONGEST_SEARCH}
        ),
    )
    unit = forms.ModelChoiceField(queryset=None, required=False, empty_label="All units", label="Unit")
    where = forms.ChoiceField(required=False, choices=[("", "This term"), ("all", "All terms")], label="In")

    def __init__(self, *args, units, everywhere: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not everywhere:
            del self.fields["where"]
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place

    def chosen(self) -> dict:
        self.is_valid()
        unit = None if self.everywhere else self.cleaned_data.get("unit")
        return {"words": self.cleaned_data.get("q", "")[:LONGEST_SEARCH], "unit": unit}

    @property
    def everywhere(self) -> bool:
        """Whether all terms are searched, whose units this form does not name."""
        self.is_valid()
        return self.cleaned_data.get("where") == "all"


class FormUnit(forms.Form):
    kind = forms.ChoiceField(choices=[each for each in Unit.Kind.choices if each[0] != Unit.Kind.CORPS])
    name = forms.CharField(max_length=60, help_text="1st, Alpha, Medics")
    parent = forms.ModelChoiceField(queryset=None, empty_label=None, label="Stands under")

    def __init__(self, *args, parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents
        self.fields["parent"].label_from_instance = lambda unit: unit.place

    def clean_name(self):
        name = self.cleaned_data["name"]
        if not unit_key(name):
            raise forms.ValidationError("Write the name in letters or digits.")
        if len(unit_key(name)) > self.fields["name"].max_length:
            raise forms.ValidationError("Write the name in plain letters.")
        return name

    def clean(self):
        given = super().clean()
        kind, parent = given.get("kind"), given.get("parent")
        if kind and parent and Unit.Kind.values.index(parent.kind) >= Unit.Kind.values.index(kind):
            self.add_error("parent", f"A {kind} does not stand under a {parent.kind}.")
        return given


class AddCadet(Names):
    """Somebody who is to be enrolled by hand. ``seen`` says which possible doubles were shown before."""

    unit = forms.ModelChoiceField(queryset=None, empty_label=None)
    ms_level = forms.ChoiceField(required=False, label="MS level")
    email = forms.EmailField(required=False, max_length=254, label="E-mail")
    contact_number = phone()
    programme = forms.CharField(max_length=80, required=False, widget=Suggested)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        words = listed()
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place
        levels = words.get(ListedValue.List.MS_LEVEL, [])
        self.fields["ms_level"].choices = [("", "–"), *((level, level) for level in levels)]
        self.fields["programme"].widget.words = words.get(ListedValue.List.PROGRAMME, [])

    def clean_programme(self):
        return as_listed(self.cleaned_data["programme"], self.fields["programme"].widget.words)

    def person(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name not in PLACED}

    def placing(self) -> dict:
        return {"unit": self.cleaned_data["unit"], "ms_level": self.cleaned_data["ms_level"]}


class Wanted(forms.Form):
    """The unit, MS level or status that many cadets are to have."""

    def __init__(self, *args, field: str, units, **kwargs):
        super().__init__(*args, **kwargs)
        if field == "unit":
            self.fields["to"] = forms.ModelChoiceField(units, empty_label=None, label="To")
            self.fields["to"].label_from_instance = lambda unit: unit.place
        else:
            words = listed().get(CHOSEN[field], [])
            self.fields["to"] = forms.ChoiceField(choices=[(word, word) for word in words], label="To")


class Photo(forms.Form):
    photo = forms.FileField(
        required=False,
        help_text="JPEG, PNG or WebP, up to 10 MB. Your face, from the front.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class Erase(forms.Form):
    """Typed to confirm."""

    typed = forms.CharField(max_length=30, label="Student number")

    def __init__(self, *args, cadet, **kwargs):
        super().__init__(*args, **kwargs)
        self.cadet = cadet

    def clean_typed(self):
        if self.cleaned_data["typed"].casefold() != self.cadet.student_number.casefold():
            raise forms.ValidationError("This is not the student number of this cadet. Nothing was erased.")
        return self.cleaned_data["typed"]
