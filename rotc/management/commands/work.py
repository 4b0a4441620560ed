from django.core.management.base import BaseCommand

from rotc.jobs.worker import work


class Command(BaseCommand):
    help = "Run background jobs and schedules until told to stop; SIGTERM lets the running step finish."

    def handle(self, **options):
        work(alone=False)
