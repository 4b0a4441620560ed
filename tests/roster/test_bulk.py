"""Many cadets at once: what would change is shown first, and exactly that is done or nothing."""

import pytest
from django.utils import timezone

from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, Enrollment
from tests import factories
from tests.roster.test_archive import act, text
from tests.roster.test_pages import names

__all__ = ["act"]


@pytest.fixture
def squad(platoon):
    return factories.platoon_of(platoon, 3)


def shown(answer):
    preview = answer.context["bulk"].preview
    return (
        [(each.enrollment.pk, each.before, each.after) for each in preview.changes],
        [(each.pk, because) for each, because in preview.left_out],
    )


def test_what_would_change_is_shown_and_who_is_left_out_with_the_reason(as_user, clerk, squad):
    first, second, third = squad
    Enrollment.objects.filter(pk=second.pk).update(ms_level="MS2")
    Cadet.objects.filter(pk=third.cadet_id).update(archived_at=timezone.now())
    picks = "".join(f"&pick={each.pk}" for each in squad)

    answer = as_user(clerk).get(f"/roster/bulk/?act=level&to=MS2{picks}")

    changes, left_out = shown(answer)
    assert changes == [(first.pk, "MS1", "MS2")]
    assert dict(left_out) == {
        second.pk: "Stands like this already.",
        third.pk: "Archived: restore the record first.",
    }
    assert Enrollment.objects.get(pk=first.pk).ms_level == "MS1"
    assert "Confirm for 1 cadet<" in text(answer)


@pytest.mark.parametrize(
    ("name", "to", "field"),
    [("move", "bravo", "unit"), ("level", "MS2", "ms_level"), ("status", "Completed", "status")],
)
def test_what_was_shown_is_done_and_stands_in_the_journal(act, squad, bravo, name, to, field):
    wanted = bravo if to == "bravo" else to

    assert act(name, *squad, to=bravo.pk if to == "bravo" else to).status_code == 302

    assert {
        getattr(each, field) for each in Enrollment.objects.filter(pk__in=[each.pk for each in squad])
    } == {wanted}
    lines = JournalEntry.objects.filter(what="enrollment changed", how="bulk")
    assert {each.enrollment_id for each in lines} == {each.pk for each in squad}
    assert {each.changes[field.replace("_", " ")][1] for each in lines} == {str(wanted)}


def test_nothing_is_done_when_the_roster_changed_since(as_user, clerk, squad):
    client = as_user(clerk)
    page = "/roster/bulk/?act=level&to=MS2" + "".join(f"&pick={each.pk}" for each in squad)
    seen = client.get(page).context["bulk"].preview.seen
    Enrollment.objects.filter(pk=squad[0].pk).update(ms_level="COQC")

    answer = client.post(page, {"seen": seen})

    assert answer.status_code == 422
    assert "The roster changed since this was shown. Nothing was changed" in text(answer)
    assert Enrollment.objects.filter(ms_level="MS2").count() == 0
    again = answer.context["bulk"].preview.seen
    assert client.post(page, {"seen": again}).status_code == 302


def test_all_that_a_search_finds_are_meant_and_no_others(as_user, clerk, squad, bravo, act):
    factories.enroll(bravo, "9", "Reyes", "Ana")
    client = as_user(clerk)
    page = "/roster/bulk/?act=archive&all=1&q=cadet&pick=1"

    answer = client.get(page)
    assert {pk for pk, _, _ in shown(answer)[0]} == {each.pk for each in squad}
    client.post(page, {"seen": answer.context["bulk"].preview.seen})

    assert names(client.get("/roster/")) == ["Reyes"]


def test_a_search_that_means_nothing_is_no_order_to_change_everybody(as_user, clerk, squad):
    before = factories.open_term("2025-2026")
    factories.enroll(before.units.get(kind="corps"), "2025-0007", "Ocampo", "Rey")
    client = as_user(clerk)

    for asked in ("unit=999999", "unit=x", f"unit={before.units.get().pk}", "where=nonsense"):
        page = client.get(f"/roster/bulk/?term={squad[0].term}&act=archive&all=1&{asked}")
        assert "Nobody is ticked" in text(page), asked
    page = client.get(f"/roster/bulk/?term={squad[0].term}&act=archive&all=1&where=all")
    assert {pk for pk, _, _ in shown(page)[0]} == {each.pk for each in squad}
    assert len(page.context["bulk"].pks) == 3


def test_nobody_is_moved_beyond_ones_reach_nor_oneself(as_user, alpha, bravo, squad):
    officer = factories.staff("assistant.alpha", "command_group", alpha)
    elsewhere = factories.enroll(bravo, "9", "Reyes", "Ana")
    client = as_user(officer)
    page = f"/roster/bulk/?act=move&to={bravo.pk}&pick={squad[0].pk}"
    assert "preview" not in (client.get(page).context["bulk"].__dict__)
    assert client.post(page, {"seen": ""}).status_code == 422
    other = client.get(f"/roster/bulk/?act=archive&pick={elsewhere.pk}")
    assert "Nobody is ticked" in text(other)
    assert Enrollment.objects.get(pk=squad[0].pk).unit_id != bravo.pk

    own = squad[1].cadet.user
    factories.appointed(own, "clerk", alpha.term.units.get(kind="corps"))
    answer = as_user(own).get(f"/roster/bulk/?act=level&to=MS2&pick={squad[1].pk}")
    assert shown(answer) == ([], [(squad[1].pk, "Not yours to change.")])


def test_a_closed_term_is_not_changed(as_user, administrator, squad):
    client = as_user(administrator)
    page = f"/roster/bulk/?act=level&to=MS2&pick={squad[0].pk}"
    seen = client.get(page).context["bulk"].preview.seen
    squad[0].term.closed_at = timezone.now()
    squad[0].term.save()

    answer = client.post(page, {"seen": seen})

    assert answer.status_code == 422 and "is closed" in text(answer)


def test_profiles_are_opened_for_many(act, squad):
    Cadet.objects.filter(pk__in=[each.cadet_id for each in squad[:2]]).update(
        profile_locked_at=timezone.now()
    )

    answer = act("unlock", *squad)

    assert answer.status_code == 302
    assert not Cadet.objects.filter(profile_locked_at__isnull=False).exists()
    assert JournalEntry.objects.filter(what="profile opened again").count() == 2


def test_an_address_that_names_no_act_or_nobody_says_how_it_is_done(as_user, clerk, squad):
    for page in ("/roster/bulk/", "/roster/bulk/?act=nonsense&pick=1", "/roster/bulk/?act=archive"):
        assert "Nobody is ticked" in text(as_user(clerk).get(page))
        assert as_user(clerk).post(page).status_code == 422
    assert as_user(clerk).get("/roster/bulk/?act=archive&pick=x").status_code == 404


@pytest.mark.parametrize("asked", ["act=archive", "act=level&to=MS2", "act=restore"])
def test_three_hundred_cost_the_trips_of_three(queries_of, clerk, platoon, asked):
    factories.many(platoon, 3)
    page = f"/roster/bulk/?{asked}&all=1"
    few = queries_of(clerk, page)
    factories.many(platoon, 297, 3)

    assert queries_of(clerk, page) == few


def test_all_terms_are_searched_by_who_may(as_user, clerk, tactical, enrollment):
    from rotc.roster.actions import enroll

    before = factories.open_term("2025-2026")
    corps = before.units.get(kind="corps")
    enroll(enrollment.cadet, before, corps, by=None)
    factories.enroll(corps, "2025-0007", "Ocampo", "Rey")
    before.closed_at = timezone.now()
    before.save()
    client = as_user(clerk)

    assert names(client.get("/roster/?q=ocampo")) == []
    assert names(client.get("/roster/?q=ocampo&where=all")) == ["Ocampo"]
    assert [each.term.name for each in client.get("/roster/?where=all&q=dela").context["page"]] == [
        "2026-2027-1", "2025-2026-1",
    ]  # fmt: skip
    assert names(as_user(tactical).get("/roster/?q=ocampo&where=all")) == []


def test_a_cadet_is_found_by_e_mail_by_who_may_read_it(as_user, clerk, leader, enrollment):
    Cadet.objects.filter(pk=enrollment.cadet_id).update(email="jdc@example.org")

    assert names(as_user(clerk).get("/roster/?q=jdc@")) == ["Dela Cruz"]
    assert names(as_user(leader).get("/roster/?q=jdc@")) == []
