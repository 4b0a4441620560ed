"""Marks as a program scanned them: each is let in, stored and answered by itself."""

from collections import defaultdict

from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja import Query, Router

from rotc import access
from rotc.api import schemas
from rotc.api.values import Unreadable
from rotc.api.words import sentence
from rotc.attendance.scans import Scanned, Taken, take_scans
from rotc.refusals import BadValue, Refusal
from rotc.roster.models import Enrollment

router = Router(tags=["Attendance"])
NOT_YOURS = "You may see this cadet and not mark them. Not saved."
UNKNOWN = "This cadet is not in the term, or not yours to see. Not saved."
WHO = "Give “cadet” or “student_number”, one of them. Not saved."


@router.post(
    "attendance", response={200: schemas.AnsweredAll, **schemas.errors(400, 401, 403, 404, 409, 413, 422)}
)
@access.needs(access.MARK_ATTENDANCE)
def attendance(request, given: schemas.Scans, asked: Query[schemas.OfTerm]):
    """Mark up to 200 scans. Each is answered by itself, in your order; one that is refused holds no other up.

    Send again what you got no answer for, under the same ids: what was stored is not stored twice.
    """
    term = access.term(request.user, asked.term)
    if term is None:
        raise Http404
    answers = _answers(request.user, term, given.scans)
    stored = sum(answer.status == 200 for answer in answers)
    return schemas.AnsweredAll(stored=stored, refused=len(answers) - stored, scans=answers)


def _answers(user, term, scans) -> list[schemas.Answered]:
    readable = [scan for scan in scans if isinstance(scan, schemas.Scan)]
    cadets = access.enrolled_each(user, {_told(scan) for scan in readable}, term, access.MARK_ATTENDANCE)
    days = access.training_days(user, term, {scan.day for scan in readable})
    answers, let_in = {}, defaultdict(dict)
    for place, scan in enumerate(scans):
        outcome = _let_in(scan, cadets, days)
        if isinstance(outcome, Scanned):
            let_in[scan.day][place] = outcome
        else:
            answers[place] = outcome
    for on, of_day in let_in.items():
        answers |= _taken(days[on], of_day, user)
    return [_answer(scan, answers[place]) for place, scan in enumerate(scans)]


def _told(scan) -> int | str | None:
    """How the scan names its cadet; None where it names none, or two."""
    named = [each for each in (scan.cadet, scan.student_number) if each is not None]
    return named[0] if len(named) == 1 else None


def _let_in(scan, cadets, days) -> Scanned | Exception:
    if isinstance(scan, Unreadable):
        return BadValue(f"{sentence(scan.errors, of_whole='This scan')} Not saved.")
    if _told(scan) is None:
        return BadValue(WHO)
    if scan.day not in days:
        return BadValue(f"{scan.day.day} {scan.day:%b %Y} is no training day of this term. Not saved.")
    found = cadets[_told(scan)]
    return Scanned(scan.id, found, scan.mark, scan.at, scan.seen) if isinstance(found, Enrollment) else found


def _taken(day, of_day: dict[int, Scanned], user) -> dict[int, Taken | Exception]:
    try:
        taken = take_scans(day, list(of_day.values()), by=user)
    except Refusal as refusal:
        return dict.fromkeys(of_day, refusal)
    return {place: taken[scan] for place, scan in of_day.items()}


def _answer(scan, outcome: Taken | Exception) -> schemas.Answered:
    refusal = outcome.refusal if isinstance(outcome, Taken) else outcome
    again = isinstance(outcome, Taken) and outcome.again
    mark = outcome.mark if refusal is None else getattr(refusal, "current", None)
    status, error = _said(refusal)
    told = str(scan.id) if scan.id else None
    return schemas.Answered(id=told, status=status, again=again, error=error, mark=_mark(mark))


def _said(refusal) -> tuple[int, str | None]:
    if refusal is None:
        return 200, None
    if isinstance(refusal, Refusal):
        return refusal.status, str(refusal)
    return (403, NOT_YOURS) if isinstance(refusal, PermissionDenied) else (404, UNKNOWN)


def _mark(mark) -> dict | None:
    if mark is None or not mark.version:
        return None
    return {"letter": mark.letter, "time_in": mark.time_in, "version": mark.version, "set_by": mark.set_by}
