from django import forms


class DayField(forms.DateField):
    """A date as a browser's own picker gives it, or as it is typed where there is none."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "This is not a date. Write it as 2026-12-05."}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d %B %Y"], **kwargs)
