"""Forming the invented battalion: its units, and who stands where."""

from dataclasses import dataclass
from math import ceil
from random import Random

from rotc.accounts.models import User
from rotc.journal import actions as journal
from rotc.roster import actions as roster
from rotc.roster.models import Cadet, Enrollment, Term, Unit
from rotc.roster.naming import ordinal

HOW = "invented battalion"
PLATOON_SIZE = 37
PLATOONS_A_COMPANY = 4
COMPANIES = [
    "Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliet", "Kilo", "Lima",
    "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey",
    "Xray", "Yankee", "Zulu",
]  # fmt: skip
SPECIAL_GROUPS = [
    "Colors", "Guidon Bearer", "Medics", "Military Police", "Band", "Office Personnel", "Small Unit Tactics",
    "Excess Officer",
]  # fmt: skip
CORPS_STAFF = [
    ("Corps Commander", "CDT COL"), ("1st Battalion Commander", "CDT LTC"),
    ("2nd Battalion Commander", "CDT LTC"), ("Troop Adjutant", "CDT MAJ"), ("Brigade S1", "CDT MAJ"),
    ("Brigade S2", "CDT MAJ"), ("Brigade S3", "CDT MAJ"), ("Brigade S4", "CDT MAJ"), ("Brigade S7", "CDT MAJ"),
]  # fmt: skip


@dataclass
class Company:
    """A company with the enrollments of each of its platoons, all in order, and who serves it."""

    unit: Unit
    platoons: list[list[Enrollment]]
    officer: User | None = None  # its tactical officer
    leader: User | None = None  # its commander, where they have an appointment

    @property
    def enrollments(self) -> list[Enrollment]:
        return [each for platoon in self.platoons for each in platoon]

    @property
    def commander(self) -> Enrollment:
        return self.platoons[-1][0]

    def marker(self, enrollment: Enrollment) -> User:
        """Who musters this cadet: the cadet officer for the first platoon, the tactical officer for the rest."""
        in_first = enrollment.unit_id == self.platoons[0][0].unit_id
        return self.leader if self.leader and in_first else self.officer


def form(term: Term, people: list[tuple[Cadet, str]], *, random: Random, by) -> list[Company]:
    """Form the units for these cadets and enroll them all; the companies in order, Alpha first."""
    Cadet.objects.bulk_create([cadet for cadet, _ in people], batch_size=500)
    waiting = iter(people)
    companies = []
    for battalion, company, platoons in _plan(len(people)):
        above = roster.form_unit(term, Unit.Kind.BATTALION, battalion, by=by, how=HOW)
        unit = roster.form_unit(term, Unit.Kind.COMPANY, company, parent=above, by=by, how=HOW)
        filled = [
            _fill(
                roster.form_unit(term, Unit.Kind.PLATOON, name, parent=unit, by=by, how=HOW),
                size,
                waiting,
                random,
            )
            for name, size in platoons
        ]
        companies.append(Company(unit, filled))
    _give_posts(companies)
    everybody = [each for company in companies for each in company.enrollments]
    Enrollment.objects.bulk_create(everybody, batch_size=500)
    journal.write_all(_enrolled(each, by) for each in everybody)
    return companies


def _plan(count: int) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """``(battalion, company, [(platoon, size)])``: two companies at least, special groups from 100 cadets on."""
    groups = SPECIAL_GROUPS[: count // 100]
    group_size = max(4, count // 100)
    sizes = _line_sizes(count - group_size * len(groups))
    first_half = ceil(len(sizes) / 2)
    plan = [
        (
            "1st" if place < first_half else "2nd",
            name,
            [(ordinal(str(n)), size) for n, size in enumerate(platoons, 1)],
        )
        for place, (name, platoons) in enumerate(zip(COMPANIES, sizes, strict=False))
    ]
    if groups:
        plan.append(("HQSBN", "HQSCOY", [(name, group_size) for name in groups]))
    return plan


def _line_sizes(count: int) -> list[list[int]]:
    """The size of each platoon of each company of the line, as even as can be."""
    platoons = max(4, ceil(count / PLATOON_SIZE))
    companies = max(min(4, platoons // 2), ceil(platoons / PLATOONS_A_COMPANY))
    companies = min(companies, len(COMPANIES))
    sizes = iter(_shares(count, platoons))
    return [[next(sizes) for _ in range(share)] for share in _shares(platoons, companies)]


def _shares(whole: int, parts: int) -> list[int]:
    least, over = divmod(whole, parts)
    return [least + (place < over) for place in range(parts)]


def _fill(unit, size, waiting, random) -> list[Enrollment]:
    return [_enrollment(*next(waiting), unit, random) for _ in range(size)]


def _enrollment(cadet, year_level, unit, random) -> Enrollment:
    levels = ["MS1", "MS2", "COQC"]
    ms_level = random.choices(levels, [94, 3, 3] if year_level == "1st" else [15, 80, 5])[0]
    return Enrollment(
        cadet=cadet, term_id=unit.term_id, unit=unit, ms_level=ms_level, rank="CDT", year_level=year_level
    )


def _give_posts(companies) -> None:
    for company in companies:
        for platoon in company.platoons:
            _post(platoon[-1], "Platoon Leader", "CDT 2LT")
        _post(company.enrollments[-2], "Company Ex-O", "CDT 1LT")
        _post(company.commander, "Company Commander", "CDT CPT")
    if companies[-1].unit.name == "HQSCOY":
        for enrollment, (position, rank) in zip(companies[-1].enrollments, CORPS_STAFF, strict=False):
            _post(enrollment, position, rank)


def _post(enrollment, position, rank) -> None:
    enrollment.position, enrollment.rank = position, rank
    if enrollment.ms_level == "MS1":
        enrollment.ms_level = "MS2"


def _enrolled(enrollment, by):
    return journal.entry(
        "enrolled",
        f"enrollment:{enrollment.pk}",
        by=by,
        how=HOW,
        enrollment=enrollment,
        changes={"unit": (None, enrollment.unit.label)},
    )
