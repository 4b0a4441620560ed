"""Changing what stands at the head and foot of every paper. The journal keeps what stood there before."""

from django.db import transaction
from django.db.models import Max

from rotc.journal import actions as journal
from rotc.operations.models import Letterhead, Signatory
from rotc.refusals import NotNow

SIGNED = ("label", "rank", "name", "title")


def change_letterhead(letterhead: Letterhead, *, by, how: str = "page", **facts) -> bool:
    """Change some of unit_name, university, command_lines, address and paper; whether anything changed."""
    with transaction.atomic():
        kept = (
            Letterhead.objects.select_for_update(no_key=True).filter(pk=letterhead.pk).first() or Letterhead()
        )
        changes = _take_over(kept, facts)
        if changes:
            kept.save(update_fields=list(changes) if kept.pk else None)
            journal.write("letterhead changed", "letterhead", by=by, how=how, changes=changes)
    return bool(changes)


def add_signatory(*, label: str, by, rank="", name="", title="", how: str = "page") -> Signatory:
    """Add somebody who signs, after the others."""
    with transaction.atomic():
        last = Signatory.objects.aggregate(last=Max("position", default=-1))["last"]
        signatory = Signatory.objects.create(
            label=label, rank=rank, name=name, title=title, position=last + 1
        )
        changes = {each: (None, getattr(signatory, each)) for each in SIGNED}
        journal.write("signatory added", f"signatory:{signatory.pk}", by=by, how=how, changes=changes)
    return signatory


def change_signatory(signatory: Signatory, *, by, how: str = "page", **facts) -> bool:
    """Change some of label, rank, name and title; whether anything changed."""
    with transaction.atomic():
        kept = _still_there(signatory)
        changes = _take_over(kept, facts)
        if changes:
            kept.save(update_fields=list(changes))
            journal.write("signatory changed", f"signatory:{kept.pk}", by=by, how=how, changes=changes)
    return bool(changes)


def move_signatory_up(signatory: Signatory, *, by, how: str = "page") -> bool:
    """Let somebody sign before the one above them; the first stays first."""
    with transaction.atomic():
        kept = _still_there(signatory)
        order = list(Signatory.objects.select_for_update(no_key=True))
        place = [each.pk for each in order].index(kept.pk)
        if place == 0:
            return False
        order[place - 1], order[place] = order[place], order[place - 1]
        for position, each in enumerate(order):
            each.position = position
        Signatory.objects.bulk_update(order, ["position"])
        changes = {"place": (place + 1, place)}
        journal.write("signatory moved", f"signatory:{kept.pk}", by=by, how=how, changes=changes)
    return True


def remove_signatory(signatory: Signatory, *, by, how: str = "page") -> None:
    """Take somebody off the papers. Papers made before keep what was printed."""
    with transaction.atomic():
        kept = _still_there(signatory)
        changes = {each: (getattr(kept, each), None) for each in SIGNED}
        journal.write("signatory removed", f"signatory:{kept.pk}", by=by, how=how, changes=changes)
        kept.delete()


def _still_there(signatory) -> Signatory:
    kept = Signatory.objects.select_for_update(no_key=True).filter(pk=signatory.pk).first()
    if kept is None:
        raise NotNow("Somebody removed this signatory meanwhile. Nothing was changed.")
    return kept


def _take_over(row, facts) -> dict:
    changes = {
        name: (getattr(row, name), value) for name, value in facts.items() if getattr(row, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    return changes
