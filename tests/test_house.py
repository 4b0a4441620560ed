"""The rules of the house, read from its source."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "rotc"
SOURCES = [path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# From those who know nobody to those who may know everybody above them. What is not named stands last.
ORDER = [
    {"web", "grading", "live", "journal", "figures"},
    {"roster"},
    {"accounts"},
    {"attendance", "conduct", "exams"},
    {"verdicts"},
    {"standings"},
]
PACKAGES = {path.parent.name for path in HOUSE.glob("*/__init__.py")} - {"access", "migrations", "management"}
# The only ones who erase: a record that never had a grade.
ERASERS = {"rotc/roster/erasing.py", "rotc/attendance/taking_back.py", "rotc/conduct/taking_back.py"}
# Where a package meets the rights: what a person may hear, and who needs a second factor.
DOORS = {"views", "doors", "pages", "urls", "middleware", "context", "channels", "streams"}


def place(package) -> int:
    return next((number for number, row in enumerate(ORDER) if package in row), len(ORDER))


def package_of(path) -> str:
    return path.relative_to(HOUSE).parts[0] if len(path.relative_to(HOUSE).parts) > 1 else ""


def name_of(path) -> str:
    return str(path.relative_to(ROOT))


def tree(path) -> ast.Module:
    return ast.parse(path.read_text(), name_of(path))


def imports_of(path):
    """Every module of the house that a file imports, with the names taken from it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "rotc":
            for alias in node.names:
                yield [*node.module.split(".")[1:], alias.name]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("rotc."):
                    yield alias.name.split(".")[1:]


def functions(path):
    return [
        node for node in ast.walk(tree(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def found_in(paths, pattern) -> list[str]:
    search = re.compile(pattern)
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if search.search(line)
    ]


def test_imports_point_one_way():
    against = [
        f"{name_of(path)} imports {'.'.join(target)}"
        for path in SOURCES
        if package_of(path) in PACKAGES and path.stem not in DOORS
        for target in imports_of(path)
        if target[0] in PACKAGES and place(target[0]) > place(package_of(path))
    ]

    assert against == []


def test_rights_are_asked_at_doors_and_never_below_them():
    below = [
        name_of(path)
        for path in SOURCES
        if path.stem in ("actions", "models")
        and any(target[0] in ("access", "rights") for target in imports_of(path))
    ]

    assert below == []


def test_no_package_takes_anothers_views_or_forms():
    taken = [
        f"{name_of(path)} imports {'.'.join(target)}"
        for path in SOURCES
        for target in imports_of(path)
        if target[0] in PACKAGES - {package_of(path)}
        and {"views", "forms", "doors"} & set(target[1:])
        and path.name != "urls.py"
    ]

    assert taken == []


def test_the_engine_stands_on_the_standard_library_alone():
    import sys

    outside = {
        f"{name_of(path)}: {module}"
        for path in (HOUSE / "grading").glob("*.py")
        for node in ast.walk(tree(path))
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("rotc.grading")
    }

    assert outside == set()


def test_only_reactions_and_commands_ask_for_many_packages_consequences():
    """An action ends with a call to ``reactions``; nobody else refreshes standings after a fact."""
    refreshing = [
        name_of(path)
        for path in SOURCES
        if package_of(path) not in ("standings", "jobs") and path.stem == "actions"
        for target in imports_of(path)
        if target[:2] == ["standings", "actions"]
    ]

    assert refreshing == []


def test_views_hold_no_queries():
    views = [path for path in SOURCES if path.stem in ("views", "doors")]

    assert found_in(views, r"\.objects\b|get_object_or_404|\.aggregate\(|\.annotate\(") == []


def test_every_action_says_who_does_it():
    silent = [
        f"{name_of(path)}: {function.name}"
        for path in SOURCES
        if path.name == "actions.py" and package_of(path) not in ("journal", "standings", "jobs")
        for function in tree(path).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_") and writes(function)
        if "by" not in {argument.arg for argument in function.args.kwonlyargs} and not function.args.kwarg
    ]

    assert silent == []


def writes(function) -> bool:
    """Whether a function opens a transaction: helpers that are called inside one are no actions."""
    return "atomic" in ast.dump(function)


def test_everything_is_answered_by_functions_and_nothing_by_signals():
    signals = r"django\.(db\.models|core|contrib\.auth|dispatch)[\w.]*signals|import receiver|Signal\("
    generic = r"django\.views\.generic|as_view\(\)"

    assert found_in(SOURCES, f"{signals}|{generic}") == []


def test_nothing_is_deleted_that_was_a_fact():
    kept = "Score|AttendanceMark|ConductEntry|Override|Enrollment|Cadet|JournalEntry"
    led_to = "scores|marks|conduct|overrides|enrollments|place|cadet|enrollment|entry|score|mark"
    pattern = rf"(({kept})\.objects|\b({led_to})\b)[^#]*\.delete\("
    elsewhere = [path for path in SOURCES if name_of(path) not in ERASERS]

    assert found_in(elsewhere, pattern) == []
    assert all(found_in([ROOT / name], pattern) for name in ERASERS)


def test_pages_carry_no_style_nor_script_of_their_own():
    # The standing page carries one style sheet inside, allowed by its hash.
    attributes = r"""\s(style|on(click|change|submit|input|load|error|key\w+))\s*=\s*["']"""

    assert found_in(TEMPLATES, attributes) == []
    assert (
        found_in(TEMPLATES, r"""<script(?![^>]*\ssrc=)(?![^>]*type="application/json")[^>]*>|javascript:""")
        == []
    )
    assert found_in(TEMPLATES, r"""\bhx-on\b|hx-vals=['"]js:""") == []


def test_nothing_points_outside_the_project():
    ours = [
        path
        for folder in ("rotc", "templates", "static", "docs", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".md", ".txt"}
        and "vendor" not in path.parts
        and path != Path(__file__)
    ]
    ours += [ROOT / name for name in ("README.md", "Makefile", "pyproject.toml", "Procfile", "render.yaml")]
    outside = r"/work/|\bshared/|\b(GRADING|DESIGN|UNIT|SHEET|LIBRARIES)\.md\b|/home/\w"

    assert found_in([path for path in ours if path.exists()], outside) == []


def test_every_table_with_a_choice_or_a_number_of_its_own_has_its_invariants_in_the_database():
    from django.apps import apps

    # A row of these is free text or is made by a migration; nothing in it can contradict another row.
    free = {"JournalEntry", "Letterhead", "Signatory", "User", "Standing"}
    bare = {
        model.__name__
        for model in apps.get_app_config("rotc").get_models()
        if not model._meta.constraints and not model._meta.unique_together
    }

    assert bare <= free


def test_every_address_has_a_name_and_ends_as_addresses_here_end():
    from tests.test_access import own_addresses

    odd = [
        route
        for route, name, _ in own_addresses()
        # Collectors ask for their figures at this address and no other.
        if name.endswith("None") or not (route in ("", "metrics") or route.endswith("/") or "." in route)
    ]

    assert odd == []


def test_models_and_migrations_agree(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_system_check_has_nothing_to_say():
    from django.core import checks

    assert [str(each) for each in checks.run_checks()] == []


@pytest.mark.parametrize("word", ["coming soon", "TODO", "FIXME", "XXX", "lorem ipsum", "not implemented"])
def test_nothing_is_left_for_later(word):
    assert found_in([*SOURCES, *TEMPLATES], rf"(?i:{word})" if word.islower() else rf"\b{word}\b") == []


def test_a_locked_row_may_still_be_pointed_at():
    """A plain ``FOR UPDATE`` makes whoever writes a score wait at their commit for who edits the cadet, and both
    for each other."""
    assert found_in(SOURCES, r"select_for_update\((?!.*no_key=True)") == []
