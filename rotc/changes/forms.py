"""The shapes that looking back, taking back and filling accept."""

from django import forms

from rotc.changes.actions import read_seen
from rotc.exams.typed import read_typed
from rotc.journal.words import HOW
from rotc.refusals import BadValue

WAYS = ("typed", "form", "paste", "import", "fill", "double entry", "undo", "command")
BLANKS, EVERY = "blanks", "all"


class Search(forms.Form):
    """What the changes are narrowed to. A value that means nothing narrows nothing."""

    unit = forms.ModelChoiceField(queryset=None, required=False, empty_label="All units")
    exam = forms.ModelChoiceField(queryset=None, required=False, empty_label="All exams")
    who = forms.ModelChoiceField(queryset=None, required=False, empty_label="Everybody")
    how = forms.ChoiceField(
        required=False, choices=[("", "Every way"), *[(way, HOW[way].capitalize()) for way in WAYS]]
    )

    def __init__(self, *args, units, exams, officers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place
        self.fields["exam"].queryset = exams
        self.fields["who"].queryset = officers
        self.fields["who"].label_from_instance = lambda user: user.title

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in ("unit", "exam", "who")} | {
            "how": self.cleaned_data.get("how", "")
        }


class ConfirmForm(forms.Form):
    """The cells that were shown with their versions, and why scores are lowered."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=200, label="Why scores are lowered")

    def clean_seen(self):
        try:
            return read_seen(self.cleaned_data["seen"])
        except BadValue as refusal:
            raise forms.ValidationError(str(refusal)) from None


class FillForm(forms.Form):
    """One exam, which of its cells, and what they are to hold."""

    exam = forms.ModelChoiceField(queryset=None, empty_label=None)
    cells = forms.ChoiceField(
        choices=[(BLANKS, "Only the blanks"), (EVERY, "All that are shown")], label="Which cells"
    )
    value = forms.CharField(
        max_length=40,
        required=False,
        help_text="87 · 87.5 · 35/50 · ABS for a no-show · EX for excused · empty to clear",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args, exams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["exam"].queryset = exams

    def clean(self):
        facts = self.cleaned_data
        if "value" not in facts or "exam" not in facts:
            return facts
        if not facts["value"] and facts.get("cells") == BLANKS:
            self.add_error("value", "Type what the blanks are to hold.")
            return facts
        try:
            read_typed(facts["value"], facts["exam"].items)
        except BadValue as refusal:
            self.add_error("value", f"{facts['exam'].name}: {refusal}.")
        return facts
