"""What a paper says on top while results are missing: sentences, never an invented grade."""

from rotc.reports.facts import Facts


def missing(facts: Facts) -> list[str]:
    """What is still to be entered for the cadets of this paper."""
    if not facts.lines:
        return ["No cadet is enrolled here."]
    return [*_marks(facts), *_scores(facts)]


def _marks(facts):
    if not facts.days:
        return ["No training day held yet."]
    blanks = sum(held.day.pk not in line.letters for line in facts.lines for held in facts.days)
    if not blanks:
        return []
    return [f"{_count(blanks, 'mark is', 'marks are')} missing on the days held."]


def _scores(facts):
    if not facts.exams:
        return ["The term has no exams."]
    blanks = [
        sum(line.record.exams[place].missing for line in facts.lines) for place in range(len(facts.exams))
    ]
    return [
        f"{_count(blank, 'cadet has', 'cadets have')} no {exam.name} score."
        for exam, blank in zip(facts.exams, blanks, strict=True)
        if blank
    ]


def _count(number, one, many):
    return f"{number} {one if number == 1 else many}"
