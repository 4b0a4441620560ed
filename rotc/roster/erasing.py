"""Erasing the record of a cadet who never had a grade: entered twice, or never came. Nothing else here erases."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import ProtectedError

from rotc.journal import actions as journal
from rotc.refusals import NotNow
from rotc.roster import facts
from rotc.roster.archiving import has_facts
from rotc.roster.models import Cadet
from rotc.web import store


def why_not(cadet: Cadet) -> str:
    """Why this record stays for ever; empty where it can be erased."""
    if cadet.enrollments.filter(has_facts()).exists():
        return "There are attendance marks, scores, merits or demerits in this record. It can be archived."
    if cadet.enrollments.filter(term__closed_at__isnull=False).exists():
        return "This cadet was enrolled in a term that is closed. The record can be archived."
    if get_user_model().objects.filter(cadet=cadet, appointments__isnull=False).exists():
        return "This cadet holds or held an appointment. The record can be archived."
    return ""


def erase(cadet: Cadet, *, by, how: str = "page") -> None:
    """Erase the record, its enrollments, account and photo. The journal keeps that it was, and who did it.

    Raises ``NotNow`` where there is anything that a grade is made of; then everything stays.
    """
    with transaction.atomic():
        cadet, _ = facts.locked(cadet.pk)
        if because := why_not(cadet):
            raise NotNow(because)
        journal.write(
            "cadet erased",
            f"cadet:{cadet.pk}",
            by=by,
            how=how,
            cadet_id=cadet.pk,
            changes={"student number": (cadet.student_number, None), "name": (cadet.full_name, None)},
        )
        try:
            with transaction.atomic():
                _delete(cadet)
        except ProtectedError:
            raise NotNow(
                "A fact of this record was entered just now, or its account has entered facts of others. "
                "It can be archived."
            ) from None
        transaction.on_commit(lambda: store.drop(cadet.photo))


def _delete(cadet) -> None:
    for place in cadet.enrollments.all():
        # Only blank cells: of one that was filled at this moment the database keeps the enrollment.
        place.marks.filter(letter="").delete()
        place.scores.filter(raw=None, absence="").delete()
        if hasattr(place, "standing"):
            place.standing.delete()
        place.delete()
    get_user_model().objects.filter(cadet=cadet).delete()
    Cadet.objects.filter(pk=cadet.pk).delete()
