"""The documents of the JSON API that the origin had not: stories by day and by provider, topics, providers, days.

Each function turns values into JSON text and knows nothing of how the files are driven. A list has one item a line, so
that a diff shows which item changed; an item is written out by hand, which takes a fifth of the time of `json.dumps`.
All paths in the documents begin at the root of the API's site and have no slash at the front: they hold wherever the
site is served. docs/api.md says what never changes, `api/schema/` what each document looks like.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring as quoted

from broadsheet.model.instants import iso
from broadsheet.model.story import Member, Story
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.site.links import provider_step, story_path, topic_path, web_address

DAYS_INDEX = "api/days/index.json"
PROVIDERS_INDEX = "api/providers/index.json"
TOPICS_INDEX = "api/topics/index.json"


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What a provider's document says of it. `name` is as in its newest record; `logo` the path on our site of the
    file with its mark, if there is one; `page` the path of its page, if it has one. `trusted` is whether the registry
    lists it, `official` whether it is the subject's own voice."""

    name: str
    domain: str
    logo: str | None = None
    page: str | None = None
    trusted: bool = False
    official: bool = False


def day_path(day: date) -> str:
    """`api/days/2026-03-12/index.json`."""
    return f"api/days/{day.isoformat()}/index.json"


def month_path(month: date) -> str:
    """`api/months/2026-03/index.json`."""
    return f"api/months/{month:%Y-%m}/index.json"


def provider_path(domain: str, page: int | None = None) -> str | None:
    """`api/providers/<domain>/index.json`, or `.../page/<n>/index.json` of a closed page; None as `provider_step`."""
    step = provider_step(domain)
    if step is None:
        return None
    return f"api/providers/{step}/{f'page/{page}/' if page else ''}index.json"


def story_summary(story: Story) -> str:
    """A story as the lists have it, one line of JSON: `{"id", "title", "heat", "publishedDateTime",
    "updatedDateTime", "day", "path", "page", "independent", "copies", "topics", "provider", "webUrl", "language"}`.

    `publishedDateTime` is the head's, `updatedDateTime` that of the newest report, `day` (UTC) that of the first: the
    day whose document has it. `path` is the story's own document, `page` its page. Raises Rejected where the id can't
    be part of an address.
    """
    head, copies, first, last = _counted(story.members)
    page, began = story_path(story.id), iso(first) or ""
    return (
        f'{{"id": {quoted(story.id)}, "title": {quoted(story.title or head.title)}, "heat": {story.heat}, '
        f'"publishedDateTime": "{iso(head.published)}", "updatedDateTime": "{iso(last)}", '
        f'"day": "{began[:10]}", "path": "api/{page}index.json", "page": "{page}", '
        f'"independent": {len(story.members) - copies}, "copies": {copies}, "topics": {_texts(story.topics)}, '
        f'"provider": {_provider(head.provider_name, head.provider_domain)}, "webUrl": {_text(web_address(head.url))}, '
        f'"language": {_text(head.language)}}}'
    )


def report_item(member: Member, story_id: str) -> str:
    """A report as its provider's document has it, one line of JSON: `{"record", "title", "webUrl", "type",
    "language", "publishedDateTime", "isHead", "copyOf", "story", "path"}`.

    Nothing in it moves with the story's heat, so that a closed page stays as it is. `story` is the id of the story
    that it tells, `path` that story's document; `copyOf` the record whose text it repeats.
    """
    return (
        f'{{"record": {_text(member.record or None)}, "title": {quoted(member.title)}, '
        f'"webUrl": {_text(web_address(member.url))}, "type": {quoted(member.type)}, '
        f'"language": {_text(member.language)}, '
        f'"publishedDateTime": "{iso(member.published)}", "isHead": {_truth(member.is_head)}, '
        f'"copyOf": {_text(member.copy_of)}, "story": {quoted(story_id)}, '
        f'"path": "api/{story_path(story_id)}index.json"}}'
    )


def day_document(day: date, summaries: Sequence[str]) -> bytes:
    """`api/days/<date>/index.json`: `{"day", "page", "value": [story summary...]}`; give the hottest first."""
    name = day.isoformat()
    return _document((("day", f'"{name}"'), ("page", f'"days/{name}/"'), ("value", _lines(summaries))))


def days_document(open_month: Iterable[date], closed_months: Iterable[date]) -> bytes:
    """`api/days/index.json`: `{"value": [{"day", "path", "page"}...], "months": [{"month", "path"}...]}`.

    `value` are the days with stories of the newest month, `months` the closed ones (any day of each), which have a
    `month_document`; give both newest first. It changes only when a day appears or goes.
    """
    months = [f'{{"month": "{m:%Y-%m}", "path": "{month_path(m)}"}}' for m in closed_months]
    return _document((("value", _days(open_month)), ("months", _lines(months))))


def month_document(month: date, days: Iterable[date]) -> bytes:
    """`api/months/<YYYY-MM>/index.json` of a closed month: `{"month", "value": [{"day", "path", "page"}...]}`."""
    return _document((("month", f'"{month:%Y-%m}"'), ("value", _days(days))))


def provider_document(facts: ProviderFacts, items: Sequence[str], next_page: int | None) -> bytes:
    """`api/providers/<domain>/index.json`: what is known of it, `value` with its newest reports (`report_item`), and
    `nextPage`, the number of the newest closed page (`provider_page`), null where there is none."""
    return _document(
        (
            ("name", quoted(facts.name)),
            ("domain", quoted(facts.domain)),
            ("logo", _text(facts.logo)),
            ("page", _text(facts.page)),
            ("isTrusted", _truth(facts.trusted)),
            ("isOfficial", _truth(facts.official)),
            ("value", _lines(items)),
            ("nextPage", _number(next_page)),
        )
    )


def provider_page(number: int, items: Sequence[str], next_page: int | None) -> bytes:
    """`api/providers/<domain>/page/<n>/index.json`, a closed page: `{"page", "value", "nextPage"}`."""
    return _document((("page", str(number)), ("value", _lines(items)), ("nextPage", _number(next_page))))


def providers_document(providers: Iterable[tuple[str, str]]) -> bytes:
    """`api/providers/index.json`: `{"value": [{"name", "domain", "path"}...]}` of (name, domain) pairs, by domain.

    It changes only when a provider appears or changes its name. `path` is null of one without a document.
    """
    lines = [
        f'{{"name": {quoted(name)}, "domain": {quoted(domain)}, "path": {_text(provider_path(domain))}}}'
        for name, domain in sorted(providers, key=lambda p: (p[1], p[0]))
    ]
    return _document((("value", _lines(lines)),))


def topics_document(topics: Iterable[Topic]) -> bytes:
    """`api/topics/index.json`: `{"value": [{"id", "name", "shortname", "parent", "description", "keywords", "page",
    "news", "feeds"}...]}` in the registry's order; it changes only with the registry.

    `news` is the path of the topic's list of news, null where it offers none. The site's own topic, which has no
    `parent`, has the front page, the list of all news and the site's feeds.
    """
    return _document((("value", _lines([_topic(topic) for topic in topics])),))


def _topic(topic: Topic) -> str:
    page = "" if topic.is_site else topic_path(topic.id)
    offers = topic.is_site or "news" in topic.services
    news = "api/news/index.json" if topic.is_site else f"api/news/{topic.id}/index.json"
    feeds = ", ".join(
        f'"{n}": "{page}{f}"' for n, f in (("rss", "feed.xml"), ("atom", "atom.xml"), ("json", "feed.json"))
    )
    return (
        f'{{"id": {quoted(topic.id)}, "name": {quoted(topic.name)}, "shortname": {_text(topic.shortname)}, '
        f'"parent": {_text(topic.parent)}, "description": {_text(topic.description)}, '
        f'"keywords": {_texts(topic.keywords)}, "page": "{page}", "news": {_text(news if offers else None)}, '
        f'"feeds": {{{feeds}}}}}'
    )


def _counted(members: Sequence[Member]) -> tuple[Member, int, datetime, datetime]:
    """The head, how many are copies, and when the first and the newest appeared, in one pass."""
    head, copies = members[0], 0
    first = last = head.published
    for member in members:
        if member.is_head:
            head = member
        if member.copy_of is not None:
            copies += 1
        if member.published < first:
            first = member.published
        elif member.published > last:
            last = member.published
    return head, copies, first, last


def _days(days: Iterable[date]) -> str:
    return _lines([f'{{"day": "{d}", "path": "{day_path(d)}", "page": "days/{d}/"}}' for d in days])


def _provider(name: str, domain: str) -> str:
    return f'{{"name": {quoted(name or domain)}, "domain": {quoted(domain)}}}'


def _document(keys: Iterable[tuple[str, str]]) -> bytes:
    body = ",\n  ".join(f'"{key}": {value}' for key, value in keys)
    return f"{{\n  {body}\n}}\n".encode("utf-8", "replace")  # a lone surrogate, which UTF-8 has not, becomes a `?`


def _lines(items: Sequence[str]) -> str:
    return "[\n    " + ",\n    ".join(items) + "\n  ]" if items else "[]"


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"


def _text(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _number(number: int | None) -> str:
    return "null" if number is None else str(number)


def _truth(value: bool) -> str:
    return "true" if value else "false"
