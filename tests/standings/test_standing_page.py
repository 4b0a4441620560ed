"""What a cadet reads of their own standing, and what nobody else does."""

import gzip
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.conduct.models import ConductEntry
from rotc.exams.actions import record_score
from rotc.grading import Policy
from rotc.reactions import facts_changed
from rotc.roster.models import Term
from rotc.standings.models import Standing
from tests import factories

STANDING = "/standing/"


def mark(enrollment, letters):
    """Mark the first days of the term: one letter a day, blank for a held day without a mark."""
    days = enrollment.term.training_days.all()[: len(letters)]
    for day, letter in zip(days, letters, strict=True):
        day.held_at = timezone.now()
        day.save(update_fields=["held_at"])
        if letter != " ":
            AttendanceMark.objects.create(day=day, enrollment=enrollment, letter=letter)
    facts_changed(enrollment.term, [enrollment.pk])


def give(enrollment, kind, points, reason, **facts):
    facts = {"approved_at": timezone.now(), "date": timezone.localdate()} | facts
    ConductEntry.objects.create(enrollment=enrollment, kind=kind, points=points, reason=reason, **facts)
    facts_changed(enrollment.term, [enrollment.pk])


def score(enrollment, **typed):
    for name, value in typed.items():
        record_score(enrollment, enrollment.term.exams.get(name=name), typed=value, seen_version=0, by=None)


def close(term):
    term.closed_at = timezone.now()
    term.save(update_fields=["closed_at"])
    facts_changed(term, term.enrollments.values_list("pk", flat=True))


def read(client, path=STANDING):
    return " ".join(client.get(path).content.decode().split())


def test_before_anything_is_entered_it_says_so_and_shows_no_zero(as_user, cadet):
    page = read(as_user(cadet))
    assert "Not graded yet" in page
    assert "No training day is marked for you yet." in page
    assert "No exam score is entered for you yet." in page
    assert "5.00" not in page
    assert "<b>0.00" not in page


def test_a_running_term_shows_the_rating_if_it_ended_today(as_user, cadet, enrollment):
    mark(enrollment, "PPPL")
    score(enrollment, Prelim="82")
    page = read(as_user(cadet))
    assert "If it ended today</span> <b>1.50</b>" in page
    assert "provisional" in page


def test_a_running_term_is_never_failed(as_user, cadet, enrollment):
    mark(enrollment, "AAAA")
    score(enrollment, Prelim="10")
    page = read(as_user(cadet))
    assert "Failed" not in page
    assert "5.00" not in page
    assert "41.00 points are missing to a pass at 75." in page


def test_what_is_still_needed_names_the_exam_and_the_score(as_user, cadet, enrollment):
    mark(enrollment, "P" * 10)
    give(enrollment, "demerit", 50, "Neglect")
    score(enrollment, Prelim="80", Midterm="70")
    page = read(as_user(cadet))
    # 30 + 15 + 40 × (80 + 70 + x) / 300 must reach 75: x = 75.
    assert "Final at least</span><b>75 of 100</b>" in page


def test_every_point_opens_its_evidence(as_user, cadet, enrollment):
    mark(enrollment, "PA ")
    give(enrollment, "merit", 5, "Flag detail")
    give(
        enrollment, "demerit", 8, "Slept on guard", reversed_at=timezone.now(), reversed_because="Wrong cadet"
    )
    score(enrollment, Prelim="66")
    page = read(as_user(cadet))
    assert "1 of 2 days: 1 present, 1 absent" in page
    assert "Not marked" in page
    assert "Flag detail" in page
    assert "Reversed: Wrong cadet" in page
    assert "66 of 100" in page
    assert "Not entered yet" in page


def test_one_more_absence_is_announced_before_it_drops_anybody(as_user, cadet, enrollment):
    Term.objects.update(policy=Policy.preset("navrescom").to_dict())
    enrollment.term.refresh_from_db()
    mark(enrollment, "PAA")
    score(enrollment, Prelim="90")
    assert "One more unexcused absence and you would be dropped." in read(as_user(cadet))


def test_a_drop_is_shown_as_waiting_for_confirmation(as_user, cadet, enrollment):
    Term.objects.update(policy=Policy.preset("navrescom").to_dict())
    enrollment.term.refresh_from_db()
    mark(enrollment, "AAA")
    page = read(as_user(cadet))
    assert "For confirmation by the Commandant</span> <b>DRP</b>" in page


def test_a_closed_term_shows_the_rating_and_its_verdict(as_user, cadet, enrollment):
    mark(enrollment, "P" * 12 + "AAA")
    give(enrollment, "merit", 10, "Commended")
    give(enrollment, "demerit", 30, "Neglect")
    score(enrollment, Prelim="80", Midterm="85", Final="90")
    close(enrollment.term)
    page = read(as_user(cadet))
    assert "Passed</span> <b>2.50</b>" in page
    assert "82.00" in page


def test_the_own_place_is_shown_and_nobodys_name(as_user, cadet, enrollment, platoon):
    other = factories.enroll(platoon, "2026-0002", "Peña", "Rosa")
    for each, result in ((enrollment, "80"), (other, "90")):
        mark(each, "P")
        score(each, Prelim=result)
    page = read(as_user(cadet))
    assert "Platoon <b>2</b> of 2" in page
    assert "Corps <b>2</b> of 2" in page
    assert "Peña" not in page


def test_equal_figures_share_a_place(as_user, cadet, enrollment, platoon):
    other = factories.enroll(platoon, "2026-0002", "Peña", "Rosa")
    for each in (enrollment, other):
        mark(each, "P")
        score(each, Prelim="80")
    assert "Platoon <b>1</b> of 2" in read(as_user(cadet))


def test_a_cadet_reads_nobody_elses(as_user, cadet, enrollment, platoon):
    other = factories.enroll(platoon, "2026-0002", "Peña", "Rosa")
    assert as_user(cadet).get(f"/standing/{other.pk}/").status_code == 404
    assert as_user(cadet).get(f"/standing/{enrollment.pk}/").status_code == 200


def test_a_cadet_officer_reads_no_standing_of_their_company(as_user, leader, enrollment):
    assert as_user(leader).get(f"/standing/{enrollment.pk}/").status_code == 403


def test_the_tactical_officer_reads_those_of_the_own_company_only(as_user, tactical, enrollment, bravo):
    stranger = factories.enroll(bravo, "2026-0900", "Santos", "Ben")
    assert as_user(tactical).get(f"/standing/{enrollment.pk}/").status_code == 200
    assert as_user(tactical).get(f"/standing/{stranger.pk}/").status_code == 404


def test_a_repeat_view_is_not_sent_again_until_something_changed(as_user, cadet, enrollment):
    client = as_user(cadet)
    first = client.get(STANDING)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(STANDING, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    score(enrollment, Prelim="80")
    assert client.get(STANDING, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_kept_page_is_not_shown_when_only_the_place_changed(as_user, cadet, enrollment, platoon):
    other = factories.enroll(platoon, "2026-0002", "Peña", "Rosa")
    for each in (enrollment, other):
        mark(each, "P")
        score(each, Prelim="80")
    client = as_user(cadet)
    etag = client.get(STANDING)["ETag"]
    record_score(other, other.term.exams.get(name="Prelim"), typed="95", seen_version=1, by=None)
    assert client.get(STANDING, headers={"If-None-Match": etag}).status_code == 200


def test_somebody_elses_kept_page_never_answers_for_mine(as_user, cadet, tactical, enrollment):
    etag = as_user(tactical).get(f"/standing/{enrollment.pk}/")["ETag"]
    assert as_user(cadet).get(STANDING, headers={"If-None-Match": etag}).status_code == 200


def test_the_page_comes_whole_in_one_small_answer(as_user, cadet, enrollment):
    mark(enrollment, "P" * 15)
    for number in range(12):
        give(enrollment, "demerit", 1, f"Entry {number}")
    score(enrollment, Prelim="80", Midterm="70")
    page = as_user(cadet).get(STANDING).content
    assert len(gzip.compress(page)) <= 14 * 1024
    assert b'rel="stylesheet"' not in page


def test_the_inlined_style_is_the_one_the_policy_allows(as_user, cadet, settings):
    page = as_user(cadet).get(STANDING)
    inlined = page.content.decode().split("<style>")[1].split("</style>")[0]
    assert inlined == settings.STANDING_STYLE.read_text()
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"][1] in page["Content-Security-Policy"]


def test_last_years_term_stays_readable_beside_this_ones(as_user, cadet, enrollment):
    before = factories.open_term("2025-2026", 1, starts=timezone.localdate() - timedelta(weeks=60))
    from rotc.roster.actions import enroll

    enroll(enrollment.cadet, before, before.units.get(kind="corps"), by=None)
    page = read(as_user(cadet))
    assert "1st Semester, SY 2026-2027" in page
    assert "?term=2025-2026-1" in page
    assert "SY 2025-2026" in read(as_user(cadet), f"{STANDING}?term=2025-2026-1")


def test_staff_without_a_cadets_record_have_no_standing(as_user, tactical):
    assert as_user(tactical).get(STANDING).status_code == 404


def test_the_board_lists_the_order_of_merit_with_shared_places(as_user, commandant, enrollment, platoon):
    others = factories.platoon_of(platoon, 3)
    for each, result in zip([enrollment, *others], ("90", "80", "80", "70"), strict=True):
        mark(each, "P")
        score(each, Prelim=result)
    page = read(as_user(commandant), "/board/")
    places = [part.split("<")[0] for part in page.split('data-label="Place"><b>')[1:]]
    assert places == ["1", "2", "2", "4"]
    assert page.index("Dela Cruz") < page.index("Cadet001") < page.index("Cadet003")


@pytest.mark.parametrize("person", ["cadet", "leader", "clerk", "administrator"])
def test_the_board_is_for_cadre_only(as_user, request, person, enrollment):
    assert as_user(request.getfixturevalue(person)).get("/board/").status_code == 403


def test_the_board_costs_the_same_queries_at_3_and_at_300(queries_of, commandant, platoon):
    factories.platoon_of(platoon, 3)
    Standing.objects.update(total=Decimal("80"), proficiency=1, attendance=1)
    few = queries_of(commandant, "/board/")
    factories.many(platoon, 300)
    Standing.objects.update(total=Decimal("80"), proficiency=1, attendance=1)
    assert queries_of(commandant, "/board/") == few


@pytest.mark.parametrize(
    "path", ["/standing/", "/sheet/", "/board/", "/reports/computation-of-grades/?unit="]
)
def test_a_standing_thrown_away_breaks_no_page(as_user, request, commandant, cadet, enrollment, path):
    Standing.objects.all().delete()  # derived: it is computed again with the next fact
    person = cadet if path == "/standing/" else commandant
    assert as_user(person).get(path).status_code == 200


def test_the_next_score_brings_a_standing_back_that_was_thrown_away(as_user, commandant, enrollment):
    Standing.objects.all().delete()
    prelim = enrollment.term.exams.first()
    cell = f"{enrollment.pk}.{prelim.pk}.0:"
    assert as_user(commandant).post("/sheet/cells/", {cell: ""}).status_code == 200
    assert as_user(commandant).post("/sheet/cells/", {cell: "80"}).status_code == 200
    assert Standing.objects.get().proficiency is not None
