"""How a figure is written, on pages and in files."""

from decimal import Decimal


def with_decimals(value) -> str:
    """Two decimals; more only where the policy keeps more."""
    figure = Decimal(value)
    if figure == figure.quantize(Decimal("0.01")):
        return f"{figure:.2f}"
    return bare(figure)


def bare(value) -> str:
    """Without trailing zeros."""
    return f"{Decimal(value).normalize():f}"
