"""Files of every format, damaged in every way that happens to files; and what must hold for each of them."""

import io
import json
import zipfile
from datetime import timedelta
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

from rotc.imports.kinds import KINDS
from rotc.imports.models import ImportPlan
from rotc.jobs import actions as jobs
from tests import factories
from tests.imports.rosters import tables

FIRST, SECOND = (factories.today() - timedelta(weeks=weeks) for weeks in (10, 9))  # days of training
COLUMNS = {
    "roster": ["Student ID", "Last Name", "First Name", "Company", "MS Level", "DOB"],
    "scores": ["Student ID", "Prelim", "Midterm", "Final", "Status"],
    "conduct": ["Student ID", "Type", "Points", "Reason", "Date"],
    "attendance": ["Student ID", "Status", "Time In", "Remarks"],
    "rotcmis": ["student_id", "name", "date", "status"],
}
CELLS = {
    "roster": [["2026-0001", "Dela Cruz", "Juan", "Alpha", "MS2", "2005-03-04"],
               ["2026-0003", "Peña", "Ana", "Alpha", "MS1", "25/12/2005"]],
    "scores": [["2026-0001", "88", "90.5", "", ""], ["2026-0002", "ABS", "", "77", "INC"]],
    "conduct": [["2026-0001", "Merit", "3", "Colour guard, ñ", str(FIRST)],
                ["2026-0002", "demerit", "2", "Late", str(SECOND)]],
    "attendance": [["2026-0001", "present", "07:20", ""], ["2026-0002", "l", "07:45", "traffic"]],
    "rotcmis": [["2026-0001", "Dela Cruz, Juan", str(FIRST), "present"],
                ["2026-0002", "Reyes, Leo", f"{SECOND} 07:20", "late"]],
}  # fmt: skip
NASTY = [
    "", "\0", "=1+1", "\u202egnp.exe", "x" * 300, "ñ" * 5000, "-1", "1e400", "99999999999999999999", "NaN",
    "'; DROP TABLE rotc_cadet", "\ud800", "<b>", "2026-13-45", "0000-00-00", "\t", "\r\n", "\ufeff", "💂" * 90,
]  # fmt: skip
EXTRA = {"day": str(FIRST), "dates": "dmy", "exam": ""}


def corps():
    """Two cadets, and somebody who may give every kind of file: ``(term, importer)``."""
    alpha = factories.company(factories.open_term(), "Alpha")
    for number, last, first in (("2026-0001", "Dela Cruz", "Juan"), ("2026-0002", "Reyes", "Leo")):
        factories.enroll(alpha, number, last, first)
    return alpha.term, factories.staff("commandant", "commandant", alpha.term.units.get(kind="corps"))


def lines_of(kind) -> list[list[str]]:
    return [COLUMNS[kind], *CELLS[kind]]


def written(kind, lines, suffix) -> bytes:
    """These lines as a file of that format."""
    if suffix == "json":
        head, *rows = lines
        return json.dumps([dict(zip(head, row, strict=False)) for row in rows]).encode()
    if suffix == "xlsx":
        return _xlsx(lines)
    if suffix == "ods":
        return _ods(lines)
    sign = {"csv": ",", "tsv": "\t", "txt": ";"}[suffix]
    text = "\n".join(sign.join(f'"{cell.replace(chr(34), "")}"' for cell in line) for line in lines)
    return text.encode("utf-8", "replace")


def _xlsx(lines) -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Sheet")
        for at, line in enumerate(lines):
            for place, cell in enumerate(line):
                sheet.write_string(at, place, cell.replace("\ud800", "?")[:32_000])
    return data.getvalue()


def _ods(lines) -> bytes:
    from xml.sax.saxutils import escape

    cells = "".join(
        "<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(_of_xml(cell))}</text:p></table:table-cell>'
            for cell in line
        ) + "</table:table-row>"
        for line in lines
    )  # fmt: skip
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{urn}:office:1.0" '
        f'xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0"><manifest:file-entry manifest:full-path="/"/>'
        "</manifest:manifest>"
    )
    return _zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def _of_xml(cell) -> str:
    return "".join(sign for sign in cell if sign.isprintable() and sign != "\ud800")


def _zipped(parts) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return data.getvalue()


def formats(kind) -> list[str]:
    return ["csv", "tsv", "txt", "xlsx", "ods", *(["json"] if "json" in KINDS[kind].asks else [])]


@cache
def whole(kind, suffix) -> bytes:
    return written(kind, lines_of(kind), suffix)


def mutated(chance) -> tuple[str, str, bytes]:
    """``(kind, name, bytes)`` of a file in which something is wrong, or nothing."""
    kind = chance.choice(list(KINDS))
    suffix = chance.choice(formats(kind))
    way = chance.choice([_cells, _cells, _flipped, _cut, _doubled, _inside, _renamed])
    name, data = way(chance, kind, suffix)
    return kind, name, data


def _cells(chance, kind, suffix):
    lines = [list(line) for line in lines_of(kind)]
    for _ in range(chance.randint(1, 4)):
        line = chance.choice(lines)
        line[chance.randrange(len(line))] = chance.choice(NASTY)
    if chance.random() < 0.3:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines) * chance.randint(1, 20))
    return f"cells.{suffix}", written(kind, lines, suffix)


def _flipped(chance, kind, suffix):
    data = bytearray(whole(kind, suffix))
    for _ in range(chance.choice([1, 3, 20])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return f"flipped.{suffix}", bytes(data)


def _cut(chance, kind, suffix):
    data = whole(kind, suffix)
    return f"cut.{suffix}", data[: chance.randrange(len(data))]


def _doubled(chance, kind, suffix):
    data = whole(kind, suffix)
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    place = chance.randrange(len(data))
    return f"doubled.{suffix}", data[:place] + data[start:end] * chance.randint(1, 5) + data[place:]


def _inside(chance, kind, suffix):
    """A workbook that unpacks well and holds damaged parts; any other file with bytes put in."""
    data = whole(kind, suffix)
    if suffix in ("xlsx", "ods"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        name = chance.choice(list(parts))
        part = bytearray(parts[name]) or bytearray(b"x")
        place = chance.randrange(len(part))
        part[place : place + chance.randint(0, 30)] = bytes(
            chance.randrange(256) for _ in range(chance.randint(0, 30))
        )
        return f"inside.{suffix}", _zipped(parts | {name: bytes(part)})
    place = chance.randrange(len(data))
    return f"inside.{suffix}", data[:place] + bytes(chance.randrange(256) for _ in range(9)) + data[place:]


def _renamed(chance, kind, suffix):
    other = chance.choice(["csv", "xlsx", "xls", "ods", "xlsm", "xlsb", "json", "png", "txt", ""])
    return f"renamed.{other}", whole(kind, suffix)


def given(client, term, kind, name, data) -> str:
    """Give a file, look at what became of it, commit it where that is offered and take it back.

    What came of it in a word. Asserts that no answer is a server error, that nothing is written before the
    commit, that a refused commit writes nothing, and that an undo leaves nothing behind.
    """
    before = tables()
    fields = {"term": term.name, "file": SimpleUploadedFile(name, data), **EXTRA}
    answer = client.post(f"/imports/{kind}/", fields)
    assert answer.status_code in (302, 422), answer.status_code
    unchanged(before)
    if answer.status_code == 422:
        return "refused"
    plan = ImportPlan.objects.latest("pk")
    assert client.get(answer.url).status_code in (200, 422)
    if not plan.checked_at or plan.notes["missing"] or not _writes(plan):
        return "nothing to write"
    reason = {"reason": "a better count"} if plan.notes.get("lowers") else {}
    assert client.post(f"{answer.url}commit/", reason).status_code == 302
    plan.refresh_from_db()
    jobs.run(plan.job_id)
    plan.refresh_from_db()
    if not plan.committed_at:
        unchanged(before)
        return "refused"
    assert client.get(f"{answer.url}log/").status_code == 200
    assert client.post(f"{answer.url}undo/").status_code == 302
    plan.refresh_from_db()
    jobs.run(plan.job_id)
    plan.refresh_from_db()
    assert plan.undone_at and not plan.job.failed_at, plan.job.said
    return "committed"


def _writes(plan) -> bool:
    return any(plan.notes["counts"][state] for state in ("new", "changed"))


def unchanged(before) -> None:
    for name, rows in tables().items():
        assert rows == before[name], name
