"""What holds for every page template of the house, read from the templates themselves."""

import gzip
import re

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode

TEMPLATES = settings.BASE_DIR / "templates"
STATIC = settings.BASE_DIR / "static"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
PARTS = re.compile(r"(^|/)(_[^/]*|elements/.*|snippets/.*)$|^django/")
# The cadet's page carries its style with it; the pages for a broken server lean on nothing.
ALONE = {
    "base.html",
    "print.html",
    "500.html",
    "away.html",
    "standings/standing.html",
    "imports/log.html",
    "double_entry/paper.html",
    "accounts/signed_in.html",
}
PAGES = [name for name in NAMES if not PARTS.search(name) and name not in ALONE]
INLINE = [
    re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    re.compile(r"\sstyle\s*=\s*[\"']", re.IGNORECASE),
    re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    re.compile(r"javascript:", re.IGNORECASE),
    re.compile(r"<style(?!>\{\{ style)", re.IGNORECASE),
]


def foundation(name: str) -> str:
    """The template that ``name`` stands on in the end."""
    while parents := get_template(name).template.nodelist.get_nodes_by_type(ExtendsNode):
        name = parents[0].parent_name.token.strip("\"'")
    return name


def test_there_are_pages_to_look_at():
    assert len(PAGES) > 40


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_on_the_shell_or_on_paper(name):
    assert foundation(name) in {"base.html", "print.html"}


@pytest.mark.parametrize("name", NAMES)
def test_no_template_carries_script_or_style_of_its_own(name):
    text = (TEMPLATES / name).read_text()
    assert [found.group() for pattern in INLINE for found in pattern.finditer(text)] == []


def test_the_page_for_a_broken_server_leans_on_nothing_and_links_what_is_there():
    text = (TEMPLATES / "500.html").read_text()
    assert "{%" not in text and "{{" not in text
    for link in re.findall(r'"/static/([^"]+)"', text):
        assert (STATIC / link).is_file(), link


def test_the_shell_of_an_officer_weighs_at_most_50_kb():
    files = [*STATIC.glob("css/app.css"), *STATIC.glob("vendor/*.js"), *STATIC.glob("js/**/*.js")]
    weights = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert weights["app.css"] <= 9_000
    assert sum(weights.values()) <= 50_000, weights
