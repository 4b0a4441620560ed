from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from rotc.backups.actions import back_up
from rotc.backups.places import Why, lasts
from rotc.backups.restoring import is_empty
from rotc.refusals import Refusal


class Command(migrate.Command):
    """Django's own, which backs up first where there is something to apply and something to lose."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--no-backup", dest="backup", action="store_false", help="go on without a backup before it"
        )

    def handle(self, *args, backup, **options):
        if backup and self.changes_something(**options):
            self.back_up()
        super().handle(*args, **options)

    def changes_something(self, *, database, app_label, plan, check_unapplied, **options) -> bool:
        if database != DEFAULT_DB_ALIAS or plan or check_unapplied or is_empty():
            return False
        executor = MigrationExecutor(connection)
        return bool(app_label or executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def back_up(self):
        try:
            made, _ = back_up(Why.MIGRATION)
        except Refusal as refusal:
            raise CommandError(
                f"No backup could be made: {refusal} Nothing was migrated; “manage.py migrate --no-backup” goes on without."
            ) from None
        where = "" if lasts() else " It stands on a disk that goes with the next deploy: set up a bucket."
        self.stdout.write(f"Backed up as {made.name}.{where}")
