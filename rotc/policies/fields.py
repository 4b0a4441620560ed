"""Fields that a policy's settings are typed into."""

from decimal import Decimal

from django import forms

from rotc.web.figures import bare

SPARE_ROWS = 3
MOST_ROWS = 30
LONGEST_RATING = 8  # what a standing keeps


class Figure(forms.DecimalField):
    """A number from ``least`` to ``most``, at most four decimals; a comma is taken for the point."""

    def __init__(self, least=0, most=100, **facts):
        said = f"A number from {least} to {most}."
        wrong = ("invalid", "min_value", "max_value", "max_digits", "max_whole_digits")
        super().__init__(
            min_value=Decimal(least),
            max_value=Decimal(most),
            max_digits=8,
            decimal_places=4,
            error_messages=dict.fromkeys(wrong, said)
            | {"required": said, "max_decimal_places": "At most four decimals."},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **facts,
        )

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value):
        return bare(value) if isinstance(value, Decimal) else value


class ScaleRows(forms.Widget):
    """Rows of a bound and its rating, with some left blank at the end."""

    template_name = "policies/_scale.html"

    def get_context(self, name, value, attrs):
        rows = [
            (bare(bound) if isinstance(bound, Decimal) else bound, rating) for bound, rating in value or []
        ]
        rows += [("", "")] * min(SPARE_ROWS, MOST_ROWS - len(rows))
        return super().get_context(name, value, attrs) | {"rows": rows}

    def value_from_datadict(self, data, files, name):
        bounds, ratings = data.getlist(f"{name}_from"), data.getlist(f"{name}_rating")
        rows = [(bound.strip(), rating.strip()) for bound, rating in zip(bounds, ratings, strict=False)]
        return [row for row in rows if any(row)][:MOST_ROWS]

    def use_required_attribute(self, initial):
        return False


class Scale(forms.Field):
    """``[(bound, rating)]`` with the highest bound first, in whatever order it was typed."""

    widget = ScaleRows

    def to_python(self, value):
        if not value:
            raise forms.ValidationError("A scale has at least one row.")
        rows = [(_bound(bound, rating), rating) for bound, rating in value]
        return sorted(rows, key=lambda row: row[0], reverse=True)


def _bound(bound, rating) -> Decimal:
    if not rating:
        raise forms.ValidationError(f"Which rating begins at {bound}?")
    if len(rating) > LONGEST_RATING or "\0" in rating:
        raise forms.ValidationError(f"A rating has 1 to {LONGEST_RATING} characters.")
    try:
        return Figure().clean(bound)
    except forms.ValidationError:
        raise forms.ValidationError(
            f"From which total on is it {rating}? Write a number from 0 to 100."
        ) from None
