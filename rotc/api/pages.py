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
    body = facts.get("requestBody")
    return Operation(
        method,
        path,
        facts["description"].split("\n\n"),
        [_field(each["name"], each["schema"], each["required"]) for each in facts["parameters"]],
        _fields(_sent(body)) if body else [],
        _fields(_sent(facts["responses"][200])),
        "security" not in facts,
    )


def _sent(facts) -> dict:
    return facts["content"]["application/json"]["schema"]


def _fields(schema, prefix="") -> list[Field]:
    """The fields of an object, each followed by those inside it: ``scans[].id``."""
    schema, found = _found(schema), []
    for name, each in schema["properties"].items():
        found.append(_field(prefix + name, each, name in schema.get("required", [])))
        inner, mark = _inner(each)
        if inner:
            found += _fields(inner, f"{prefix}{name}{mark}.")
    return found


def _inner(schema) -> tuple[dict | None, str]:
    """The object that a field holds, itself or in a list, if any."""
    if schema.get("type") == "array":
        return (schema["items"], "[]") if "$ref" in schema["items"] else (None, "")
    pointing = [each for each in (schema, *schema.get("anyOf", [])) if "$ref" in each]
    return (pointing[0] if pointing else None), ""


def _found(schema) -> dict:
    """The schema that this points at."""
    return document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]


def _field(name, schema, needed) -> Field:
    kind = _kind(schema)
    return Field(
        name, kind if needed else kind.removesuffix(" or null"), needed, schema.get("description", "")
    )


def _kind(schema) -> str:
    """What sort of value it is, in a few words."""
    if choices := schema.get("anyOf"):
        return " or ".join(_kind(each) for each in choices)
    if "enum" in schema:
        return ", ".join(f"“{each}”" for each in schema["enum"] if each)
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}s"
    if "$ref" in schema:
        return "object"
    return schema.get("format") or {"string": "text"}.get(schema["type"], schema["type"])
