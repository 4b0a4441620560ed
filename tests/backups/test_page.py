"""The page of backups: for administrators alone, and who takes one is recorded."""

import pytest

from rotc.backups import actions, places
from rotc.backups.places import Why
from rotc.jobs import actions as jobs
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from tests.served import Server

PAGE = "/settings/backups/"


def test_it_says_how_old_the_newest_is_and_lists_all(as_user, administrator, folder):
    actions.back_up(Why.MIGRATION)
    page = as_user(administrator).get(PAGE).content.decode()
    assert "<b>0\xa0minutes</b>" in page
    assert "before a migration" in page and "read back" in page


def test_it_says_when_the_newest_is_old(as_user, administrator, folder):
    backup, _ = actions.back_up(Why.ASKED)
    (folder / backup.path).rename((folder / backup.path).with_name("2026-01-01-000000-hourly.zip"))
    assert "it should be an hour" in as_user(administrator).get(PAGE).content.decode()


def test_without_one_it_says_when_the_first_comes(as_user, administrator, folder):
    assert "There is no backup yet" in as_user(administrator).get(PAGE).content.decode()


def test_a_store_that_is_away_is_a_sentence(as_user, administrator, bucket):
    _, moto = bucket
    moto.stop()
    answer = as_user(administrator).get(PAGE)
    assert answer.status_code == 503 and "cannot be reached" in answer.content.decode()


def test_an_administrator_backs_up_now(as_user, administrator, folder):
    client = as_user(administrator)
    answer = client.post(f"{PAGE}now/")
    job = Job.objects.get(kind="back up")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    jobs.run(job.pk)
    assert "read back and equal" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert [each.why for each in places.newest_first()] == [Why.ASKED]


@pytest.mark.parametrize("who", ["commandant", "clerk", "tactical", "leader", "cadet"])
def test_it_is_nobody_elses(request, as_user, folder, who):
    client = as_user(request.getfixturevalue(who))
    backup, _ = actions.back_up(Why.ASKED)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}now/").status_code == 403
    assert client.get(f"{PAGE}{backup.name}.zip").status_code == 403
    assert not JournalEntry.objects.filter(what="backup taken").exists()
    if who == "commandant":
        assert PAGE not in client.get("/settings/").content.decode()


def test_what_is_no_backup_is_not_given(as_user, administrator, folder):
    client = as_user(administrator)
    for name in ("secret_key", "..%2f..%2frotc.sqlite3", "2026-01-01-000000-hourly"):
        assert client.get(f"{PAGE}{name}.zip").status_code == 404


def test_one_that_is_taken_is_whole_and_recorded(tmp_path):
    """Of the real server: it sends a part at a time."""
    server = Server(tmp_path / "served", start=False)
    try:
        server.manage("migrate")
        server.script(
            "from tests import factories\n"
            "unit = factories.company(factories.open_term(), 'Alpha')\n"
            "factories.staff('admin', 'administrator', None)"
        )
        name = server.manage("backup").stdout.split(":")[0]
        server.start()
        session = server.session_of("admin")
        answer = server.get(f"{PAGE}{name}.zip", session=session)
        kept = server.folder / "uploads" / "backups" / "database" / f"{name}.zip"
        assert answer.status == 200
        assert int(answer.headers["Content-Length"]) == kept.stat().st_size
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.zip"'
        assert answer.text == kept.read_bytes().decode(errors="replace")
        assert server.answer(
            "import json; from rotc.journal.models import JournalEntry\n"
            "print(json.dumps(list(JournalEntry.objects.filter(what='backup taken').values_list('subject', 'how'))))"
        ) == [[f"backup:{name}", "export"]]
    finally:
        server.end()
