import re

from django import forms
from django.utils import timezone

from rotc.accounts.models import Appointment
from rotc.roster.models import SEMESTERS, Term
from rotc.terms import continuing
from rotc.terms.actions import DEFAULT_POLICY
from rotc.terms.choosing import KEEP, OUTCOMES, PROMOTE
from rotc.web.fields import DayField

POLICIES = [
    ("msu-snd", "MSU-SND"),
    ("navrescom", "NAVRESCOM"),
]
SAME = "same"  # as the earlier term has it
DAYS_PROBLEM = "Between 1 and 200 training days."


class AppointmentChoice(forms.ModelMultipleChoiceField):
    default_error_messages = {
        "invalid_choice": "Somebody was relieved meanwhile. Nothing was opened; look again at who goes on.",
        "invalid_pk_value": "Choose from the list.",
    }

    def label_from_instance(self, appointment):
        return f"{appointment.user.title}, {appointment}"


class TermForm(forms.Form):
    """A new term; ``source`` is the earlier one it begins from, ``by`` who opens it."""

    school_year = forms.CharField(max_length=20, help_text="As 2026-2027.")
    semester = forms.TypedChoiceField(choices=list(SEMESTERS.items()), coerce=int)
    policy = forms.ChoiceField(
        choices=POLICIES,
        initial=DEFAULT_POLICY,
        help_text="MSU-SND: exams from zero, five ratings, no minimums. "
        "NAVRESCOM: exams from base 50, nine ratings, minimums, a drop rule. Both weigh 30, 30 and 40.",
    )
    starts = DayField(
        required=False,
        label="First training day",
        help_text="Training days follow once a week from here. Leave it out to add them by hand.",
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=200,
        initial=15,
        label="Training days planned",
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), DAYS_PROBLEM),
    )
    appointments = AppointmentChoice(
        Appointment.objects.none(),
        required=False,
        label="Appointments that go on",
        help_text="Cadet officers follow with the cadets, once these are chosen.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, source: Term | None = None, by=None, everybody: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.source = source
        self.fields["school_year"].initial, self.fields["semester"].initial = _next(source)
        if source:
            self._begin_from(source, by, everybody)
        else:
            del self.fields["appointments"]

    def _begin_from(self, source, by, everybody):
        policy, appointments = self.fields["policy"], self.fields["appointments"]
        policy.choices = [(SAME, f"As in {source.title}, with its exams"), *POLICIES]
        policy.initial = SAME
        policy.help_text += " Another policy brings its own exams."
        self.fields["days"].initial = source.planned_days
        appointments.queryset = continuing.of_staff(source, opener=by)
        appointments.initial = [each.pk for each in appointments.queryset] if everybody else []
        if not appointments.queryset and not self.is_bound:
            del self.fields["appointments"]

    def clean_school_year(self):
        return re.sub(r"\s*[-–/]\s*", "-", self.cleaned_data["school_year"].strip())

    def facts(self) -> dict:
        """What is opened, as the action takes it."""
        chosen = [each.pk for each in self.cleaned_data.get("appointments", ())]
        policy = self.cleaned_data["policy"]
        return self.cleaned_data | {
            "policy": None if policy == SAME else policy,
            "source": self.source,
            "appointments": chosen,
        }


def _next(source) -> tuple[str, int]:
    """The school year and semester to propose: those after ``source``, else those of today."""
    if source is None:
        today = timezone.localdate()
        begins = today.year if today.month >= 7 else today.year - 1
        return f"{begins}-{begins + 1}", 1
    if source.semester == 1:
        return source.school_year, 2
    begins = int(source.school_year[:4]) + 1
    return f"{begins}-{begins + 1}", 1


class ChoosingForm(forms.Form):
    """Which cadets of the earlier term are shown, and what becomes of who passed. What means nothing narrows nothing."""

    promote = forms.ChoiceField(
        choices=[(PROMOTE, "Who passed MS1 goes to MS2"), (KEEP, "Everybody stays at their level")],
        required=False,
        label="Promotion",
    )
    unit = forms.ModelChoiceField(queryset=None, required=False, empty_label="All units")
    ms = forms.ChoiceField(required=False, label="MS level")
    outcome = forms.ChoiceField(
        choices=[("", "Whatever came of it"), *OUTCOMES.items()], required=False, label="Outcome"
    )

    def __init__(self, *args, units, levels, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.place
        self.fields["ms"].choices = [("", "All levels"), *((level, level) for level in levels if level)]
        self.is_valid()

    def chosen(self, name):
        return self.cleaned_data.get(name) or None
