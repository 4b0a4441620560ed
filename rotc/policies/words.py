"""A policy in the field's words: its settings in groups, each with its name, a line of help, and how it is said."""

from collections.abc import Callable
from dataclasses import dataclass

from rotc.grading import Policy
from rotc.web.figures import bare

PRESETS = {
    "msu-snd": ("MSU-SND", "What the unit's own last program computed."),
    "navrescom": ("NAVRESCOM", "The Naval Reserve Command's MS-1 orientation."),
}
ROUNDINGS = {
    "components": "Each component to two decimals",
    "total": "Only the total, to two decimals",
    "exact": "Nothing is rounded",
    "integer": "Each component to a whole number",
}


@dataclass(frozen=True)
class Setting:
    """``says(policy)`` are its lines as an officer reads them; most have one."""

    key: str
    label: str
    help: str
    says: Callable[[Policy], list[str]]

    @property
    def full(self) -> str:
        """The name that says it outside its group: ``Weight of attendance``."""
        before = {"weight": "Weight of", "code": "Code for", "aptitude": "Aptitude"}.get(
            self.key.split("_")[0]
        )
        return f"{before} {self.label[0].lower()}{self.label[1:]}" if before else self.label


def _setting(key, label, help_text, said: Callable) -> Setting:
    return Setting(key, label, help_text, lambda policy: [said(getattr(policy, key))])


def _points(value) -> str:
    return f"{bare(value)} points"


def _least(value) -> str:
    return "Off" if value is None else _points(value)


def _credit(value) -> str:
    if value == "neutral":
        return "Leaves the count"
    return {"1": "A whole day", "0": "Nothing"}.get(bare(value), f"{bare(value)} of a day")


def _percent(value) -> str:
    return f"{bare(value)} %"


def _scale(rows) -> list[str]:
    return [f"{rating} from {bare(bound)}" for bound, rating in rows]


GROUPS: list[tuple[str, list[Setting]]] = [
    (
        "Weights",
        [
            _setting("weight_attendance", "Attendance", "Points for a full attendance.", _points),
            _setting("weight_aptitude", "Military aptitude", "Points for a full aptitude.", _points),
            _setting(
                "weight_proficiency", "Subject proficiency", "Points for full marks in the exams.", _points
            ),
        ],
    ),
    (
        "Attendance",
        [
            _setting("credit_late", "A late day counts", "From 0, nothing, to 1, a whole day.", _credit),
            _setting(
                "credit_excused", "An excused day counts", "From 0, nothing, to 1, a whole day.", _credit
            ),
            _setting(
                "lates_per_absence",
                "Lates that make an absence",
                "With 3 every third late is an absence without excuse. Blank: none.",
                lambda value: "None" if value is None else f"Every {value}",
            ),
            _setting(
                "drop_rule",
                "Drop for absences",
                "Too many absences recommend a drop, which the Commandant confirms or waives.",
                lambda value: "On" if value else "Off",
            ),
            _setting(
                "unexcused_limit",
                "Days that may be missed",
                "In percent of the planned days, without excuse; excused days are counted by themselves.",
                lambda value: f"{bare(value * 100)} % of the planned days",
            ),
            _setting(
                "consecutive_limit",
                "Absences in a row that drop",
                "Present, late and excused break a row.",
                lambda value: f"{value} in a row",
            ),
        ],
    ),
    (
        "Military aptitude",
        [
            _setting("aptitude_base", "Begins at", "Merits are added to it, demerits taken off.", bare),
            _setting(
                "aptitude_cap",
                "Counts up to",
                "Merits above it count for recognition only. At most 100.",
                bare,
            ),
        ],
    ),
    (
        "Exams",
        [
            _setting(
                "exam_base",
                "Nothing right counts",
                "In percent: 0 from zero, 50 when all wrong is half.",
                _percent,
            ),
        ],
    ),
    (
        "Minimums and pass",
        [
            _setting("minimum_attendance", "Least attendance", "Fewer points fail. Blank: off.", _least),
            _setting("minimum_aptitude", "Least aptitude", "Fewer points fail. Blank: off.", _least),
            _setting("minimum_proficiency", "Least proficiency", "Fewer points fail. Blank: off.", _least),
            _setting("passing_total", "Passing total", "The last row of the scale begins here.", _points),
        ],
    ),
    (
        "Scale",
        [
            Setting(
                "scale",
                "Ratings",
                "The rating that a total earns. A row left blank is taken off; order does not matter.",
                lambda policy: _scale(policy.scale),
            ),
        ],
    ),
    (
        "Codes",
        [
            _setting("code_dropped", "Dropped", "What papers print.", str),
            _setting("code_incomplete", "Incomplete", "What papers print.", str),
            _setting("code_deferred", "Deferred", "What papers print.", str),
        ],
    ),
    (
        "Rounding",
        [
            _setting(
                "rounding",
                "How it is rounded",
                "By components a paper adds up on a calculator: the total is the sum of what is printed.",
                ROUNDINGS.__getitem__,
            ),
        ],
    ),
]
SETTINGS = {setting.key: setting for _, settings in GROUPS for setting in settings}
# Only what a new term copies: a draft keeps them as they are.
KEPT = ("planned_days", "exams")


def in_short(policy: Policy) -> str:
    """A policy in a sentence or two."""
    weights = (policy.weight_attendance, policy.weight_aptitude, policy.weight_proficiency)
    said = f"Attendance {bare(weights[0])}, aptitude {bare(weights[1])}, proficiency {bare(weights[2])}. "
    said += (
        f"A pass is {bare(policy.passing_total)} of 100, rated {policy.scale[-1][1]}; {policy.scale[0][1]} "
    )
    said += (
        f"begins at {bare(policy.scale[0][0])}. Nothing right in an exam counts {bare(policy.exam_base)} %. "
    )
    return said + ("Absences can drop a cadet." if policy.drop_rule else "No rule drops a cadet.")


def differences(before: Policy, after: Policy) -> list[tuple[Setting, str, str]]:
    """``(setting, as it was, as it is)`` for each setting in which two policies differ."""
    return [
        (setting, "; ".join(setting.says(before)), "; ".join(setting.says(after)))
        for key, setting in SETTINGS.items()
        if getattr(before, key) != getattr(after, key)
    ]


def changes(before: Policy, after: Policy) -> dict[str, tuple[str, str]]:
    """The same as the journal keeps it."""
    return {setting.full: (old, new) for setting, old, new in differences(before, after)}
