"""The shapes that the sheet and the exams page accept."""

import re
from decimal import Decimal

from django import forms
from django.utils.dateparse import parse_datetime

from rotc.exams.models import Exam

CELL = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,9}):(.{0,40})", re.ASCII | re.DOTALL)


class ScoreForm(forms.Form):
    """One cell: what was typed and the version it was typed over."""

    value = forms.CharField(max_length=40, required=False, strip=True)
    version = forms.IntegerField(min_value=0, max_value=2**31)


class SinceForm(forms.Form):
    since = forms.CharField(max_length=40)

    def clean_since(self):
        try:
            moment = parse_datetime(self.cleaned_data["since"])
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise forms.ValidationError("This is not a moment.")
        return moment


class ExamForm(forms.ModelForm):
    items = forms.IntegerField(min_value=1, max_value=1000, help_text="Raw scores go from 0 to this.")
    weight = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_value=Decimal("100"),
        max_digits=5,
        decimal_places=2,
        help_text="Beside the other exams: 2 counts twice as much as 1.",
    )

    class Meta:
        model = Exam
        fields = ["name", "items", "weight"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


def typed_cells(data):
    """The cells that somebody changed in a sheet posted whole: ``(enrollment, exam, version, shown, typed)``."""
    for name, typed in data.items():
        match = CELL.fullmatch(name)
        if match and typed.strip() != match[4]:
            yield int(match[1]), int(match[2]), int(match[3]), match[4], typed[:41]
