import re

from django import forms
from django.utils import timezone

from rotc.roster.models import SEMESTERS
from rotc.terms.actions import DEFAULT_POLICY

POLICIES = [
    ("msu-snd", "MSU-SND"),
    ("navrescom", "NAVRESCOM"),
]


class TermForm(forms.Form):
    school_year = forms.CharField(max_length=20, help_text="As 2026-2027.")
    semester = forms.TypedChoiceField(choices=list(SEMESTERS.items()), coerce=int)
    policy = forms.ChoiceField(
        choices=POLICIES,
        initial=DEFAULT_POLICY,
        help_text="MSU-SND: exams from zero, five ratings, no minimums. "
        "NAVRESCOM: exams from base 50, nine ratings, minimums, a drop rule. Both weigh 30, 30 and 40.",
    )
    starts = forms.DateField(
        required=False,
        label="First training day",
        help_text="Training days follow once a week from here. Leave it out to add them by hand.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=200,
        initial=15,
        label="Training days planned",
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), "Between 1 and 200 training days."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        begins = today.year if today.month >= 7 else today.year - 1
        self.fields["school_year"].initial = f"{begins}-{begins + 1}"

    def clean_school_year(self):
        return re.sub(r"\s*[-–/]\s*", "-", self.cleaned_data["school_year"].strip())
