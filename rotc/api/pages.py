"""The OpenAPI document, and the same as a page shows it."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from rotc.api.service import api


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    needed: bool
    about: str


@dataclass(frozen=True)
class Operation:
    """One operation: what it takes in the address and in the body, and what it answers."""

    method: str
    path: str
    about: list[str]
    asked: list[Field]
    given: list[Field]
    answered: list[Field]
    open: bool


@cache
def document() -> dict:
    home = reverse("api:document").removesuffix("openapi.json")
    return dict(api.get_openapi_schema(path_prefix=home))


@cache
def operations() -> list[Operation]:
    return [
        _operation(method.upper(), path, facts)
        for path, methods in document()["paths"].items()
        for method, facts in methods.items()
    ]


def _operation(method, path, facts) -> Operation:
    body = facts.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = facts["responses"][200]["content"]["application/json"]["schema"]
    return Operation(
        method,
        path,
        facts["description"].split("\n\n"),
        [_field(each["name"], each["schema"], each["required"]) for each in facts["parameters"]],
        _fields(body) if body else [],
        _fields(answer),
        "security" not in facts,
    )


def _fields(schema) -> list[Field]:
    schema = _found(schema)
    needed = schema.get("required", [])
    return [_field(name, each, name in needed) for name, each in schema["properties"].items()]


def _found(schema) -> dict:
    """The schema itself, where this only points at it."""
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return document()["components"]["schemas"][name] if name else schema


def _field(name, schema, needed) -> Field:
    return Field(name, _kind(schema), needed, schema.get("description", ""))


def _kind(schema) -> str:
    """What sort of value it is, in a few words."""
    if choices := schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(_kind(each) for each in choices if each.get("type") != "null")
    if "enum" in schema:
        return ", ".join(f"“{each}”" for each in schema["enum"] if each)
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    return schema.get("format") or schema.get("type", "anything")
