# ruff: noqa: F811
import json
from datetime import date, time, timedelta

import pytest

from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.imports.reading import read
from rotc.refusals import UnreadableFile
from tests import factories
from tests.imports.conftest import checked, committed, csv_of, give, plan_at, taken_back, xlsx_of
from tests.imports.test_attendance_import import facts, term  # noqa: F401  (a fixture, asked for by name)

JUAN, ANA = "2026-0001", "0012-0002"


@pytest.fixture
def ana(platoon):
    return factories.enroll(platoon, ANA, "Peña", "Ana")


@pytest.fixture
def export(run):
    """``export(records or bytes, *options)``: import a ROTCMIS export, as JSON unless it is bytes."""

    def export(found, *options, name="export.csv", **more):
        if not isinstance(found, bytes):
            found, name = json.dumps(found).encode(), "export.json"
        return run(found, *options, kind="rotcmis", name=name, **more)

    return export


@pytest.fixture
def day(term) -> date:
    return term.training_days.first().date


def marks() -> list[tuple]:
    names = ("enrollment__cadet__student_number", "day__date", "letter", "time_in", "time_out")
    return list(AttendanceMark.objects.exclude(letter="").order_by("pk").values_list(*names))


def record(number, on, status, **more) -> dict:
    return {
        "student_id": number,
        "full_name": "",
        "date": str(on),
        "status": status,
        "company": "Alpha",
    } | more


@pytest.mark.parametrize("number", ["student_id", "ID", "StudentNo", "cadet_id", "qr", "QR Code"])
@pytest.mark.parametrize("on", ["date", "attendance_date", "DateTime", "timestamp"])
@pytest.mark.parametrize("status", ["status", "Attendance", "present"])
def test_its_columns_are_known_under_all_their_names(export, enrollment, day, number, on, status):
    head = f"{number},name,{on},{status},company,platoon"
    outcome = export(csv_of(head, f'{JUAN},"Dela Cruz, Juan",{day},present,Alpha,1'))
    assert (outcome["new"], outcome["problems"]) == (1, [])
    assert marks() == [(JUAN, day, "P", None, None)]


def test_csv_workbook_and_json_of_one_export_mark_the_same(as_user, commandant, enrollment, term, day):
    page = as_user(commandant)
    lines = [["student_id", "date", "status"], [JUAN, str(day), "L"]]
    files = {
        "a.csv": csv_of(*map(",".join, lines)),
        "a.xlsx": xlsx_of(lines),
        "a.json": json.dumps([dict(zip(*lines, strict=True))]).encode(),
        "b.json": json.dumps({"ok": True, "data": [dict(zip(*lines, strict=True))]}).encode("utf-16"),
    }
    for name, data in files.items():
        url = checked(page, term, data, kind="rotcmis", name=name)
        committed(page, url)
        assert marks() == [(JUAN, day, "L", None, None)]
        taken_back(page, url)
        assert marks() == []


def test_a_name_without_a_number_is_found_and_leading_zeros_stay(export, ana, day):
    found = [{"cadet_name": "Ana Peña", "date": str(day), "present": True}]
    assert export(found)["new"] == 1
    assert export([record(ANA, day, 1)])["same"] == 1
    assert marks() == [(ANA, day, "P", None, None)]


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        ("{day}T07:31:22", time(7, 31)),
        ("{day} 7:31 AM", time(7, 31)),
        ("{day}T07:31:22.123+08:00", time(7, 31)),
        ("{before}T23:31:22Z", time(7, 31)),
        ("{before} 23:31:22 +0000", time(7, 31)),
        ("{day}T00:00:00", None),
        ("{day}", None),
    ],
)
def test_a_moment_gives_the_day_in_manila_and_the_time_in(export, enrollment, day, moment, at):
    text = moment.format(day=day, before=day - timedelta(days=1))
    assert export([record(JUAN, text, "present")])["problems"] == []
    assert marks() == [(JUAN, day, "P", at, None)]


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:00Z", "0001-01-01T00:01:00+14:00", "1786145482", "soon"]
)
def test_a_moment_that_cannot_be_is_a_problem_of_its_row(export, enrollment, moment):
    outcome = export([record(JUAN, moment, "present")])
    assert [(each["row"], each["column"]) for each in outcome["problems"]] == [(2, "date")]
    assert marks() == []


def test_who_was_not_there_has_no_time_in(export, enrollment, ana, day):
    export([record(JUAN, f"{day}T17:00:00", "absent"), record(ANA, f"{day}T17:00:00", "excused")])
    assert [(letter, at) for _, _, letter, at, _ in marks()] == [("A", None), ("E", None)]


def test_a_date_that_is_no_training_day_becomes_one_held_and_reported(as_user, commandant, term, enrollment):
    on = factories.today() - timedelta(days=1)
    page = as_user(commandant)
    data = json.dumps([record(JUAN, on, "P")]).encode()
    url = checked(page, term, data, kind="rotcmis", name="export.json")
    assert f"Adds 1 training day: {on.day} {on:%b %Y}." in page.get(url).content.decode()
    committed(page, url)
    assert TrainingDay.objects.get(date=on).held_at


def test_several_scans_of_a_cadet_are_one_mark_with_the_earliest_time(export, enrollment, day):
    scans = [record(JUAN, f"{day}T{at}", "present") for at in ("07:31:00", "07:05:09", "11:30:00")]
    outcome = export(scans)
    assert (outcome["new"], outcome["problems"]) == (1, [])
    assert marks() == [(JUAN, day, "P", time(7, 5), None)]


def test_scans_that_contradict_each_other_are_all_problems(export, enrollment, ana, day):
    found = [record(JUAN, day, "present"), record(JUAN, day, "absent"), record(ANA, day, "P")]
    outcome = export(found)
    assert [problem["row"] for problem in outcome["problems"]] == [2, 3]
    assert marks() == [(ANA, day, "P", None, None)]


@pytest.mark.parametrize("status", ["maybe", "", None, 2, "scanned"])
def test_an_unknown_status_is_never_present(export, enrollment, day, status):
    export([record(JUAN, f"{day}T07:31:00", status)])
    assert marks() == []


def test_a_record_without_a_date_takes_the_day_that_is_chosen(export, enrollment, day):
    assert export([{"qr": JUAN, "status": "P"}], "--day", day.isoformat())["new"] == 1
    assert "no day is chosen" in export([{"qr": JUAN, "status": "P"}])["problems"][0]["reason"]


def test_import_then_undo_leaves_every_fact_as_it_was(as_user, commandant, term, enrollment, ana, day):
    before = facts()
    page = as_user(commandant)
    new = factories.today() - timedelta(days=1)
    found = [record(JUAN, f"{day}T07:31", "P"), record(ANA, new, "A"), record(ANA, day, "L")]
    url = checked(page, term, json.dumps(found).encode(), kind="rotcmis", name="export.json")
    committed(page, url)
    assert len(marks()) == 3
    taken_back(page, url)
    assert facts() == before


BAD_JSON = {
    "not json": (b"{]", "damaged"),
    "a word": (b'"present"', "no list of records"),
    "an empty list": (b"[]", "no list of records"),
    "an object without a list": (b'{"status": "ok"}', "no list of records"),
    "a list of numbers": (b"[1, 2]", "item 1 is not a record"),
    "a list in a list": (b"[[1], [2]]", "item 1 is not a record"),
    "a record in a record": (b'[{"id": {"number": 1}, "status": "P"}]', "holds a list or a record"),
    "a name twice": (b'[{"id": 1, "status": "P", "status": "A"}]', "“status” twice"),
    "nested without end": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "too deep"),
    "lists without end": (b"[" * 100_000 + b"]" * 100_000, "too deep"),
    "brackets": (b"[" + b"{}," * 200_000 + b"{}]", "too much"),
    "many records": (b"[" + b'{"id":1},' * 60_001 + b'{"id":1}]', "60,000"),
    "many columns": (json.dumps([{f"c{n}": 1 for n in range(61)}]).encode(), "60 columns"),
    "a stray byte": (b'[{"id": "\x00"}]', "not a text file"),
}


@pytest.mark.parametrize("what", BAD_JSON)
def test_json_that_is_no_list_of_records_is_refused_in_words(what):
    data, reason = BAD_JSON[what]
    with pytest.raises(UnreadableFile, match=reason):
        read("export.json", data, json=True)


def test_figures_and_signs_of_any_size_are_kept_as_written():
    text = '[{"id": %s, "a": 1e999, "b": NaN, "c": 0.10, "d": "\\u0000x\\ud800", "e": null, "f": false}]' % (
        "9" * 9999
    )
    [sheet] = read("export.json", text.encode(), json=True)
    assert sheet.rows[1] == ["9" * 9999, "1e999", "NaN", "0.10", "x", "", "FALSE"]


def test_strange_text_in_json_is_a_problem_and_no_error(as_user, commandant, term, enrollment):
    page = as_user(commandant)
    text = '[{"id\\u0000": "\\ud800", "stat\\ud800us": "\\u202e", "status": "P\\u0000", "date": "%s"}]' % (
        "9" * 5000
    )
    url = checked(page, term, text.encode(), kind="rotcmis", name="export.json")
    assert page.get(url).status_code == 200
    assert plan_at(url).notes["counts"]["new"] == 0


def test_json_is_read_for_rotcmis_alone(as_user, commandant, term):
    answer = give(as_user(commandant), term, b"[]", kind="attendance", name="a.json")
    assert answer.status_code == 422
    assert "cannot be read" in answer.content.decode()
