"""The shape of what is typed about merits and demerits. Whether it may be is for the actions."""

import uuid

from django import forms
from django.utils import timezone

from rotc.conduct.catalogue import CLASSES
from rotc.conduct.models import MOST_POINTS, Citation, Kind
from rotc.conduct.queries import catalogue
from rotc.web.fields import DayField

OWN_WORDS = [("", "Choose a line")]
POINTS = {"min_value": 1, "max_value": MOST_POINTS}


class EntryForm(forms.Form):
    """What is given; to whom is beside it on the page. ``request_id`` makes one form give once."""

    citation = forms.ModelChoiceField(
        Citation.objects.all(),
        required=False,
        label="From the catalogue",
        error_messages={"invalid_choice": "This line is not in the catalogue."},
    )
    kind = forms.ChoiceField(
        choices=[("", "As the catalogue says"), *Kind.choices],
        required=False,
        label="Kind",
    )
    points = forms.IntegerField(
        required=False, **POINTS, help_text="Leave it blank where the catalogue gives one figure."
    )
    reason = forms.CharField(
        required=False, max_length=200, help_text="Left blank, it is the title of the catalogue's line."
    )
    date = DayField(label="Date it happened")
    request_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": "Open the form again.", "invalid": "Open the form again."},
    )

    def __init__(self, *args, **kwargs):
        initial = {"date": timezone.localdate(), "request_id": uuid.uuid4()} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["citation"].choices = OWN_WORDS + [
            (name, [(line.pk, f"{line} ({line.points_said})") for line in lines])
            for name, lines in catalogue()
        ]


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200)


class CitationForm(forms.Form):
    title = forms.CharField(max_length=160)
    least_points = forms.IntegerField(**POINTS)
    most_points = forms.IntegerField(**POINTS)


class NewCitationForm(CitationForm):
    code = forms.CharField(max_length=10, help_text="Short and new, as D15 or M06.")
    kind = forms.ChoiceField(choices=Kind.choices)
    offense_class = forms.ChoiceField(
        choices=[("", "None (a merit)"), *((name, name) for name in CLASSES)], required=False, label="Class"
    )
    field_order = ["code", "title", "kind", "offense_class"]
