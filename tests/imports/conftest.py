import io
import json

import pytest
import xlsxwriter
from django.core.management import call_command

HEAD = "Student ID,Last Name,First Name,Middle Name,Email,Contact Number,Battalion,Company,Platoon,MS Level"
JUAN = "0012-0001,Dela Cruz,Juan,Santos,juan@example.org,09171234567,1st,Alpha,1,MS1"
ANA = "0012-0002,Peña,Ana,,ana@example.org,,1st,Alpha,2nd,MS 2"


def csv_of(*lines) -> bytes:
    return "\n".join(lines).encode()


def xlsx_of(rows, **other_sheets) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for name, lines in {"Roster": rows, **other_sheets}.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)
    return data.getvalue()


class Outcome(dict):
    status = 0


@pytest.fixture
def run(term, tmp_path, capsys):
    """``run(bytes, *options)``: the command's JSON with its exit ``status``; commits unless told ``check``."""

    def import_roster(data, *options, name="roster.csv", check=False, term=term):
        file = tmp_path / name
        file.write_bytes(data)
        status = 0
        capsys.readouterr()
        commit = [] if check else ["--commit"]
        try:
            call_command("import_file", "roster", str(file), "--term", term.name, "--json", *commit, *options)
        except SystemExit as stopped:
            status = stopped.code
        outcome = Outcome(json.loads(capsys.readouterr().out))
        outcome.status = status
        return outcome

    return import_roster
