"""The README's pictures, taken from a running invented battalion; ``make pictures`` renews them.

Needs Chromium, ImageMagick's ``convert`` and poppler's ``pdftoppm``.
"""

import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.served import CHROMIUM, ROOT, Server, sign_in

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "one-for-all-of-them"
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True}
COLOURS, MOST_BYTES = "64", 120_000


def main():
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        battalion(folder) as (server, cadet),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        officer = signed_in(browser, server, "tactical.alpha", DESK)
        keep("today", officer, "/")
        keep("sheet", officer, "/sheet/")
        keep("muster", signed_in(browser, server, "tactical.alpha", PHONE), last_training(officer))
        keep("standing", signed_in(browser, server, cadet, PHONE), "/standing/")
        paper(signed_in(browser, server, "commandant", DESK))
        browser.close()


@contextmanager
def battalion(folder):
    """A running battalion of 300, and the cadet whose sign-in is printed."""
    server = Server(folder, start=False)
    said = server.manage("seed_demo", "--cadets", 300, "--seed", 1, "--password", PASSWORD).stdout
    try:
        yield server.start(), re.search(r"^cadet (\S+)", said, re.MULTILINE)[1]
    finally:
        server.end()


def signed_in(browser, server, username, size):
    page = browser.new_context(base_url=server.url, **size).new_page()
    sign_in(page, username, PASSWORD)
    return page


def keep(name, page, address):
    page.goto(address)
    shrink(page.screenshot(), name)


def last_training(page) -> str:
    page.goto("/")
    return page.locator("a", has_text=re.compile(r"^\w+, \d+ \w+$")).last.get_attribute("href")


def paper(page):
    """The first page of a company's Computation of Grades as it leaves the printer."""
    page.goto("/reports/")
    page.get_by_label("Unit").select_option(index=2)
    page.get_by_role("button", name="Open").first.click()
    page.wait_for_url("**/computation-of-grades/**")
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "paper"
        page.pdf(path=f"{printed}.pdf", prefer_css_page_size=True)
        subprocess.run(
            ["pdftoppm", "-png", "-singlefile", "-r", "110", f"{printed}.pdf", str(printed)], check=True
        )
        shrink(printed.with_suffix(".png").read_bytes(), "paper")


def shrink(picture: bytes, name: str):
    """Keep a picture in few colours; a page gains nothing from more."""
    file = PICTURES / f"{name}.png"
    command = ["convert", "png:-", "-dither", "None", "-colors", COLOURS, "-strip", f"png8:{file}"]
    subprocess.run(command, input=picture, check=True)
    size = file.stat().st_size
    sys.stdout.write(f"{file.relative_to(ROOT)}  {size / 1000:.0f} KB\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{file.name} is larger than {MOST_BYTES / 1000:.0f} KB.")


if __name__ == "__main__":
    main()
