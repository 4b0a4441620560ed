"""Static files as production serves them: under names made of their content, however they call each other."""

import json
import re

from django.core.management import call_command

IMPORT = re.compile(r'^import\b[^;]*?from "([^"]+)";', re.M)


def test_every_script_asks_for_the_others_by_the_names_they_are_served_under(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "rotc.web.static_files.HouseStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    served = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    asked = set()
    for name, hashed in served.items():
        if name.startswith("js/") and name.endswith(".js"):
            script = tmp_path / hashed
            for other in IMPORT.findall(script.read_text()):
                path = (script.parent / other).resolve()
                assert path.is_file(), f"{name} asks for {other}"
                asked.add(path.relative_to(tmp_path.resolve()).as_posix())
    assert {served["js/sheet/saving.js"], served["js/sheet/outbox.js"]} <= asked
    assert asked <= set(served.values())
