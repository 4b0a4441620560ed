"""The worker: Huey's consumer with its scheduler, in this process, until it is told to stop."""

import logging
import signal
import threading
import time

from django.conf import settings
from django.db import DatabaseError, connection
from huey.consumer import Consumer, Scheduler
from huey.contrib.djhuey import HUEY

from rotc.alerts.rounds import Rounds
from rotc.jobs import actions
from rotc.operations.heartbeat import Pulse

log = logging.getLogger(__name__)
SWEEP_EVERY = 5  # seconds
HANGS = 40  # seconds in which a scheduler that lives comes round, even where Redis answers nothing


class HouseScheduler(Scheduler):
    """Remembers when it last came round: a thread that hangs is no scheduler that runs."""

    turned_at = float("-inf")

    def loop(self, now=None):
        self.turned_at = time.monotonic()
        super().loop(now)


class HouseConsumer(Consumer):
    """Drains on SIGTERM and on Ctrl-C: a job stops between two steps and keeps its place. Says that it is alive."""

    scheduler_class = HouseScheduler

    def __init__(self, huey, **options):
        super().__init__(huey, **options)
        self._signal_actions = {signal.SIGTERM: (False, True), signal.SIGINT: (False, True)}
        self.pulse = Pulse(self.alive)

    def _create_scheduler(self):
        self.rounds = super()._create_scheduler()
        return self.rounds

    def alive(self) -> list[str]:
        """Which of the two is at work in this process."""
        works = any(thread.is_alive() for _, thread in self.worker_threads)
        comes_round = self.scheduler.is_alive() and time.monotonic() - self.rounds.turned_at < HANGS
        return ["worker"] * works + ["scheduler"] * comes_round

    def start(self):
        super().start()
        self.pulse.start()

    def stop(self, graceful=False):
        actions.stopping.set()
        self.pulse.stop()
        super().stop(graceful)


def work(*, alone: bool) -> None:
    """Run jobs and schedules until SIGTERM. ``alone``: no other worker shares this database."""
    from rotc import tasks  # noqa: F401  (it registers every task)

    actions.take_up_again(alone=alone)
    threading.Thread(target=_sweep, name="sweep", daemon=True).start()
    Rounds("worker").start()
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
