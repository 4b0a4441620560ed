"""The roster, read for one screen each."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q

from rotc.roster.models import Cadet, Enrollment, Unit, folded

CADETS_A_PAGE = 60


def search(
    enrollments,
    *,
    words: str = "",
    ms_level: str | None = None,
    unit: Unit | None = None,
    by_email: bool = False,
):
    """Those of these enrollments whom the words name, narrowed to an MS level and a unit."""
    enrollments = enrollments.filter(named(words, by_email=by_email))
    if ms_level is not None:
        enrollments = enrollments.filter(ms_level=ms_level)
    if unit:
        enrollments = enrollments.filter(unit__path__startswith=unit.path)
    return enrollments


def named(words: str, cadet: str = "cadet", *, by_email: bool = False) -> Q:
    """Whose name (case and accents aside) or student number holds each of the words, in any order.

    ``cadet`` leads to the cadet; ``by_email`` finds by e-mail too. Without a word it is everybody.
    """
    found = Q()
    for word in words.split():
        fits = Q(**{f"{cadet}__student_number__icontains": word})
        if by_email:
            fits |= Q(**{f"{cadet}__email__icontains": word})
        if bare := folded(word):
            fits |= Q(**{f"{cadet}__sort_name__contains": bare})
        found &= fits
    return found


IN_FORMATION = ("unit__path", "cadet__sort_name", "cadet__student_number")
BY_NAME = ("cadet__sort_name", "cadet__student_number", "-term__name")


def page_of(enrollments, number, order=IN_FORMATION):
    ordered = enrollments.order_by(*order)
    return Paginator(ordered, CADETS_A_PAGE).get_page(number)


def ms_levels(enrollments) -> list[tuple[str, int]]:
    """``(MS level, how many)``; the blank one is who has none yet."""
    counted = enrollments.order_by("ms_level").values_list("ms_level")
    return list(counted.annotate(many=Count("pk")))


@dataclass
class Branch:
    """A unit of the tree: how many stand in it itself, and in all of it."""

    unit: Unit
    depth: int
    own: int
    whole: int


def tree(units, enrollments) -> list[Branch]:
    """The units in order of formation, each above those under it, with their strength; two trips."""
    own = dict(enrollments.order_by().values_list("unit").annotate(many=Count("pk")))
    formed = list(units)
    paths = [(unit.path, own.get(unit.pk, 0)) for unit in formed]
    top = min((unit.path.count("/") for unit in formed), default=0)
    return [
        Branch(
            unit,
            depth=unit.path.count("/") - top,
            own=own.get(unit.pk, 0),
            whole=sum(many for path, many in paths if path.startswith(unit.path)),
        )
        for unit in formed
    ]


def known(student_number: str) -> Cadet | None:
    """The cadet of this student number, however its letters are written."""
    return Cadet.objects.filter(student_number__iexact=student_number).first()


def namesakes(last_name: str, first_name: str) -> list[Cadet]:
    """Cadets of this last and first name, accents and case aside: perhaps the same person, perhaps not."""
    wanted = folded(last_name), folded(first_name)
    found = Cadet.objects.filter(sort_name__startswith=", ".join(wanted)).order_by("student_number")
    return [each for each in found if (folded(each.last_name), folded(each.first_name)) == wanted]


def other_terms(enrollment):
    """The same cadet in other terms, newest first."""
    others = Enrollment.objects.filter(cadet=enrollment.cadet_id).exclude(pk=enrollment.pk)
    return others.select_related("term", "unit__parent").order_by("-term__name")
