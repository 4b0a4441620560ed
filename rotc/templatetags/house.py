"""How figures are written on every page. Loaded everywhere."""

from django import template

from rotc.web.figures import bare, with_decimals

register = template.Library()
DASH = "–"


@register.filter
def points(value) -> str:
    """A figure with two decimals (more only where the policy keeps more); a dash where there is none."""
    return DASH if value is None or value == "" else with_decimals(value)


@register.filter
def number(value) -> str:
    """A count or raw score without trailing zeros; a dash where there is none."""
    return DASH if value is None or value == "" else bare(value)
