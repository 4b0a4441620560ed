"""Asks axe-core what would keep somebody from using a page."""

from pathlib import Path

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}


def serious(page) -> list[str]:
    """What is serious or worse on an open Playwright page, one sentence a finding; empty when all is well."""
    page.evaluate(AXE.read_text())  # Evaluated by the debugger, so the page's CSP does not matter.
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)["violations"]
    return [
        f"{each['id']}: {each['help']} ({', '.join(str(node['target']) for node in each['nodes'][:5])})"
        for each in found
        if each["impact"] in GRAVE
    ]
