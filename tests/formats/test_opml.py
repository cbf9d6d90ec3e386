"""Lists of sources as OPML, in and out, groups and all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.formats.opml_reading import read_opml
from broadsheet.formats.opml_writing import write_opml
from broadsheet.model.source import Source, SourceKind
from broadsheet.stages.sources.listing import source_block

NESTED = b"""<?xml version="1.0"?><opml version="1.0"><body>
<outline text="Coast"><outline text="Fish"><outline xmlUrl="https://ledger.example/f" text="The Ledger" category="/Water/Weirs,salmon"/></outline>
<outline text="Courier" title="The Courier" type="rss" XMLURL="https://courier.example/f"/></outline>
<outline text="no address"/><outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="https://ledger.example/f"/>
</body></opml>"""


def test_groups_and_categories_become_tags() -> None:
    ledger, courier = read_opml(NESTED, name="x")
    assert courier == Source("https://courier.example/f", name="The Courier", tags=("Coast",))
    assert ledger.url == "https://ledger.example/f"


def test_the_first_of_an_address_is_not_lost_to_a_poorer_one() -> None:
    ledger = read_opml(NESTED, name="x")[0]
    assert (ledger.name, ledger.tags) == ("The Ledger", ("Fish", "Coast", "Water", "Weirs", "salmon"))


names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=12)
tags = st.lists(names.filter(lambda t: "," not in t and "/" not in t), max_size=3, unique=True).map(tuple)
sources = st.lists(
    st.builds(
        Source,
        st.integers(0, 99).map("https://ledger.example/{}".format),
        st.just(SourceKind.FEED),
        names,
        st.just(False),
        tags,
    ),
    max_size=6,
    unique_by=lambda s: s.url,
)


@given(sources)
def test_out_and_in_again(listed: list[Source]) -> None:
    assert {s.url: s for s in read_opml(write_opml("T", listed), name="x")} == {s.url: s for s in listed}


@pytest.mark.parametrize("bad", [b"", b"<html/>", b"words", b"\xff" * 100])
def test_what_is_no_opml_is_refused(bad: bytes) -> None:
    with pytest.raises(Rejected, match=r"^list\.opml: "):
        read_opml(bad, name="list.opml")


def test_real_lists_are_read(shared: Path) -> None:
    found = read_opml((shared / "data" / "feeds" / "sources.opml").read_bytes(), name="sources.opml")
    assert len(found) > 900
    assert all(source.tags for source in found)


def test_tags_are_written_into_the_settings() -> None:
    assert source_block(Source("https://a.example/f", tags=('a"b', "c"))).endswith('tags = ["a\\"b", "c"]\n')
