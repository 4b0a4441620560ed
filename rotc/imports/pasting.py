"""A block of cells pasted into the grade sheet → the plan of a file of scores, to be looked at and committed."""

import csv
import io
from dataclasses import replace

from django.urls import reverse

from rotc.imports.actions import make_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.scores_fields import exams_by_field
from rotc.refusals import BadValue, NotNow


def plan_block(sheet, cells: str, *, shown: str, enrollment: int, exam: int, by, reach) -> ImportPlan:
    """What a block would change, laid down from one cell of a sheet to the right and down, never wrapped.

    ``shown``: the mark of the sheet as its officer saw it. Raises ``BadValue`` (not a block, too large for the
    sheet) or ``NotNow`` (the sheet has other rows or exams by now).
    """
    block = read_block(cells)
    if sheet.shown != shown:
        raise NotNow(
            "Cadets or exams came to this sheet or left it since you opened it. Open it again and paste once more."
        )
    cadets, exams = _covered(sheet, block, enrollment, exam)
    fields = {of.pk: name for name, of in exams_by_field(sheet.term).items()}
    columns = {fields[of.pk]: place for place, of in enumerate(exams, 1)} | {"student_number": 0}
    # The block is about these cadets: nobody else is missing from it.
    reach = replace(reach, enrollments=reach.enrollments.filter(pk__in=[each.pk for each in cadets]))
    name = f"Pasted into {sheet.unit.place.replace(' · ', ', ')}.csv"
    file, choices = _as_file(block, cadets, exams), Choices(header=1, columns=columns)
    plan = make_plan("scores", sheet.term, name, file, choices, by=by, reach=reach)
    plan.notes["sheet_address"] = f"{reverse('exams:sheet')}?{sheet.query}"
    plan.save(update_fields=["notes"])
    return plan


def read_block(text: str) -> list[list[str]]:
    """The cells as spreadsheets copy them: tabs and lines, a cell that holds either in quotes.

    Blank cells at the right and blank rows at the bottom are none. Raises ``BadValue``.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        raise BadValue(
            "A quotation mark in the block is opened and not closed. Nothing was pasted."
        ) from None
    rows = [row[: max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0)] for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise BadValue("There is nothing in these cells. Nothing was pasted.")
    return rows


def _covered(sheet, block, enrollment, exam) -> tuple[list, list]:
    """The cadets and exams that a block lies over when its first cell lies over this one."""
    cadets, exams = [row.enrollment for row in sheet.rows], sheet.exams
    cadets, exams = cadets[_place(cadets, enrollment) :], exams[_place(exams, exam) :]
    high, wide = len(block), max(map(len, block))
    _refuse_overhang(high - len(cadets), "row", "down")
    _refuse_overhang(wide - len(exams), "column", "to the right")
    return cadets[:high], exams[:wide]


def _place(things, pk) -> int:
    for place, thing in enumerate(things):
        if thing.pk == pk:
            return place
    raise BadValue("Choose a cell of this sheet to begin at. Nothing was pasted.")


def _refuse_overhang(over, what, where) -> None:
    if over > 0:
        many = f"{over} {what}{'' if over == 1 else 's'}"
        raise BadValue(
            f"The block has {many} more than the sheet has from this cell {where}. Nothing was pasted."
        )


def _as_file(block, cadets, exams) -> bytes:
    """A file of scores with every cell in quotes, so that no sign in a cell is taken for a delimiter."""
    lines = [["Student ID", *(exam.name for exam in exams)]]
    for each, row in zip(cadets, block, strict=True):
        lines.append([each.cadet.student_number, *row, *[""] * (len(exams) - len(row))])
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(lines)
    return text.getvalue().encode()
