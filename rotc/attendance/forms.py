"""The shape of what is typed about training days. Whether it may be is for the actions."""

from dataclasses import dataclass, field

from django import forms

from rotc.attendance.actions import Wanted
from rotc.web.fields import DayField


class DayForm(forms.Form):
    date = DayField()
    subject = forms.CharField(
        required=False, max_length=120, help_text="What is trained, as papers print it."
    )


class PlanForm(DayForm):
    until = DayField(
        label="Every week until",
        required=False,
        help_text="Leave it blank for one day only.",
    )
    field_order = ["date", "until", "subject"]


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, label="Why it is cancelled")


class MarkForm(forms.Form):
    """One row of the muster; its prefix is the enrollment. ``was`` is the row as the page showed it."""

    letter = forms.CharField(required=False)
    time_in = forms.TimeField(required=False, error_messages={"invalid": "Write the time in as 07:15."})
    time_out = forms.TimeField(required=False, error_messages={"invalid": "Write the time out as 11:30."})
    remarks = forms.CharField(required=False)
    seen = forms.IntegerField(min_value=0, max_value=2**31)
    was = forms.CharField(required=False, strip=False)

    @property
    def typed(self) -> dict:
        return {name: self[name].data or "" for name in ("letter", "time_in", "time_out", "remarks")}

    @property
    def touched(self) -> bool:
        return "|".join(self.typed.values()) != (self["was"].data or "")

    @property
    def sentence(self) -> str:
        """What is wrong with the row's shape."""
        said = [error for name in self.errors if name not in ("seen", "was") for error in self.errors[name]]
        return " ".join([*(said or ["Open the muster again."]), "Not saved."])

    def wanted(self, enrollment) -> Wanted:
        facts = self.cleaned_data
        return Wanted(
            enrollment,
            facts["letter"],
            facts["time_in"],
            facts["time_out"],
            facts["remarks"],
            facts["seen"],
        )


@dataclass
class TypedMuster:
    """A whole muster sent as one form: the rows that were touched."""

    wanted: list[Wanted] = field(default_factory=list)
    forms: dict[int, MarkForm] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    elsewhere: int = 0


def typed_muster(data, enrollments) -> TypedMuster:
    """Read the touched rows; ``keep`` names one whose stored mark is to stay."""
    typed = TypedMuster()
    here = {str(each.pk): each for each in enrollments}
    for prefix in (name.removesuffix("-seen") for name in data if name.endswith("-seen")):
        form = MarkForm(data, prefix=prefix)
        if not form.touched or prefix == data.get("keep"):
            continue
        if prefix not in here:
            typed.elsewhere += 1
            continue
        enrollment = here[prefix]
        typed.forms[enrollment.pk] = form
        if form.is_valid():
            typed.wanted.append(form.wanted(enrollment))
        else:
            typed.problems[enrollment.pk] = f"{enrollment.cadet.full_name}: {form.sentence}"
    return typed
