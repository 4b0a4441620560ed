from codecs import BOM_UTF8

import pytest
from django.core.management import CommandError, call_command

from rotc.journal.models import JournalEntry
from tests import factories
from tests.reports import graded
from tests.reports.reading import csv_rows, xlsx_rows


def export(paper, term, written_as, output, **options):
    call_command("export_report", paper, term=term, format=written_as, output=str(output), **options)


def test_the_command_writes_the_same_rows_as_the_page(as_user, clerk, enrollment, term, tmp_path):
    graded.record(enrollment, "PPL", 0, 5, 80, 85, 90)
    for paper in ("computation-of-grades", "class-record"):
        export(paper, term.name, "csv", tmp_path / "out.csv")
        plain, marked = (
            (tmp_path / "out.csv").read_bytes(),
            as_user(clerk).get(f"/reports/{paper}.csv").content,
        )
        assert marked == BOM_UTF8 + plain
        export(paper, term.name, "xlsx", tmp_path / "out.xlsx")
        written = csv_rows((tmp_path / "out.csv").read_bytes())
        read = xlsx_rows((tmp_path / "out.xlsx").read_bytes())
        assert [list(row) for row in read] == [list(row) for row in written]
    assert {line.actor for line in JournalEntry.objects.filter(what="report made", how="command")} == {
        "command line"
    }


def test_the_html_prints_by_itself(enrollment, term, tmp_path):
    export("computation-of-grades", term.name, "html", tmp_path / "out.html", size="folio")
    page = (tmp_path / "out.html").read_text()
    assert "<style>" in page and "@page folio" in page
    assert "Dela Cruz, Juan" in page
    assert "<link" not in page and "<script" not in page


def test_the_terminal_is_a_file_too(enrollment, term, capfdbinary):
    export("class-record", term.name, "csv", "-")
    assert [row["Last Name"] for row in csv_rows(capfdbinary.readouterr().out)] == ["Dela Cruz"]


def test_a_unit_is_named_by_its_path(alpha, bravo, term, tmp_path):
    factories.enroll(alpha, "26-1", "Abad", "Ana")
    factories.enroll(bravo, "26-2", "Bago", "Ben")
    export("class-record", term.name, "csv", tmp_path / "out.csv", unit="1st/Bravo")
    assert [row["Last Name"] for row in csv_rows((tmp_path / "out.csv").read_bytes())] == ["Bago"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"term": "1999-2000-1"}, "There is no term “1999-2000-1”. Known terms: 2026-2027-1."),
        ({"unit": "9th"}, "2026-2027-1 has no unit “9th”."),
        ({"format": "pdf"}, "invalid choice: 'pdf'"),
        ({"paper": "poem"}, "invalid choice: 'poem'"),
        ({"by": "nobody"}, "Nobody signs in as “nobody”."),
    ],
)
def test_what_cannot_be_is_said_and_no_file_is_left(term, tmp_path, wrong, sentence):
    asked = {"paper": "class-record", "term": term.name, "format": "csv", **wrong}
    with pytest.raises(CommandError) as refused:
        call_command(
            "export_report",
            asked.pop("paper"),
            *(word for name, value in asked.items() for word in (f"--{name}", value)),
            "--output",
            str(tmp_path / "out.csv"),
        )
    assert sentence in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_keeps_what_was_there(term, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        export("class-record", term.name, "csv", tmp_path / "no" / "out.csv")
    with pytest.raises(CommandError, match="cannot be written"):
        export("class-record", term.name, "csv", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_by_somebody_it_shows_what_they_may_see(alpha, bravo, tactical, term, tmp_path):
    factories.enroll(alpha, "26-1", "Abad", "Ana")
    factories.enroll(bravo, "26-2", "Bago", "Ben")
    factories.staff("clerk.alpha", "clerk", alpha)
    export("class-record", term.name, "csv", tmp_path / "out.csv", by="clerk.alpha")
    assert [row["Last Name"] for row in csv_rows((tmp_path / "out.csv").read_bytes())] == ["Abad"]
    with pytest.raises(CommandError, match="may not make reports"):
        export("class-record", term.name, "csv", tmp_path / "two.csv", by="tactical.alpha")
