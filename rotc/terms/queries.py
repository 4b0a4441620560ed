"""What the pages about terms show."""

from django.db.models import Count

from rotc.roster.models import Term, Unit
from rotc.terms import continuing

PLURALS = {"battalion": "battalions", "company": "companies", "platoon": "platoons"}


def terms():
    """Every term, newest first, with ``cadets``: how many are enrolled."""
    return Term.objects.annotate(cadets=Count("enrollments")).order_by("-name")


def taken_over(source, opener) -> dict:
    """What a term begun from ``source`` takes over: its exams, how many units a kind, what the opener keeps."""
    own = [each.get_role_display() for each in continuing.own_of(opener).order_by("role")]
    if source is None:
        return {"own": sorted(set(own))}
    units = source.units.exclude(kind=Unit.Kind.CORPS).order_by().values_list("kind")
    many = dict(units.annotate(many=Count("pk")))
    formed = [
        f"{many[kind]} {kind if many[kind] == 1 else plural}"
        for kind, plural in PLURALS.items()
        if kind in many
    ]
    return {"own": sorted(set(own)), "formed": formed, "exams": source.exams.all()}
