"""The base of the house's own commands: who says it, and a database that is ready outside production."""

from argparse import ArgumentTypeError
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rotc.accounts.models import SignInName, sign_in_key
from rotc.refusals import Refusal


def day(text: str) -> date:
    """A date given to a command: 2026-08-08."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a date. Write it as 2026-08-08.") from None


class HouseCommand(BaseCommand):
    """A command that takes ``--by USERNAME`` and says refusals in words (exit status 1).

    Subclasses implement ``run(**options)``; ``options["by"]`` is the user, or None for the command line.
    """

    refused_status = 1

    def create_parser(self, *args, **kwargs):
        parser = super().create_parser(*args, **kwargs)
        parser.add_argument("--by", metavar="USERNAME", help="who does it, for the journal")
        return parser

    def handle(self, *args, **options):
        if not settings.PRODUCTION:
            self.make_ready()
        options["by"] = self._actor(options["by"])
        try:
            return self.run(**options)
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=self.refused_status) from None

    def make_ready(self):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)

    def _actor(self, username):
        if username is None:
            return None
        name = SignInName.objects.filter(name=sign_in_key(username)).select_related("user").first()
        if name is None:
            raise CommandError(f"Nobody signs in as “{username}”.", returncode=self.refused_status)
        return name.user
