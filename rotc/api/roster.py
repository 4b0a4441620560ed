"""The roster of a term, page by page, as its page is searched."""

from django.core.paginator import Paginator
from django.http import Http404
from ninja import Query, Router

from rotc import access
from rotc.api import schemas
from rotc.api.bearer import Refused
from rotc.api.taking import note_taken
from rotc.roster import pages

router = Router(tags=["Roster"])
A_PAGE = 200


@router.get("roster", response={200: schemas.Roster, **schemas.errors(401, 403, 404, 422)})
@access.needs(access.SEE_ROSTER)
def roster(request, asked: Query[schemas.RosterAsked]):
    """The cadets of a term whom you may see, 200 a page. That you took it is recorded."""
    term = access.term(request.user, asked.term)
    if term is None:
        raise Http404
    access.unit_asked(request.user, asked.unit, access.SEE_ROSTER, term)
    found = pages.Roster(request.user, term, asked.model_dump(exclude_none=True))
    paged = Paginator(found.whole, A_PAGE)
    if asked.page > paged.num_pages:
        raise Refused(f"The last page is {paged.num_pages}.", 404)
    listed = [_listed(each) for each in paged.page(asked.page)]
    note_taken(request, "Roster", term, {"page": asked.page, "rows": len(listed)})
    return schemas.Roster(
        term=term.name, count=paged.count, page=asked.page, pages=paged.num_pages, cadets=listed
    )


def _listed(enrollment) -> dict:
    cadet = enrollment.cadet
    return {
        "enrollment": enrollment.pk,
        "term": enrollment.term.name,
        "cadet": enrollment.cadet_id,
        "student_number": cadet.student_number,
        "last_name": cadet.last_name,
        "first_name": cadet.first_name,
        "middle_name": cadet.middle_name,
        "suffix": cadet.suffix,
        "unit": {"id": enrollment.unit_id, "place": enrollment.unit.place},
        "ms_level": enrollment.ms_level,
        "rank": enrollment.rank,
        "position": enrollment.position,
        "status": enrollment.status,
    }
