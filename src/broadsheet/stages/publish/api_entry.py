"""The way into the API: `api/index.json`, its OpenAPI document, the JSON Schema of each kind of document, the topics.

All of it follows from the publication's settings and registry: an article changes none of these files.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from broadsheet.model.publication import OutputFile, Publication, Site
from broadsheet.model.sponsor import Place
from broadsheet.stages.publish.api_documents import DAYS_INDEX, PROVIDERS_INDEX, TOPICS_INDEX, topics_document
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.source_files import PATH as SOURCES_HEALTH

VERSION = "1.0.0"
"""Semantic: what docs/api.md promises never breaks is broken only with a new first number."""
INDEX, OPENAPI = "api/index.json", "api/openapi.json"
NEWS = "api/news/index.json"
PROMISE = (
    "Static files: ask with GET, and use ETag and Last-Modified. A document keeps its address, a key its name and its "
    "meaning, an id what it stands for. Keys, documents and words in lists of words may be added at any time: pass "
    "over what you don't know. Paths in the documents begin at the root of the site."
)
_SCHEMAS = "broadsheet.stages.publish"
_PATHS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("getIndex", f"/{INDEX}", ("index",), "Where everything is"),
    ("listNews", f"/{NEWS}", ("news-page",), "The newest records"),
    ("listNewsPage", "/api/news/page/{n}/index.json", ("news-page",), "A page of records"),
    ("listTopicNews", "/api/news/{topic}/index.json", ("news-page",), "The newest records of a topic"),
    ("listTopicNewsPage", "/api/news/{topic}/page/{n}/index.json", ("news-page",), "A page of a topic's records"),
    ("listTopics", f"/{TOPICS_INDEX}", ("topics",), "The topics"),
    ("listDays", f"/{DAYS_INDEX}", ("days",), "The days with stories"),
    ("getDay", "/api/days/{day}/index.json", ("day",), "The stories of a day"),
    ("getMonth", "/api/months/{month}/index.json", ("month",), "The days of a closed month"),
    ("getStory", "/api/stories/{id}/index.json", ("story", "moved"), "A story, or where it went"),
    ("listProviders", f"/{PROVIDERS_INDEX}", ("providers",), "The publishers"),
    ("getProvider", "/api/providers/{domain}/index.json", ("provider",), "A publisher and its newest reports"),
    ("getProviderPage", "/api/providers/{domain}/page/{n}/index.json", ("provider-page",), "Its older reports"),
    ("getSourcesHealth", f"/{SOURCES_HEALTH}", ("sources-health",), "How the sources are, if that is told"),
    ("getAds", "/api/ads/{place}/index.json", ("ads",), "The sponsors of a place, if there are any"),
)
_TEXTS: tuple[tuple[str, str, str, str], ...] = (
    ("getOpenapi", f"/{OPENAPI}", "application/json", "This document"),
    ("getSchema", "/api/schema/{kind}.json", "application/schema+json", "The JSON Schema of a kind of document"),
    ("getRss", "/feed.xml", "application/rss+xml", "The newest stories, RSS 2.0"),
    ("getAtom", "/atom.xml", "application/atom+xml", "The newest stories, Atom; by RFC 5005 it leads to all others"),
    ("getAtomArchive", "/archive/{n}/atom.xml", "application/atom+xml", "Older stories"),
    ("getJsonFeed", "/feed.json", "application/feed+json", "The newest stories, JSON Feed 1.1"),
    ("getTopicRss", "/topics/{topic}/feed.xml", "application/rss+xml", "The newest stories of a topic"),
    ("getTopicAtom", "/topics/{topic}/atom.xml", "application/atom+xml", "The newest stories of a topic"),
    ("getTopicAtomArchive", "/topics/{topic}/archive/{n}/atom.xml", "application/atom+xml", "A topic's older stories"),
    ("getTopicJsonFeed", "/topics/{topic}/feed.json", "application/feed+json", "The newest stories of a topic"),
    ("getSitemap", "/sitemap.xml", "application/xml", "Every page, or an index of sitemaps"),
    ("getNewsSitemap", "/news-sitemap.xml", "application/xml", "The newest stories for search engines"),
    ("getSources", "/sources.opml", "text/x-opml", "The sources as OPML 2.0, if any may be named"),
    ("getRobots", "/robots.txt", "text/plain", "What crawlers may ask for"),
    ("getLlms", "/llms.txt", "text/plain", "The site for language models, if they are welcome"),
)
"""What is no document of the API, but an output that other programs read."""
_PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "n": {"description": "A page's number.", "schema": {"type": "integer", "minimum": 1}, "example": 2},
    "topic": {"description": "A topic's id.", "schema": {"type": "string"}, "example": "work"},
    "day": {"description": "A day, UTC.", "schema": {"type": "string", "format": "date"}, "example": "2026-03-12"},
    "month": {
        "description": "Year and month.",
        "schema": {"type": "string", "pattern": "^[0-9]{4}-[01][0-9]$"},
        "example": "2026-02",
    },
    "id": {"description": "A story's id.", "schema": {"type": "string"}, "example": "4f1c09ab77e2"},
    "domain": {"description": "A publisher's domain.", "schema": {"type": "string"}, "example": "ledger.example"},
    "kind": {"description": "A kind of document.", "schema": {"type": "string"}, "example": "story"},
    "place": {
        "description": "Where the sponsors stand.",
        "schema": {"type": "string", "enum": [place.value for place in Place]},
        "example": "front",
    },
}


def entry_files(publication: Publication) -> Iterator[OutputFile]:
    """`api/index.json`, `api/openapi.json`, `api/schema/<kind>.json` and `api/topics/index.json`."""
    yield OutputFile(INDEX, _text(_index(publication)))
    yield OutputFile(OPENAPI, _openapi_text(publication.site))
    for kind, body in _schema_files().items():
        yield OutputFile(f"api/schema/{kind}.json", body)
    yield OutputFile(TOPICS_INDEX, topics_document(publication.topics))


@cache
def schemas() -> Mapping[str, Mapping[str, Any]]:
    """The JSON Schema (2020-12) of each kind of document, by the kind's name; references are to files beside them.

    Read once; nobody may change them.
    """
    return MappingProxyType({kind: json.loads(body) for kind, body in _schema_files().items()})


def openapi(site: Site) -> dict[str, Any]:
    """The whole API as OpenAPI 3.1. The schemas stand in it, so that tools need no second file."""
    about = {
        "title": f"{site.title}: API",
        "version": VERSION,
        "description": "\n\n".join(filter(None, (site.description, PROMISE))),
    }
    return {
        "openapi": "3.1.0",
        "info": about,
        "servers": [{"url": links_of(site).full() if links_of(site).origin else "../", "description": "The site"}],
        "paths": {
            **{path: {"get": _document(name, path, kinds, summary)} for name, path, kinds, summary in _PATHS},
            **{path: {"get": _operation(name, path, summary, {kind: {}})} for name, path, kind, summary in _TEXTS},
        },
        "components": {"schemas": {kind: _as_component(kind, schema) for kind, schema in schemas().items()}},
    }


@lru_cache(maxsize=8)
def _openapi_text(site: Site) -> bytes:
    """Kept, since it is asked for at every build and follows from the settings alone."""
    return _text(openapi(site))


@cache
def _schema_files() -> dict[str, bytes]:
    files = (f for f in (resources.files(_SCHEMAS) / "api_schema").iterdir() if f.name.endswith(".json"))
    return {f.name.removesuffix(".json"): f.read_bytes() for f in sorted(files, key=lambda f: f.name)}


def _document(name: str, path: str, kinds: tuple[str, ...], summary: str) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/schemas/{kind}"} for kind in kinds]
    media = {
        "schema": refs[0] if len(refs) == 1 else {"anyOf": refs},
        "examples": {kind: {"value": schemas()[kind]["examples"][0]} for kind in kinds},
    }
    return _operation(name, path, summary, {"application/json": media})


def _operation(name: str, path: str, summary: str, content: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {"name": key, "in": "path", "required": True, **said}
        for key, said in _PARAMETERS.items()
        if f"{{{key}}}" in path
    ]
    return {
        "operationId": name,
        "summary": summary,
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": {"description": summary, "content": content},
            "404": {"description": "There is no such document."},
        },
    }


def _as_component(kind: str, value: Any) -> Any:
    """A schema with its references made into those of the document that it stands in."""
    if isinstance(value, list):
        return [_as_component(kind, one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _reference(kind, one) if key == "$ref" else _as_component(kind, one)
        for key, one in value.items()
        if key != "$schema"
    }


def _reference(kind: str, to: str) -> str:
    name, _, inside = to.partition("#")
    return f"#/components/schemas/{name.removesuffix('.json') or kind}{inside}"


def _index(publication: Publication) -> dict[str, Any]:
    site, links = publication.site, links_of(publication.site)
    return {
        "version": VERSION,
        "title": site.title,
        "description": site.description or None,
        "locale": site.locale,
        "url": links.full() if links.origin else None,
        "openapi": OPENAPI,
        "schema": "api/schema/{kind}.json",
        "schemas": list(_schema_files()),
        "news": NEWS,
        "newsPage": "api/news/page/{n}/index.json",
        "topicNews": "api/news/{topic}/index.json",
        "topicNewsPage": "api/news/{topic}/page/{n}/index.json",
        "topics": TOPICS_INDEX,
        "days": DAYS_INDEX,
        "day": "api/days/{day}/index.json",
        "month": "api/months/{month}/index.json",
        "story": "api/stories/{id}/index.json",
        "providers": PROVIDERS_INDEX,
        "provider": "api/providers/{domain}/index.json",
        "providerPage": "api/providers/{domain}/page/{n}/index.json",
        "sources": SOURCES_HEALTH if publication.health else None,
        "ads": "api/ads/{place}/index.json" if publication.sponsors else None,
        "feeds": {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"},
        "opml": "sources.opml" if publication.sources else None,
        "sitemap": "sitemap.xml",
        "llms": "llms.txt" if publication.ai_crawlers else None,
    }


def _text(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
