"""Opening a term with everything that a term begins with."""

import re
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from rotc.accounts.actions import appoint
from rotc.attendance.models import TrainingDay
from rotc.exams.models import Exam
from rotc.grading import Policy
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import SEMESTERS, Term, Unit
from rotc.terms import continuing

DEFAULT_POLICY = "msu-snd"
WEEK = timedelta(days=7)
OF_AN_EXAM = ("name", "items", "weight", "position")


def open_term(
    school_year: str,
    semester: int,
    *,
    by,
    policy: str | None = None,
    starts: date | None = None,
    days: int | None = None,
    source: Term | None = None,
    appointments=(),
    how: str = "page",
) -> tuple[Term, bool]:
    """Open a term with its exams, its corps and, with ``starts``, one training day a week.

    From an earlier ``source`` it takes over the policy with the exams (unless another ``policy`` is named), the
    number of planned days, every unit, and those of its ``appointments`` (by number) that are in force. Whoever
    opens it keeps what they have over the whole corps. Cadets are chosen afterwards.

    Said again with the same values it changes nothing and returns ``(term, False)``; with other values it
    refuses. Raises ``BadValue`` for a school year, semester, day or policy that cannot be.
    """
    name = f"{_school_year(school_year)}-{_semester(semester)}"
    asked = set(appointments)
    _refuse_later(source, name)
    rules = _rules(policy, source)
    planned = _planned(days, rules, source)
    dates = _weekly(starts, planned, school_year) if starts else []
    with transaction.atomic():
        _lock_terms()
        known = Term.objects.filter(name=name).first()
        if known:
            _refuse_other_values(known, rules, planned if days else None, starts, source)
            return known, False
        own = list(continuing.own_of(by))
        term = Term.objects.create(
            name=name,
            school_year=school_year,
            semester=semester,
            policy=rules.to_dict(),
            planned_days=planned,
            opened_from=source,
        )
        taken = {"policy": policy or (source and f"as in {source.name}") or DEFAULT_POLICY}
        taken |= {"planned days": planned, "starts": starts, "from": source and source.name}
        journal.write(
            "term opened",
            f"term:{term.pk}",
            by=by,
            how=how,
            term_id=term.pk,
            changes={word: (None, value) for word, value in taken.items()},
        )
        _form_units(term, source, by=by, how=how)
        _copy_exams(term, rules, None if policy else source)
        TrainingDay.objects.bulk_create(TrainingDay(term=term, date=on) for on in dates)
        _keep_own(own, term, by=by, how=how)
        if source:
            continuing.go_on(asked, continuing.of_staff(source, term), term, by=by, how=how)
    return term, True


def _lock_terms() -> None:
    # Two people who open the same term wait for each other; there is no row of it to lock yet.
    ContentType.objects.select_for_update(no_key=True).get(app_label="rotc", model="term")


def _refuse_later(source, name) -> None:
    if source and source.name >= name:
        raise BadValue(f"{source.title} is not earlier than the term to open. Begin from an earlier one.")


def _rules(policy, source) -> Policy:
    if source and not policy:
        return source.rules
    try:
        return Policy.preset(policy or DEFAULT_POLICY)
    except (KeyError, ValueError):
        raise BadValue(f"There is no policy “{policy}”. Choose msu-snd or navrescom.") from None


def _planned(days, rules, source) -> int:
    if days is None:
        return source.planned_days if source else rules.planned_days
    if not 1 <= days <= 200:
        raise BadValue("A term has 1 to 200 training days.")
    return days


def _school_year(text) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{4})", text, re.ASCII)
    if not match or int(match[2]) != int(match[1]) + 1 or not 1900 <= int(match[1]) < 2200:
        raise BadValue(f"“{text}” is not a school year. Write it as 2026-2027.")
    return text


def _semester(number) -> int:
    if number not in SEMESTERS:
        raise BadValue("The semester is 1, 2, or 3 for Summer/OJT.")
    return number


def _refuse_other_values(term, rules, days, starts, source) -> None:
    first = term.training_days.values_list("date", flat=True).first()
    others = [
        word
        for word, differs in (
            ("policy", term.policy != rules.to_dict()),
            ("number of training days", days is not None and days != term.planned_days),
            ("first training day", starts is not None and starts != first),
            ("term before it", source is not None and source.pk != term.opened_from_id),
        )
        if differs
    ]
    if others:
        raise NotNow(f"{term.name} is open already with another {' and '.join(others)}. Nothing was changed.")


def _form_units(term, source, *, by, how) -> None:
    """The corps and, from ``source``, everything under it, level by level."""
    old = list(source.units.all()) if source else [Unit(kind=Unit.Kind.CORPS, name="Corps", path="")]
    formed = {}
    for depth in sorted({unit.path.count("/") for unit in old}):
        level = [unit for unit in old if unit.path.count("/") == depth]
        made = Unit.objects.bulk_create(
            Unit(
                term=term,
                parent=formed.get(unit.parent_id),
                kind=unit.kind,
                name=unit.name,
                path=unit.path,
            )
            for unit in level
        )
        formed |= {unit.pk: new for unit, new in zip(level, made, strict=True)}
    journal.write_all(
        journal.entry(
            "unit formed",
            f"unit:{unit.pk}",
            by=by,
            how=how,
            term_id=term.pk,
            changes={"unit": (None, unit.label)},
        )
        for unit in formed.values()
        if unit.path
    )


def _copy_exams(term, rules, source) -> None:
    """The exams of ``source`` as they stand there, else those that the policy names."""
    exams = (
        list(source.exams.values(*OF_AN_EXAM))
        if source
        else [exam | {"position": place} for place, exam in enumerate(rules.to_dict()["exams"])]
    )
    Exam.objects.bulk_create(Exam(term=term, **exam) for exam in exams)


def _keep_own(own, term, *, by, how) -> None:
    corps = term.units.get(kind=Unit.Kind.CORPS)
    for each in own:
        appoint(by, each.role, unit=corps, by=by, how=how)


def _weekly(starts, days, school_year) -> list[date]:
    first = int(school_year[:4])
    if not date(first, 6, 1) <= starts <= date(first + 1, 7, 31):
        raise BadValue(
            f"{starts:%Y-%m-%d} is not in SY {school_year}, which lasts from June {first} to July {first + 1}."
        )
    return [starts + WEEK * week for week in range(days)]
