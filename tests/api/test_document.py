"""The OpenAPI document says what is there, and its page says the same to people."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rotc.operations import maintenance
from tests.test_access import addresses
from tests.test_house import HOUSE, SOURCES, name_of, package_of

HTTP = {"get", "post"}


@pytest.fixture
def document(client, db):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(document):
    return [
        (path, method, facts)
        for path, methods in document["paths"].items()
        for method, facts in methods.items()
    ]


def of_the_api():
    """Every address of the API itself, without what stands open beside it."""
    return {
        "/" + route: name
        for route, name, view in addresses()
        if name.startswith("api:") and not view.__module__.startswith("rotc.")
    }


def references(given):
    if isinstance(given, dict):
        for name, value in given.items():
            yield from [value] if name == "$ref" else references(value)
    elif isinstance(given, list):
        for each in given:
            yield from references(each)


def test_it_names_each_address_and_no_other(document):
    assert set(document["paths"]) == set(of_the_api())
    assert len(document["paths"]) == 6


def test_its_shape_is_that_of_openapi(document):
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] and document["info"]["version"] == "1"
    ids = [facts["operationId"] for _, _, facts in operations(document)]
    assert len(ids) == len(set(ids)) == 6
    for path, method, facts in operations(document):
        assert method in HTTP and facts["description"], path
        assert {"200", "401", "503"} <= set(facts["responses"]), path
        for status, answer in facts["responses"].items():
            schema = answer["content"]["application/json"]["schema"]["$ref"]
            assert status == "200" or schema.endswith("/Error")
        for each in facts["parameters"]:
            assert each["in"] == "query" and each["name"] and each["schema"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


def test_every_operation_but_signing_in_asks_for_a_token(document, client):
    assert document["components"]["securitySchemes"] == {"Bearer": {"type": "http", "scheme": "bearer"}}
    for path, method, facts in operations(document):
        answer = getattr(client, method)(path, content_type="application/json")
        assert (
            (answer.status_code == 401)
            == (facts.get("security") == [{"Bearer": []}])
            == (path != "/api/v1/auth/login")
        )


def test_a_scan_is_described_although_each_is_read_by_itself(document):
    scans = document["components"]["schemas"]["Scans"]["properties"]["scans"]
    scan = document["components"]["schemas"]["Scan"]

    assert scans["items"] == {"$ref": "#/components/schemas/Scan"}
    assert scans["maxItems"] == 200
    assert set(scan["required"]) == {"id", "day", "mark"}


def test_the_page_says_the_same_to_people_and_loads_nothing_from_elsewhere(client, document):
    page = client.get("/api/v1/docs", follow=True)
    text = page.content.decode()

    for path, method, _ in operations(document):
        assert f"{method.upper()} {path}" in text
    assert "https://" not in text
    assert not re.findall(r"<script(?![^>]*src=\"/static/)", text)


def test_no_package_but_the_api_knows_the_library():
    knowing = {
        name_of(path)
        for path in SOURCES
        if package_of(path) != "api" and re.search(r"(import|from) (ninja|pydantic)\b", path.read_text())
    }

    assert knowing == set()
    assert any("ninja" in path.read_text() for path in (HOUSE / "api").glob("*.py"))


def test_every_view_of_the_api_is_closed_to_cookies_and_kept_by_nobody(as_user, administrator):
    client = as_user(administrator)
    for path in of_the_api():
        for ask in (client.get, client.post):
            answer = ask(path, content_type="application/json")
            assert answer.status_code in (400, 401, 405, 422), path
            assert answer["Cache-Control"] == "no-store"
            assert "Content-Security-Policy" in answer
            assert not answer.cookies


def test_no_token_of_a_form_is_asked_for(by, tactical):
    caller = by(tactical)
    caller.client = Client(enforce_csrf_checks=True)

    assert caller.post("attendance", {"scans": [{}]}).status_code == 200


def test_while_there_is_maintenance_programs_are_told_when_to_come_back(by, nobody, commandant):
    end = timezone.now() + timedelta(minutes=30)
    maintenance.begin(until=end, because="The roster is being mended.", by=commandant)
    try:
        for answer in (
            by(commandant).get("roster"),
            nobody.post("auth/login", {}),
            nobody.get("nowhere-yet"),
        ):
            if answer.status_code == 404:
                continue  # nothing is there before or after
            assert answer.status_code == 503
            assert 1700 < int(answer["Retry-After"]) <= 1801
            sentence = answer.json()["error"]
            assert f"It is back at {maintenance.said(end)}" in sentence
            assert "The roster is being mended." in sentence
        assert nobody.client.get("/api/v1/openapi.json").status_code == 503
    finally:
        maintenance._known = None
