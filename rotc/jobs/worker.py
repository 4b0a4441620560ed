"""The worker: Huey's consumer with its scheduler, in this process, until it is told to stop."""

import signal

from django.conf import settings
from huey.consumer import Consumer
from huey.contrib.djhuey import HUEY

from rotc.jobs import actions


class HouseConsumer(Consumer):
    """Drains on SIGTERM and on Ctrl-C: a job stops between two steps and keeps its place."""

    def __init__(self, huey, **options):
        super().__init__(huey, **options)
        self._signal_actions = {signal.SIGTERM: (False, True), signal.SIGINT: (False, True)}

    def stop(self, graceful=False):
        actions.stopping.set()
        super().stop(graceful)


def work(*, alone: bool) -> None:
    """Run jobs and schedules until SIGTERM. ``alone``: no other worker shares this database."""
    from rotc import tasks  # noqa: F401  (it registers every task)

    actions.take_up_again(alone=alone)
    HouseConsumer(HUEY, **settings.HUEY["consumer"]).run()
