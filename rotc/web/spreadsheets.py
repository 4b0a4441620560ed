FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula, whoever typed it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
