"""What the pages about terms show."""

from django.db.models import Count

from rotc.roster.models import Term


def terms():
    """Every term, newest first, with ``cadets``: how many are enrolled."""
    return Term.objects.annotate(cadets=Count("enrollments")).order_by("-name")


def policy_lines(rules) -> list[tuple[str, str]]:
    """The policy as an officer reads it: what, and how much."""
    return [
        (
            "Attendance, aptitude, proficiency",
            f"{rules.weight_attendance} / {rules.weight_aptitude} / {rules.weight_proficiency} points",
        ),
        ("A late day counts", _credit(rules.credit_late)),
        ("An excused day counts", _credit(rules.credit_excused)),
        ("Lates that make an absence", str(rules.lates_per_absence or "none")),
        ("Aptitude begins at", f"{rules.aptitude_base} of {rules.aptitude_cap}"),
        ("An exam with nothing right counts", f"{rules.exam_base} %"),
        (
            "Least attendance, aptitude, proficiency",
            " / ".join(_least(rules, name) for name in ("attendance", "aptitude", "proficiency")),
        ),
        ("Passing total", str(rules.passing_total)),
        ("Ratings", " · ".join(f"{rating} from {bound}" for bound, rating in rules.scale)),
        ("Dropped for absences", _drop(rules)),
        (
            "Rounding",
            {"components": "each component to two decimals, the total is their sum"}.get(
                rules.rounding, rules.rounding
            ),
        ),
        (
            "Codes",
            f"{rules.code_dropped} dropped, {rules.code_incomplete} incomplete, {rules.code_deferred} deferred",
        ),
    ]


def _credit(credit) -> str:
    return "not at all: it leaves the count" if credit == "neutral" else f"{credit} of a day"


def _least(rules, name) -> str:
    least = getattr(rules, f"minimum_{name}")
    return "none" if least is None else str(least)


def _drop(rules) -> str:
    if not rules.drop_rule:
        return "no rule"
    return f"over {rules.unexcused_limit * 100:.0f} % of planned days unexcused, or {rules.consecutive_limit} in a row"
