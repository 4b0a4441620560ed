"""Rows of a file of scores → what each would change. Nothing is written here."""

from collections import defaultdict

from rotc.exams.bulk import lowers
from rotc.exams.models import Score
from rotc.exams.typed import read_typed
from rotc.imports.drafts import Draft, Given, Row
from rotc.imports.identity import WAYS, People
from rotc.imports.scores_fields import SCORE, STATUS, exams_by_field
from rotc.refusals import BadValue, UnreadableFile
from rotc.verdicts.models import Override
from rotc.verdicts.overrides import codes


def check_scores(given: Given) -> Draft:
    """Hold a sheet against the scores of the term: cells new, changed or same, problems by row and column."""
    return ScoresCheck(given).draft()


class ScoresCheck:
    def __init__(self, given: Given):
        self.given, self.columns = given, given.match.columns
        self.exams = {name: exam for name, exam in exams_by_field(given.term).items() if name in self.columns}
        self.unread = []
        self.of_score = self._exam_of_score()
        self.codes = codes(given.term)
        self.people = People(given)
        self.whose = {row.at: self.people.of(row) for row in given.rows}
        self.counts = dict.fromkeys(["changed", "left", "lowered", "codes"], 0)

    def draft(self) -> Draft:
        for row in self.given.rows:
            self._understand(row)
        rows = self._once_each()
        self._look_up()
        planned = [self._planned(row) for row in rows if not row.problems]
        return Draft(
            rows=sorted(planned, key=lambda row: (not row["lowers"], row["row"])),
            problems=self.given.problems,
            absent=self._absent(),
            questions=self.people.questions,
            notes={"says": self._says(), "lowers": self.counts["lowered"]},
        )

    def _exam_of_score(self) -> str | None:
        """The field of the exam that a column which only says Score is of; None where there is no such column."""
        place = self.columns.get(SCORE.name)
        if place is None or place in {self.columns[name] for name in self.exams}:
            return None
        known = exams_by_field(self.given.term)
        names = [exam.name for exam in known.values()]
        asked = self.given.choices.exam.strip()
        for name, exam in known.items():
            if exam.name.casefold() == asked.casefold() or (len(known) == 1 and not asked):
                self.exams[name] = exam
                return name
        if asked:
            raise UnreadableFile(f"There is no exam “{asked}” in {self.given.term.title}. {_listed(names)}")
        header = self.given.match.column(SCORE)
        if self.exams or STATUS.name in self.columns:
            self.unread = [f"“{header}” is not used: no exam is chosen for it."]
            return None
        raise UnreadableFile(f"Choose the exam that the column “{header}” is of. {_listed(names)}")

    def _understand(self, row: Row) -> None:
        """Fill ``row.values`` with what the row gives, as the sheet would show it."""
        for name, exam in self.exams.items():
            for column in (name, SCORE.name) if name == self.of_score else (name,):
                if column in row.cells:
                    self._take(row, name, column, exam)
        if text := row.cells.get(STATUS.name):
            known = {code.casefold(): code for code in self.codes}
            if text.casefold() in known:
                row.values[STATUS.name] = known[text.casefold()]
            else:
                self._problem(row, STATUS.name, f"“{text}” is no code of this term: {', '.join(self.codes)}")

    def _take(self, row, name, column, exam) -> None:
        try:
            raw, absence = read_typed(row.cells[column], exam.items)
        except BadValue as refusal:
            self._problem(row, column, refusal)
            return
        typed = Score(raw=raw, absence=absence).typed
        if row.values.setdefault(name, typed) != typed:
            self._problem(row, column, f"{typed} is given here and {row.values[name]} in another column")

    def _problem(self, row, name, reason) -> None:
        enrollment = self.whose[row.at]
        who = f"{enrollment.cadet.short_name}: " if enrollment else ""
        self.given.problem(row, name, f"{who}{reason}")

    def _once_each(self) -> list[Row]:
        """Equal rows of one cadet count once; differing ones are all problems."""
        groups = defaultdict(list)
        for row in self.given.rows:
            if enrollment := self.whose[row.at]:
                groups[enrollment.pk].append(row)
        for group in groups.values():
            if any(self._facts(row) != self._facts(group[0]) for row in group):
                places = " and ".join(str(row.at) for row in group[:6])
                way = next(name for name in WAYS if name in self.columns)
                for row in group:
                    self._problem(row, way, f"rows {places} are of the same cadet but differ")
        return [group[0] for group in groups.values()]

    def _facts(self, row) -> dict:
        """What a row says of its cadet: understood, or as written where it is not."""
        names = {*self.exams, SCORE.name, STATUS.name} & row.cells.keys()
        return {name: row.cells[name] for name in names} if row.problems else row.values

    def _look_up(self) -> None:
        reached = self.given.reach.enrollments.order_by().values("pk")
        scores = Score.objects.filter(exam__in=self.exams.values(), enrollment__in=reached)
        self.scores = {(each.enrollment_id, each.exam_id): each for each in scores}
        self.overrides = {}
        if STATUS.name in self.columns:
            found = Override.objects.filter(enrollment__in=reached, lifted_at=None)
            self.overrides = {each.enrollment_id: each for each in found}

    def _planned(self, row: Row) -> dict:
        """The row as the plan keeps it. ``cells``: exam, what is typed, version and score seen; ``code``: the code
        and the override seen."""
        enrollment = self.whose[row.at]
        planned = {
            "row": row.at,
            "state": "same",
            "student_number": enrollment.cadet.student_number,
            "name": enrollment.cadet.full_name,
            "unit": enrollment.unit.place,
            "values": row.values,
            "changes": {},
            "enrollment": enrollment.pk,
            "cells": [],
            "lowers": 0,
        }
        for name, exam in self.exams.items():
            self._plan_cell(planned, name, exam)
        self._plan_code(planned)
        overwrites = any(old for old, _ in planned["changes"].values())
        if planned["changes"]:
            planned["state"] = "changed" if overwrites else "new"
        return planned

    def _plan_cell(self, planned, name, exam) -> None:
        before = self.scores.get((planned["enrollment"], exam.pk))
        stored, typed = before.typed if before else "", planned["values"].get(name, "")
        if typed in ("", stored):
            self.counts["left"] += bool(stored)
            return
        planned["changes"][name] = [stored, typed]
        planned["cells"].append([exam.pk, typed, before.version if before else 0, stored])
        lowered = lowers(before, *read_typed(typed, exam.items))
        planned["lowers"] += lowered
        self.counts["changed"] += 1
        self.counts["lowered"] += lowered

    def _plan_code(self, planned) -> None:
        code = planned["values"].get(STATUS.name)
        before = self.overrides.get(planned["enrollment"])
        if code and code != (before.code if before else ""):
            planned["changes"][STATUS.name] = [before.code if before else "", code]
            planned["code"] = [code, before.pk if before else None]
            self.counts["codes"] += 1

    def _absent(self) -> list[dict]:
        """Enrolled within reach and in no row of the file: listed, never touched."""
        named = {enrollment.pk for enrollment in self.whose.values() if enrollment}
        return [
            {
                "row": None,
                "state": "absent",
                "student_number": each.cadet.student_number,
                "name": each.cadet.full_name,
                "unit": each.unit.place,
                "values": {},
                "changes": {},
            }
            for each in self.people
            if each.pk not in named
        ]

    def _says(self) -> list[str]:
        counts = self.counts
        plural = "" if counts["changed"] == 1 else "s"
        said = [
            f"Will change {counts['changed']} score{plural}, leave {counts['left']}, "
            f"lower {counts['lowered'] or 'none'}."
        ]
        if counts["codes"]:
            said.append(f"Will set {counts['codes']} code{'' if counts['codes'] == 1 else 's'} by hand.")
        return [*said, *self.unread]


def _listed(names) -> str:
    return f"It has {', '.join(names)}." if names else "It has no exams yet."
