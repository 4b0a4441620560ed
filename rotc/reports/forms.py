from django import forms

from rotc.operations.models import Letterhead
from rotc.reports.choices import GROUPS, Choices, place_of
from rotc.roster.models import Cadet


class ChoicesForm(forms.Form):
    """Whom a paper shows and how. Only units in the user's reach can be chosen."""

    unit = forms.ChoiceField(required=False)
    ms_level = forms.ChoiceField(required=False, label="MS level")
    sex = forms.ChoiceField(required=False, choices=[("", "All"), *Cadet.Sex.choices])
    group = forms.ChoiceField(required=False, label="Papers", choices=list(GROUPS.items()))
    size = forms.ChoiceField(required=False, label="Paper size", choices=Letterhead.Paper.choices)

    def __init__(self, data, *, units, ms_levels, size):
        super().__init__(data, initial={"size": size})
        self.units = {unit.path: unit for unit in units}
        self.usual_size = size
        paths = [(path, place_of(unit) if path else "Whole corps") for path, unit in self.units.items()]
        self.fields["unit"].choices = paths
        self.fields["unit"].required = "" not in self.units
        self.fields["ms_level"].choices = [("", "All"), *((level, level) for level in ms_levels)]

    @property
    def choices(self) -> Choices:
        chosen = dict(self.cleaned_data)
        chosen["unit"] = self.units[chosen["unit"]] if chosen["unit"] else None
        chosen["size"] = chosen["size"] or self.usual_size
        return Choices(**chosen)
