"""Every output that follows from the origin's own records is valid, and none of them is left out."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.publish.documents import described
from tests.publish.outputs import files_of, wrong_with_files

from broadsheet.app.publications import read_publication
from broadsheet.model.publication import Publication
from broadsheet.settings import read_settings
from broadsheet.stages.publish.stories import stories_of


@pytest.fixture(scope="module")
def publication(shared: Path) -> Publication:
    opened, failures = read_publication(read_settings(shared / "data/origin/powerapps"))
    assert failures == []
    return opened


def test_every_output_of_the_origins_records_is_valid(publication: Publication, tmp_path: Path) -> None:
    files = files_of(publication, tmp_path / "out")
    newest = max(r.record.published_date_time for r in publication.records)
    assert wrong_with_files(files, newest + timedelta(hours=1), google=False) == []
    assert {"index", "news-page", "topics"} <= described(files)
    stories = {json.loads(body)["id"] for path, body in files.items() if path.startswith("api/stories/")}
    assert stories <= {story.id for story in stories_of(publication)}
    assert len(publication.records) == 674
