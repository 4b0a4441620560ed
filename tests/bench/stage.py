"""The stage that is measured on: a battalion of 3,000. Runs beside the server, on its database."""

import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rotc.accounts.models import User
from rotc.exams.models import Exam
from rotc.jobs.recompute import AT_ONCE
from rotc.roster.models import Enrollment, Term, Unit
from rotc.standings import actions as standings

COMPANY = 200


def people() -> dict:
    """Sessions of the company officers, the commandant and a cadet, and the units whose sheets are opened."""
    term = Term.objects.get()
    alpha = term.units.get(kind=Unit.Kind.COMPANY, name="Alpha")
    _fill_up(term, alpha)
    officers = User.objects.filter(username__startswith="tactical.").order_by("username")[:20]
    cadet = Enrollment.objects.filter(unit__parent=alpha).select_related("cadet__user").first().cadet.user
    return {
        "officers": [_session(user) for user in officers],
        "commandant": _session(User.objects.get(username="commandant")),
        "cadet": _session(cadet),
        "cadet_name": cadet.username,
        "company_officer": _session(User.objects.get(username="tactical.alpha")),
        "platoon": alpha.children.first().pk,
        "other_platoon": alpha.children.all()[1].pk,
        "company": alpha.pk,
        "term": term.name,
    }


def _fill_up(term, company) -> None:
    """Bring the company to 200 cadets: the largest sheet that opens as one page."""
    last = company.children.last()
    wanted = COMPANY - term.enrollments.filter(unit__parent=company).count()
    others = term.enrollments.exclude(unit__parent=company).exclude(cadet__user__appointments__isnull=False)
    moved = list(others.order_by("-pk").values_list("pk", flat=True)[:wanted])
    Enrollment.objects.filter(pk__in=moved).update(unit=last)


def _session(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def queries(username: str, path: str) -> int:
    """How many times the page at ``path`` asks the database, session and user included."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return len(asked)


def recompute() -> dict:
    """Seconds to grade every enrollment again, when nothing changed and when every total did."""
    term = Term.objects.get()
    same = _refreshed(term)
    exam = Exam.objects.order_by("position").first()
    Exam.objects.filter(pk=exam.pk).update(items=exam.items + 20)
    changed = _refreshed(term)
    Exam.objects.filter(pk=exam.pk).update(items=exam.items)
    _refreshed(term)
    return {"same": same, "changed": changed}


def _refreshed(term) -> tuple[int, float]:
    ids = list(term.enrollments.order_by("pk").values_list("pk", flat=True))
    began = time.perf_counter()
    changed = sum(
        standings.refresh(term, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE)
    )
    return changed, time.perf_counter() - began
