"""Lists of sources from OPML (http://opml.org/spec2.opml), of any version and in any state."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from broadsheet.errors import Rejected
from broadsheet.model.source import Source

LARGEST = 16 * 1024 * 1024
DEEPEST, MOST_TAGS = 8, 20


def read_opml(data: bytes, *, name: str) -> list[Source]:
    """The feeds of an OPML file, each address once, in the order of the file, tagged with the groups that they stand in
    and their categories. Raises Rejected."""
    if len(data) > LARGEST:
        raise Rejected(f"{name}: is larger than {LARGEST} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Rejected(f"{name}: is not XML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise Rejected(f"{name}: is not OPML: its first element is not <opml>")
    found: dict[str, Source] = {}
    for source in _sources(root):
        found.setdefault(source.url, source)
    return list(found.values())


def _sources(root: "etree._Element") -> Iterator[Source]:
    for outline in root.iter("outline"):
        said = _said(outline)
        address = said.get("xmlurl", "")
        if address.startswith(("http://", "https://")):
            yield Source(address, name=said.get("title") or said.get("text") or None, tags=tuple(_tags(outline, said)))


def _said(outline: "etree._Element") -> dict[str, str]:
    return {str(k).lower(): str(v).strip() for k, v in outline.attrib.items()}


def _tags(outline: "etree._Element", said: dict[str, str]) -> list[str]:
    """The groups that it stands in, the innermost first, then its `category`: words and paths parted by commas."""
    groups = [g for a in islice(outline.iterancestors("outline"), DEEPEST) if not (g := _said(a)).get("xmlurl")]
    named = [g.get("title") or g.get("text") or "" for g in groups]
    words = [step for path in said.get("category", "").split(",") for step in path.split("/")]
    return list(dict.fromkeys(tag for one in [*named, *words] if (tag := " ".join(one.split())[:100])))[:MOST_TAGS]
