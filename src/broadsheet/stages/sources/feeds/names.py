"""Names of elements, freed from the many namespaces that say the same: `dc:creator`, `media:content`, plain `title`."""

_NAMESPACES = {
    "": (
        "http://backend.userland.com/rss", "http://backend.userland.com/rss2", "http://backend.userland.com/rss091",
        "http://backend.userland.com/rss2/", "http://blogs.law.harvard.edu/tech/rss", "http://purl.org/rss/1.0/",
        "http://purl.org/rss/1.0", "http://channel.netscape.com/rdf/simple/0.9/", "http://my.netscape.com/rdf/simple/0.9/",
        "http://my.netscape.com/publish/formats/rss-0.91.dtd", "http://purl.org/net/rss1.1#", "http://purl.org/rss/2.0/",
        "http://example.com/newformat#", "http://example.com/necho", "http://purl.org/echo/", "uri/of/echo/namespace#",
        "http://purl.org/pie/", "http://purl.org/atom/ns#", "http://purl.org/atom/1.0", "http://www.w3.org/2005/atom",
        "http://www.w3.org/2005/atom/", "http://purl.org/rss/1.0/modules/rss091#", "http://purl.org/rss/1.0/modules/rss091/",
    ),
    "atom": (),
    "dc": ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/", "http://purl.org/dc/elements/1.1"),
    "dcterms": ("http://purl.org/dc/terms/", "http://purl.org/dc/terms"),
    "content": ("http://purl.org/rss/1.0/modules/content/", "http://purl.org/rss/1.0/modules/content"),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0",),
    "itunes": (
        "http://www.itunes.com/dtds/podcast-1.0.dtd", "http://example.com/dtds/podcast-1.0.dtd",
        "https://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/dtds/podcast-1.0.dtd/",
    ),
    "googleplay": ("http://www.google.com/schemas/play-podcasts/1.0", "http://www.google.com/schemas/play-podcasts/1.0/"),
    "media": (
        "http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss", "https://search.yahoo.com/mrss/",
        "http://tools.search.yahoo.com/mrss/", "http://video.search.yahoo.com/mrss", "http://video.search.yahoo.com/mrss/",
        "http://search.yahoo.com/mrss/1.1",
    ),
    "rdf": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/1999/02/22-rdf-syntax-ns"),
    "sy": ("http://purl.org/rss/1.0/modules/syndication/",),
    "xhtml": ("http://www.w3.org/1999/xhtml",),
    "svg": ("http://www.w3.org/2000/svg",),
    "news": ("http://www.google.com/schemas/sitemap-news/0.9",),
    "image": ("http://www.google.com/schemas/sitemap-image/1.1",),
    "xml": ("http://www.w3.org/xml/1998/namespace",),
}  # fmt: skip
_PREFIX = {uri: prefix for prefix, uris in _NAMESPACES.items() for uri in uris}
_ATOM = {"atom", "atom10", "atom03", "a10", "rss"}

# Where feeds use a prefix without declaring it.
URI_OF_PREFIX = {prefix: uris[0] for prefix, uris in _NAMESPACES.items() if uris and prefix}

_MOST_KINDS = 500

BASE = "{http://www.w3.org/XML/1998/namespace}base"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


class Names(dict[str, str]):
    """From lxml's tag to our name, each worked out once in a feed: `{http://purl.org/dc/elements/1.1/}Date` to
    `dc:date`, all that RSS and Atom call theirs to the bare name, unknown namespaces to `?:name`."""

    def __init__(self, core: str = "") -> None:
        """`core` is a further namespace whose names are bare ones: that of a feed's root, whatever it is."""
        super().__init__()
        self._core = core
        # Of elements with the same kinds of children: which of the names that are asked for they have.
        self._present: dict[tuple[str, ...], dict[tuple[str, ...], tuple[str, ...]]] = {}

    def present_in(self, found: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
        """What is remembered of elements that have just these kinds of children."""
        if len(self._present) > _MOST_KINDS:
            self._present.clear()
        return self._present.setdefault(found, {})

    def __missing__(self, tag: str) -> str:
        name = self[tag] = _name(tag, self._core)
        return name


def namespace(tag: str) -> str:
    """The namespace of lxml's tag, empty if it has none."""
    return tag[1:].partition("}")[0] if tag[:1] == "{" else ""


def _name(tag: str, core: str) -> str:
    uri, _, local = tag.rpartition("}")
    local = local.lower()
    if uri and uri[1:] == core:
        return local
    if not uri:
        prefix, colon, rest = local.partition(":")
        return rest if colon and prefix in _ATOM else local
    prefix = _PREFIX.get(uri[1:].strip().lower(), "?")
    return f"{prefix}:{local}" if prefix else local
