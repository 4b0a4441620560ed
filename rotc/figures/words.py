"""How figures of the system are written: milliseconds below a second, parts as a percentage, bytes in MB."""

DASH = "–"


def seconds(value: float | None) -> str:
    if value is None:
        return DASH
    return f"{value * 1000:,.0f} ms" if value < 0.9995 else f"{value:,.1f} s"


def percent(part: float | None) -> str:
    return DASH if part is None else f"{part:.1%}".replace("%", "\N{NO-BREAK SPACE}%")


def size(count: int | None) -> str:
    if count is None:
        return DASH
    return f"{count / 1024**2:,.0f} MB" if count < 10 * 1024**3 else f"{count / 1024**3:,.0f} GB"


def number(count: int | None) -> str:
    return DASH if count is None else f"{count:,}"
