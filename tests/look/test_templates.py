"""What holds for every page template of the house, read from the templates themselves."""

import functools
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


LOADED = re.compile(r"""\{% static ["']((?:css|js|vendor)/[^"']+)["'] %\}""")
IMPORTED = re.compile(r"""^(?:import|export)\b[^;]*?["']\./([^"']+)["']""", re.MULTILINE)


def scripts_with(path) -> set:
    """A script and what it brings along."""
    return {path}.union(*(scripts_with(path.parent / each) for each in IMPORTED.findall(path.read_text())))


def loaded_by(name) -> set:
    """The styles and scripts that a page and the shell around it load."""
    named = {each for page in ("base.html", name) for each in LOADED.findall((TEMPLATES / page).read_text())}
    files = (scripts_with(STATIC / each) if each.endswith(".js") else {STATIC / each} for each in named)
    return set().union(*files)


def test_no_page_of_an_officer_loads_more_than_50_kb_of_styles_and_scripts():
    weigh = functools.cache(lambda path: len(gzip.compress(path.read_bytes(), 9)))
    assert weigh(STATIC / "css/app.css") <= 9_000
    weights = {name: sum(weigh(path) for path in loaded_by(name)) for name in PAGES}
    assert weights["exams/sheet.html"] == max(weights.values()) > 40_000, "the heaviest is seen whole"
    assert {name: weight for name, weight in weights.items() if weight > 50_000} == {}
