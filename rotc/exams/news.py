"""What others changed on a sheet since it was last read."""

from datetime import timedelta

from rotc.exams.models import Score

# Commits become visible a little after the clock was read.
LATECOMERS = timedelta(seconds=10)


def changed_since(enrollments, moment, known: str = "") -> tuple[list[Score], list]:
    """``(scores, enrollments)`` whose score or standing changed since ``moment``, with a little overlap.

    ``known`` names what the reader has seen of that already, so that it is not told twice: a cell with its version
    as ``12.3.4``, a row with that of its standing as ``12..4``, with blanks between.
    """
    since, told = moment - LATECOMERS, set(known.split())
    here = enrollments.order_by()
    scores = [
        score
        for score in Score.objects.filter(enrollment__in=here.values("pk"), changed_at__gte=since)
        if f"{score.enrollment_id}.{score.exam_id}.{score.version}" not in told
    ]
    moved = here.filter(standing__changed_at__gte=since).values_list("pk", "standing__version")
    rows = [pk for pk, version in moved if f"{pk}..{version}" not in told]
    return scores, list(enrollments.filter(pk__in=rows).select_related("standing")) if rows else []
