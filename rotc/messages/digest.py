"""The morning letter: what somebody was told and has not read, by e-mail, to whoever asked for it.

A notification is noted as mailed in the step that writes the letter, which goes out right after it: a worker that is
killed in between costs a letter, never a second one; on the page everything waits all the same.
"""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from rotc.accounts.letters import Post, ServerAway, counted, why_no_letter
from rotc.accounts.models import User
from rotc.messages.actions import tell
from rotc.messages.models import Notification
from rotc.refusals import NotNow

MOST_NAMED = 20
NOT_SET_UP = "E-mail is not set up, so no morning letter goes out."
AWAY = "The mail server does not answer. {sent} went out; the others go out tomorrow."


@dataclass(frozen=True)
class Digest:
    """Somebody's morning letter as their page says it: whether it is ``on``, ``to`` which address, or why it cannot be."""

    on: bool
    to: str
    why_not: str


def of(person) -> Digest | None:
    """None where this system sends no e-mail."""
    if not settings.SENDS_LETTERS:
        return None
    return Digest(person.digest_since is not None, person.letter_address, why_no_letter(person))


def steps(job):
    """Write to whoever asked for it and has something unread that no letter told yet, a person a step."""
    if not settings.SENDS_LETTERS:
        return NOT_SET_UP
    sent, people = job.result.get("sent", 0), list(_waiting().order_by("pk"))
    post = Post()
    try:
        for left, person in zip(range(len(people) - 1, -1, -1), people, strict=True):
            if why_no_letter(person):
                continue
            letter = _write(person)
            transaction.on_commit(partial(_deliver, letter, post))
            yield sent + 1, sent + 1 + left, {"sent": sent + 1}
            if letter.away:
                raise NotNow(AWAY.format(sent=counted(sent)))
            sent += 1
    finally:
        post.close()
    return f"{counted(sent)} went out."


def _waiting():
    unread = Notification.objects.filter(person=OuterRef("pk"), read_at=None, mailed_at=None)
    people = User.objects.filter(is_active=True, digest_since__isnull=False).select_related("cadet")
    return people.filter(Exists(unread.filter(told_at__gte=OuterRef("digest_since"))))


@dataclass
class _Letter:
    person: User
    told: list[int]
    message: EmailMessage
    away: bool = False


def _write(person) -> _Letter:
    unread = Notification.objects.filter(person=person, read_at=None, mailed_at=None)
    told = list(unread.filter(told_at__gte=F("person__digest_since")))
    facts = {
        "person": person,
        "told": told[:MOST_NAMED],
        "more": len(told[MOST_NAMED:]),
        "address": settings.ADDRESS,
    }
    text = render_to_string("messages/digest.txt", facts)
    pks = [each.pk for each in told]
    Notification.objects.filter(pk__in=pks).update(mailed_at=timezone.now())
    subject = "1 notification" if len(told) == 1 else f"{len(told)} notifications"
    return _Letter(person, pks, EmailMessage(f"{subject} not read yet", text, to=[person.letter_address]))


def _deliver(letter, post) -> None:
    """Send it; one that nobody took leaves its notifications unmailed, and an address that takes none is given up."""
    try:
        trouble = post.send(letter.message)
    except ServerAway:
        trouble, letter.away = "", True
    if not (trouble or letter.away):
        return
    with transaction.atomic():
        Notification.objects.filter(pk__in=letter.told).update(mailed_at=None)
        if trouble:
            User.objects.filter(pk=letter.person.pk).update(digest_since=None)
            tell(
                [letter.person],
                f"Your morning letter was given back ({trouble}) and is switched off.",
                path="/notifications/",
            )
