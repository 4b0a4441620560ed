"""Early warnings: told in time, told once, and to the officers as a number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rotc.attendance import actions as attendance
from rotc.attendance.actions import Wanted
from rotc.exams.actions import record_score
from rotc.jobs import actions as jobs
from rotc.messages import warning
from rotc.messages.models import EarlyWarning, Notification
from rotc.roster.archiving import archive
from rotc.standings.models import Standing
from rotc.verdicts import drops
from tests import factories

NO_PASS, NEAR, DROP = (warning.WORDS[each] for each in warning.Danger)


def evening() -> str:
    job = jobs.ask("warn", by=None)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job.said


def told(person):
    return [each.text for each in Notification.objects.filter(person=person).order_by("pk")]


def mark(enrollment, letters):
    days = enrollment.term.training_days.filter(cancelled_at=None).order_by("date")
    for day, letter in zip(days, letters, strict=False):
        attendance.mark_many(day, [Wanted(enrollment, letter)], by=None)


def score(enrollment, typed, version=0):
    prelim = enrollment.term.exams.get(name="Prelim")
    record_score(enrollment, prelim, typed=typed, seen_version=version, by=None)


@pytest.fixture
def strict_term(term):
    """The same term under the policy with the drop rule: fifteen days, three absences allowed, three in a row none."""
    from rotc.grading import Policy

    term.policy = Policy.preset("navrescom").to_dict()
    term.save(update_fields=["policy"])
    return term


def test_who_would_not_pass_is_told_once_without_a_figure(enrollment, cadet):
    mark(enrollment, "PA")
    score(enrollment, "40")
    assert evening() == "Cadets looked at: 1; newly in danger: 1."
    assert told(cadet) == [NO_PASS]
    assert not any(sign.isdigit() for sign in NO_PASS)
    evening()
    assert told(cadet) == [NO_PASS]


def test_who_would_pass_hears_nothing(enrollment, cadet):
    mark(enrollment, "PP")
    score(enrollment, "90")
    evening()
    assert told(cadet) == []


def test_without_any_score_nobody_is_in_danger(enrollment, cadet):
    mark(enrollment, "AA")
    evening()
    assert told(cadet) == []


def test_the_link_leads_to_the_standing_of_that_term(as_user, enrollment, cadet):
    mark(enrollment, "PA")
    score(enrollment, "40")
    evening()
    path = Notification.objects.get(person=cadet).path
    assert as_user(cadet).get(path).status_code == 200
    assert enrollment.term.name in path


def test_a_warning_is_lifted_with_the_danger_and_comes_again_after_a_week(enrollment, cadet):
    mark(enrollment, "PA")
    score(enrollment, "40")
    evening()
    score(enrollment, "95", 1)
    evening()
    assert EarlyWarning.objects.get().lifted_at
    score(enrollment, "40", 2)
    evening()
    assert told(cadet) == [NO_PASS], "in and out within a week is said once"
    score(enrollment, "95", 3)
    evening()
    EarlyWarning.objects.update(warned_at=timezone.now() - timedelta(days=8))
    score(enrollment, "40", 4)
    evening()
    assert told(cadet) == [NO_PASS, NO_PASS]


def test_one_absence_from_a_drop_and_then_over_it(strict_term, enrollment, cadet):
    mark(enrollment, "PAA")
    evening()
    assert told(cadet) == [NEAR]
    mark(enrollment, "PAAA")
    evening()
    assert told(cadet) == [NEAR, DROP]
    assert EarlyWarning.objects.get(danger="near_drop").lifted_at, "it is near no longer: it is there"


def test_an_officer_is_led_to_where_the_warned_cadet_is_shown(as_user, strict_term, enrollment, tactical):
    for letters in ("PAA", "PAAA"):
        mark(enrollment, letters)
        evening()
        path = Notification.objects.filter(person=tactical).latest("pk").path
        assert enrollment.cadet.short_name in as_user(tactical).get(path).content.decode(), letters


def test_a_drop_that_was_decided_is_not_warned_of(strict_term, enrollment, cadet, commandant):
    mark(enrollment, "PAAA")
    why = Standing.objects.get(enrollment=enrollment).recommends
    drops.confirm_drop(enrollment, recommended=why, seen=None, reason="Did not answer", by=commandant)
    evening()
    assert told(cadet) == []


def test_each_officer_hears_of_their_own_cadets(platoon, bravo, tactical, commandant, clerk):
    own = factories.platoon_of(platoon, 2)
    others = factories.platoon_of(bravo.children.first(), 1, start=50)
    for each in [*own, *others]:
        mark(each, "PA")
        score(each, "40")
    evening()
    assert told(tactical) == ["Early warning of your cadets: 2 would not pass as things stand."]
    assert told(commandant) == ["Early warning of your cadets: 3 would not pass as things stand."]
    assert told(clerk) == []


def test_archived_cadets_and_closed_terms_are_left(enrollment, cadet, term):
    mark(enrollment, "PA")
    score(enrollment, "40")
    archive([enrollment.cadet], by=None)
    assert evening() == "Cadets looked at: 0; newly in danger: 0."
    enrollment.cadet.archived_at = None
    enrollment.cadet.save(update_fields=["archived_at"])
    term.closed_at = timezone.now()
    term.save(update_fields=["closed_at"])
    evening()
    assert told(cadet) == []


def test_a_corps_costs_the_same_number_of_queries(platoon, django_assert_max_num_queries):
    for each in factories.platoon_of(platoon, 30):
        mark(each, "PA")
    job = jobs.ask("warn", by=None)
    with django_assert_max_num_queries(45):
        jobs.run(job.pk)
