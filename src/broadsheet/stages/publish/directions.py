"""What machines are told of the site: `robots.txt`, `llms.txt`, `sources.opml`.

All three follow from the publication's settings and registry: an article changes none of them.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from broadsheet.formats.opml_writing import write_opml
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.source import Source, SourceKind
from broadsheet.stages.publish.api_documents import DAYS_INDEX, PROVIDERS_INDEX, TOPICS_INDEX
from broadsheet.stages.publish.api_entry import INDEX, NEWS, OPENAPI
from broadsheet.stages.publish.site.links import Links, links_of, topic_path, web_address

AI_CRAWLERS = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User", "Claude-Web",
    "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "DuckAssistBot", "FacebookBot",
    "Google-Extended", "GPTBot", "ImagesiftBot", "Meta-ExternalAgent", "MistralAI-User", "OAI-SearchBot", "omgili",
    "PanguBot", "Perplexity-User", "PerplexityBot", "Timpibot", "Webzio-Extended", "YouBot",
)  # fmt: skip
"""The names, in their makers' documentation, of crawlers that collect for language models or answer from them."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")


def direction_files(publication: Publication) -> Iterator[OutputFile]:
    """`robots.txt`; `llms.txt` where such readers are welcome; `sources.opml` where a feed may be named."""
    yield OutputFile("robots.txt", robots_txt(publication).encode())
    if publication.ai_crawlers:
        yield OutputFile("llms.txt", llms_txt(publication).encode("utf-8", "replace"))
    named = public_feeds(publication)
    if named:
        yield OutputFile("sources.opml", write_opml(publication.site.title, named))


def robots_txt(publication: Publication) -> str:
    """RFC 9309: all may read all, or all but those that collect for language models; and where the sitemap is, which
    must be a whole address."""
    links = links_of(publication.site)
    groups = ["User-agent: *\nAllow: /\n"]
    if not publication.ai_crawlers:
        groups.append("".join(f"User-agent: {name}\n" for name in AI_CRAWLERS) + "Disallow: /\n")
    if links.origin:
        groups.append(f"Sitemap: {links.full('sitemap.xml')}\n")
    return "\n".join(groups)


def public_feeds(publication: Publication) -> list[Source]:
    """The feeds that may be named: on the web, and without a name and password in the address."""
    return [
        Source(s.url, s.kind, s.name, s.official, s.tags)
        for s in publication.sources
        if s.kind is SourceKind.FEED and not s.private and web_address(s.url) and not urlsplit(s.url).username
    ]


def llms_txt(publication: Publication) -> str:
    """The site for language models, in the form of https://llmstxt.org: a heading, a sentence, and lists of links."""
    site, links = publication.site, links_of(publication.site)
    parts = [f"# {_plain(site.title)}"]
    if site.description:
        parts.append(f"> {_plain(site.description)}")
    parts.append(
        "News of many publishers, told as stories: each has its reports, which of them are independent and which "
        "repeat another one's text, and why each belongs to it. The articles are their publishers': quote them by "
        "their links."
    )
    parts.append(_section("API", _api(links)))
    parts.append(_section("Feeds", _feeds(links)))
    topics = [
        _link(links, t.name, topic_path(t.id), t.description or "the stories of this topic")
        for t in publication.topics
        if not t.is_site
    ]
    if topics:
        parts.append(_section("Topics", topics))
    parts.append(_section("Optional", _optional(links, publication)))
    return "\n\n".join(parts) + "\n"


def _api(links: Links) -> list[str]:
    return [
        _link(links, "Entry", INDEX, "JSON; where every document is"),
        _link(links, "OpenAPI", OPENAPI, "the whole API, with JSON Schema and examples"),
        _link(links, "News", NEWS, "the newest records"),
        _link(links, "Days", DAYS_INDEX, "the stories of each day, hottest first"),
        _link(links, "Topics", TOPICS_INDEX, "the topics and where their news are"),
        _link(links, "Providers", PROVIDERS_INDEX, "the publishers and their reports"),
    ]


def _feeds(links: Links) -> list[str]:
    return [
        _link(links, "RSS", "feed.xml", "the newest stories"),
        _link(links, "Atom", "atom.xml", "the newest stories, and by its links all older ones"),
        _link(links, "JSON Feed", "feed.json", "the newest stories"),
    ]


def _optional(links: Links, publication: Publication) -> list[str]:
    lines = [
        _link(links, "About", "about/", "how stories are found and ranked"),
        _link(links, "Sitemap", "sitemap.xml", "every page"),
    ]
    if public_feeds(publication):
        lines.append(_link(links, "Sources", "sources.opml", "the feeds that this is made from, as OPML"))
    return lines


def _section(heading: str, lines: list[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(lines)


def _link(links: Links, name: str, path: str, said: str) -> str:
    return f"- [{_plain(name)}]({links.full(path)}): {_plain(said)}"


def _plain(text: str) -> str:
    """The text on one line, with nothing in it that Markdown takes for more than text."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return _MARKDOWN.sub(r"\\\1", " ".join(shown.split()))
