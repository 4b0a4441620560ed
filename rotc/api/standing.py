"""A cadet's own standing, as their page has it."""

from django.http import Http404
from django.utils import timezone
from ninja import Query, Router

from rotc.api import schemas
from rotc.standings.pages import own_enrollment, standing_page

router = Router(tags=["Standing"])
COMPONENTS = ("attendance", "aptitude", "proficiency")


@router.get("me/standing", response={200: schemas.Standing, **schemas.errors(401, 404, 422)})
def standing(request, asked: Query[schemas.OfTerm]):
    """Your own standing, in the newest of your terms or in the one you name; 404 to whoever is no cadet."""
    enrollment = own_enrollment(request.user, asked.term)
    if enrollment is None:
        raise Http404
    page = standing_page(enrollment)
    return schemas.Standing(**_whose(page), **_result(page), **_evidence(page))


def _whose(page) -> dict:
    enrollment = page.enrollment
    return {
        "student_number": enrollment.cadet.student_number,
        "name": enrollment.cadet.full_name,
        "term": enrollment.term.name,
        "term_title": enrollment.term.title,
        "unit": enrollment.unit.place,
        "ms_level": enrollment.ms_level,
        "as_of": timezone.localtime(page.standing.changed_at),
    }


def _result(page) -> dict:
    result, headline = page.result, page.headline
    return {
        "running": page.running,
        "verdict": result.verdict,
        "headline": headline.words,
        "figure": headline.figure,
        "reasons": headline.reasons,
        "decision": page.decision or None,
        "warning": page.warning or None,
        "total": result.total,
        "rating": result.rating or None,
        "if_ended_today": result.if_ended_today or None,
        "components": {name: _component(page, name) for name in COMPONENTS},
        "still_needed": [_need(each) for each in page.needs],
        "places": [{"unit": unit, "place": place, "of": of} for unit, (place, of) in page.places.items()],
        "next_day": page.next_day and page.next_day.date,
    }


def _component(page, name) -> dict:
    part, rules = getattr(page.result, name), page.rules
    minimum = getattr(rules, f"minimum_{name}")
    return {"points": part.points, "of": part.weight, "minimum": minimum, "because": part.because}


def _need(need) -> dict:
    better = [{"rating": rating, "raw": raw} for rating, raw in need.better]
    return {"exam": need.exam, "items": need.of, "for_pass": need.for_pass, "better": better}


def _evidence(page) -> dict:
    return {
        "days": [
            {
                "date": day.date,
                "subject": day.subject,
                "mark": day.letter or None,
                "label": day.label,
                "time_in": day.time_in,
                "time_out": day.time_out,
                "remarks": day.remarks,
            }
            for day in page.days
        ],
        "conduct": [
            {
                "date": each.date,
                "kind": each.kind,
                "points": each.points,
                "reason": each.reason,
                "state": each.state,
                "counts": each.counts,
            }
            for each in page.entries
        ],
        "exams": [_score(exam, score) for exam, score in page.exams],
    }


def _score(exam, score) -> dict:
    raw, absence = (score.raw, score.absence) if score else (None, "")
    return {
        "exam": exam.name,
        "items": exam.items,
        "weight": exam.weight,
        "raw": raw,
        "absence": absence or None,
    }
