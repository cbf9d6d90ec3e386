"""The record that the documentation shows is one, and text that is kept as it stood survives copying."""

import copy
import pickle
import re
from pathlib import Path

from broadsheet.model.record import Verbatim
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.reader import read_record

PAGE = Path(__file__).parents[2] / "docs" / "records.md"


def test_the_documented_record_is_one() -> None:
    found = re.search(r"(    ---\n(?:(?:    .*)?\n)+?    ---\n)", PAGE.read_text())
    assert found
    text = "".join(line[4:] or "\n" for line in found[1].splitlines(keepends=True)) + "\n"
    assert emit_record(read_record(text.encode(), path="docs/records.md")) == text


def test_kept_text_survives_copying() -> None:
    kept = Verbatim("yes", "yes ")
    for same in (copy.deepcopy(kept), pickle.loads(pickle.dumps(kept))):
        assert (same, same.source, type(same)) == ("yes", "yes ", Verbatim)
    assert hash(kept) == hash("yes")
