"""The shapes that the sheet and the exams page accept."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils.dateparse import parse_datetime

from rotc.exams.models import Exam

CELL = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,9}):(.{0,40})", re.ASCII | re.DOTALL)


class SinceForm(forms.Form):
    """When the sheet was last read, and what of the changes since then its reader knows already."""

    since = forms.CharField(max_length=40)
    known = forms.CharField(max_length=4000, required=False)

    def clean_since(self):
        try:
            moment = parse_datetime(self.cleaned_data["since"])
        except ValueError:
            moment = None
        # Near both ends of the calendar no clock time can be reckoned with.
        if moment is None or moment.tzinfo is None or not 2000 <= moment.year < 9000:
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


@dataclass(frozen=True)
class TypedCell:
    """A cell of a sheet as it was sent: ``typed`` over what was ``shown``, which had this ``version``."""

    enrollment: int
    exam: int
    version: int
    shown: str
    typed: str

    @property
    def key(self) -> str:
        return f"{self.enrollment}.{self.exam}"


def sent_cells(data) -> list[TypedCell]:
    """The cells that a page sent: ``<enrollment>.<exam>.<version>:<shown>`` = what was typed."""
    found = [(CELL.fullmatch(name), typed) for name, typed in data.items()]
    return [
        TypedCell(int(match[1]), int(match[2]), int(match[3]), match[4], typed[:41])
        for match, typed in found
        if match
    ]


def typed_cells(data) -> list[TypedCell]:
    """Those that somebody changed in a sheet posted whole."""
    return [cell for cell in sent_cells(data) if cell.typed.strip() != cell.shown]
