"""Taking back an import of scores: each cell and code that still is as the import left it."""

from uuid import uuid4

from rotc.exams.bulk import Wanted, current_scores, held_exams, record_scores
from rotc.exams.typed import read_typed
from rotc.imports.models import ImportPlan
from rotc.imports.writing import Taken
from rotc.refusals import BadValue
from rotc.verdicts.models import Override
from rotc.verdicts.overrides import held_in_force, take_back


def undo_scores(plan, *, by, how, reach, tell) -> Taken:
    """Give each cell its earlier value, under a new version; what somebody changed since stays and is named."""
    return ScoresUndo(plan, by, how, reach).run(tell)


class ScoresUndo:
    def __init__(self, plan, by, how, reach):
        self.plan, self.trail, self.by, self.how = plan, plan.trail, by, how
        ids = [row["enrollment"] for row in self.trail]
        self.enrolled = {each.pk: each for each in reach.enrollments.filter(pk__in=ids)}
        self.exams = held_exams(exam_id for row in self.trail for exam_id, *_ in row["cells"])
        self.scores = current_scores(self.exams, ids)
        self.in_force = held_in_force(row["enrollment"] for row in self.trail if "code" in row)
        self.given_back = _given_back(plan)
        self.wanted, self.cells, self.lifted, self.earlier = [], [], [], {}

    def run(self, tell) -> Taken:
        taken = Taken()
        for row in self.trail:
            if reasons := list(self._left(row)):
                taken.kept.append({"row": row["row"], "name": row["name"], "reason": "; ".join(reasons)})
        tell(0, len(self.trail))
        self._give_back()
        earlier = Override.objects.in_bulk(list(self.earlier.values()))
        take_back(
            self.lifted, {each.enrollment_id: each for each in earlier.values()}, by=self.by, how=self.how
        )
        taken.touched = [each.enrollment.pk for each in (*self.wanted, *self.lifted)]
        return taken

    def _give_back(self) -> None:
        """Write the earlier values; the trail keeps the versions that they have now."""
        scores = record_scores(self.wanted, by=self.by, how=self.how, act=uuid4(), undoes=self.plan.act)
        for cell, score in zip(self.cells, scores, strict=True):
            cell.append(score.version)
        self.plan.save(update_fields=["trail"])

    def _left(self, row):
        """Why something of a row stays as it is; what does not stay is noted to be taken back."""
        enrollment = self.enrolled.get(row["enrollment"])
        if enrollment is None:
            yield "is not yours to change any more"
            return
        for cell in row["cells"]:
            if why := self._cell(enrollment, cell):
                yield why
        if "code" in row and (why := self._code(enrollment, *row["code"])):
            yield why

    def _cell(self, enrollment, cell) -> str:
        exam_id, version, before = cell
        exam, score = self.exams[exam_id], self.scores[enrollment.pk, exam_id]
        if score.version != self._now(enrollment, exam_id, version):
            who = score.changed_by.title if score.changed_by else "an import"
            return f"{exam.name} is {score.typed or 'blank'} now, set by {who}"
        try:
            read_typed(before, exam.items)
        except BadValue:
            return f"{exam.name} has {exam.items} items now, and the {before} before does not fit"
        self.wanted.append(Wanted(enrollment, exam_id, before, score.version))
        self.cells.append(cell)
        return ""

    def _now(self, enrollment, exam_id, version) -> int:
        """The version of a cell that is as this import left it: an undo of a later one gives it a new number."""
        while (enrollment.pk, exam_id, version) in self.given_back:
            version = self.given_back[enrollment.pk, exam_id, version]
        return version

    def _code(self, enrollment, made, earlier) -> str:
        current = self.in_force.get(enrollment.pk)
        if current is None or current.pk != made:
            return f"its code is {current.code} now" if current else "its code is lifted already"
        current.enrollment = enrollment
        self.lifted.append(current)
        if earlier:
            self.earlier[enrollment.pk] = earlier
        return ""


def _given_back(plan) -> dict[tuple[int, int, int], int]:
    """``{(enrollment, exam, version): version}``: what imports that were taken back wrote over and gave back."""
    undone = ImportPlan.objects.filter(kind=plan.kind, term=plan.term, undone_at__isnull=False)
    return {
        (row["enrollment"], exam_id, version - 1): back[0]
        for trail in undone.values_list("trail", flat=True)
        for row in trail
        for exam_id, version, _, *back in row["cells"]
        if back
    }
