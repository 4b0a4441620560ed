from django.conf import settings

from rotc.accounts import setup
from rotc.management.base import HouseCommand


class Command(HouseCommand):
    help = "Print the one-time link under which the first administrator makes their account."

    def add_arguments(self, parser):
        parser.add_argument(
            "--base-url", default=f"http://127.0.0.1:{settings.PORT}", help="where people open the system"
        )

    def run(self, *, base_url, **options):
        self.stdout.write(setup.link(base_url) or "There is an administrator already; nobody needs a link.")
