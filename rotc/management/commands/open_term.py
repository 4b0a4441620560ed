from rotc.management.base import HouseCommand, day
from rotc.terms.actions import DEFAULT_POLICY, open_term


class Command(HouseCommand):
    help = "Open a term: its policy, three exams and, with --starts, its weekly training days."

    def add_arguments(self, parser):
        parser.add_argument("school_year", help="2026-2027")
        parser.add_argument("semester", type=int, help="1, 2, or 3 for Summer/OJT")
        parser.add_argument("--policy", default=DEFAULT_POLICY, help="msu-snd or navrescom")
        parser.add_argument("--starts", type=day, metavar="DATE", help="first training day")
        parser.add_argument("--days", type=int, help="training days planned")

    def run(self, *, school_year, semester, policy, starts, days, by, **options):
        term, opened = open_term(
            school_year, semester, policy=policy, starts=starts, days=days, by=by, how="command"
        )
        self.stdout.write(f"{term.name} {'is open' if opened else 'was open already; nothing changed'}.")
