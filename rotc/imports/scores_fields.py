"""The columns of a file of scores: whose row it is, one column an exam, a status."""

import re
from collections import Counter

from rotc.exams.models import Exam
from rotc.imports.identity import IDENTITY, WAYS
from rotc.imports.matching import Field, Shape, key

SCORE = Field("score", "Score", ("Points", "Raw Score", "Exam Score", "Scores"))
STATUS = Field("status", "Status", ("Grade Status",))
CALLED = re.compile(r"\s*\b(exam|examination|score|scores|test)\b\.?$", re.IGNORECASE)
OTHERWISE = {
    "prelim": ("Preliminary", "Preliminaries"),
    "preliminary": ("Prelim", "Prelims"),
    "midterm": ("Mid", "Mid-terms"),
}


def scores_shape(term) -> Shape:
    """One column for each exam of the term, whatever it is called."""
    exams = exam_fields(term)
    facts = (*exams, SCORE.name, STATUS.name)
    return Shape((*IDENTITY, *exams.values(), SCORE, STATUS), needs=(WAYS, facts))


def exams_by_field(term) -> dict[str, Exam]:
    """Our field → the exam of the term that it holds the scores of.

    The fields are called after the exams, so that a match of columns is remembered from term to term.
    """
    found = {}
    for exam in term.exams.all() if term else ():
        name = f"exam_{key(exam.name)}"
        found[name if name not in found else f"{name}_{exam.pk}"] = exam
    return found


def exam_fields(term) -> dict[str, Field]:
    exams = exams_by_field(term)
    spelled = {name: _spellings(exam.name) for name, exam in exams.items()}
    claims = Counter(each for spellings in spelled.values() for each in set(map(key, spellings)))
    own = {key(exam.name) for exam in exams.values()}
    return {
        # A header that would fit two exams means neither; their own names always do.
        name: Field(
            name,
            exam.name,
            tuple(each for each in spelled[name] if claims[key(each)] == 1 and key(each) not in own),
        )
        for name, exam in exams.items()
    }


def _spellings(name: str) -> list[str]:
    """``Prelims``, ``Prelim Score``, ``Prelim Exam``… for an exam called Prelim or Prelim Exam."""
    bare = CALLED.sub("", name).strip() or name
    words = [bare, *OTHERWISE.get(key(bare), ())]
    words += [f"{word}s" for word in words if not word.endswith("s")]
    called = ("", " Score", " Scores", " Exam", " Examination", " Exam Score", " Raw Score")
    return [f"{word}{what}" for word in [name, *words] for what in called]
