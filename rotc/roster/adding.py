"""Enrolling one cadet by hand, as a page: who it may be already is shown before anybody is made twice."""

from dataclasses import dataclass
from functools import cached_property

from rotc import access
from rotc.refusals import NotNow
from rotc.roster import actions, queries
from rotc.roster.forms import AddCadet
from rotc.roster.models import Cadet, Enrollment, Term


@dataclass
class Adding:
    user: object
    term: Term
    data: object | None

    @cached_property
    def form(self) -> AddCadet:
        return AddCadet(self.data, units=access.units(self.user, access.CHANGE_ROSTER, self.term))

    @cached_property
    def known(self) -> Cadet | None:
        """Whose student number this is already."""
        return queries.known(self.form.cleaned_data["student_number"]) if self.form.is_valid() else None

    @cached_property
    def namesakes(self) -> list[Cadet]:
        """Others of the same name, where the number is nobody's."""
        if self.known or not self.form.is_valid():
            return []
        given = self.form.cleaned_data
        return queries.namesakes(given["last_name"], given["first_name"])

    @property
    def seen(self) -> str:
        """Who was shown as possibly the same person; the form brings it back when that was decided."""
        if self.known:
            return f"number {self.known.pk}"
        return " ".join(["name", *(str(each.pk) for each in self.namesakes)]) if self.namesakes else ""

    @property
    def is_decided(self) -> bool:
        return self.form.is_valid() and self.form.cleaned_data["seen"] == self.seen

    @property
    def is_asked(self) -> bool:
        """Whether the page asks who it is."""
        return bool(self.form.is_bound and not self.form.errors and self.seen)

    def add(self) -> Enrollment:
        if self.known and self.known.pk == self.user.cadet_id:
            raise NotNow("Nobody enrolls themselves: somebody else of the office does it.")
        if self.known:
            return actions.enroll_known(self.known, by=self.user, **self.form.placing())
        return actions.add_cadet(person=self.form.person(), by=self.user, **self.form.placing())
