"""Forms whose fields carry what they showed, so that only what was altered is written, over what was seen."""

from django.core.exceptions import ValidationError

from rotc.refusals import Stale


class CarriesWhatItShowed:
    """For a form: ``altered`` tells the fields that somebody touched, as they were shown and as they are wanted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def altered(self) -> dict[str, tuple]:
        """``{field: (as it was shown, as it is wanted)}``"""
        return {name: (self._shown(name), self.cleaned_data[name]) for name in self.changed_data}

    def _shown(self, name):
        bound = self[name]
        kept = bound.field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        try:
            return bound.field.to_python(kept if kept is not None else "")
        except ValidationError:
            return kept


def alter(thing, name, seen, wanted) -> tuple | None:
    """Set one field of a row that is locked; ``(before, after)``, or None when it stands like that already.

    Raises ``Stale`` when it is no longer as it was seen.
    """
    current = getattr(thing, name)
    if current == wanted:
        return None
    if current != seen:
        word = thing._meta.get_field(name).verbose_name
        raise Stale(
            f"Somebody changed the {word} to “{current or 'nothing'}” meanwhile. Nothing of yours was written; "
            "open the page again.",
            current,
        )
    setattr(thing, name, wanted)
    return current, wanted
