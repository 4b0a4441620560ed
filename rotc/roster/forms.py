from django import forms

from rotc.roster.models import Enrollment, ListedValue, Unit
from rotc.roster.naming import unit_key

CADET = ["last_name", "first_name", "middle_name", "suffix", "email", "contact_number", "address"]
PLACING = ["unit", "ms_level", "rank", "position"]


class Search(forms.Form):
    """What the roster is narrowed to. A value that means nothing narrows nothing."""

    q = forms.CharField(
        required=False,
        max_length=100,
        label="Cadet",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name or student number"}),
    )
    unit = forms.ModelChoiceField(queryset=None, required=False, empty_label="All units", label="Unit")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place

    def chosen(self) -> dict:
        self.is_valid()
        return {"words": self.cleaned_data.get("q", ""), "unit": self.cleaned_data.get("unit")}


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
        return name

    def clean(self):
        given = super().clean()
        kind, parent = given.get("kind"), given.get("parent")
        if kind and parent and Unit.Kind.values.index(parent.kind) >= Unit.Kind.values.index(kind):
            self.add_error("parent", f"A {kind} does not stand under a {parent.kind}.")
        return given


class ChangeFacts(forms.Form):
    """A cadet's names and contact, and their place in the term.

    Each field carries what it showed, so that only what was altered is written.
    """

    last_name = forms.CharField(max_length=80)
    first_name = forms.CharField(max_length=80)
    middle_name = forms.CharField(max_length=80, required=False)
    suffix = forms.CharField(max_length=10, required=False)
    unit = forms.ModelChoiceField(queryset=None, empty_label=None)
    ms_level = forms.ChoiceField(required=False, label="MS level")
    rank = forms.ChoiceField(required=False)
    position = forms.ChoiceField(required=False)
    email = forms.EmailField(required=False, label="E-mail")
    contact_number = forms.CharField(max_length=30, required=False)
    address = forms.CharField(max_length=200, required=False)

    def __init__(self, *args, enrollment: Enrollment, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place
        listed = _listed()
        for name, words in (
            ("ms_level", ListedValue.List.MS_LEVEL),
            ("rank", ListedValue.List.CADET_RANK),
            ("position", ListedValue.List.POSITION),
        ):
            kept = getattr(enrollment, name)
            known = dict.fromkeys([*listed.get(words, []), *filter(None, [kept])])
            self.fields[name].choices = [("", "–"), *((word, word) for word in known)]
        self.initial = {name: getattr(enrollment.cadet, name) for name in CADET}
        self.initial |= {name: getattr(enrollment, name) for name in PLACING}
        self.initial["unit"] = enrollment.unit_id
        for field in self.fields.values():
            field.show_hidden_initial = True

    def altered(self) -> dict[str, tuple]:
        """``{field: (as it was shown, as it is wanted)}`` for what was altered."""
        return {name: (self._shown(name), self.cleaned_data[name]) for name in self.changed_data}

    def _shown(self, name):
        field = self[name]
        text = field.field.hidden_widget().value_from_datadict(self.data, self.files, field.html_initial_name)
        return field.field.to_python(text) if name == "unit" else (text or "")


def _listed() -> dict[str, list[str]]:
    words = {}
    for each in ListedValue.objects.all():
        words.setdefault(each.list, []).append(each.value)
    return words
