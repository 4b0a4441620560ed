from tests import factories
from tests.reports import graded
from tests.reports.reading import csv_rows, sheets, xlsx_rows

CSV, XLSX = "/reports/class-record.csv", "/reports/class-record.xlsx"


def test_it_has_the_registrars_columns_in_bare_figures(as_user, clerk, enrollment, term):
    graded.record(enrollment, "PPPPPPPPPPPLAAA", 10, 30, 80, 85, 90)
    graded.close(term)
    [row] = csv_rows(as_user(clerk).get(CSV, {"term": term.name}).content)
    assert row == {
        "Student ID": "2026-0001",
        "Last Name": "Dela Cruz",
        "First Name": "Juan",
        "Company": "Alpha",
        "Platoon": "1st",
        "Prelim": "80.00",
        "Midterm": "85.00",
        "Final": "90.00",
        "Subject Score": "34.00",
        "Merits": "10.00",
        "Demerits": "30.00",
        "Attendance Present": "12.00",
        "Attendance Score": "24.00",
        "Final Grade": "82.00",
        "Transmuted": "2.50",
        "Remarks": "Passed",
    }


def test_a_running_term_leaves_blank_what_is_not_defined(as_user, clerk, enrollment):
    graded.hold_days(enrollment, "PP")
    [row] = csv_rows(as_user(clerk).get(CSV).content)
    assert (row["Attendance Present"], row["Attendance Score"]) == ("2.00", "30.00")
    assert (row["Prelim"], row["Subject Score"], row["Final Grade"], row["Transmuted"]) == ("", "", "", "")
    assert row["Remarks"] == "in progress"


def test_a_cadet_of_no_platoon_stands_in_none(as_user, clerk, alpha, term):
    factories.enroll(alpha, "26-1", "Abad", "Jo")
    factories.enroll(term.units.get(kind="corps"), "26-2", "Bago", "Jo")
    unplaced, of_alpha = csv_rows(as_user(clerk).get(CSV).content)
    assert (unplaced["Company"], unplaced["Platoon"]) == ("", "")
    assert (of_alpha["Company"], of_alpha["Platoon"]) == ("Alpha", "")


def test_the_workbook_holds_the_same_as_the_csv_with_numbers_as_numbers(as_user, clerk, platoon):
    zeros = factories.enroll(platoon, "0012345", "Peña", "Niño")
    graded.record(zeros, "PPPPPPPPPPPPAAA", 0, 30, 75, 75, 74)
    client = as_user(clerk)
    [written] = csv_rows(client.get(CSV).content)
    [row] = xlsx_rows(client.get(XLSX).content)
    assert list(row) == list(written)
    assert (row["Student ID"], row["Last Name"]) == ("0012345", "Peña")
    assert row["Subject Score"] == 29.87
    assert row["Transmuted"] == ""
    for name, text in written.items():
        value = row[name]
        assert value == text if isinstance(value, str) else value == float(text), name


def test_a_name_can_never_become_a_formula(as_user, clerk, platoon):
    factories.enroll(platoon, "=1+1", '=HYPERLINK("http://x","y")', "@SUM(1)", rank="CDT")
    factories.enroll(platoon, "26-9", "-Abad", "+Jo")
    client = as_user(clerk)
    dash, equals = csv_rows(client.get(CSV).content)
    assert (dash["Last Name"], dash["First Name"]) == ("'-Abad", "'+Jo")
    assert equals["Student ID"] == "'=1+1"
    assert equals["Last Name"].startswith("'=HYPERLINK")
    content = client.get(XLSX).content
    assert xlsx_rows(content)[1]["Student ID"] == "=1+1"
    assert b"<f>" not in _sheet_xml(content)


def test_one_sheet_a_group_whatever_a_unit_is_called(as_user, clerk, term):
    for place, name in enumerate(["Al/pha: [1]*?", "A" * 50, "A" * 51, "History"]):
        unit = factories.company(term, name)
        factories.enroll(unit, f"26-{place}", "Abad", "Jo")
    found = sheets(as_user(clerk).get(XLSX, {"group": "company"}).content)
    assert len(found) == 4
    assert all(len(rows) == 2 for rows in found.values())


def _sheet_xml(content):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return b"".join(file.read(name) for name in file.namelist() if "worksheets/" in name)
