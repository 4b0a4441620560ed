"""One-time codes by e-mail: what the letter says, who gets one, and that a killed worker neither loses nor doubles."""

import os
import re
import signal
import time

import pytest
from django.core import mail
from django.test.utils import override_settings

from rotc.accounts import actions, letters
from rotc.accounts.codes import ALPHABET
from rotc.accounts.models import AccessCode, User
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead
from rotc.refusals import NotNow
from tests import factories
from tests.accounts.mail_server import Sink
from tests.served import Server

CODE = re.compile(rf"\b[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}\b")
NEW = {"password1": "another long phrase", "password2": "another long phrase"}


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.SENDS_LETTERS = True


@pytest.fixture
def admin(as_user, administrator):
    return as_user(administrator)


@pytest.fixture
def post(django_capture_on_commit_callbacks):
    """``post(job)``: do the job as a worker does it, each step committed; returns what it said."""

    def work(job, stop_after=None):
        steps, done = letters.steps(job), 0
        while True:
            try:
                with django_capture_on_commit_callbacks(execute=True):
                    job.progress, job.total, job.result = next(steps)
            except StopIteration as end:
                return end.value
            done += 1
            if done == stop_after:
                return None

    return work


def with_email(enrollment, email):
    enrollment.cadet.email = email
    enrollment.cadet.save()
    return enrollment


def asked() -> Job:
    return Job.objects.get(kind="letters")


def test_the_letter_says_all_that_is_needed_and_its_code_lets_its_owner_in(client, admin, post, enrollment):
    Letterhead.objects.update(unit_name="Test ROTC Unit")
    with_email(enrollment, "juan@example.test")

    answer = admin.post(f"/people/{enrollment.cadet.user.pk}/code/", {"by_letter": "1"})

    assert answer["Location"] == f"/jobs/{asked().pk}/"
    assert post(asked()) == "1 letter went out."
    [letter] = mail.outbox
    assert letter.to == ["juan@example.test"]
    assert letter.subject == "Your account at Test ROTC Unit"
    assert "http://testserver/code/\n" in letter.body
    assert "2026-0001" in letter.body and "Test ROTC Unit" in letter.body
    until = AccessCode.objects.get().expires_at
    assert f"{until:%Y}" in letter.body
    assert "?" not in letter.body  # an address with a query could carry somebody's data
    client.logout()
    client.post("/code/", {"name": "2026-0001", "code": CODE.search(letter.body)[0]})
    assert client.post("/code/password/", NEW)["Location"] == "/"


def test_neither_the_job_nor_the_journal_nor_the_code_holds_it_in_clear(admin, post, enrollment):
    with_email(enrollment, "juan@example.test")
    admin.post(f"/people/{enrollment.cadet.user.pk}/code/", {"by_letter": "1"})
    post(asked())

    told = CODE.search(mail.outbox[0].body)[0]
    kept = [
        *Job.objects.values_list("arguments", "result"),
        *JournalEntry.objects.values_list("what", "changes", "reason"),
        *AccessCode.objects.values_list("digest", "sent_to"),
    ]
    assert told not in str(kept) and told.replace("-", "") not in str(kept)
    assert AccessCode.objects.get().sent_to == "juan@example.test"
    assert "sent to juan@example.test" in admin.get(f"/people/{enrollment.cadet.user.pk}/").content.decode()


def test_a_new_member_of_staff_is_invited_by_letter_instead_of_a_slip(admin, post, alpha):
    sergeant = {
        "first_name": "Rosa", "last_name": "O'Hara", "username": "rosa", "email": "rosa@example.test",
        "by_letter": "on", "role": "tactical_officer", "unit": alpha.pk,
    }  # fmt: skip

    answer = admin.post("/people/add/", sergeant)

    assert answer["Location"].startswith("/jobs/")
    assert not CODE.search(admin.get(answer["Location"]).content.decode())
    post(asked())
    assert mail.outbox[0].to == ["rosa@example.test"]
    assert "Rosa O'Hara," in mail.outbox[0].body


def test_a_letter_needs_an_address(admin, alpha):
    answer = admin.post(
        "/people/add/",
        {
            "first_name": "R",
            "last_name": "L",
            "username": "r",
            "by_letter": "on",
            "role": "clerk",
            "unit": alpha.pk,
        },
    )

    assert answer.status_code == 422
    assert "Give the e-mail that the code goes to" in answer.content.decode()
    assert not User.objects.filter(username="r").exists()


def test_many_cadets_get_theirs_and_who_did_not_is_named(admin, post, platoon, monkeypatch):
    reached, nobody, shares, other = factories.platoon_of(platoon, 4)
    with_email(reached, "one@example.test")
    for each in (shares, other):
        with_email(each, "Both@example.test")
    ticked = [each.pk for each in (reached, nobody, shares)]

    preview = admin.post("/people/codes/letters/", {"enrollment": ticked}).content.decode()
    admin.post("/people/codes/letters/", {"enrollment": ticked, "confirmed": "1"})
    said = post(asked())

    assert "Send 1 letter?" in preview
    assert "1 has no e-mail" in preview and "1 shares an e-mail" in preview
    assert [letter.to for letter in mail.outbox] == [["one@example.test"]]
    assert "1 letter went out. 1 did not, and need a slip: Cadet003, Test (Both@example.test is kept" in said
    assert AccessCode.objects.count() == 1


def test_whoever_had_their_letter_from_this_job_gets_no_second_one(admin, post, platoon):
    cadets = [
        with_email(each, f"c{n}@example.test") for n, each in enumerate(factories.platoon_of(platoon, 3))
    ]
    admin.post("/people/codes/letters/", {"enrollment": [each.pk for each in cadets], "confirmed": "1"})
    job = asked()

    post(job, stop_after=2)  # the worker dies after the second letter went out and before it could say so
    assert (job.progress, len(mail.outbox)) == (1, 2)
    said = post(job)

    assert said == "3 letters went out."
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"c{n}@example.test" for n in range(3)]
    assert AccessCode.objects.exclude(sent_to="").filter(revoked_at=None).count() == 3


def test_rights_are_asked_again_when_the_letters_start(admin, administrator, post, enrollment):
    with_email(enrollment, "juan@example.test")
    admin.post(f"/people/{enrollment.cadet.user.pk}/code/", {"by_letter": "1"})
    factories.staff("second", "administrator", None)
    actions.relieve(administrator.appointments.get(), by=None)

    with pytest.raises(NotNow, match="may not manage accounts any more"):
        post(asked())

    assert not mail.outbox and not AccessCode.objects.exists()


def test_an_account_that_is_closed_meanwhile_gets_no_letter(admin, post, enrollment):
    with_email(enrollment, "juan@example.test")
    admin.post(f"/people/{enrollment.cadet.user.pk}/code/", {"by_letter": "1"})
    actions.deactivate(enrollment.cadet.user, by=None)

    assert "the account is deactivated" in post(asked())
    assert not mail.outbox


def real_mail(sink):
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=sink.port,
        EMAIL_TIMEOUT=5,
    )


@pytest.fixture
def sink():
    server = Sink(refused=["gone@example.test"])
    yield server
    server.end()


def test_an_address_that_no_mailbox_answers_to_is_named_and_its_code_revoked(admin, post, platoon, sink):
    here, gone = factories.platoon_of(platoon, 2)
    with_email(here, "here@example.test"), with_email(gone, "gone@example.test")
    admin.post("/people/codes/letters/", {"enrollment": [here.pk, gone.pk], "confirmed": "1"})

    with real_mail(sink):
        said = post(asked())

    assert sink.addresses() == ["here@example.test"]
    assert "Cadet002, Test (gone@example.test: 550 No such mailbox)" in said
    assert list(AccessCode.objects.filter(revoked_at=None).values_list("sent_to", flat=True)) == [
        "here@example.test"
    ]


def test_when_the_mail_server_is_away_the_work_says_so_and_leaves_no_code_behind(
    admin, post, enrollment, sink
):
    with_email(enrollment, "juan@example.test")
    admin.post(f"/people/{enrollment.cadet.user.pk}/code/", {"by_letter": "1"})
    sink.end()

    with (
        real_mail(sink),
        pytest.raises(NotNow, match=r"The mail server does not answer\. 0 letters went out, 1 did"),
    ):
        post(asked())

    assert not AccessCode.objects.filter(revoked_at=None).exists()


def test_without_a_mail_server_nothing_offers_letters_and_a_sentence_says_to_print(
    admin, enrollment, settings
):
    settings.SENDS_LETTERS = False
    with_email(enrollment, "juan@example.test")
    user = enrollment.cadet.user

    pages = [
        admin.get(path).content.decode() for path in ("/people/codes/", f"/people/{user.pk}/", "/people/add/")
    ]

    assert not any("by e-mail" in page or "Send the code" in page for page in pages)
    assert "No mail server is set up here" in pages[0]
    answer = admin.post(f"/people/{user.pk}/code/", {"by_letter": "1"})
    assert answer.status_code == 422
    assert "Print the slip" in answer.content.decode()


def test_the_way_back_from_a_forgotten_password_without_a_mail_server_is_a_code(client, db, settings):
    settings.SENDS_LETTERS = False
    page = client.get("/accounts/password/reset/").content.decode()
    assert "administrator" in page and "one-time code" in page
    assert "<input" not in page.split('id="content"')[1]


UNIT = """
import json
from rotc.jobs.actions import ask
from tests import factories
term = factories.open_term()
cadets = factories.platoon_of(factories.company(term, "Alpha").children.first(), 12)
for number, each in enumerate(cadets):
    each.cadet.email = f"c{number}@example.test"
    each.cadet.save()
users = [each.cadet.user.pk for each in cadets]
by = factories.staff("admin", "administrator", None)
print(json.dumps(ask("letters", by=by, users=users, address="http://127.0.0.1/code/", unit_name="Unit").pk))
"""
SAID = """
import json
from rotc.accounts.models import AccessCode
from rotc.jobs.models import Job
open_codes = AccessCode.objects.filter(revoked_at=None).exclude(sent_to="").count()
print(json.dumps([Job.objects.get(pk={job}).said, open_codes]))
"""


def test_a_worker_killed_in_the_middle_neither_loses_a_letter_nor_sends_it_twice(tmp_path):
    sink = Sink(pause=0.1)
    server = Server(tmp_path, EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port), EMAIL_USE_TLS="0")
    try:
        job = server.answer(UNIT)
        ending = time.monotonic() + 90
        while len(sink.letters) < 4:
            assert time.monotonic() < ending, server.said()
            time.sleep(0.01)
        time.sleep(0.05)  # into the next letter's conversation, before the server has it
        os.kill(server.family()[2], signal.SIGKILL)
        ending = time.monotonic() + 180
        said = ""
        while not said and time.monotonic() < ending:
            said, open_codes = server.answer(SAID.format(job=job))
        assert said == "12 letters went out."
        assert open_codes == 12
        once = {f"c{number}@example.test" for number in range(12)}
        assert set(sink.addresses()) == once
        # The letter that the kill caught may reach its mailbox again; nobody who had theirs before it does.
        assert len(sink.addresses()) <= 13
    finally:
        server.end()
        sink.end()
