import io
import json

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from rotc import access
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.jobs import actions as jobs
from tests import factories

HEAD = "Student ID,Last Name,First Name,Middle Name,Email,Contact Number,Battalion,Company,Platoon,MS Level"
JUAN = "0012-0001,Dela Cruz,Juan,Santos,juan@example.org,09171234567,1st,Alpha,1,MS1"
ANA = "0012-0002,Peña,Ana,,ana@example.org,,1st,Alpha,2nd,MS 2"


def csv_of(*lines) -> bytes:
    return "\n".join(lines).encode()


def xlsx_of(rows, **other_sheets) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for name, lines in {"Roster": rows, **other_sheets}.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)
    return data.getvalue()


def give(client, term, data, name="roster.csv", kind="roster", **choices):
    """Give a file on the page of its kind."""
    upload = SimpleUploadedFile(name, data)
    return client.post(f"/imports/{kind}/", {"term": term.name, "file": upload, **choices})


def checked(client, term, data, **given):
    """Give a file that can be read; the address of its plan."""
    answer = give(client, term, data, **given)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def plan_at(url) -> ImportPlan:
    """The plan whose page this is."""
    return ImportPlan.objects.get(pk=url.rstrip("/").split("/")[-1])


def chosen(client, url, **other):
    """The fields of "Read it differently" as the page shows them."""
    fields = {bound.name: bound.value() for bound in client.get(url).context["choices"]}
    return {
        name: value for name, value in (fields | other).items() if value is not None and value is not False
    }


def worked(client, url):
    """Let the worker do what a plan waits for; the plan's page afterwards."""
    jobs.run(plan_at(url).job_id)
    return client.get(url)


def committed(client, url, **given):
    """Confirm a plan and let the worker write it; the plan's page afterwards."""
    assert client.post(f"{url}commit/", given).status_code == 302
    return worked(client, url)


def taken_back(client, url):
    """Undo a committed plan; the plan's page afterwards."""
    assert client.post(f"{url}undo/").status_code == 302
    return worked(client, url)


class Outcome(dict):
    status = 0


@pytest.fixture
def run(term, tmp_path, capsys):
    """``run(bytes, *options)``: the command's JSON with its exit ``status``; commits unless told ``check``."""

    def import_file(data, *options, name="roster.csv", kind="roster", check=False, term=term):
        file = tmp_path / name
        file.write_bytes(data)
        status = 0
        capsys.readouterr()
        commit = [] if check else ["--commit"]
        try:
            call_command("import_file", kind, str(file), "--term", term.name, "--json", *commit, *options)
        except SystemExit as stopped:
            status = stopped.code
        outcome = Outcome(json.loads(capsys.readouterr().out))
        outcome.status = status
        return outcome

    return import_file


@pytest.fixture
def juan(enrollment):
    return enrollment


@pytest.fixture
def ana(platoon):
    return factories.enroll(platoon, "0012-0002", "Peña", "Ana")


@pytest.fixture
def check_scores(term, tactical):
    """``check_scores(*lines)``: the plan of a file that the tactical officer of Alpha gives."""

    def give(*lines, by=tactical, name="scores.csv", data=None, **choices):
        reach = access.import_reach(by, "scores", term) if by else everybody(term)
        data = data or csv_of(*lines)
        return make_plan("scores", term, name, data, Choices(**choices), by=by, reach=reach)

    return give


@pytest.fixture
def commit_scores(term, tactical):
    def write(plan, by=tactical, reason=""):
        plan.reason = reason
        plan.save(update_fields=["reason"])
        return commit_plan(plan, by=by, reach=access.import_reach(by, "scores", term))

    return write


@pytest.fixture
def undo_scores(term, tactical):
    def take_back(plan, by=tactical):
        return undo_plan(plan, by=by, reach=access.import_reach(by, "scores", term))

    return take_back
