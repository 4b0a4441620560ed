from django import forms

from rotc.operations.models import Letterhead, Maintenance, Signatory
from rotc.operations.queries import longest
from rotc.roster.models import ListedValue


class LetterheadForm(forms.ModelForm):
    class Meta:
        model = Letterhead
        fields = ["university", "unit_name", "command_lines", "address", "paper"]
        labels = {"unit_name": "Unit", "command_lines": "Command", "paper": "Usual paper size"}
        help_texts = {
            "unit_name": "As it stands on papers, for example: State University ROTC Unit",
            "command_lines": "One line each, for example the CDC and the RCDG",
        }
        widgets = {"command_lines": forms.Textarea(attrs={"rows": 2})}


class SignatoryForm(forms.ModelForm):
    """One who signs. Several stand on one page, so each keeps its own ids."""

    class Meta:
        model = Signatory
        fields = ["label", "rank", "name", "title"]
        labels = {"label": "Signs as"}

    def __init__(self, data=None, *, instance=None):
        key = instance.pk if instance and instance.pk else "new"
        super().__init__(data, instance=instance, auto_id=f"signatory-{key}-%s")


class MaintenanceForm(forms.ModelForm):
    class Meta:
        model = Maintenance
        fields = ["until", "because"]
        labels = {"until": "Open again", "because": "Why"}
        help_texts = {
            "until": "In Manila time, within two days. It opens by itself then.",
            "because": "A sentence that everybody reads; may be empty.",
        }
        widgets = {
            "until": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }


class AddValue(forms.Form):
    """A new word of one list. Several stand on one page, so each keeps its own ids."""

    list = forms.ChoiceField(choices=ListedValue.List.choices, widget=forms.HiddenInput)
    value = forms.CharField(label="New word", max_length=80)

    def __init__(self, data=None, *, name=""):
        name = data.get("list", "") if data else name
        name = name if name in ListedValue.List.values else ""
        super().__init__(data, initial={"list": name}, auto_id=f"{name}-%s")

    def clean_value(self):
        value = " ".join(self.cleaned_data["value"].split())
        most = longest(self.data.get("list", ""))
        if len(value) > most:
            raise forms.ValidationError(f"At most {most} characters fit on a record.")
        return value
