"""Lists of sources as OPML 2.0 (http://opml.org/spec2.opml), in and out."""

from collections.abc import Iterator, Sequence

from lxml import etree

from broadsheet.errors import Rejected
from broadsheet.model.source import Source, SourceKind

LARGEST = 16 * 1024 * 1024


def read_opml(data: bytes, *, name: str) -> list[Source]:
    """The feeds of an OPML file, each address once, in the order of the file. Raises Rejected."""
    if len(data) > LARGEST:
        raise Rejected(f"{name}: is larger than {LARGEST} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Rejected(f"{name}: is not XML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise Rejected(f"{name}: is not OPML: its first element is not <opml>")
    return list({source.url: source for source in _sources(root)}.values())


def write_opml(title: str, sources: Sequence[Source]) -> bytes:
    """The feeds among these sources as OPML; other kinds have no place in that format."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind is SourceKind.FEED:
            name = "".join(char for char in source.name or source.url if char.isprintable())
            etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=source.url)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _sources(root: "etree._Element") -> Iterator[Source]:
    for outline in root.iter("outline"):
        said = {str(k).lower(): str(v).strip() for k, v in outline.attrib.items()}
        address = said.get("xmlurl", "")
        if address.startswith(("http://", "https://")):
            yield Source(address, name=said.get("title") or said.get("text") or None)
