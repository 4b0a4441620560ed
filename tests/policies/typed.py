"""The form of a draft as a browser would send it."""

from rotc.policies.forms import DraftForm


def page_of(term) -> str:
    return f"/terms/{term.name}/policy/"


def typed(draft, **changed) -> dict:
    """Everything as it is shown, but for what is ``changed``."""
    form = DraftForm(base=draft.rules, version=draft.version)
    data = {}
    for name in form.fields:
        value = form[name].field.prepare_value(form[name].value()) if name != "scale" else None
        if value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = str(value)
    rows = draft.policy["scale"]
    data |= {"scale_from": [row[0] for row in rows], "scale_rating": [row[1] for row in rows]}
    return data | changed
