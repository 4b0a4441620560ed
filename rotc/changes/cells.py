"""How each cell came to hold what it holds: its lines of the journal in order, and which acts stand in it.

A line that takes an act back puts its cell to where it was before that act; every other line puts it to a new
place. An act *stands* in a cell while the cell is where the act left it: what came later was taken back itself.
"""

from collections import defaultdict
from decimal import Decimal

from rotc.exams.bulk import lowers
from rotc.exams.models import Score
from rotc.exams.typed import read_typed
from rotc.journal.models import JournalEntry

ANY_ITEMS = Decimal(10**6)
SCORES = "score recorded"


class Story:
    """The lines of one cell. Its places are named by the line that first put it there; 0 is before all of them.

    ``newest`` is the number of its newest line.
    """

    __slots__ = ("_after", "_before", "_undone", "newest", "now")

    def __init__(self):
        self.now = self.newest = 0
        self._before, self._after, self._undone = {}, {}, set()

    def add(self, line: int, act, undoes) -> None:
        self._before[act] = self.now
        takes_back = undoes is not None and undoes in self._before
        self.now = self._before[undoes] if takes_back else line
        self._after[act] = self.now
        if takes_back:
            self._undone.add(undoes)
        self.newest = line

    def stands(self, act) -> bool:
        return act is not None and self._after.get(act) == self.now

    def taken_back(self, act) -> bool:
        """Whether it does not stand because it was taken back."""
        return not self.stands(act) and act in self._undone


def stories(lines) -> dict[str, Story]:
    """The stories of all cells that these lines (a query) are about, in one trip."""
    every = JournalEntry.objects.filter(subject__in=lines.order_by().values("subject"), what=SCORES)
    found = defaultdict(Story)
    for subject, *line in every.order_by("pk").values_list("subject", "pk", "act", "undoes"):
        found[subject].add(*line)
    return found


def newest(told: dict[str, Story]) -> dict[int, JournalEntry]:
    """The newest lines of these cells, by number."""
    return JournalEntry.objects.in_bulk({story.newest for story in told.values()})


def exam_of(line: JournalEntry) -> int:
    return int(line.subject.split(":")[2])


def named(line: JournalEntry) -> str:
    """The exam, as it was called then."""
    return next(iter(line.changes), "")


def before(line: JournalEntry) -> str:
    """What the cell held before this line, as it is typed; nothing for a blank."""
    return _held(line, 0)


def after(line: JournalEntry) -> str:
    return _held(line, 1)


def _held(line, place) -> str:
    [pair] = line.changes.values()
    return pair[place] or ""


def lowered(line: JournalEntry) -> bool:
    """Whether this line took something from its cadet. Blanks that who filled them emptied again asked no reason."""
    if line.undoes and not line.reason and not after(line):
        return False
    raw, absence = read_typed(before(line), ANY_ITEMS)
    return lowers(Score(raw=raw, absence=absence), *read_typed(after(line), ANY_ITEMS))
