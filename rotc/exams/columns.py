"""A grade sheet as a file: the headers that an import of scores reads, and the figures beside them."""

from decimal import Decimal

from rotc.web.spreadsheets import COUNT, DAY, FIGURE, NAME, RAW, REMARKS, TEXT, Column

ABSENCES = ("ABS", "EX")


def of_sheet(sheet) -> list[Column]:
    """The columns that this sheet shows, of its rows."""
    return [
        Column("Student ID", lambda row: row.enrollment.cadet.student_number),
        Column("Last Name", lambda row: row.enrollment.cadet.last_name, NAME),
        Column("First Name", lambda row: row.enrollment.cadet.first_name, NAME),
        *[Column(f"{day.date:%Y-%m-%d}", _letter(place), DAY) for place, day in enumerate(sheet.days)],
        *([_points("Merits"), _points("Demerits")] if sheet.shows_points else []),
        *[
            Column(exam.name, _score(place), RAW)
            for place, exam in enumerate(sheet.exams)
            if sheet.shows_exams
        ],
        *[_figure(name) for name in ("Attendance", "Aptitude", "Proficiency", "Total")],
        _said("Rating", "rating", TEXT),
        _said("Remark", "remark", REMARKS),
    ]


def _letter(place):
    return lambda row: row.letters[place]


def _points(title):
    return Column(title, lambda row: getattr(row.enrollment, title.lower()), COUNT)


def _score(place):
    def of(row):
        typed = row.cells[place].typed
        return Decimal(typed) if typed and typed not in ABSENCES else typed

    return of


def _figure(title):
    return _said(title, title.lower(), FIGURE)


def _said(title, name, kind):
    return Column(title, lambda row: getattr(getattr(row.enrollment, "standing", None), name, None), kind)
