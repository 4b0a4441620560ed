"""What a paper says on top while results are missing: sentences, never an invented grade."""

from rotc.reports.facts import Facts


def missing(facts: Facts) -> list[str]:
    """What is still to be entered for the cadets of this paper."""
    return nobody(facts) or [*_marks(facts), *_scores(facts)]


def nobody(facts: Facts) -> list[str]:
    """What a paper about nobody says."""
    return [] if facts.lines else ["No cadet is enrolled here."]


def of_days(facts: Facts) -> list[str]:
    """The marks that are still to be entered."""
    return nobody(facts) or _marks(facts)


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
