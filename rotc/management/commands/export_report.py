import os
import sys
from pathlib import Path

from django.core.management.base import CommandError

from rotc import access
from rotc.management.base import HouseCommand
from rotc.operations.models import Letterhead
from rotc.operations.queries import letterhead
from rotc.reports.actions import make_paper
from rotc.reports.catalogue import BY_SLUG
from rotc.reports.choices import GROUPS, Choices
from rotc.reports.writers import WRITERS
from rotc.roster.archiving import on_papers
from rotc.roster.models import Term, Unit


class Command(HouseCommand):
    help = "Write a paper to a file, as csv, xlsx or html: grades, class record, master list, attendance, ID cards."

    def add_arguments(self, parser):
        parser.add_argument("paper", choices=sorted(BY_SLUG))
        parser.add_argument("--term", required=True, metavar="TERM", help="2026-2027-1")
        parser.add_argument("--format", required=True, choices=sorted(WRITERS))
        parser.add_argument("--output", required=True, metavar="FILE", help="a file, or - for the terminal")
        parser.add_argument("--unit", default="", metavar="PATH", help="1st/alpha; everybody without it")
        parser.add_argument("--ms-level", default="", metavar="LEVEL", help="MS1")
        parser.add_argument("--sex", default="", choices=["M", "F"])
        parser.add_argument("--one-per", default="", choices=[each for each in GROUPS if each])
        parser.add_argument(
            "--size", choices=Letterhead.Paper.values, help="paper size, else the unit's usual"
        )

    def run(self, *, term, output, by, **options):
        term = _term(term)
        choices = Choices(
            unit=_unit(term, options["unit"]),
            ms_level=options["ms_level"],
            sex=options["sex"],
            group=options["one_per"],
            size=options["size"] or letterhead().paper,
        )
        target = None if output == "-" else _target(output)
        reach = _reach(term, by)
        paper = make_paper(
            BY_SLUG[options["paper"]], term, reach, choices, written_as=options["format"], by=by
        )
        _write(WRITERS[options["format"]](paper), target)
        self.stderr.write(f"{paper.title}, {sum(len(group.rows) for group in paper.groups)} cadets.")
        for group in paper.groups:
            for sentence in group.missing:
                self.stderr.write(f"{group.name}: {sentence}" if group.name else sentence)


def _term(name) -> Term:
    found = Term.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Term.objects.values_list("name", flat=True)) or "none is open yet"
        raise CommandError(f"There is no term “{name}”. Known terms: {known}.")
    return found


def _unit(term, path) -> Unit | None:
    if not path:
        return None
    found = term.units.filter(path=f"{path.strip('/').casefold()}/").select_related("parent").first()
    if found is None:
        raise CommandError(f"{term.name} has no unit “{path}”. Write its path from the top: 1st/alpha/2nd.")
    return found


def _reach(term, by):
    if by is None:
        return on_papers(term.enrollments.all())
    if not access.may(by, access.MAKE_REPORTS, term=term):
        raise CommandError(f"{by.title} may not make reports in {term.name}.")
    return on_papers(access.enrollments(by, access.MAKE_REPORTS, term))


def _target(output) -> Path:
    target = Path(output)
    if target.is_dir() or not target.parent.is_dir():
        raise CommandError(f"“{output}” cannot be written: name a file in a folder that exists.")
    return target


def _write(content: bytes, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CommandError(f"“{target}” cannot be written: {error.strerror}.") from None
