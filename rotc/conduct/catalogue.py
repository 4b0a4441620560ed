"""Editing the unit's catalogue. Entries already given keep the points and words they were given with."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc.conduct.models import MOST_POINTS, Citation, Kind
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow

CLASSES = ["I", "II", "III"]


def add_citation(
    *, code, title, kind, offense_class="", least_points, most_points, by, how="page"
) -> Citation:
    """Add a line; its code is new, its points are 1 to 200."""
    _refuse_points(least_points, most_points)
    _refuse_class(kind, offense_class)
    citation = Citation(
        code=code.strip().upper(),
        title=title,
        kind=kind,
        offense_class=offense_class,
        least_points=least_points,
        most_points=most_points,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                citation.save(force_insert=True)
        except IntegrityError:
            raise BadValue(f"The catalogue has a line {citation.code} already.") from None
        changes = {"title": (None, title), "points": (None, citation.points_said)}
        _write("catalogue line added", citation, changes, by, how)
    return citation


def change_citation(citation: Citation, *, title, least_points, most_points, by, how="page") -> Citation:
    """Give a line other words or points, for entries given from now on."""
    _refuse_points(least_points, most_points)
    with transaction.atomic():
        citation = Citation.objects.select_for_update(no_key=True).get(pk=citation.pk)
        before = citation.title, citation.points_said
        citation.title, citation.least_points, citation.most_points = title, least_points, most_points
        after = citation.title, citation.points_said
        changes = {
            name: (old, new)
            for name, old, new in zip(("title", "points"), before, after, strict=True)
            if old != new
        }
        if changes:
            citation.save(update_fields=["title", "least_points", "most_points"])
            _write("catalogue line changed", citation, changes, by, how)
    return citation


def withdraw_citation(citation: Citation, *, by, how="page") -> Citation:
    """Nothing more is given from this line; what was given stays."""
    return _turn(citation, timezone.now(), "withdrawn", by, how)


def restore_citation(citation: Citation, *, by, how="page") -> Citation:
    return _turn(citation, None, "restored", by, how)


def _turn(citation, withdrawn_at, word, by, how) -> Citation:
    with transaction.atomic():
        turned = Citation.objects.filter(pk=citation.pk, withdrawn_at__isnull=withdrawn_at is not None)
        if not turned.update(withdrawn_at=withdrawn_at):
            raise NotNow(f"{citation.code} is {'withdrawn' if withdrawn_at else 'in force'} already.")
        changes = {"in force": ("yes", "no") if withdrawn_at else ("no", "yes")}
        _write(f"catalogue line {word}", citation, changes, by, how)
    citation.refresh_from_db()
    return citation


def _refuse_points(least, most) -> None:
    if not 1 <= least <= most <= MOST_POINTS:
        raise BadValue(
            f"Points are 1 to {MOST_POINTS}, and the most is not below the least: {least} to {most} cannot be."
        )


def _refuse_class(kind, offense_class) -> None:
    if kind == Kind.DEMERIT and offense_class not in CLASSES:
        raise BadValue("A demerit has a class: I, II or III.")
    if kind == Kind.MERIT and offense_class:
        raise BadValue("A merit has no class.")


def _write(what, citation, changes, by, how) -> None:
    journal.write(what, f"citation:{citation.pk}", by=by, how=how, changes=changes)
