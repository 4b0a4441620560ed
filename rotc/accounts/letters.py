"""One-time codes by e-mail: the letter, and the job that sends them one by one.

A code is made in the step that writes its digest; its letter goes out right after that step is committed and is
then noted on the code. So no code stands anywhere in clear, a letter never carries a code that is not kept, and
a job that is taken up again passes over whoever has had their letter.
"""

from dataclasses import dataclass
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string

from rotc import access
from rotc.accounts import codes, letting_in
from rotc.accounts.models import AccessCode, User
from rotc.accounts.queries import is_shared
from rotc.refusals import NotNow

HOW = "letter"
CLOSING = 421  # "Service not available, closing": said of the line, not of the letter
MOST_NAMED = 40


def steps(job):
    """Send their codes to the users of ``arguments["users"]``, one a step. Goes on from the job's progress."""
    _refuse_unless_allowed(job.asked_by)
    people = job.arguments["users"]
    sent, failed = job.result.get("sent", 0), job.result.get("failed", [])
    post = Post()
    try:
        for place in range(job.progress, len(people)):
            user = User.objects.select_related("cadet").get(pk=people[place])
            if _had_letter(user, job):
                sent += 1
                continue
            if why := why_no_letter(user):
                failed.append(f"{_name(user)} ({why})")
                continue
            letter = _write(user, job)
            transaction.on_commit(partial(deliver, letter, post))
            yield place, len(people), {"sent": sent, "failed": failed}
            if letter.away:
                raise NotNow(_server_away(sent, len(people) - place))
            if letter.trouble:
                failed.append(f"{_name(user)} ({letter.address}: {letter.trouble})")
            else:
                sent += 1
        yield len(people), len(people), {"sent": sent, "failed": failed}
    finally:
        post.close()
    return _said(sent, failed)


def _refuse_unless_allowed(by) -> None:
    if by is None or not by.is_active or not access.may(by, access.MANAGE_ACCOUNTS):
        raise NotNow("Whoever asked for these letters may not manage accounts any more. None was sent.")


def _had_letter(user, job) -> bool:
    """Whether this job's letter to them went out already, whatever happened to its worker after."""
    noted = user.access_codes.filter(issued_by=job.asked_by_id, issued_at__gte=job.asked_at)
    return noted.exclude(sent_to="").exists()


def why_no_letter(user) -> str:
    """Why no letter can go to somebody; empty when one can. A code in a shared mailbox would open two accounts."""
    if not user.is_active:
        return "the account is deactivated"
    if not user.letter_address:
        return "no e-mail"
    if is_shared(user.letter_address, user):
        return f"{user.letter_address} is kept for somebody else too"
    return ""


def _name(user) -> str:
    return user.cadet.short_name if user.cadet else user.title


@dataclass
class Letter:
    """A letter on its way: ``trouble`` is why its address did not take it, ``away`` that no server did."""

    code: AccessCode
    by: User
    message: EmailMessage
    trouble: str = ""
    away: bool = False

    @property
    def address(self) -> str:
        return self.message.to[0]


def _write(user, job) -> Letter:
    """A new code for somebody and the letter that tells it."""
    [(_, code)] = letting_in.issue_codes([user], by=job.asked_by, how=HOW)
    kept = AccessCode.objects.select_related("user").get(digest=codes.digest(code))
    unit = " ".join(job.arguments["unit_name"].split()) or "your ROTC unit"
    told = {"person": user, "code": code, "until": kept.expires_at, "unit": unit}
    text = render_to_string("accounts/letter.txt", told | {"address": job.arguments["address"]})
    return Letter(kept, job.asked_by, EmailMessage(f"Your account at {unit}", text, to=[user.letter_address]))


def deliver(letter: Letter, post: "Post") -> None:
    """Send a letter whose code is kept, and note on the code that it went; one that did not takes its code along."""
    try:
        letter.trouble = post.send(letter.message)
    except ServerAway:
        letter.away = True
    with transaction.atomic():
        if letter.trouble or letter.away:
            letting_in.take_back_codes([letter.code.user], by=letter.by, how=HOW)
        else:
            AccessCode.objects.filter(pk=letter.code.pk).update(sent_to=letter.address)


class ServerAway(Exception):
    """The mail server cannot be reached, or takes no letters from us at all."""


class Post:
    """The line to the mail server: opened with the first letter, and once more when it was dropped between two."""

    def __init__(self):
        self.line = get_connection()

    def send(self, message) -> str:
        """Send one letter; returns why its address did not take it, empty when it did."""
        for _ in range(2):
            try:
                self.line.open()
                self.line.send_messages([message])
                return ""
            except (SMTPRecipientsRefused, SMTPDataError) as refused:
                status, said = _answer(refused)
                if status != CLOSING:
                    return said
            except OSError:  # smtplib's other errors are OSErrors too
                pass
            except ValueError:
                return "this is no e-mail address"
            self.close()
        raise ServerAway

    def close(self) -> None:
        try:
            self.line.close()
        except OSError:
            self.line = get_connection()


def _answer(refused) -> tuple[int, str]:
    if isinstance(refused, SMTPRecipientsRefused):
        status, said = next(iter(refused.recipients.values()))
    else:
        status, said = refused.smtp_code, refused.smtp_error
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return status, f"{status} {' '.join(text.split())}"[:120]


def counted(many: int) -> str:
    """``1 letter``, ``1,200 letters``."""
    return "1 letter" if many == 1 else f"{many:,} letters"


def _server_away(sent, left) -> str:
    return (
        f"The mail server does not answer. {counted(sent)} went out, {left:,} did not and carry no code. "
        "Send those again later, or print their slips."
    )


def _said(sent, failed) -> str:
    said = f"{counted(sent)} went out."
    if failed:
        named = "; ".join(failed[:MOST_NAMED])
        more = f"; and {len(failed) - MOST_NAMED:,} more" if len(failed) > MOST_NAMED else ""
        said += f" {len(failed):,} did not, and need a slip: {named}{more}."
    return said
