"""Writing a plan of scores, after looking again that every cell still is as the plan saw it."""

from rotc.exams.bulk import Wanted, record_scores
from rotc.imports.writing import Written
from rotc.refusals import NotNow, Refusal
from rotc.verdicts.overrides import WantedCode, set_overrides

BATCH = 2000  # cells between two reports of progress


def commit_scores(plan, *, by, how, reach, tell) -> Written:
    """Write the plan's new and changed rows. Inside a transaction.

    Raises ``NotNow`` when a cell or code was changed since the check, or a cadet is out of reach by now.
    """
    return ScoresCommit(plan, by, how, reach).run(tell)


class ScoresCommit:
    def __init__(self, plan, by, how, reach):
        self.plan, self.by = plan, by
        self.how = "paste" if plan.notes.get("sheet_address") else how
        self.rows = [row for row in plan.rows if row["state"] in ("new", "changed")]
        ids = [row["enrollment"] for row in self.rows]
        self.enrolled = {each.pk: each for each in reach.enrollments.filter(pk__in=ids)}

    def run(self, tell) -> Written:
        for row in self.rows:
            if row["enrollment"] not in self.enrolled:
                raise NotNow(_check_again(f"{row['name']} is not yours to enter any more"))
        try:
            versions, codes = self._write_scores(tell), self._write_codes()
        except Refusal as refusal:
            why = str(refusal).removesuffix(" Not saved.").removesuffix(".")
            raise NotNow(_check_again(why)) from None
        trail = [_left_behind(row, versions, codes) for row in self.rows]
        return Written([row["enrollment"] for row in self.rows], trail)

    def _write_scores(self, tell) -> dict[tuple[int, int], int]:
        """The version that each cell has by it."""
        wanted = [
            Wanted(self.enrolled[row["enrollment"]], exam_id, typed, seen)
            for row in self.rows
            for exam_id, typed, seen, _ in row["cells"]
        ]
        versions = {}
        for start in range(0, len(wanted), BATCH):
            tell(len(self.rows) * start // len(wanted), len(self.rows))
            batch = wanted[start : start + BATCH]
            for score in record_scores(
                batch, by=self.by, how=self.how, reason=self.plan.reason, act=self.plan.act
            ):
                versions[score.enrollment_id, score.exam_id] = score.version
        return versions

    def _write_codes(self) -> dict[int, int]:
        """The override that each enrollment has by it."""
        wanted = [
            WantedCode(self.enrolled[row["enrollment"]], *row["code"]) for row in self.rows if "code" in row
        ]
        reason = f"Grade status in {self.plan.file_name}"[:200]
        made = set_overrides(wanted, reason=reason, by=self.by, how=self.how) if wanted else []
        return {override.enrollment_id: override.pk for override in made}


def _check_again(why: str) -> str:
    return f"The scores changed since this was checked: {why}. Nothing was written; check it again."


def _left_behind(row, versions, codes) -> dict:
    """What the undo has to know of a row: ``cells`` (exam, version written, score before) and the ``code``
    (override set, override before)."""
    enrollment = row["enrollment"]
    cells = [[exam_id, versions[enrollment, exam_id], before] for exam_id, _, _, before in row["cells"]]
    left = {"row": row["row"], "name": row["name"], "enrollment": enrollment, "cells": cells}
    if "code" in row:
        left["code"] = [codes[enrollment], row["code"][1]]
    return left
