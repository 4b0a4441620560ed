from django.core.management.base import BaseCommand, CommandError

from rotc.backups import places
from rotc.backups.restoring import restore
from rotc.refusals import Refusal


class Command(BaseCommand):
    help = "Put a backup in the place of this database, with its uploads. Stop the system first."

    def add_arguments(self, parser):
        parser.add_argument("name", help="as “manage.py backup --list” says it, a file, or “newest”")
        parser.add_argument(
            "--replace", action="store_true", help="also where there are accounts, after a backup of it"
        )
        parser.add_argument(
            "--no-backup",
            dest="backup",
            action="store_false",
            help="replace without a backup of what is there",
        )
        parser.add_argument(
            "--without-uploads", action="store_true", help="also where uploads of it are lost"
        )

    def handle(self, *, name, replace, backup, without_uploads, **options):
        try:
            with places.found(name) as archive:
                equal = restore(
                    archive, name, replace=replace, copy_first=backup, all_uploads=not without_uploads
                )
                kept = archive.manifest
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Restored as of {kept.made_at}: {equal} of {len(kept.tables)} tables are equal, {kept.rows:,} rows. "
            "Everybody signs in again; codes that were not used are ended."
        )
