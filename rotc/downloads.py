"""OUT: any list on screen as a file, with the filters in force; who took it stands in the journal."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from rotc.journal import actions as journal
from rotc.roster.models import Term
from rotc.web.answers import as_file
from rotc.web.spreadsheets import CONTENT_TYPES, Column, Sheet, to_marked_csv, to_xlsx

THINGS_AT_A_TIME = 1000
NOT_FILTERS = {"as", "page", "term"}


def asked(request) -> bool:
    """Whether a page is wanted as a file: its own address with ``as=csv`` or ``as=xlsx``."""
    return request.method == "GET" and "as" in request.GET


def answer(
    request, title: str, columns: Sequence[Column], things: Iterable, *, term: Term | None = None, about=""
) -> HttpResponse:
    """All of the list, whichever page of it was on screen: a row a thing.

    The view has narrowed ``things`` to what its page shows to this user; ``about`` says in words to what.
    """
    suffix = request.GET["as"]
    if suffix not in CONTENT_TYPES:
        raise Http404
    rows = _Rows(columns, things)
    if suffix == "csv":
        data = to_marked_csv(columns, rows)
    else:
        head = " · ".join(part for part in (title, term and term.title, about) if part)
        made = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        data = to_xlsx([Sheet(title, columns, rows, head, made)])
    record(request, title, term, {"about": about, "format": suffix, "rows": rows.count})
    name = "_".join(part for part in (slugify(title), term and term.name, f"{timezone.localdate()}") if part)
    return as_file(data, name, suffix)


class _Rows:
    """The rows as they are written down, and how many they were."""

    def __init__(self, columns, things):
        self.columns, self.things, self.count = columns, things, 0

    def __iter__(self):
        # Of a long query a part at a time stands in memory.
        query = hasattr(self.things, "iterator")
        for each in self.things.iterator(THINGS_AT_A_TIME) if query else self.things:
            self.count += 1
            yield [column.of(each) for column in self.columns]


def record(request, title, term, said, how="export"):
    """Keep who took a list of others, and of how many."""
    asked_for = {name: value for name, value in request.GET.items() if value and name not in NOT_FILTERS}
    said["filters"] = ", ".join(f"{name} {value}" for name, value in asked_for.items())
    journal.write(
        "list taken",
        f"list:{slugify(title)}",
        by=request.user,
        how=how,
        term_id=term.pk if term else None,
        changes={name: (None, value) for name, value in said.items() if value != ""},
    )
