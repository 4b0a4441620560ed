from django import forms

from rotc.imports.drafts import Choices
from rotc.imports.kinds import KINDS

DATES = [
    ("", "Only dates that can be read one way"),
    ("dmy", "Day / month / year"),
    ("mdy", "Month / day / year"),
    ("iso", "Year-month-day only"),
]


class GiveRoster(forms.Form):
    """A file, or cells pasted from a spreadsheet, and the term they belong to."""

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
    dates = forms.ChoiceField(required=False, choices=DATES, label="Dates are written")

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = terms

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
        return Choices(dates=self.cleaned_data["dates"])


class ChooseAgain(forms.Form):
    """The choices that a plan was made under, to be changed: sheet, dates, units, columns."""

    sheet = forms.ChoiceField(label="Sheet", required=False)
    dates = forms.ChoiceField(required=False, choices=DATES, label="Dates are written")
    create_units = forms.BooleanField(required=False, label="Form units that are not there yet")

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        made_under = plan.notes["choices"]
        self.fields["sheet"].choices = [(name, name) for name in plan.notes["sheets"]]
        self.initial = {"sheet": plan.notes["sheet"], **{k: made_under[k] for k in ("dates", "create_units")}}
        columns = [("", "– not in the file –"), *self._their_columns()]
        for each in KINDS[plan.kind].fields:
            self.fields[f"column_{each.name}"] = forms.ChoiceField(
                label=each.label, required=False, choices=columns
            )
            self.initial[f"column_{each.name}"] = plan.notes["columns"].get(each.name, "")

    def _their_columns(self):
        for place, header in enumerate(self.plan.notes["headers"]):
            examples = ", ".join(self.plan.notes["samples"][place])
            if header or examples:
                yield place, f"{header or f'Column {place + 1}'} ({examples[:60]})"

    def choices(self) -> Choices:
        """The choices as given; columns only where they differ from what the plan found itself."""
        given = self.cleaned_data
        same_sheet = given["sheet"] == self.plan.notes["sheet"]
        return Choices(
            sheet=given["sheet"],
            dates=given["dates"],
            create_units=given["create_units"],
            columns=self._columns() if same_sheet else None,
        )

    def _columns(self) -> dict | None:
        columns = {
            each.name: int(given)
            for each in KINDS[self.plan.kind].fields
            if (given := self.cleaned_data[f"column_{each.name}"])
        }
        if columns == self.plan.notes["columns"]:
            return self.plan.notes["choices"]["columns"]
        return columns
