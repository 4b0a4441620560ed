"""The codes of a corps as a page: whom it is about, and what is done to all of them at once."""

from secrets import token_hex

from django.conf import settings
from django.urls import reverse

from rotc import access
from rotc.accounts import queries, ways_in
from rotc.accounts.forms import WhoGetsCodes
from rotc.jobs.actions import ask
from rotc.operations.queries import letterhead_row
from rotc.refusals import NotNow

SHOWN_KEPT = 20


class Choice:
    """The cadets of a page of codes: those that its filter finds, and of these the ticked ones or everybody."""

    def __init__(self, user, asked):
        self.term = access.term(user)
        units = access.units(user, access.MANAGE_ACCOUNTS, self.term)
        self.enrolled = access.enrollments(user, access.MANAGE_ACCOUNTS, self.term)
        self.form = WhoGetsCodes(asked, units=units, levels=queries.ms_levels(self.enrolled))
        self.asked, self.facts = asked, self.form.chosen()
        self.way = self.facts.pop("way")
        self.here = ways_in.narrowed(self.enrolled, **self.facts)
        self.found = self.here.filter(way=self.way) if self.way else self.here
        self.everybody = "everybody" in asked

    def rows(self) -> list:
        """The chosen enrollments; refused when everybody is another number than was seen."""
        if not self.everybody:
            ticked = queries.ticked(self.asked.getlist("enrollment"))
            return list(ways_in.narrowed(self.enrolled).filter(pk__in=ticked))
        rows = list(self.found)
        seen = self.asked.get("seen", "")
        if seen and seen != str(len(rows)):
            raise NotNow(
                f"There are {len(rows):,} of them now, not {seen} as you saw. Nothing was done; look again."
            )
        return rows


def once() -> str:
    """A mark for a form whose answer tells codes: sent twice, by a reload, it is answered once."""
    return token_hex(8)


def refuse_twice(request) -> None:
    """A page of slips is not shown again: a reload would end the codes that were printed from it."""
    mark, shown = request.POST.get("once", ""), request.session.get("slips_shown", [])
    if mark and mark in shown:
        raise NotNow(
            "These codes were shown already, and those that you printed are good. "
            "If they are lost, issue new ones: they end the ones before."
        )


def note_shown(request) -> None:
    """The codes that this form asked for are shown now."""
    if mark := request.POST.get("once", ""):
        shown = request.session.get("slips_shown", [])
        request.session["slips_shown"] = [*shown[1 - SHOWN_KEPT :], mark[:32]]


def newest_seen(request) -> int | None:
    """The number of the newest code when the page was made that this comes from; None when it does not say."""
    return next(iter(queries.ticked([request.POST.get("newest", "")])), None)


def ask_for_letters(request, users):
    """The job that sends these users their codes. It takes along where they are to be typed, and no code."""
    if not settings.SENDS_LETTERS:
        raise NotNow("No mail server is set up here. Print the slip and hand it over.")
    return ask(
        "letters",
        by=request.user,
        users=[user.pk for user in users],
        address=request.build_absolute_uri(reverse("accounts:enter_code")),
        unit_name=letterhead_row().unit_name,
    )
