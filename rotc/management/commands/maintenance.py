from datetime import timedelta

from django.utils import timezone

from rotc.management.base import HouseCommand
from rotc.operations import maintenance

FAR = 10_000  # minutes; a later end is refused anyhow, and one beyond all calendars could not be said


class Command(HouseCommand):
    help = "Close the system for a while to all but those who run it, or open it again."

    def add_arguments(self, parser):
        deed = parser.add_mutually_exclusive_group(required=True)
        deed.add_argument("--minutes", type=int, help="close it for so long, 2,880 at most")
        deed.add_argument("--end", action="store_true", help="open it now")
        parser.add_argument("--because", default="", help="a sentence that everybody reads")

    def run(self, *, minutes, end, because, by, **options):
        if end:
            maintenance.end(by=by, how="command")
            self.stdout.write("The system is open to everybody.")
            return
        until = timezone.now() + timedelta(minutes=min(minutes, FAR))
        begun = maintenance.begin(until=until, because=because, by=by, how="command")
        self.stdout.write(f"Closed until {maintenance.said(begun.until)}; it opens by itself then.")
