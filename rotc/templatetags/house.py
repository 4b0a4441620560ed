"""How figures are written on every page. Loaded everywhere."""

from decimal import Decimal

from django import template

register = template.Library()
DASH = "–"


@register.filter
def points(value) -> str:
    """A figure with two decimals (more only where the policy keeps more); a dash where there is none."""
    if value is None or value == "":
        return DASH
    figure = Decimal(value)
    if figure == figure.quantize(Decimal("0.01")):
        return f"{figure:.2f}"
    return f"{figure.normalize():f}"


@register.filter
def number(value) -> str:
    """A count or raw score without trailing zeros; a dash where there is none."""
    return DASH if value is None or value == "" else f"{Decimal(value).normalize():f}"
