"""Opening a term with everything that a term begins with."""

import re
from datetime import date, timedelta

from django.db import transaction

from rotc.attendance.models import TrainingDay
from rotc.exams.models import Exam
from rotc.grading import Policy
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import SEMESTERS, Term, Unit

DEFAULT_POLICY = "msu-snd"
WEEK = timedelta(days=7)


def open_term(
    school_year: str,
    semester: int,
    *,
    by,
    policy: str = DEFAULT_POLICY,
    starts: date | None = None,
    days: int | None = None,
    how: str = "page",
) -> tuple[Term, bool]:
    """Open a term with its exams, its corps and, with ``starts``, one training day a week.

    Said again with the same values it changes nothing and returns ``(term, False)``; with other values it
    refuses. Raises ``BadValue`` for a school year, semester or policy that cannot be.
    """
    rules = _policy(policy)
    name = f"{_school_year(school_year)}-{_semester(semester)}"
    planned = rules.planned_days if days is None else days
    if not 1 <= planned <= 200:
        raise BadValue("A term has 1 to 200 training days.")
    dates = _weekly(starts, planned) if starts else []
    with transaction.atomic():
        known = Term.objects.filter(name=name).first()
        if known:
            _refuse_other_values(known, rules, planned if days else None, starts)
            return known, False
        term = Term.objects.create(
            name=name,
            school_year=school_year,
            semester=semester,
            policy=rules.to_dict(),
            planned_days=planned,
        )
        Unit.objects.create(term=term, kind=Unit.Kind.CORPS, name="Corps", path="")
        _copy_exams(term, rules)
        TrainingDay.objects.bulk_create(TrainingDay(term=term, date=on) for on in dates)
        journal.write(
            "term opened",
            f"term:{term.pk}",
            by=by,
            how=how,
            term_id=term.pk,
            changes={"policy": (None, policy), "planned days": (None, planned), "starts": (None, starts)},
        )
    return term, True


def _policy(name) -> Policy:
    try:
        return Policy.preset(name)
    except (KeyError, ValueError):
        raise BadValue(f"There is no policy “{name}”. Choose msu-snd or navrescom.") from None


def _school_year(text) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{4})", text, re.ASCII)
    if not match or int(match[2]) != int(match[1]) + 1:
        raise BadValue(f"“{text}” is not a school year. Write it as 2026-2027.")
    return text


def _semester(number) -> int:
    if number not in SEMESTERS:
        raise BadValue("The semester is 1, 2, or 3 for Summer/OJT.")
    return number


def _refuse_other_values(term, rules, days, starts) -> None:
    first = term.training_days.values_list("date", flat=True).first()
    others = [
        word
        for word, differs in (
            ("policy", term.policy != rules.to_dict()),
            ("number of training days", days is not None and days != term.planned_days),
            ("first training day", starts is not None and starts != first),
        )
        if differs
    ]
    if others:
        raise NotNow(f"{term.name} is open already with another {' and '.join(others)}. Nothing was changed.")


def _copy_exams(term, rules) -> None:
    Exam.objects.bulk_create(
        Exam(term=term, name=name, items=items, weight=weight, position=place)
        for place, (name, items, weight) in enumerate(
            (exam["name"], exam["items"], exam["weight"]) for exam in rules.to_dict()["exams"]
        )
    )


def _weekly(starts, days) -> list[date]:
    try:
        return [starts + WEEK * week for week in range(days)]
    except OverflowError:
        raise BadValue(f"The training days cannot begin in the year {starts.year}.") from None
