"""The kinds of file that can be imported. One machinery reads, matches, stores, confirms and undoes them all."""

from collections.abc import Callable
from dataclasses import dataclass

from rotc.imports.attendance_check import check_attendance, check_rotcmis
from rotc.imports.attendance_commit import commit_attendance, undo_attendance
from rotc.imports.attendance_fields import attendance_shape, rotcmis_shape
from rotc.imports.conduct_check import check_conduct
from rotc.imports.conduct_commit import commit_conduct, undo_conduct
from rotc.imports.conduct_fields import conduct_shape
from rotc.imports.drafts import Draft, Given
from rotc.imports.matching import Shape
from rotc.imports.roster_check import check_roster
from rotc.imports.roster_commit import commit_roster
from rotc.imports.roster_fields import roster_shape
from rotc.imports.roster_undo import undo_roster
from rotc.imports.scores_check import check_scores
from rotc.imports.scores_commit import commit_scores
from rotc.imports.scores_fields import scores_shape
from rotc.imports.scores_undo import undo_scores
from rotc.imports.writing import Taken, Written


@dataclass(frozen=True)
class Kind:
    """What one kind of file adds to the machinery.

    ``shape(term)``: its columns. ``check(given)`` finds what the file would change and writes nothing.
    ``commit(plan, by=, how=, reach=, tell=)`` writes a plan inside the open transaction, ``undo(plan, by=,
    how=, reach=, tell=)`` takes it back as far as nobody changed it since; both call ``tell(done, total)`` on the way.
    ``asks``: what the importer is asked beside the file (dates, exam, day).
    """

    name: str
    title: str
    hint: str
    shape: Callable[[object], Shape]
    check: Callable[[Given], Draft]
    commit: Callable[..., Written]
    undo: Callable[..., Taken]
    asks: tuple[str, ...] = ("dates",)
    unused_in_blank: tuple[str, ...] = ()


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "roster",
            "Roster",
            "One row a cadet. Only the student number must be there; a new cadet also needs a name.",
            roster_shape,
            check_roster,
            commit_roster,
            undo_roster,
            unused_in_blank=("name", "school_year", "semester"),
        ),
        Kind(
            "scores",
            "Exam scores",
            "One row a cadet: whose it is, and a column for each exam. 87, 87.5, 35/50, ABS for a no-show, EX for excused.",
            scores_shape,
            check_scores,
            commit_scores,
            undo_scores,
            asks=("exam",),
            unused_in_blank=("username", "email", "middle_name", "suffix", "name", "score"),
        ),
        Kind(
            "conduct",
            "Merits and demerits",
            "One row an entry: whose it is, merit or demerit, points from 1 to 200, the reason and the date. "
            "An entry that came in with an earlier file is not given again.",
            conduct_shape,
            check_conduct,
            commit_conduct,
            undo_conduct,
            asks=("dates", "day"),
            unused_in_blank=("username", "email", "middle_name", "suffix", "name", "state"),
        ),
        Kind(
            "attendance",
            "Attendance",
            "One row a cadet and day: whose it is, and a status: P, L, E or A, also in words, or 1 and 0. "
            "Times and remarks if you have them. Rows without a date are of the day chosen above.",
            attendance_shape,
            check_attendance,
            commit_attendance,
            undo_attendance,
            asks=("dates", "day"),
            unused_in_blank=("username", "email", "middle_name", "suffix", "name"),
        ),
        Kind(
            "rotcmis",
            "ROTCMIS export",
            "The export as it comes out of ROTCMIS: student_id, name, date, status. Several scans of a cadet on "
            "one day are one mark with the earliest time in.",
            rotcmis_shape,
            check_rotcmis,
            commit_attendance,
            undo_attendance,
            asks=("dates", "day", "json"),
            unused_in_blank=("username", "email", "middle_name", "suffix", "last_name", "first_name"),
        ),
    )
}
