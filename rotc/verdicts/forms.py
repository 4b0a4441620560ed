"""The shapes that decisions on a grade accept."""

from django import forms

from rotc.verdicts.drops import CONFIRMED, WAIVED

DECISIONS = [
    (CONFIRMED.value, "Confirm it: the cadet is dropped"),
    (WAIVED.value, "Waive it: the cadet is graded by the figures"),
]


class InForce(forms.IntegerField):
    """What was in force when the page was read: its number, blank for nothing."""

    widget = forms.HiddenInput

    def __init__(self, **facts):
        super().__init__(min_value=1, max_value=2**63 - 1, **facts)


class CodeForm(forms.Form):
    """The code that a cadet is to have, and why."""

    code = forms.ChoiceField(label="Code")
    reason = forms.CharField(max_length=200)
    seen = InForce(required=False)

    def __init__(self, *args, codes, in_force="", **facts):
        super().__init__(*args, **facts)
        self.fields["code"].choices = [(each, each) for each in codes]
        others = [(each, each) for each in codes if each != in_force]
        self.fields["code"].widget.choices = [("", "Choose one"), *others]


class LiftForm(forms.Form):
    """Why a code is lifted, and the override that was seen in force."""

    reason = forms.CharField(max_length=200, label="Why it is lifted")
    seen = InForce()


class DropForm(forms.Form):
    """What is decided of a drop and why; what was recommended, and in force, when the page was read."""

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.RadioSelect)
    reason = forms.CharField(max_length=200)
    recommended = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    seen = InForce(required=False)


class WithdrawForm(forms.Form):
    """Why a decision is withdrawn, and which was seen in force."""

    reason = forms.CharField(max_length=200, label="Why it is withdrawn")
    seen = InForce()
