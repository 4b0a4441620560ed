from django import forms

from rotc.imports.drafts import Choices
from rotc.imports.kinds import KINDS
from rotc.web.fields import DayField

DATES = [
    ("", "Only dates that can be read one way"),
    ("dmy", "Day / month / year"),
    ("mdy", "Month / day / year"),
    ("iso", "Year-month-day only"),
]


class GiveFile(forms.Form):
    """A file, or cells pasted from a spreadsheet, and what its kind has to be told beside it."""

    term = forms.ModelChoiceField(queryset=None, to_field_name="name", empty_label=None, label="Term")
    file = forms.FileField(
        required=False,
        label="File",
        help_text="CSV, XLSX, XLS or ODS, at most 10 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"}),
    )
    cells = forms.CharField(
        required=False,
        label="Or paste cells",
        help_text="Copy the rows in your spreadsheet, the headers with them.",
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,
    )
    exam = forms.ChoiceField(required=False, label="Exam of a column that only says Score")
    day = DayField(required=False, label="Day of rows without a date")
    dates = forms.ChoiceField(required=False, choices=DATES, label="Dates are written")

    def __init__(self, *args, kind, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = terms
        if "json" in kind.asks:
            self.fields["file"].help_text = "CSV, XLSX, XLS, ODS or JSON, at most 10 MB."
            self.fields["file"].widget.attrs["accept"] += ",.json"
        for name in {"exam", "day", "dates"} - set(kind.asks):
            del self.fields[name]
        if "exam" in kind.asks:
            self._offer_exams(terms)

    def _offer_exams(self, terms) -> None:
        """Those of the chosen term, asked for again when another is chosen."""
        asked = self["term"].value()
        term = terms.filter(name=asked).first() if asked else terms.first()
        self.fields["exam"].choices = [("", "–"), *exam_choices(term)]
        self.fields["exam"].error_messages["invalid_choice"] = "%(value)s is not an exam of this term."
        again = {"hx-get": "", "hx-trigger": "change", "hx-target": "#id_exam", "hx-select": "#id_exam"}
        self.fields["term"].widget.attrs |= again | {"hx-swap": "outerHTML"}

    def clean(self):
        given = super().clean()
        if "file" not in self.errors and bool(given.get("file")) == bool((given.get("cells") or "").strip()):
            self.add_error("file", "Give a file or paste cells: one of the two.")
        return given

    def source(self) -> tuple[str, bytes]:
        """The name and bytes of what was given."""
        if upload := self.cleaned_data["file"]:
            return upload.name, upload.read()
        return "Pasted cells.txt", self.cleaned_data["cells"].encode()

    def choices(self) -> Choices:
        given = self.cleaned_data
        day = given.get("day")
        return Choices(
            dates=given.get("dates", ""), exam=given.get("exam", ""), day=day.isoformat() if day else ""
        )


def exam_choices(term) -> list[tuple[str, str]]:
    return [(exam.name, exam.name) for exam in term.exams.all()] if term else []


class PasteBlock(forms.Form):
    """A block of cells and the cell of the sheet that its first one goes to; ``rows`` are those that a chip left."""

    cells = forms.CharField(max_length=100_000, strip=False)
    shown = forms.CharField(max_length=40)
    enrollment = forms.IntegerField(min_value=1)
    exam = forms.IntegerField(min_value=1)
    rows = forms.RegexField(r"^\d{1,18}( \d{1,18})*$", max_length=5000, required=False)

    def clean_rows(self):
        return [int(pk) for pk in self.cleaned_data["rows"].split()]


class ChooseAgain(forms.Form):
    """The choices that a plan was made under, to be changed."""

    sheet = forms.ChoiceField(label="Sheet", required=False)
    header = forms.IntegerField(required=False, min_value=1, max_value=60_000, label="Headers are in row")
    dates = forms.ChoiceField(required=False, choices=DATES, label="Dates are written")
    create_units = forms.BooleanField(required=False, label="Form units that are not there yet")
    exam = forms.ChoiceField(required=False, label="Exam of a column that only says Score")
    day = DayField(required=False, label="Day of rows without a date")

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan, self.shape = plan, KINDS[plan.kind].shape(plan.term)
        kept = ("dates", "create_units", "exam", "day")
        self.made_under = Choices(**plan.notes["choices"])
        self.initial = {name: getattr(self.made_under, name) for name in kept}
        self.initial |= {"sheet": plan.notes["sheet"], "header": plan.notes["header_row"]}
        self.fields["sheet"].choices = [(name, name) for name in plan.notes["sheets"]]
        self._ask_only(KINDS[plan.kind].asks)
        columns = [("", "– not in the file –"), *self._their_columns()]
        for each in self.shape.fields:
            self.fields[f"column_{each.name}"] = forms.ChoiceField(
                label=each.label, required=False, choices=columns
            )
            self.initial[f"column_{each.name}"] = plan.notes["columns"].get(each.name, "")

    def _ask_only(self, asks) -> None:
        for name in {"dates", "day", "exam"} - set(asks):
            del self.fields[name]
        if "exam" in asks:
            self.fields["exam"].choices = [("", "–"), *exam_choices(self.plan.term)]
        if self.plan.kind != "roster":
            del self.fields["create_units"]

    def _their_columns(self):
        for place, header in enumerate(self.plan.notes["headers"]):
            examples = ", ".join(self.plan.notes["samples"][place])
            if header or examples:
                yield place, f"{header or f'Column {place + 1}'} ({examples[:60]})"

    def choices(self) -> Choices:
        """The choices as given; columns only where they differ from what the plan found itself."""
        given, before = self.cleaned_data, self.plan.notes
        same_place = given["sheet"] == before["sheet"] and given["header"] in (None, before["header_row"])
        day = given.get("day")
        return Choices(
            sheet=given["sheet"],
            header=given["header"],
            dates=given.get("dates", ""),
            create_units=given.get("create_units", False),
            exam=given.get("exam", ""),
            day=day.isoformat() if day else "",
            columns=self._columns() if same_place else None,
            answers=self._answers() if same_place else {},
            leave_out=self._left_out() if same_place else [],
        )

    def _columns(self) -> dict | None:
        columns = {
            each.name: int(given)
            for each in self.shape.fields
            if (given := self.cleaned_data[f"column_{each.name}"])
        }
        return self.made_under.columns if columns == self.plan.notes["columns"] else columns

    def _answers(self) -> dict[str, str]:
        """Whom a name means, by row: those given now and those given before. A row answered anew wins."""
        asked = {str(question["row"]): question["fits"] for question in self.plan.notes["questions"]}
        answers = dict(self.made_under.answers)
        for row, fits in asked.items():
            chosen = self.data.get(f"answer_{row}", "")
            if chosen in {each["student_number"] for each in fits}:
                answers[row] = chosen
        return answers

    def _left_out(self) -> list[int]:
        """The rows that the importer leaves out; a form that does not ask about rows changes none."""
        if "rows_asked" not in self.data:
            return self.made_under.leave_out
        ticked = [text for text in self.data.getlist("leave_out") if text.isascii() and text.isdigit()]
        return sorted({int(text) for text in ticked if len(text) < 8})
