"""The shapes that a policy's draft accepts. What cannot be right together the engine says; here it becomes words."""

import re
from decimal import Decimal

from django import forms

from rotc.grading import Policy
from rotc.grading.keys import FAILING_RATING
from rotc.policies import words
from rotc.policies.fields import LONGEST_RATING, Figure, Scale
from rotc.web.figures import bare

NEUTRAL = "neutral"
OFF_WHEN_BLANK = ("lates_per_absence", "minimum_attendance", "minimum_aptitude", "minimum_proficiency")
CODES = ("code_dropped", "code_incomplete", "code_deferred")
NO_CODE = f"A code has 1 to {LONGEST_RATING} characters."


def _count(**facts) -> forms.IntegerField:
    said = "A whole number from 1 to 200."
    return forms.IntegerField(
        min_value=1,
        max_value=200,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value", "required"), said),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **facts,
    )


def _code() -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST_RATING, error_messages=dict.fromkeys(("required", "max_length"), NO_CODE)
    )


class DraftForm(forms.Form):
    """Every setting of a policy; ``base`` is the draft as it stands, whose other keys are kept."""

    weight_attendance = Figure()
    weight_aptitude = Figure()
    weight_proficiency = Figure()
    credit_late = Figure(most=1)
    credit_excused = Figure(most=1, required=False)
    excused_neutral = forms.BooleanField(required=False, label="An excused day leaves the count")
    lates_per_absence = _count(required=False)
    drop_rule = forms.BooleanField(required=False)
    unexcused_limit = Figure()
    consecutive_limit = _count()
    aptitude_base = Figure(most=1000)
    aptitude_cap = Figure()
    exam_base = Figure()
    minimum_attendance = Figure(required=False)
    minimum_aptitude = Figure(required=False)
    minimum_proficiency = Figure(required=False)
    passing_total = Figure()
    scale = Scale()
    code_dropped = _code()
    code_incomplete = _code()
    code_deferred = _code()
    rounding = forms.ChoiceField(choices=list(words.ROUNDINGS.items()))
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data=None, *, base: Policy, version: int):
        super().__init__(data, initial=_shown(base) | {"version": version})
        self.base, self.policy = base, None
        for key, setting in words.SETTINGS.items():
            self.fields[key].label, self.fields[key].help_text = setting.label, setting.help
        self.fields["excused_neutral"].help_text = "It is then neither for nor against the cadet."

    @property
    def grouped(self):
        """``(heading, fields)`` in the order of the page."""
        for heading, settings in words.GROUPS:
            keys = [setting.key for setting in settings]
            if "credit_excused" in keys:
                keys.insert(keys.index("credit_excused") + 1, "excused_neutral")
            yield heading, [self[key] for key in keys]

    def over(self, current) -> "DraftForm":
        """The same typed once more, over the draft as somebody else has saved it."""
        data = self.data.copy()
        data["version"] = current.version
        return DraftForm(data, base=current.rules, version=current.version)

    def beside(self, current) -> list[tuple]:
        """``(setting, theirs, yours)`` for each setting in which what was typed is not what stands there now."""
        return words.differences(current.rules, Policy.from_dict(self.policy))

    def clean(self):
        given = super().clean()
        if not given.get("excused_neutral") and given.get("credit_excused") is None:
            self._wrong("credit_excused", "A number from 0 to 1, or tick that it leaves the count.")
        self._check_codes(given)
        if not self.errors:
            self._build(given)
        return given

    def _check_codes(self, given):
        ratings = {FAILING_RATING, *(rating for _, rating in given.get("scale") or [])}
        for place, key in enumerate(CODES):
            code = given.get(key)
            if code and code in [given.get(other) for other in CODES[:place]]:
                self._wrong(key, f"{code} is another code already.")
            elif code and code in ratings:
                self._wrong(key, f"{code} is a rating, which a code cannot be.")

    def _build(self, given):
        """The policy that was typed. A setting that says the same as before stays as it is written."""
        try:
            typed = Policy.from_dict(self.base.to_dict() | _stored(given))
        except ValueError as error:
            key, text = in_words(str(error), given)
            self._wrong(key, text)
            return
        kept = self.base.to_dict()
        changed = [key for key in words.SETTINGS if getattr(typed, key) != getattr(self.base, key)]
        self.policy = kept | {key: typed.to_dict()[key] for key in changed}

    def _wrong(self, key, text):
        if key not in self.errors:
            self.add_error(key, text)


def _shown(base: Policy) -> dict:
    """A policy as its fields show it."""
    shown = {key: getattr(base, key) for key in words.SETTINGS}
    neutral = shown["credit_excused"] == NEUTRAL
    percent = base.unexcused_limit * 100
    return shown | {
        "credit_excused": None if neutral else shown["credit_excused"],
        "excused_neutral": neutral,
        "unexcused_limit": percent,
    }


def _stored(given) -> dict:
    """What was typed as a policy stores it."""
    stored = {key: _plain(given[key]) for key in words.SETTINGS}
    if given["excused_neutral"]:
        stored["credit_excused"] = NEUTRAL
    stored["unexcused_limit"] = bare(given["unexcused_limit"] / 100)
    stored["scale"] = [[bare(bound), rating] for bound, rating in given["scale"]]
    return stored


def _plain(value):
    return bare(value) if isinstance(value, Decimal) else value


def in_words(error: str, given: dict) -> tuple[str, str]:
    """``(key, sentence)``: an error of the engine, which names its key, as an officer reads it."""
    named = (key for key in re.findall(r"[a-z]+(?:_[a-z]+)*", error) if key in words.SETTINGS)
    key = next(named, "passing_total")
    said = next((say for sign, say in SAID.items() if sign in error), None)
    if said is None:
        return key, f"This cannot be: {error.partition(' must ')[2] or error}."
    return key, said(key, given)


def _weights_beside_100(key, given) -> str:
    total = sum(given[f"weight_{name}"] for name in ("attendance", "aptitude", "proficiency"))
    return f"The three weights add up to {bare(total)}. They must add up to 100."


def _above_its_weight(key, given) -> str:
    weight = given[key.replace("minimum_", "weight_")]
    return f"More than the {bare(weight)} points that it can bring: nobody could pass."


def _scale_beside_the_pass(key, given) -> str:
    lowest, passing = bare(given["scale"][-1][0]), bare(given["passing_total"])
    return f"The lowest row begins at {lowest}, a pass at {passing}. They must be the same."


# What the engine says, by a few of its words, and how an officer reads it.
SAID = {
    "sum to": _weights_beside_100,
    "more decimals": lambda key, given: (
        "This weight has more decimals than the rounding prints: full marks would not print as the weight."
    ),
    "above its weight": _above_its_weight,
    "descending": lambda key, given: "Two rows begin at the same total.",
    "must end at": _scale_beside_the_pass,
    "failing rating": lambda key, given: "5.00 is the failing rating. It cannot stand for a pass.",
}


class WithdrawForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class AdoptForm(forms.Form):
    """Why, and what was seen: the draft's version, the policy in force and the list of cadets."""

    reason = forms.CharField(
        max_length=200,
        label="Why it is adopted",
        help_text="It stands in the history of the term and of every cadet's grade.",
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    in_force = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    @property
    def facts(self) -> dict:
        """As the action takes them."""
        seen = {"seen_version": self.cleaned_data["version"]}
        return seen | {name: self.cleaned_data[name] for name in ("reason", "in_force", "seen")}

    def again(self, marks: dict) -> "AdoptForm":
        """The form beside what is shown now: the reason stays, and what was seen is what is shown."""
        data = marks | {"reason": self.data.get("reason", "")}
        return AdoptForm(data)
