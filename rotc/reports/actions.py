"""Making a paper: rows from the facts, and a line in the journal that somebody took them."""

from dataclasses import replace

from django.utils import timezone

from rotc.journal import actions as journal
from rotc.reports.catalogue import Listing
from rotc.reports.choices import GROUPS, Choices
from rotc.reports.facts import Facts, Line, facts
from rotc.reports.papers import Group, Paper
from rotc.roster.archiving import serving
from rotc.roster.models import Cadet, Term, Unit


def make_paper(listing: Listing, term: Term, enrollments, choices: Choices, *, written_as: str, by) -> Paper:
    """The paper over the chosen ones of these enrollments. That it was made is recorded: what, whom, by whom.

    ``enrollments`` are those that ``by`` may see; ``written_as`` is html, csv or xlsx.
    """
    if listing.only_serving:
        enrollments = enrollments.filter(serving(term))
    found = facts(term, choices.narrow(enrollments))
    found.lines.sort(key=listing.order)
    columns = listing.columns(found)
    paper = Paper(
        slug=listing.slug,
        title=listing.title,
        term=term,
        about=choices.spoken,
        grouped_by=choices.group,
        size=choices.size,
        columns=columns,
        groups=[
            _group(listing, columns, name, replace(found, lines=lines))
            for name, lines in _groups(found, choices.group)
        ],
        legend=listing.legend(found),
        made_at=timezone.localtime(),
        page=listing.page,
    )
    _record(paper, choices, len(found.lines), written_as, by)
    return paper


def _group(listing, columns, name, of: Facts) -> Group:
    summary = listing.summary(of) if listing.summary else None
    return Group(name, of.lines, _rows(columns, of.lines), listing.missing(of), summary)


def _rows(columns, lines):
    for number, line in enumerate(lines, 1):
        line.number = number
    return [[column.of(line) for column in columns] for line in lines]


def _groups(found: Facts, by: str) -> list[tuple[str, list[Line]]]:
    if not by or not found.lines:
        return [("", found.lines)]
    group_of = {"ms_level": _ms_level, "company": _company, "sex": _sex}[by]
    groups = {}
    for line in found.lines:
        groups.setdefault(group_of(line, found), []).append(line)
    return [(name, lines) for (_, name), lines in sorted(groups.items(), key=lambda each: each[0])]


def _ms_level(line, found):
    level = line.enrollment.ms_level
    return (found.ms_levels.index(level), level) if level else (len(found.ms_levels), "No MS level")


def _company(line, found):
    company = line.unit(Unit.Kind.COMPANY)
    if company is None:
        return "~", "No company"
    battalion = line.unit(Unit.Kind.BATTALION)
    return company.path, f"{company.label}, {battalion.label}" if battalion else company.label


def _sex(line, found):
    sex = line.cadet.sex
    return (["M", "F", ""].index(sex), Cadet.Sex(sex).label if sex else "Sex not given")


def _record(paper, choices, cadets, written_as, by):
    said = {
        "paper": paper.title,
        "about": paper.about or "everybody in reach",
        "groups": GROUPS[choices.group],
        "format": written_as,
        "cadets": cadets,
    }
    journal.write(
        "report made",
        f"report:{paper.slug}",
        by=by,
        how="report",
        term_id=paper.term.pk,
        changes={name: (None, value) for name, value in said.items()},
    )
