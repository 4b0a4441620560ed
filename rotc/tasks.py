"""LATER: every background job and schedule, each a door to one call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from rotc.accounts import letters
from rotc.backups import background as backups
from rotc.figures.measuring import slow_queries
from rotc.imports import background as imports
from rotc.jobs import actions as jobs
from rotc.jobs import recompute, schedules
from rotc.jobs.schedules import Daily, Hourly
from rotc.messages import digest, reminding, warning
from rotc.operations import tidying, verifying


@dataclass(frozen=True)
class Kind:
    """A kind of job: what people call it, and its steps, a generator of ``(progress, total, result)``
    that returns what to say at the end. ``prepare(job)``, if any, runs before and outside their transactions,
    and they are given what it found. ``page`` is where its asker sees what came of it, the job's own page where
    there is none. ``by_steps``: it may be stopped between two steps and taken up where it stopped; an import is one
    step, and asked for again on its own page. ``names_people``: what it says at the end does so after its first colon, and
    whoever is told, perhaps by e-mail, hears what is before it."""

    title: str
    steps: Callable
    prepare: Callable | None = None
    page: str = ""
    by_steps: bool = True
    names_people: bool = False


IMPORT = "/imports/{plan}/"
KINDS = {
    "letters": Kind("Send one-time codes by e-mail", letters.steps, names_people=True),
    "recompute": Kind("Compute all standings again", recompute.steps),
    "check import": Kind("Check a file", imports.check_steps, imports.read_and_check, IMPORT, by_steps=False),
    "commit import": Kind(
        "Commit an import", imports.commit_steps, imports.back_up_first, IMPORT, by_steps=False
    ),
    "undo import": Kind("Take an import back", imports.undo_steps, page=IMPORT, by_steps=False),
    "check standings": Kind("Check every standing against its facts", recompute.check_steps),
    "check journal": Kind("Hold the journal against its seals", verifying.steps),
    "tidy up": Kind("Drop what is past its time", tidying.steps),
    "warn": Kind("Warn cadets whose standing is in danger", warning.steps),
    "digest": Kind("Send the morning letters", digest.steps),
    "remind": Kind("Remind of tomorrow's training", reminding.remind_steps),
    "back up": Kind("Back up", backups.steps, backups.make, by_steps=False),
    "back up daily": Kind("Back up and restore on trial", backups.steps, backups.make_daily, by_steps=False),
    "report attendance": Kind("Tell the Command Group of today's attendance", reminding.report_steps),
}
SCHEDULES = {
    "back up": Hourly(10),
    "back up daily": Daily(1, 30),
    "check standings": Daily(2, 30),
    "check journal": Daily(2, 50),
    "tidy up": Daily(3, 20),
    "digest": Daily(6),
    "remind": Daily(18, patience=timedelta(hours=5)),  # at midnight it is not tomorrow any more
    "warn": Daily(19, patience=timedelta(hours=12)),
    "report attendance": Daily(20, patience=timedelta(hours=12)),
}


@db_task()
def run_job(job_id):
    with slow_queries():
        jobs.run(job_id)


@db_periodic_task(crontab())
def tick():
    schedules.tick()
