"""The policy of a term as a page, and who would change under another one."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.http import Http404

from rotc import access
from rotc.grading import Policy
from rotc.policies import queries, words
from rotc.policies.actions import mark
from rotc.policies.flips import Flips, flips, with_cadets
from rotc.policies.models import PolicyDraft
from rotc.refusals import NotNow, TermClosed
from rotc.roster.models import Term, Unit

DRAFT = "draft"
A_PAGE = 200


@dataclass(frozen=True)
class Cell:
    """What one policy says of a setting; ``differs`` from the policy in force."""

    title: str
    lines: list[str]
    differs: bool


@dataclass(frozen=True)
class Row:
    group: str
    setting: words.Setting
    cells: list[Cell]


@dataclass
class PolicyPage:
    user: object
    term: Term

    @cached_property
    def draft(self) -> PolicyDraft | None:
        return queries.open_draft(self.term)

    @cached_property
    def may_set(self) -> bool:
        whole = Unit(term=self.term, path="")
        return self.term.closed_at is None and access.may(self.user, access.SET_POLICY, whole)

    @property
    def reads_term(self) -> bool:
        """Whether the term's own page is open to the reader."""
        return any(access.may(self.user, right) for right in (access.OPEN_TERMS, access.SET_EXAMS))

    @cached_property
    def columns(self) -> list[tuple[str, Policy]]:
        """The policies side by side, that in force first."""
        drafts = [("Draft", self.draft.rules)] if self.draft else []
        presets = [(title, Policy.preset(name)) for name, (title, _) in words.PRESETS.items()]
        return [("In force", self.term.rules), *drafts, *presets]

    @cached_property
    def groups(self) -> list[tuple[str, list[Row]]]:
        return [
            (heading, [self._row(heading, setting) for setting in settings])
            for heading, settings in words.GROUPS
        ]

    @property
    def rows(self) -> list[Row]:
        return [row for _, rows in self.groups for row in rows]

    def _row(self, heading, setting) -> Row:
        (_, in_force), *_ = self.columns
        cells = [
            Cell(title, setting.says(policy), getattr(policy, setting.key) != getattr(in_force, setting.key))
            for title, policy in self.columns
        ]
        return Row(heading, setting, cells)

    @property
    def same_as(self) -> list[str]:
        """The presets that say in every setting what the policy in force says."""
        (_, in_force), *others = self.columns
        return [
            title for title, policy in others if title != "Draft" and not words.differences(in_force, policy)
        ]

    @property
    def sources(self) -> list[tuple[str, str]]:
        return list(words.PRESETS.values())

    @property
    def bases(self) -> list[tuple[str, str]]:
        """What a draft may begin from, but earlier policies: those stand in the history."""
        return [("", "the policy in force"), *((name, title) for name, (title, _) in words.PRESETS.items())]

    @cached_property
    def history(self):
        return queries.history(self.term)


def policy_page(user, name: str) -> PolicyPage:
    """For whoever sees grades in the term."""
    term = access.term(user, name)
    access.check(access.may(user, access.SEE_GRADES, term=term))
    return PolicyPage(user, term)


def settable(user, name: str) -> Term:
    """The term, to somebody who may set its policy; ``TermClosed`` where nobody may any more."""
    term = access.whole_term(user, name, access.SET_POLICY)
    if term.closed_at:
        raise TermClosed(term)
    return term


def draft_to_change(user, name: str) -> PolicyDraft:
    draft = queries.open_draft(settable(user, name))
    if draft is None:
        raise NotNow("There is no draft any more: it was adopted or withdrawn meanwhile.")
    return draft


def base_of(term: Term, asked: str) -> tuple[Policy, str]:
    """The policy that a draft begins from, and what it is in words: that in force (blank), or another one."""
    return other_policy(term, asked) if asked else (term.rules, "the policy in force")


def other_policy(term: Term, asked: str) -> tuple[Policy, str]:
    """A preset by its name, or an adopted policy of the term by its number (404 for anything else)."""
    if asked in words.PRESETS:
        return Policy.preset(asked), words.PRESETS[asked][0]
    found = queries.adopted(term).filter(pk=access.number_asked(asked)).first()
    if found is None:
        raise Http404
    return found.rules, f"the policy of {found.adopted_at:%Y-%m-%d}"


@dataclass
class WhatIf:
    """The term under another policy: the draft unless a preset or an earlier policy is asked for."""

    user: object
    term: Term
    asked: object  # a query dict

    @cached_property
    def draft(self) -> PolicyDraft | None:
        """The draft, where it is what is looked at."""
        return queries.open_draft(self.term) if self.asked.get("with", DRAFT) == DRAFT else None

    @cached_property
    def _other(self) -> tuple[Policy, str]:
        if self.draft:
            return self.draft.rules, "the draft"
        if self.asked.get("with", DRAFT) == DRAFT:
            raise NotNow("There is no draft any more: it was adopted or withdrawn meanwhile.")
        return other_policy(self.term, self.asked["with"])

    @property
    def rules(self) -> Policy:
        return self._other[0]

    @property
    def title(self) -> str:
        return self._other[1]

    @property
    def about(self) -> str:
        return f"under {self.title}" + (f", {self.unit.place}" if self.unit else "")

    @cached_property
    def differences(self):
        return words.differences(self.term.rules, self.rules)

    @cached_property
    def whole(self) -> Flips:
        return flips(self.term, self.rules)

    @cached_property
    def unit(self) -> Unit | None:
        return access.unit_asked(self.user, self.asked.get("unit"), access.SEE_GRADES, self.term)

    @cached_property
    def shown(self) -> Flips:
        return self.whole.within(self.unit) if self.unit else self.whole

    @cached_property
    def companies(self) -> list[tuple[Unit, int]]:
        """The companies in which somebody would change, and how many."""
        found = self.term.units.filter(kind=Unit.Kind.COMPANY).select_related("parent")
        many = [(unit, sum(each.path.startswith(unit.path) for each in self.whole.all)) for unit in found]
        return [(unit, count) for unit, count in many if count]

    @cached_property
    def page(self):
        page = Paginator(self.shown.all, A_PAGE).get_page(self.asked.get("page"))
        page.object_list = with_cadets(page.object_list)
        return page

    @property
    def everybody(self):
        """All of the list, for a file."""
        return with_cadets(self.shown.all)

    @cached_property
    def obstacle(self) -> str:
        """Why it cannot be adopted as things stand."""
        return queries.unknown_codes(self.term, self.rules)

    @property
    def marks(self) -> dict:
        """What its reader has seen, for the form that adopts it."""
        version = self.draft.version if self.draft else None
        return {"version": version, "in_force": mark(self.term.policy), "seen": self.whole.seen}


def what_if(user, name: str, asked) -> WhatIf:
    return WhatIf(user, settable(user, name), asked)
