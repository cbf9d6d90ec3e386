"""What the demo publishes is valid, file by file, and describes itself."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.publish.documents import described
from tests.publish.outputs import wrong_with_files


def test_every_file_is_what_its_specification_asks(demo: Path) -> None:
    out = demo / "public"
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    news = json.loads(files["api/news/index.json"])["value"]
    newest = datetime.fromisoformat(news[0]["publishedDateTime"])
    assert len(files) > 100
    assert wrong_with_files(files, newest + timedelta(hours=1)) == []
    assert {"index", "news-page", "story", "topics", "sources-health"} <= described(files)
    OpenAPIV31SpecValidator(json.loads(files["api/openapi.json"])).validate()
