"""Changing the unit's lists: MS levels, ranks, programmes, sizes. What stands on records stays as it was written."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import ListedValue


def add_value(name: str, value: str, *, by, how: str = "page") -> ListedValue:
    """Add a word at the end of a list. Raises ``BadValue`` when it stands there already, in whatever case."""
    with transaction.atomic():
        last = ListedValue.objects.filter(list=name).aggregate(last=Max("position", default=-1))["last"]
        try:
            with transaction.atomic():
                added = ListedValue.objects.create(list=name, value=value, position=last + 1)
        except IntegrityError:
            raise BadValue(f"“{value}” stands in this list already.") from None
        _write("list extended", added, by=by, how=how, change=(None, value))
    return added


def take_off(word: ListedValue, *, by, how: str = "page") -> None:
    """Offer a word no more. Records that hold it keep it."""
    with transaction.atomic():
        kept = _still_there(word)
        _write("list shortened", kept, by=by, how=how, change=(kept.value, None))
        kept.delete()


def move_up(word: ListedValue, *, by, how: str = "page") -> bool:
    """Offer a word before the one above it; the first stays first."""
    with transaction.atomic():
        kept = _still_there(word)
        order = list(ListedValue.objects.select_for_update(no_key=True).filter(list=kept.list))
        place = order.index(kept)
        if place == 0:
            return False
        order[place - 1], order[place] = order[place], order[place - 1]
        for position, each in enumerate(order):
            each.position = position
        ListedValue.objects.bulk_update(order, ["position"])
        _write("list put in order", kept, by=by, how=how, change=(place + 1, place))
    return True


def _still_there(word) -> ListedValue:
    kept = ListedValue.objects.select_for_update(no_key=True).filter(pk=word.pk).first()
    if kept is None:
        raise NotNow(f"Somebody took “{word.value}” off the list meanwhile. Nothing was changed.")
    return kept


def _write(what, word, *, by, how, change) -> None:
    journal.write(what, f"list:{word.list}", by=by, how=how, changes={word.get_list_display(): change})
