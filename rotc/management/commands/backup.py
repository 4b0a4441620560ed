from pathlib import Path

from django.core.management.base import CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from rotc.backups import places, uploads
from rotc.backups.actions import back_up, write_whole
from rotc.backups.places import Why
from rotc.backups.trial import restore_on_trial
from rotc.management.base import HouseCommand


class Command(HouseCommand):
    help = "Copy the database and the uploads while people work; or check a backup by restoring it on trial."

    def add_arguments(self, parser):
        deed = parser.add_mutually_exclusive_group()
        deed.add_argument(
            "--list", action="store_true", help="name the backups that there are, the newest first"
        )
        deed.add_argument("--check", metavar="NAME", help="restore it on trial: a name, a file, or “newest”")
        deed.add_argument(
            "--output", type=Path, metavar="FILE", help="write all into one file, to take elsewhere"
        )

    def run(self, *, check, output, **options):
        if options["list"]:
            self.list()
        elif check:
            self.check_one(check)
        elif output:
            self.whole(output)
        else:
            backup, manifest = back_up(Why.ASKED)
            self.say(backup.name, manifest, backup.size)

    def list(self):
        for each in places.newest_first():
            made_at = f"{timezone.localtime(each.made_at):%Y-%m-%d %H:%M}"
            self.stdout.write(f"{each.name}  {made_at}  {filesizeformat(each.size)}  {each.why.label}")

    def check_one(self, name):
        with places.found(name) as archive:
            archive.verify()
            equal = restore_on_trial(archive)
            lost = uploads.lost(archive, archive.manifest.files)
        self.stdout.write(f"Restored on trial: {equal} of {len(archive.manifest.tables)} tables are equal.")
        if lost:
            raise CommandError(f"{len(lost):,} of its uploads are lost or damaged: {', '.join(lost[:5])}")

    def whole(self, output):
        if output.is_dir() or not output.parent.is_dir():
            raise CommandError(f"“{output}” cannot be written: name a file in a folder that exists.")
        self.say(output, write_whole(output), output.stat().st_size)

    def say(self, name, manifest, size):
        self.stdout.write(f"{name}: {manifest.said}, {filesizeformat(size)}; read back and equal.")
