from django.core.management.base import CommandError

from rotc import access
from rotc.management.base import HouseCommand, day
from rotc.roster.models import Term
from rotc.terms import carrying, continuing
from rotc.terms.actions import open_term


class Command(HouseCommand):
    help = (
        "Open a term: its policy, its exams and, with --starts, its weekly training days. With --from also the "
        "units, the staff's appointments and, with --cadets, the cadets of an earlier term as they are proposed."
    )

    def add_arguments(self, parser):
        parser.add_argument("school_year", help="2026-2027")
        parser.add_argument("semester", type=int, help="1, 2, or 3 for Summer/OJT")
        parser.add_argument("--policy", help="msu-snd or navrescom; by default that of --from, else msu-snd")
        parser.add_argument("--starts", type=day, metavar="DATE", help="first training day")
        parser.add_argument("--days", type=int, help="training days planned")
        parser.add_argument("--from", dest="source", metavar="TERM", help="the earlier term: 2026-2027-1")
        parser.add_argument(
            "--no-appointments", action="store_true", help="leave the appointments of --from behind"
        )
        parser.add_argument("--cadets", action="store_true", help="carry the cadets of --from as proposed")

    def run(self, *, school_year, semester, source, by, no_appointments, cadets, **options):
        source = self.source(source, cadets)
        if by and not access.may(by, access.OPEN_TERMS):
            raise CommandError(f"{by} may not open terms.")
        facts = {name: options[name] for name in ("policy", "starts", "days")}
        if source and not no_appointments:
            facts["appointments"] = [each.pk for each in continuing.of_staff(source)]
        term, opened = open_term(school_year, semester, source=source, by=by, how="command", **facts)
        self.stdout.write(f"{term.name} {'is open' if opened else 'was open already; nothing changed'}.")
        if cadets:
            self.stdout.write(carrying.carry_as_proposed(source, term, by=by, how="command").said)

    def source(self, name, cadets) -> Term | None:
        if name is None:
            if cadets:
                raise CommandError("--cadets needs --from: the term that they come from.")
            return None
        found = Term.objects.filter(name=name).first()
        if found is None:
            raise CommandError(f"There is no term “{name}”.")
        return found
