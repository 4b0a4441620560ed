"""The worker: Huey's consumer with its scheduler, in this process, until it is told to stop."""

import logging
import signal
import threading

from django.conf import settings
from django.db import DatabaseError, connection
from huey.consumer import Consumer
from huey.contrib.djhuey import HUEY

from rotc.jobs import actions

log = logging.getLogger(__name__)
SWEEP_EVERY = 5  # seconds


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
    threading.Thread(target=_sweep, name="sweep", daemon=True).start()
    HouseConsumer(HUEY, **settings.HUEY["consumer"]).run()


def _sweep():
    """Ring for what nobody holds, as long as this worker runs: its worker died, or the bell was not heard."""
    while not actions.stopping.wait(SWEEP_EVERY):
        try:
            actions.sweep()
        except DatabaseError as error:
            log.warning("the database does not answer; open jobs wait: %s", type(error).__name__)
        finally:
            connection.close()
