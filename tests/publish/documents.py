"""Checks the JSON documents of a publication against the schemas that it publishes itself."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from broadsheet.stages.publish.api_entry import schemas

KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("api/index.json", "", ("index",)),
    ("api/news/", "", ("news-page",)),
    ("api/stories/", "", ("story", "moved")),
    ("api/days/index.json", "", ("days",)),
    ("api/days/", "", ("day",)),
    ("api/months/", "", ("month",)),
    ("api/providers/index.json", "", ("providers",)),
    ("api/providers/", "/page/", ("provider-page",)),
    ("api/providers/", "", ("provider",)),
    ("api/topics/", "", ("topics",)),
    ("api/sources/health.json", "", ("sources-health",)),
    ("api/ads/", "", ("ads",)),
)
"""What the documents below a path (with a part in it) are of; the first that fits holds."""
OF_THE_API_ITSELF = ("api/openapi.json", "api/schema/")


def kinds_of(path: str) -> tuple[str, ...]:
    """The kinds of document that may be at the path. KeyError for a path that nobody has described."""
    for start, part, kinds in KINDS:
        if path.startswith(start) and part in path:
            return kinds
    raise KeyError(path)


def wrong_with(path: str, body: bytes) -> list[str]:
    """What is wrong with a document, empty where nothing is. A key that the schema has not is wrong as well: readers
    must pass over those, but we must describe what we write."""
    document = json.loads(body)
    found = [errors(kind, document) for kind in kinds_of(path)]
    return [] if [] in found else [f"{path}: {error}" for one in found for error in one][:5]


def wrong_with_all(files: Mapping[str, bytes]) -> list[str]:
    """The same of every document of the API among these files."""
    api = [path for path in files if path.startswith("api/") and not path.startswith(OF_THE_API_ITSELF)]
    return [error for path in api for error in wrong_with(path, files[path])]


def described(files: Iterable[str]) -> set[str]:
    """The kinds of which there is a document among these paths."""
    api = (path for path in files if path.startswith("api/") and not path.startswith(OF_THE_API_ITSELF))
    return {kind for path in api for kind in kinds_of(path)}


def errors(kind: str, document: Any) -> list[str]:
    """What is wrong with a document of this kind."""
    return [f"{error.json_path}: {error.message}"[:300] for error in _validator(kind).iter_errors(document)]


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(
        _strict()[kind], registry=_registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


@cache
def _registry() -> Registry[Any]:
    resources = [(f"{kind}.json", Resource.from_contents(schema)) for kind, schema in _strict().items()]
    return Registry[Any]().with_resources(resources)


@cache
def _strict() -> dict[str, Any]:
    return {kind: _closed(schema) for kind, schema in schemas().items()}


def _closed(schema: Any) -> Any:
    """The schema with no further keys in any object whose keys it lists."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: value if key == "examples" else _closed(value) for key, value in schema.items()}
    lists_keys = isinstance(schema.get("properties"), dict) and "required" in schema
    return closed | {"additionalProperties": False} if lists_keys else closed
