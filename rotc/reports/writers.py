"""A paper written down: as CSV, as a workbook, or as a page that prints."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string

from rotc.operations.queries import letterhead
from rotc.reports.cards import sheets
from rotc.reports.choices import GROUPS
from rotc.reports.papers import Column, Group, Paper
from rotc.web import spreadsheets
from rotc.web.spreadsheets import COUNT, NAME, Sheet

ROWS_AT_SIGNATURES = 2
PRINT_STYLE = settings.BASE_DIR / "static" / "css" / "print.css"


def to_csv(paper: Paper) -> bytes:
    """As programs read it. Grouped, the group is the first column."""
    return spreadsheets.to_csv(*_one_table(paper))


def to_marked_csv(paper: Paper) -> bytes:
    """As spreadsheets open it."""
    return spreadsheets.to_marked_csv(*_one_table(paper))


def _one_table(paper):
    if not paper.grouped_by:
        return paper.columns, [row for group in paper.groups for row in group.rows]
    grouping = Column(GROUPS[paper.grouped_by].removeprefix("One per "), of=None, kind=NAME)
    return [grouping, *paper.columns], [[group.name, *row] for group in paper.groups for row in group.rows]


def to_xlsx(paper: Paper) -> bytes:
    """A workbook with one sheet a group, and one for its summary where there is one."""
    return spreadsheets.to_xlsx(sheet for group in paper.groups for sheet in _sheets(paper, group))


def _sheets(paper: Paper, group: Group) -> Iterator[Sheet]:
    head = " · ".join(part for part in (paper.title, paper.term.title, paper.about, group.name) if part)
    on_paper = head, f"{paper.made_at:%Y-%m-%d %H:%M}", paper.size
    yield Sheet(group.name or paper.title, paper.columns, group.rows, *on_paper)
    if group.summary:
        counted = [
            Column(title, of=None, kind=COUNT if place else NAME)
            for place, title in enumerate(group.summary.heads)
        ]
        yield Sheet(f"Strength {group.name}", counted, group.summary.rows, *on_paper)


def page_context(paper: Paper) -> dict:
    """What the paper's page shows."""
    return {
        "paper": paper,
        "letterhead": letterhead(),
        "pages": [_page(paper, group) for group in paper.groups],
        "sheets": partial(sheets, paper),
    }


def _page(paper, group) -> dict:
    rows = [
        [(column.kind, column.shown(value)) for column, value in zip(paper.columns, row, strict=True)]
        for row in group.rows
    ]
    # Nobody signs an empty page: the last rows stay with the signatures.
    return {
        "name": group.name,
        "missing": group.missing,
        "summary": group.summary,
        "rows": rows[:-ROWS_AT_SIGNATURES],
        "last_rows": rows[-ROWS_AT_SIGNATURES:],
    }


def to_html(paper: Paper) -> bytes:
    """A page that prints by itself: its style stands inside."""
    context = {**page_context(paper), "style": PRINT_STYLE.read_text()}
    return render_to_string(paper.page, context).encode()


WRITERS = {"csv": to_csv, "xlsx": to_xlsx, "html": to_html}
