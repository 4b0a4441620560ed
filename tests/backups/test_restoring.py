"""Restoring, on real systems: what comes back is what was there at one moment, and what is refused touches nothing."""

import shutil
import time
from subprocess import Popen

import pytest

from tests.backups.conftest import altered
from tests.served import Server, _on_postgres

# What a restore itself writes: it ends open jobs, codes and tokens, and its own line stands in the journal.
ENDED = {"rotc_journalentry", "rotc_job", "rotc_accesscode", "rotc_apitoken"}
UNIT = """
from tests import factories
from rotc.accounts.letting_in import issue_codes
from rotc.accounts.tokens import make_token
from rotc.jobs.models import Job
from rotc.web import store
term = factories.open_term()
unit = factories.company(term, "Alpha")
cadets = factories.platoon_of(unit.children.first(), 12)
admin = factories.staff("admin", "administrator", None)
issue_codes([cadets[0].cadet.user], by=admin)
make_token(admin, name="Scanner", second_step=True, by=admin)
cadets[0].cadet.photo = store.keep("photos", b"a face", ".jpg")
cadets[0].cadet.save(update_fields=["photo"])
Job.objects.create(kind="letters", asked_by=admin)
"""
HASHES = """
import json
from rotc.backups import tables
from rotc.backups.archive import Sum
with tables.moment():
    print(json.dumps({name: Sum.of(tables.lines(model)).sha256
                      for name, model in tables.made_by(tables.applied(), "").items()}))
"""
# The journal has a line for each time that a score was recorded, and in the same transaction.
WRITER = """
from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.roster.models import Enrollment, Term
exam, version = Term.objects.get().exams.first(), 0
cadets = list(Enrollment.objects.order_by("pk"))
for turn in range(400):
    for cadet in cadets:
        record_score(cadet, exam, typed=str(60 + turn % 30), seen_version=turn, by=None)
    print(turn, flush=True)
"""
SCORES_AND_LINES = """
import json
from django.db.models import Sum
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
print(json.dumps([Score.objects.aggregate(all=Sum("version"))["all"] or 0,
                  JournalEntry.objects.filter(what__startswith="score").count()]))
"""


class Place(Server):
    """A system that is not started, with its own database and store: empty, or ``like`` another."""

    def __init__(self, folder, *, like=None, **env):
        super().__init__(folder, start=False, fresh=like is not None, **env)
        if like is None:
            return
        shutil.copytree(like.folder, self.folder, dirs_exist_ok=True)
        self.name = like.name
        if self.database:
            _on_postgres(f'DROP DATABASE "{self.database}"')
            _on_postgres(f'CREATE DATABASE "{self.database}" TEMPLATE "{like.database}"')

    @property
    def backups(self):
        return self.folder / "uploads" / "backups"

    def back_up(self) -> str:
        return self.manage("backup").stdout.split(":")[0]

    def hashes(self) -> dict:
        return self.answer(HASHES)

    def names(self) -> list[str]:
        return [line.split()[0] for line in self.manage("backup", "--list").stdout.splitlines()]

    def take_over(self, other) -> None:
        """As somebody does who brings the folder of backups to another machine."""
        shutil.copytree(other.backups, self.backups)

    def refuses(self, *command) -> str:
        done = self.manage(*command, check=False)
        assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    """A small unit, of which ``name`` is a backup."""
    made = Place(tmp_path_factory.mktemp("unit"))
    made.manage("migrate")
    made.script(UNIT)
    made.name = made.back_up()
    yield made
    made.end()


@pytest.fixture(scope="module")
def restored(unit, tmp_path_factory):
    """The unit after a backup was put in its own place; ``gone`` is the number of a row that was dropped before it."""
    made = Place(tmp_path_factory.mktemp("restored"), like=unit)
    made.session_of("admin")
    made.gone = made.answer(
        "import json\nfrom rotc.messages.models import Notification\nfrom rotc.accounts.models import User\n"
        "row = Notification.objects.create(person=User.objects.first(), text='Told.')\n"
        "print(json.dumps(row.pk)); row.delete()"
    )
    made.manage("restore", made.back_up(), "--replace")
    yield made
    made.end()


@pytest.fixture
def place(tmp_path):
    """``place("there")``: a system of this test's own."""
    made = []

    def make(name, **facts):
        made.append(Place(tmp_path / name, **facts))
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def here(place, unit):
    return place("here", like=unit)


def test_a_backup_is_restored_elsewhere_with_every_table_equal(unit, place):
    here, name = unit, unit.name
    there = place("there")
    there.take_over(here)

    said = there.manage("restore", name).stdout

    tables = len(unit.hashes())
    assert f"{tables} of {tables} tables are equal" in said
    before, after = here.hashes(), there.hashes()
    assert {table for table in before if before[table] != after[table]} == ENDED
    photo = next(path for path in (here.folder / "uploads" / "photos").iterdir())
    assert (there.folder / "uploads" / "photos" / photo.name).read_bytes() == b"a face"


def test_from_one_database_to_another_and_back(unit, place):
    """On SQLite whatever the suite runs on, and on the suite's own."""
    here, name = unit, unit.name
    sqlite = place("sqlite", DATABASE_URL="")
    sqlite.take_over(here)
    sqlite.manage("restore", name)
    back = place("back")
    again = sqlite.back_up()
    back.take_over(sqlite)
    back.manage("restore", again)

    assert here.hashes().keys() == back.hashes().keys()
    before, after = sqlite.hashes(), back.hashes()
    assert {table for table in before if before[table] != after[table]} <= {*ENDED}


def test_nothing_that_was_under_way_comes_alive_again(restored):
    facts = restored.answer(
        "import json\n"
        "from django.contrib.sessions.models import Session\n"
        "from rotc.accounts.models import AccessCode, ApiToken\n"
        "from rotc.jobs import schedules\n"
        "from rotc.jobs.models import OPEN, Job\n"
        "from rotc.journal.models import JournalEntry\n"
        "schedules.tick()\n"
        "print(json.dumps([Session.objects.count(), AccessCode.objects.filter(revoked_at=None).count(),"
        " ApiToken.objects.filter(revoked_at=None).count(),"
        " Job.objects.filter(OPEN).count(), Job.objects.get(kind='letters').said,"
        " JournalEntry.objects.first().what]))"
    )
    assert facts[:4] == [0, 0, 0, 0]
    assert facts[4].startswith("The database was restored from a backup while this was not done.")
    assert facts[5] == "database restored"


def test_a_number_that_a_row_had_is_given_to_no_other(restored):
    new = restored.answer(
        "import json\nfrom rotc.messages.models import Notification\nfrom rotc.accounts.models import User\n"
        "print(json.dumps(Notification.objects.create(person=User.objects.first(), text='Told.').pk))"
    )
    assert new > restored.gone


def test_the_journal_still_refuses_to_be_altered(restored):
    said = restored.script(
        "from django.db import DatabaseError\nfrom rotc.journal.models import JournalEntry\n"
        "for act in (lambda all: all.update(reason='x'), lambda all: all.delete()):\n"
        "    try: act(JournalEntry.objects.all())\n"
        "    except DatabaseError as error: print(error)"
    )
    assert said.count("the journal is append-only") == 2


def test_a_backup_beside_a_writer_is_of_one_moment(here, place):
    writer = Popen(here.python("-c", f"import django; django.setup()\n{WRITER}"), stdout=-1, **here.beside)
    try:
        for _ in range(3):
            assert writer.stdout.readline()
        first, second = here.back_up(), here.back_up()
        assert writer.poll() is None, "it still writes"
    finally:
        writer.kill()
        writer.communicate()
    written = []
    for name in (first, second):
        there = place(name)
        there.take_over(here)
        there.manage("restore", name)
        versions, lines = there.answer(SCORES_AND_LINES)
        assert versions == lines > 0
        written.append(lines)
    assert written[0] < written[1] < here.answer(SCORES_AND_LINES)[0], "it wrote before, between and after"


def test_what_is_there_is_not_replaced_without_a_word_and_a_backup_of_it(here):
    name = here.name
    here.script("from tests import factories; factories.staff('later', 'administrator', None)")
    before = here.hashes()
    said = here.refuses("restore", name)
    assert "There are accounts in this database. Nothing was changed; --replace" in said
    assert here.hashes() == before

    here.manage("restore", name, "--replace")
    assert here.names()[0].endswith("-restore")
    assert here.hashes()["rotc_user"] != before["rotc_user"]

    here.manage("restore", here.names()[0], "--replace", "--no-backup")
    assert here.hashes()["rotc_user"] == before["rotc_user"], "back again"


def test_a_refused_backup_touches_nothing(here):
    name = here.name
    whole, before = here.backups / "database" / f"{name}.zip", here.hashes()
    newer = altered(whole, migrations=[["rotc", "0001_start"], ["rotc", "0999_of_next_year"]], version="9.0")
    assert "made by a newer release, 9.0" in here.refuses("restore", newer, "--replace")
    lacking = altered(whole, drop=["tables/rotc_score"])
    assert "damaged: the table rotc_score" in here.refuses("restore", lacking, "--replace")
    whole.write_bytes(whole.read_bytes()[:-1])
    assert "damaged" in here.refuses("restore", name, "--replace")
    assert here.hashes() == before
    assert len(here.names()) == 1, "and no backup of what stays was needed"


def test_one_that_breaks_off_in_the_middle_touches_nothing(here):
    """Its manifest agrees with itself, and yet the database refuses a row."""
    name = here.name
    whole, before = here.backups / "database" / f"{name}.zip", here.hashes()
    here.script(
        "import json\nfrom hashlib import sha256\nfrom pathlib import Path\nfrom zipfile import ZipFile\n"
        "from tests.backups.conftest import altered\n"
        f"path = Path({str(whole)!r})\n"
        "with ZipFile(path) as zip:\n"
        "    tables = json.loads(zip.read('manifest.json'))['tables']\n"
        "    marks = zip.read('tables/rotc_unit').replace(b'company', b'nothing')\n"
        "tables['rotc_unit']['sha256'] = sha256(marks).hexdigest()\n"
        "altered(path, members={'tables/rotc_unit': marks}, tables=tables)"
    )
    said = here.refuses("restore", whole.with_name("altered.zip"), "--replace")
    assert "rotc_unit" in said and "Nothing was changed" in said
    assert here.hashes() == before


def test_a_lost_upload_is_named_and_the_rest_restored_when_somebody_says_so(unit, place):
    name = unit.name
    there = place("there")
    there.take_over(unit)
    for copy in (there.backups / "uploads" / "photos").iterdir():
        copy.write_bytes(b"a fact")
    assert "1 of its uploads are lost or damaged: photos/" in there.refuses("restore", name)
    there.manage("restore", name, "--without-uploads")
    assert there.hashes()["rotc_cadet"] == unit.hashes()["rotc_cadet"]


def test_one_file_is_enough_to_move(unit, place, tmp_path):
    unit.manage("backup", "--output", tmp_path / "all.zip")
    there = place("there")
    there.manage("restore", tmp_path / "all.zip")
    assert there.hashes()["rotc_cadet"] == unit.hashes()["rotc_cadet"]
    assert [path.read_bytes() for path in (there.folder / "uploads" / "photos").iterdir()] == [b"a face"]


def test_it_waits_until_the_system_is_stopped(here):
    name = here.name
    here.start()
    here.family()
    ending = time.monotonic() + 90
    while "The worker was heard" not in (said := here.manage("restore", name, check=False).stderr):
        assert time.monotonic() < ending, said
    assert "Stop the system" in here.refuses("restore", name, "--replace")
    assert [each for each in here.names() if each.endswith("-restore")] == []


# --- before a migration


def test_a_migration_is_backed_up_first_and_an_older_backup_comes_up_to_this_release(here, unit, place):
    here.manage("migrate", "rotc", "0012_heartbeat")
    ahead = {path.stem for path in (here.backups / "database").iterdir()}
    assert ahead > {here.name}, "backed up first"
    said = here.manage("migrate").stdout
    assert "Backed up as" in said
    assert "0014_maintenance... OK" in said
    older, *_ = here.names()
    assert older not in ahead and older.endswith("-migration")

    there = place("there")
    there.take_over(here)
    assert "tables are equal" in there.manage("restore", older).stdout
    assert there.hashes()["rotc_cadet"] == unit.hashes()["rotc_cadet"]
    assert (
        there.answer(
            "import json; from django.contrib.contenttypes.models import ContentType\n"
            "print(json.dumps(ContentType.objects.filter(model='maintenance').count()))"
        )
        == 1
    ), "what Django keeps of each model is there too"


def test_where_nothing_is_to_apply_or_to_lose_no_backup_is_made(here, place):
    here.manage("migrate")
    assert here.names() == [here.name]
    empty = place("empty")
    empty.manage("migrate", "rotc", "0012_heartbeat")
    empty.manage("migrate")
    assert empty.names() == []


def test_without_a_backup_nothing_is_migrated_unless_somebody_says_so(here):
    shutil.rmtree(here.folder / "unfinished", ignore_errors=True)
    (here.folder / "unfinished").write_text("in the way")
    said = here.refuses("migrate", "rotc", "0013_schedules")
    assert "No backup could be made: The backup could not be written" in said
    assert "Nothing was migrated; “manage.py migrate --no-backup” goes on without." in said
    assert "[X] 0014_maintenance" in here.manage("showmigrations", "rotc").stdout
    here.manage("migrate", "rotc", "0013_schedules", "--no-backup")
    assert "[ ] 0014_maintenance" in here.manage("showmigrations", "rotc").stdout

    with pytest.raises(RuntimeError, match="did not start"):
        here.start()
    assert "goes on without" in here.said() and "Traceback" not in here.said()
