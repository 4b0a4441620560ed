"""Loading an invented battalion into an empty system, to look around in and to measure with.

The same count, seed and day make the same battalion: everything is drawn from one seeded source, in one
order. Only the journal, and the passwords' salts, carry the true moment.
"""

from datetime import date
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rotc import reactions
from rotc.accounts.models import Role, User
from rotc.demo import ledger, scores, training
from rotc.demo.formation import HOW, Company, form
from rotc.demo.people import Inventor
from rotc.demo.sign_ins import SignIn, give_passwords, open_for_cadets, open_for_staff
from rotc.journal import actions as journal
from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead, Signatory
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import Cadet, Term, Unit
from rotc.terms.actions import open_term

FEWEST, MOST = 4, 10_000
NEVER_COME = 2
MAN, WOMAN = Cadet.Sex.MALE, Cadet.Sex.FEMALE
SUBJECT = "demo:battalion"
LETTERHEAD = {
    "unit_name": "Hiraya State University ROTC Unit",
    "university": "Hiraya State University",
    "command_lines": "999th Community Defense Center, 99th Regional Community Defense Group",
    "address": "Barangay Malinaw, Bagong Umaga, Hiraya del Sur",
}


def load(
    *, cadets: int, seed: int, today: date | None = None, password: str | None = None, by=None
) -> list[SignIn]:
    """Load the battalion, once, and return its six sign-ins; ``today`` is today in Manila unless given.

    Said again with the same values it changes no fact and returns the same six, their passwords set again
    where somebody changed them. Raises ``NotNow`` in production, in a system with cadets of its own, and when
    another invented battalion is loaded; ``BadValue`` for a count or a password that cannot be.
    """
    _refuse_what_cannot_be(cadets, password)
    with transaction.atomic():
        # Of two who load at once the second waits here.
        Letterhead.objects.select_for_update(no_key=True).get()
        loaded = JournalEntry.objects.filter(subject=SUBJECT).first()
        if loaded:
            facts = {name: new for name, (_, new) in loaded.changes.items()}
            _refuse_another(facts, cadets, seed, today)
        else:
            facts = _make(cadets, seed, today or timezone.localdate(), by)
        return give_passwords(facts["cadet"], password, by=by)


def _refuse_what_cannot_be(cadets, password) -> None:
    if settings.PRODUCTION:
        raise NotNow("This is a production system: an invented battalion is not loaded here.")
    if not FEWEST <= cadets <= MOST:
        raise BadValue(f"An invented battalion has {FEWEST} to {MOST:,} cadets.")
    if password is not None and (not password or password.split() != [password]):
        raise BadValue("The password for the invented battalion is one word without spaces.")


def _refuse_another(facts, cadets, seed, today) -> None:
    if (cadets, seed) != (facts["cadets"], facts["seed"]) or (today and str(today) != facts["today"]):
        raise NotNow(
            f"An invented battalion of {facts['cadets']} cadets, seed {facts['seed']}, as of {facts['today']} is "
            "loaded already. For another one start with an empty data folder. Nothing was changed."
        )


def _make(count, seed, today, by) -> dict:
    if Cadet.objects.exists():
        raise NotNow("This system has cadets of its own: invented ones are not mixed among them.")
    random = Random(seed)
    year, semester = school_year_of(today)
    term, _ = open_term(
        f"{year}-{year + 1}", semester, starts=training.first_day(today), days=training.DAYS, by=by, how=HOW
    )
    days = training.plan(term, by=by)
    inventor = Inventor(random, year)
    command = _command(term, inventor, by)
    companies = _companies(term, inventor, count, by)
    _facts(term, days, companies, command["commandant"], random)
    _head_papers(command)
    reactions.term_changed(term)
    shown = companies[0].platoons[0][0].cadet.student_number
    facts = {"cadets": count, "seed": seed, "today": str(today), "cadet": shown}
    changes = {name: (None, value) for name, value in facts.items()}
    journal.write("invented battalion loaded", SUBJECT, by=by, how=HOW, term_id=term.pk, changes=changes)
    return facts


def school_year_of(today: date) -> tuple[int, int]:
    """The first year of the school year and the semester: August, January and June begin one each."""
    if today.month >= 8:
        return today.year, 1
    return today.year - 1, 2 if today.month <= 5 else 3


def _command(term: Term, inventor: Inventor, by) -> dict[str, User]:
    corps = term.units.get(kind=Unit.Kind.CORPS)
    posts = [
        ("admin", Role.ADMINISTRATOR, None, "MSg", WOMAN),
        ("commandant", Role.COMMANDANT, corps, "LTC", MAN),
        ("clerk", Role.CLERK, corps, "Sgt", WOMAN),
    ]
    return {
        username: open_for_staff(username, role, unit, rank=rank, name=inventor.name(sex), by=by)
        for username, role, unit, rank, sex in posts
    }


def _companies(term: Term, inventor: Inventor, count: int, by) -> list[Company]:
    companies = form(term, inventor.cadets(count), random=inventor.random, by=by)
    for place, company in enumerate(companies):
        company.officer = open_for_staff(
            f"tactical.{company.unit.name.casefold()}",
            Role.TACTICAL_OFFICER,
            company.unit,
            rank="TSg" if place % 2 else "SSg",
            name=inventor.name(WOMAN if place % 3 else MAN),
            by=by,
        )
    companies[0].leader = open_for_cadets(companies, by=by)
    return companies


def _facts(term: Term, days, companies: list[Company], commandant: User, random: Random) -> None:
    """Attendance, ledger and scores, all in bulk: the standings follow once, at the end."""
    known = {companies[0].commander.pk, companies[0].platoons[0][0].pk}
    others = [each.pk for company in companies for each in company.enrollments if each.pk not in known]
    never = set(random.sample(others, NEVER_COME))
    marks = training.hold(days, companies, never, random=random)
    ledger.keep(days, marks, companies, random=random, commandant=commandant)
    scores.enter(term, days, companies, never, random=random)


def _head_papers(command: dict[str, User]) -> None:
    """Letterhead and signatories, where the unit has not set its own."""
    Letterhead.objects.filter(unit_name="").update(**LETTERHEAD)
    for title, username in (("Chief Clerk", "clerk"), ("Commandant", "commandant")):
        user = command[username]
        Signatory.objects.filter(title=title, name="").update(rank=user.rank, name=user.get_full_name())
