"""The grade sheet of a unit, to read."""

from django.http import Http404
from ninja import Query, Router

from rotc import access
from rotc.api import schemas
from rotc.api.taking import note_taken
from rotc.exams.pages import sheet_for
from rotc.refusals import BadValue
from rotc.standings.queries import standing_of

router = Router(tags=["Grade sheet"])
FIGURES = ("attendance", "aptitude", "proficiency", "total")


@router.get("sheet", response={200: schemas.Sheet, **schemas.errors(401, 403, 404, 422)})
@access.needs(access.SEE_GRADES)
def sheet(request, asked: Query[schemas.SheetAsked]):
    """One unit's sheet with the columns you ask for, as its page shows it. That you took it is recorded."""
    page = sheet_for(request.user, asked.model_dump(exclude_none=True))
    if page is None:
        raise Http404
    if page.too_long:
        raise BadValue(f"{page.listed} cadets are too many for one sheet. Ask for a company or a platoon.")
    note_taken(request, "Grade sheet", page.term, {"about": page.unit.place, "rows": len(page.rows)})
    return schemas.Sheet(
        term=page.term.name,
        unit={"id": page.unit.pk, "place": page.unit.place},
        columns=page.columns,
        editable=page.editable,
        exams=[
            {"id": exam.pk, "name": exam.name, "items": exam.items, "weight": exam.weight}
            for exam in page.exams
        ],
        days=[{"id": day.pk, "date": day.date} for day in page.days],
        rows=[_row(page, row) for row in page.rows],
    )


def _row(page, row) -> dict:
    enrollment, standing = row.enrollment, standing_of(row.enrollment)
    return {
        "enrollment": enrollment.pk,
        "cadet": enrollment.cadet_id,
        "student_number": enrollment.cadet.student_number,
        "name": enrollment.cadet.full_name,
        "unit": enrollment.unit.place,
        "locked": row.locked,
        "scores": [_cell(each) for each in row.cells] if page.shows_exams else None,
        "marks": [letter if letter.isalpha() else None for letter in row.letters] if page.days else None,
        "merits": enrollment.merits if page.shows_points else None,
        "demerits": enrollment.demerits if page.shows_points else None,
        **{name: getattr(standing, name) for name in FIGURES},
        "rating": standing.rating or None,
        "if_ended_today": standing.if_ended_today or None,
        "verdict": standing.verdict,
        "remark": standing.remark,
        "version": standing.version,
    }


def _cell(cell) -> dict:
    return {"exam": cell.exam_id, "typed": cell.typed, "version": cell.version}
