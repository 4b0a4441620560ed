from django.core.management.base import CommandError
from django.utils import timezone

from rotc.accounts.letting_in import issue_codes
from rotc.accounts.queries import user_named
from rotc.management.base import HouseCommand


class Command(HouseCommand):
    help = "Issue a one-time code, for an administrator whom nobody else can let in."

    def add_arguments(self, parser):
        parser.add_argument("name", help="username or student number")

    def run(self, *, name, by, **options):
        user = user_named(name)
        if user is None:
            raise CommandError(f"Nobody signs in as “{name}”.")
        [(_, code)] = issue_codes([user], by=by, how="command")
        until = timezone.localtime(user.access_codes.latest("pk").expires_at)
        self.stdout.write(f"{user.title}: {code}, to be typed at /code/ until {until:%d %b %Y, %H:%M}.")
