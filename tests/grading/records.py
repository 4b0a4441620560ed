"""Cadets for the tests, in as few words as a sentence needs."""

from dataclasses import replace

from rotc.grading import CadetRecord, ExamScore, Policy

SND = Policy.preset("msu-snd")
NAV = Policy.preset("navrescom")
NAMES = ("Prelim", "Midterm", "Final")


def policy(preset=SND, **changes):
    """The preset with some keys changed."""
    return replace(preset, **changes)


def exam(name, score, items=100, **more):
    """An exam with a score, with no score yet (None), or with an absence."""
    if score in ("no-show", "excused"):
        return ExamScore(name, None, items, absence=score, **more)
    return ExamScore(name, score, items, **more)


def exams(*scores, items=100):
    """Prelim, midterm and final, as many as there are scores."""
    return tuple(exam(name, score, items) for name, score in zip(NAMES, scores, strict=False))


def days(present, late=0, excused=0, absent=0):
    """Days with absences never side by side, as long as there is a day to put between them."""
    others = list("P" * present + "L" * late + "E" * excused)
    spread = "".join("A" + (others.pop() if others else "") for _ in range(absent))
    return spread + "".join(others)


def closed(held="P" * 15, merits=0, demerits=0, scores=(100, 100, 100), items=100, **more):
    """A record of a term being closed: nothing went wrong unless it is said."""
    more = {"planned_days": 15, "exams": exams(*scores, items=items), "final": True} | more
    return CadetRecord(days=held, merits=merits, demerits=demerits, **more)


def running(held="P" * 4, **more):
    """A record of a term that still runs, no exam taken unless it is said."""
    return closed(held, **({"scores": (None, None, None), "final": False} | more))
