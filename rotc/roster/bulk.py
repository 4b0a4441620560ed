"""One act on many cadets: what it would change, whom it leaves out and why, and doing exactly that."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import NotNow
from rotc.roster import archiving, profiles
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Cadet, Enrollment, Unit


@dataclass(frozen=True)
class Act:
    """``done`` says it of people: “12 cadets are …”. ``field`` is the fact that it sets, and asks for.

    ``stands(enrollment)`` is how it stands in words; ``why_not`` why an enrollment is left out, or nothing.
    """

    name: str
    title: str
    done: str
    stands: Callable
    after: str = ""
    field: str = ""
    write: Callable | None = None
    why_not: Callable = lambda enrollment: ""


@dataclass(frozen=True)
class Change:
    enrollment: Enrollment
    before: str
    after: str


@dataclass
class Preview:
    """What an act would do to these enrollments as they stand."""

    act: Act
    changes: list[Change] = field(default_factory=list)
    left_out: list[tuple[Enrollment, str]] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Changes whenever what would be done changes; what was shown carries it back."""
        lines = sorted(f"{each.enrollment.pk}|{each.before}|{each.after}" for each in self.changes)
        return hashlib.sha256("\n".join([self.act.name, *lines]).encode()).hexdigest()[:24]


def _of_archived(enrollment) -> str:
    return "Archived: restore the record first." if enrollment.cadet.archived_at else ""


def _of_who_cannot_be_archived(enrollment) -> str:
    if enrollment.cadet.archived_at:
        return "Archived already."
    return "Appointed to a unit: relieve them first." if enrollment.serves else ""


def _of_who_is_not_archived(enrollment) -> str:
    return "" if enrollment.cadet.archived_at else "Not archived."


def _of_open_profile(enrollment) -> str:
    return "" if enrollment.cadet.profile_locked_at else "Open already."


def _locked_since(enrollment) -> str:
    at = enrollment.cadet.profile_locked_at
    return f"locked since {date_format(at)}" if at else "open"


def _record(enrollment) -> str:
    return "archived" if enrollment.cadet.archived_at else "on the roster"


ACTS = {
    each.name: each
    for each in (
        Act("move", "Move to a unit", "moved", lambda each: each.unit.place, field="unit", why_not=_of_archived),
        Act(
            "level", "Set the MS level", "changed", lambda each: each.ms_level or "no MS level",
            field="ms_level", why_not=_of_archived,
        ),
        Act(
            "status", "Set the status", "changed", lambda each: each.status or "no status",
            field="status", why_not=_of_archived,
        ),
        Act(
            "unlock", "Open the profile again", "free to fill in their profile", _locked_since,
            after="open", write=profiles.unlock, why_not=_of_open_profile,
        ),
        Act(
            "archive", "Archive", "archived", _record,
            after="archived", write=archiving.archive, why_not=_of_who_cannot_be_archived,
        ),
        Act(
            "restore", "Restore", "restored", _record,
            after="on the roster", write=archiving.restore, why_not=_of_who_is_not_archived,
        ),
    )
}  # fmt: skip


def preview(act: Act, enrollments, allowed: set[int], to=None) -> Preview:
    """What ``act`` (with ``to`` as the wanted value) would do; ``allowed`` are those whose record may be changed."""
    found = Preview(act)
    after = act.after or (to.place if isinstance(to, Unit) else str(to))
    for each in with_service(enrollments):
        if each.pk not in allowed:
            found.left_out.append((each, "Not yours to change."))
        elif why_not := act.why_not(each):
            found.left_out.append((each, why_not))
        elif act.field and getattr(each, act.field) == to:
            found.left_out.append((each, "Stands like this already."))
        else:
            found.changes.append(Change(each, act.stands(each), after))
    return found


def with_service(enrollments):
    """These enrollments with ``serves``: whether the cadet holds an appointment in an open term."""
    serving = get_user_model().objects.filter(
        cadet=OuterRef("cadet"),
        appointments__isnull=False,
        appointments__relieved_at=None,
        appointments__unit__term__closed_at=None,
    )
    return enrollments.annotate(serves=Exists(serving))


def perform(
    act: Act, term, pks: set[int], allowed: set[int], to=None, *, seen: str, by, how="bulk"
) -> Preview:
    """Do what was shown, in one transaction; ``seen`` is the preview's.

    Raises ``NotNow`` when it would do something else by now; then nothing is changed.
    """
    with transaction.atomic():
        if act.field:
            refuse_if_closed(term)
        of = Enrollment.objects.filter(term=term, pk__in=pks)
        list(Cadet.objects.select_for_update(no_key=True).filter(enrollments__in=of).order_by("pk"))
        list(Enrollment.objects.select_for_update(no_key=True).filter(pk__in=of.values("pk")).order_by("pk"))
        now = preview(act, of.select_related("cadet", "unit__parent", "term"), allowed, to)
        if now.seen != seen:
            raise NotNow(
                "The roster changed since this was shown. Nothing was changed; look at it again and confirm."
            )
        _write(act, term, now.changes, to, by=by, how=how)
    return now


def _write(act, term, changes, to, *, by, how) -> None:
    if act.write:
        act.write([each.enrollment.cadet for each in changes], by=by, how=how)
        return
    pks = [each.enrollment.pk for each in changes]
    Enrollment.objects.filter(pk__in=pks).update(**{act.field: to})
    word = Enrollment._meta.get_field(act.field).verbose_name
    journal.write_all(
        journal.entry(
            "enrollment changed",
            f"enrollment:{each.enrollment.pk}",
            by=by,
            how=how,
            enrollment=each.enrollment,
            changes={word: (getattr(each.enrollment, act.field), to)},
        )
        for each in changes
    )
    reactions.facts_changed(term, pks)
