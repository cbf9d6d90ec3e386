"""Every document that a publication has is what its JSON Schema and its OpenAPI document say."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.publish.conftest import NEWEST, a_publication
from tests.publish.documents import described, errors, kinds_of, wrong_with, wrong_with_all

from broadsheet.model.publication import Publication
from broadsheet.model.source import Source
from broadsheet.model.sponsor import Sponsor
from broadsheet.model.taxonomy import Topic
from broadsheet.model.vitals import Finding, SourceHealth, Trouble
from broadsheet.stages.publish.api_documents import (
    ProviderFacts,
    day_document,
    day_path,
    days_document,
    month_document,
    month_path,
    provider_document,
    provider_page,
    provider_path,
    providers_document,
    report_item,
    story_summary,
)
from broadsheet.stages.publish.api_entry import entry_files, openapi, schemas
from broadsheet.stages.publish.build import build

DAY = date(2026, 3, 12)


def with_everything() -> Publication:
    """A publication with something in every kind of document."""
    finding = Finding(Trouble.SILENT, NEWEST, "31 days")
    topics = (
        Topic(id="small-news", name="Small News"),
        Topic(id="law", name="Law", order=1, parent="Small News", services={"news": "x"}),
    )
    base = a_publication()
    return a_publication(
        topics=topics,
        health=(SourceHealth("https://kelp.example/f", "Kelp", (finding,), 3600, NEWEST), SourceHealth("b", "b")),
        sources=(Source("https://kelp.example/f"),),
        sponsors=(
            Sponsor("tern", "Tern Cycles", "Bicycles for headwinds.", "https://tern.example/", ends=date(2027, 1, 1)),
        ),
        moved={"gone": base.stories[0].id},
    )


def built(publication: Publication, out: Path) -> dict[str, bytes]:
    build(publication, out)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


@pytest.mark.parametrize("kind", schemas())
def test_a_schema_is_one_and_its_example_fits(kind: str) -> None:
    schema = schemas()[kind]
    Draft202012Validator.check_schema(schema)
    assert errors(kind, schema["examples"][0]) == []
    assert all(_descriptions(schema)), f"{kind}: a key without a word on it"


def _descriptions(schema: Any) -> list[bool]:
    if isinstance(schema, list):
        return [d for one in schema for d in _descriptions(one)]
    if not isinstance(schema, dict):
        return []
    own = [
        bool(p.get("description") or p.get("$ref") or "enum" in p)
        for p in (schema.get("properties") or {}).values()
        if isinstance(p, dict)
    ]
    return own + [d for key, one in schema.items() if key != "examples" for d in _descriptions(one)]


def test_a_built_publication_is_what_its_schemas_say(tmp_path: Path) -> None:
    files = built(with_everything(), tmp_path / "out")
    assert wrong_with_all(files) == []
    assert {"index", "news-page", "story", "moved", "topics", "sources-health", "ads"} <= described(files)
    published = {p.removeprefix("api/schema/").removesuffix(".json") for p in files if p.startswith("api/schema/")}
    assert published == set(schemas())
    assert all(json.loads(files[f"api/schema/{kind}.json"]) == schema for kind, schema in schemas().items())


def test_the_checks_do_find_what_is_wrong() -> None:
    page = {"page": 1, "value": [], "nextPage": None}
    assert wrong_with("api/news/index.json", json.dumps(page).encode()) == []
    for bad in ({"page": "1"}, {"nextPage": 0}, {"value": [{}]}, {"more": 1}):
        assert wrong_with("api/news/index.json", json.dumps(page | bad).encode())
    summary = json.loads(story_summary(a_publication().stories[0]))
    for bad in (
        {"path": "/api/x"},
        {"webUrl": "javascript:x"},
        {"day": "12.3.2026"},
        {"updatedDateTime": "2026-03-12"},
    ):
        body = json.dumps({"day": "2026-03-12", "page": "x", "value": [summary | bad]}).encode()
        assert wrong_with("api/days/2026-03-12/index.json", body)
    with pytest.raises(KeyError):
        kinds_of("api/unknown.json")


def test_lists_of_stories_days_and_providers_are_what_their_schemas_say() -> None:
    stories = a_publication().stories
    items = [report_item(m, s.id) for s in stories for m in s.members]
    facts = ProviderFacts("Kelp", "kelp.example", "logos/k.png", "providers/kelp.example/", trusted=True)
    files = {
        day_path(DAY): day_document(DAY, [story_summary(s) for s in stories]),
        month_path(DAY): month_document(DAY, [DAY]),
        "api/days/index.json": days_document([DAY], [DAY]),
        "api/providers/index.json": providers_document([("Kelp", "kelp.example"), ("X", "..")]),
        str(provider_path("kelp.example")): provider_document(facts, items, 3),
        str(provider_path("kelp.example", 3)): provider_page(3, items, None),
    }
    assert wrong_with_all(files) == []
    assert described(files) == {"day", "days", "month", "provider", "provider-page", "providers"}


def test_the_openapi_document_is_valid_and_names_every_document(tmp_path: Path) -> None:
    files = built(with_everything(), tmp_path / "out")
    said = json.loads(files["api/openapi.json"])
    OpenAPIV31SpecValidator(said).validate()
    assert said["info"]["version"] == json.loads(files["api/index.json"])["version"]
    forms = {re.compile("/?" + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))) for path in said["paths"]}
    read_by_programs = ("api/", "feed", "atom", "sitemap.xml", "news-sitemap", "robots", "llms", "sources.opml")
    documents = [p for p in files if p.startswith(read_by_programs) and not p.endswith(".html")]
    assert [p for p in documents if not any(form.fullmatch("/" + p) for form in forms)] == []
    for path, item in said["paths"].items():
        media = item["get"]["responses"]["200"]["content"].get("application/json", {})
        for kind, example in media.get("examples", {}).items():
            assert example["value"] == schemas()[kind]["examples"][0], path
        assert (
            media.get("examples")
            or not path.startswith("/api/")
            or item["get"]["operationId"] in ("getOpenapi", "getSchema")
        )
        names = {p["name"] for p in item["get"].get("parameters", ())}
        assert names == set(re.findall(r"{(\w+)}", path))


def test_the_openapi_document_needs_no_other_file() -> None:
    said = openapi(a_publication().site)
    refs = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(said)))
    assert refs
    assert all(ref.startswith("#/components/schemas/") for ref in refs)
    for ref in refs:
        place: Any = said
        for step in ref.removeprefix("#/").split("/"):
            place = place[step]
        assert "type" in place


def test_where_the_site_has_no_address_the_server_is_where_the_document_lies() -> None:
    assert openapi(a_publication().site)["servers"][0]["url"] == "https://hours.example/"
    homeless = a_publication(site=type(a_publication().site)(title="X"))
    assert openapi(homeless.site)["servers"][0]["url"] == "../"
    assert json.loads(next(iter(entry_files(homeless))).body)["url"] is None


def test_an_article_changes_nothing_of_the_way_in() -> None:
    base = with_everything()
    fewer = with_everything()
    fewer = type(base)(
        **{f: getattr(fewer, f) for f in base.__slots__} | {"records": base.records[1:], "stories": base.stories[1:]}
    )
    assert list(entry_files(base)) == list(entry_files(fewer))


def test_everything_that_the_index_names_is_there(tmp_path: Path) -> None:
    files = built(with_everything(), tmp_path / "out")
    index = json.loads(files["api/index.json"])
    about = {"version", "title", "description", "locale", "url"}
    listed = {"days", "providers"}  # written by what keeps the lists of stories
    names = {k: v for k, v in index.items() if k not in about | listed and isinstance(v, str) and "{" not in v}
    assert {k: v for k, v in (names | index["feeds"]).items() if v not in files} == {}


@given(st.text(), st.text(), st.text())
def test_whatever_a_site_is_called_the_way_in_is_whole(title: str, name: str, description: str) -> None:
    site = type(a_publication().site)(title=title, description=description)
    topic = Topic(id="a", name=name, parent="x", description=description or None)
    publication = Publication(site, (topic,), {}, ())
    files = {file.path: file.body for file in entry_files(publication)}
    assert wrong_with_all(files) == []
    clean = title.encode("utf-8", "replace").decode()
    assert json.loads(files["api/index.json"])["title"] == clean
    assert json.loads(files["api/openapi.json"])["info"]["title"] == f"{clean}: API"
