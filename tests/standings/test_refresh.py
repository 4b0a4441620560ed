from rotc.standings.models import Standing


def test_a_new_enrollment_has_a_standing_without_figures_it_cannot_know(enrollment):
    standing = Standing.objects.get(enrollment=enrollment)
    assert standing.attendance is None
    assert standing.verdict == "in_progress"
