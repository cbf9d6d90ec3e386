"""Ranks the members of a story, chooses its head, and composes its records and its story file. No input or output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from broadsheet.model.images import Image
from broadsheet.model.kept import Change, KeptArticle
from broadsheet.model.publication import PublishedImage, Site
from broadsheet.model.record import Record, RecordProvider, Related
from broadsheet.model.score import Score
from broadsheet.model.story import Correction, Member, Receipt, Story
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.stages.enrich.topics import match_topics
from broadsheet.stages.rank.head import Candidate, HeadChoice, choose_head
from broadsheet.stages.rank.heat import NOT_A_HEAD, heat, is_published
from broadsheet.stages.rank.quality import Merits, quality
from broadsheet.stages.stories.own_text import own_shares

RELATED_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Rules:
    """What the judges go by: the publication's registry and rules, and images that are known to be share cards."""

    site: Site
    topics: Sequence[Topic]
    organizations: Mapping[str, Organization]
    official: Sequence[str] = ()
    threshold: int = 70
    share_cards: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """An article of a story with its score; `lead` is its image, None where it has none of its own."""

    kept: KeptArticle
    score: Score
    topics: tuple[str, ...]
    lead: Image | None
    trusted: bool
    official: bool

    @property
    def copy_of(self) -> str | None:
        """The id of the article that it repeats."""
        return self.kept.assignment.copy_of if self.kept.assignment else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A story with its reports, its head and its heat; `related` are the other publishers' best independent reports,
    best quality first."""

    story_id: str
    reports: tuple[Report, ...]
    head: Report
    choice: HeadChoice
    heat: Score
    published: bool
    related: tuple[Report, ...]


def judge(
    rules: Rules, story_id: str, members: Sequence[KeptArticle], sitting: str | None, pinned: str | None = None
) -> Judged:
    """The story of these articles (at least one); `sitting` is the id of its present head, `pinned` of the one that an
    editor chose."""
    reports = tuple(_report(rules, kept) for kept in _with_known_originals(members))
    originals = [r for r in reports if r.copy_of is None]
    own = dict(zip((r.kept.id for r in originals), own_shares([r.kept.article.text for r in originals]), strict=True))
    choice = choose_head([_candidate(r, pinned, own.get(r.kept.id, 0.0)) for r in reports], sitting)
    head = next(r for r in reports if r.kept.id == choice.id)
    related = _related(head, reports)
    heat_score = heat(head.score.total, len(related))
    published = is_published(heat_score.total, rules.threshold)
    return Judged(story_id, reports, head, choice, heat_score, published, related)


def compose_record(
    rules: Rules, judged: Judged, report: Report, pictures: Mapping[str, PublishedImage | None]
) -> Record:
    """The record of one report of a judged story. Only the head has a heat and may be seen; the others list the
    reports that are better than they are."""
    article, is_head = report.kept.article, report is judged.head
    related = judged.related if is_head else _better(judged, report)
    return Record(
        title=article.title,
        published_date_time=report.kept.published_at,
        original_url=article.url,
        provider=_provider(rules, report, with_logo=True),
        topics=report.topics,
        excerpt=article.excerpt,
        web_url=article.canonical_url or article.url,
        amp_web_url=article.amp_web_url if article.cdn_amp_web_url else None,
        cdn_amp_web_url=article.cdn_amp_web_url if article.amp_web_url else None,
        type=article.type,
        quality=report.score.total,
        heat=judged.heat.total if is_head else NOT_A_HEAD,
        published=judged.published if is_head else False,
        featured_content=article.embed,
        images=_images(report, pictures),
        related=tuple(_as_related(rules, r, pictures) for r in related),
    )


def compose_story(judged: Judged, paths: Mapping[str, str], changes: Sequence[Change]) -> Story:
    """The story as it is filed; `paths` are the records' paths by article id, `changes` what publishers corrected.
    The head comes first, the others by time."""
    ordered = sorted(judged.reports, key=lambda r: (r is not judged.head, r.kept.published_at, r.kept.id))
    return Story(
        id=judged.story_id,
        title=judged.head.kept.article.title,
        heat=judged.heat.total,
        published=judged.published,
        members=tuple(_member(r, judged.head, paths) for r in ordered),
        topics=judged.head.topics,
        heat_terms=tuple((_heat_name(t.name, t.found), t.points) for t in judged.heat.terms),
        head_reasons=judged.choice.reasons,
        corrections=tuple(Correction(paths[c.article_id], c.at, c.field, c.before, c.after) for c in changes),
    )


def _report(rules: Rules, kept: KeptArticle) -> Report:
    article = kept.article
    matches = match_topics(article.title, rules.topics, kept.tags)
    domain = article.provider.domain if article.provider else ""
    official = kept.official or domain in rules.official
    trusted = official or domain in rules.organizations
    lead = next((i for i in article.images if i.url not in rules.share_cards), None)
    merits = Merits(
        title_length=len(article.title),
        topics=tuple(m.topic.name for m in matches),
        keywords=tuple(k for m in matches for k in m.keywords),
        has_image=lead is not None,
        has_amp=bool(article.amp_web_url and article.cdn_amp_web_url),
        is_trusted=trusted,
        is_official=official,
        is_video=article.type == "video",
    )
    topics = tuple(dict.fromkeys(m.topic.name for m in matches))
    return Report(kept, quality(merits), topics, lead, trusted, official)


def _with_known_originals(members: Sequence[KeptArticle]) -> list[KeptArticle]:
    """Where an original is not of this story, the first of its copies stands for it, and for the copies after it."""
    stands_for = {m.id: m.id for m in members}
    for kept in sorted(members, key=lambda m: (m.published_at, m.id)):
        if kept.assignment and kept.assignment.copy_of:
            stands_for.setdefault(kept.assignment.copy_of, kept.id)
    return [_with_original(kept, stands_for) for kept in members]


def _with_original(kept: KeptArticle, stands_for: Mapping[str, str]) -> KeptArticle:
    assignment = kept.assignment
    if assignment is None or assignment.copy_of is None:
        return kept
    original = stands_for[assignment.copy_of]
    if original == kept.id:
        return replace(kept, assignment=replace(assignment, copy_of=None, shared_text=None))
    return replace(kept, assignment=replace(assignment, copy_of=original))


def _candidate(report: Report, pinned: str | None, own_share: float) -> Candidate:
    article, provider = report.kept.article, report.kept.article.provider
    return Candidate(
        id=report.kept.id,
        quality=report.score.total,
        published=report.kept.published_at,
        is_copy=report.copy_of is not None,
        provider_name=provider.name if provider else "",
        is_trusted=report.trusted,
        is_official=report.official,
        pinned=report.kept.id == pinned,
        own_share=own_share,
        characters=len(article.text),
        has_excerpt=bool(article.excerpt),
        has_author=bool(article.authors),
        has_date=article.published is not None,
    )


def _domain(report: Report) -> str:
    return report.kept.article.provider.domain if report.kept.article.provider else ""


def _by_quality(reports: Sequence[Report]) -> list[Report]:
    return sorted(reports, key=lambda r: (-r.score.total, r.kept.published_at, r.kept.id))


def _related(head: Report, reports: Sequence[Report]) -> tuple[Report, ...]:
    """The best independent report of each other publisher, best quality first; a copy adds nothing to heat, and
    neither does the original of a copy that an editor made the head."""
    best: dict[str, Report] = {}
    for report in _by_quality(reports):
        if report.copy_of is None and report.kept.id != head.copy_of and _domain(report) != _domain(head):
            best.setdefault(_domain(report), report)
    return tuple(best.values())[:RELATED_AT_MOST]


def _better(judged: Judged, report: Report) -> list[Report]:
    """The head, and what has more quality than this report, other publishers' only."""
    others = [judged.head, *(r for r in judged.related if r.score.total > report.score.total)]
    return [r for r in _by_quality(others) if r is not report and _domain(r) != _domain(report)]


def _provider(rules: Rules, report: Report, *, with_logo: bool) -> RecordProvider:
    provider = report.kept.article.provider
    name, domain = (provider.name, provider.domain) if provider else ("", "")
    known = rules.organizations.get(domain) if with_logo else None
    logos = [i for i in known.images if i.width == 50][:1] if known else []
    return RecordProvider(name, domain, tuple(Image(_absolute(rules.site, i.url), i.width, i.height) for i in logos))


def _absolute(site: Site, url: str) -> str:
    return url if url.startswith(("http://", "https://")) else f"{site.url}{site.base_path}/{url.lstrip('/')}"


def _images(report: Report, pictures: Mapping[str, PublishedImage | None]) -> tuple[Image, ...]:
    if report.lead is None:
        return ()
    cached = pictures.get(report.lead.url)
    width, height = report.lead.width, report.lead.height
    if cached is not None and not (width and height):
        width, height = cached.width, cached.height
    return (Image(report.lead.url, width, height, is_cached=cached is not None),)


def _as_related(rules: Rules, report: Report, pictures: Mapping[str, PublishedImage | None]) -> Related:
    article = report.kept.article
    return Related(
        title=article.title,
        published_date_time=report.kept.published_at,
        provider=_provider(rules, report, with_logo=False),
        excerpt=article.excerpt,
        web_url=article.canonical_url or article.url,
        amp_web_url=article.amp_web_url if article.cdn_amp_web_url else None,
        cdn_amp_web_url=article.cdn_amp_web_url if article.amp_web_url else None,
        type=article.type,
        quality=report.score.total,
        images=_images(report, pictures),
    )


def _member(report: Report, head: Report, paths: Mapping[str, str]) -> Member:
    article, assignment = report.kept.article, report.kept.assignment
    return Member(
        record=paths[report.kept.id],
        title=article.title,
        url=article.canonical_url or article.url,
        provider_name=article.provider.name if article.provider else "",
        provider_domain=_domain(report),
        published=report.kept.published_at,
        receipt=assignment.receipt if assignment else Receipt(),
        excerpt=article.excerpt,
        language=article.language,
        type=article.type,
        quality=report.score.total,
        is_head=report is head,
        copy_of=paths[report.copy_of] if report.copy_of else None,
        shared_text=assignment.shared_text if assignment else None,
    )


def _heat_name(name: str, found: str) -> str:
    return f"{name}: {found}" if found else name
