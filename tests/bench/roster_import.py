"""How long a roster of 3,000 rows takes to check, to commit and to take back, with the memory it needs.

    .venv/bin/python -m tests.bench.roster_import [ROWS]

Works in a folder of its own that is thrown away.
"""

import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

HEAD = ["Student ID", "Last Name", "First Name", "Middle Name", "Sex", "Email", "Contact Number", "Address",
        "Birthdate", "Course", "Year Level", "Battalion", "Company", "Platoon", "MS Level"]  # fmt: skip
COMPANIES = ["Alpha", "Bravo", "Charlie", "Delta"]


def line(n):
    return [
        f"2026-{n:05}", f"Peña{n % 700}", f"Ana{n % 90}", "Cruz", "MF"[n % 2], f"cadet{n}@example.org",
        f"0917{n:07}", f"Purok {n % 9}, Invented", f"200{n % 8}-0{n % 9 + 1}-15", "BSIT", "1st",
        f"{n % 2 + 1}", COMPANIES[n % 4], f"{n % 3 + 1}", "MS1",
    ]  # fmt: skip


def workbook(rows) -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Roster")
        for at, cells in enumerate([HEAD, *map(line, range(rows))]):
            sheet.write_row(at, 0, cells)
    return data.getvalue()


def measure(label, act):
    start, busy = time.perf_counter(), time.process_time()
    outcome = act()
    took, busy = time.perf_counter() - start, time.process_time() - busy
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(  # noqa: T201
        f"{label:<28} {took:7.2f} s ({busy:5.2f} s of processor)   peak {own:4.0f} MB, reader {child:4.0f} MB"
    )
    return outcome


def main(rows):
    from django.core.management import call_command

    from rotc.imports.actions import commit_plan, make_plan, undo_plan
    from rotc.imports.drafts import Choices
    from rotc.imports.reach import everybody
    from rotc.terms.actions import open_term

    call_command("migrate", verbosity=0)
    term, _ = open_term("2026-2027", 1, by=None)
    data, choices, reach = workbook(rows), Choices(create_units=True), everybody(term)

    def check():
        return make_plan("roster", term, "roster.xlsx", data, choices, by=None, reach=reach)

    print(f"{rows:,} rows, {len(data) // 1024} KB")  # noqa: T201
    plan = measure("check", check)
    measure("commit", lambda: commit_plan(plan, by=None, reach=reach))
    again = measure("check the same file again", check)
    print("same again:", again.notes["counts"])  # noqa: T201
    taken = measure("undo", lambda: undo_plan(plan, by=None, reach=reach))
    print(f"left after the undo: {term.enrollments.count()} enrollments, {len(taken.kept)} rows kept")  # noqa: T201


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ROTC_DATA_DIR"] = str(Path(folder))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rotc.settings")
        import django

        django.setup()
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
