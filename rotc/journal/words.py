"""How a change was made, in the words of who reads it."""

HOW = {
    "typed": "typed",
    "form": "sheet form",
    "paste": "pasted",
    "import": "import",
    "fill": "filled",
    "double entry": "double entry",
    "undo": "put back",
    "command": "command line",
    "page": "on its page",
    "bulk": "many at once",
    "fill blanks": "blanks filled",
    "export": "file",
    "report": "report",
    "api": "API",
    "scan": "scanned",
}


def said(how: str) -> str:
    """``how`` of a line in words; a way without a word of its own says itself."""
    return HOW.get(how, how)
