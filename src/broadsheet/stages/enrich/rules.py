"""Carries out a publication's rules on what is known of an article: at the door from its feed alone, later from its
page. Nothing is decided at the door that the page could still change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from broadsheet.formats.markup import plain_text
from broadsheet.formats.patterns import Pattern, Words
from broadsheet.formats.urls import host_of, registrable_domain
from broadsheet.model.feed import Entry
from broadsheet.model.kept import KeptArticle
from broadsheet.model.rules import Rule, RuleAction, RuleField
from broadsheet.model.source import Source
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.enrich.topics import match_topics

LEFT_OUT = "no include rule takes it"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of an article. A field that is not in `texts`, a language or providers that are None, are not
    known yet; `topics` are ids of those that its title gives it."""

    url: str
    texts: Mapping[RuleField, str]
    sources: Sequence[Source]
    providers: frozenset[str] | None = None
    language: str | None = None
    topics: frozenset[str] | None = None
    tags: tuple[str, ...] = ()


class Fate(Enum):
    """What the rules make of an article: `OPEN` where only the page can tell."""

    TAKEN = "taken"
    DROPPED = "dropped"
    MUTED = "muted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate, the rule that decided it (empty where none did), all rules that matched, and the tags they gave."""

    fate: Fate
    rule: str = ""
    matched: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class RuleBook:
    """All rules, compiled, in the order of the file. Raises ValueError for an expression that can't be compiled."""

    def __init__(self, rules: Iterable[Rule] = (), topics: Sequence[Topic] = ()) -> None:
        self.rules = tuple(rules)
        self.topics = tuple(topics)
        self._compiled = tuple(_Compiled(rule) for rule in self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def judge(self, candidate: Candidate) -> Verdict:
        """The first `include`, `exclude` or `mute` from the top that matches decides. What none of them decides is
        taken, unless an `include` speaks for its sources: then it is dropped."""
        matched, given = [], list(candidate.tags)
        verdict: Verdict | None = None
        included_only = False
        for one in self._compiled:
            met = one.matches(candidate)
            if met:
                matched.append(one.rule.name)
            if one.rule.action is RuleAction.TAG:
                given += one.rule.tags if met else ()
            elif verdict is None:
                included_only |= one.rule.action is RuleAction.INCLUDE and one.covers(candidate)
                if met is not False:
                    verdict = Verdict(_FATES[one.rule.action] if met else Fate.OPEN, one.rule.name if met else "")
        if verdict is None:
            verdict = Verdict(Fate.DROPPED, LEFT_OUT) if included_only else Verdict(Fate.TAKEN)
        return replace(verdict, matched=tuple(matched), tags=tuple(dict.fromkeys(given)))

    def of_entry(self, entry: Entry, url: str, sources: Sequence[Source]) -> Candidate:
        """What a feed tells of an article before its page is fetched."""
        texts = {RuleField.URL: url}
        if entry.title:
            texts[RuleField.TITLE] = entry.title
        if entry.categories:
            texts[RuleField.CATEGORY] = "\n".join(entry.categories)
        return Candidate(
            url=url,
            texts=texts,
            sources=sources,
            language=entry.language,
            topics=self._topics([entry.title]) if entry.title else None,
            tags=_tags_of(sources),
        )

    def of_article(self, kept: KeptArticle, entry: Entry, sources: Sequence[Source]) -> Candidate:
        """All that can be known; titles and words of the feed count beside those of the page."""
        article = kept.article
        texts = {
            RuleField.URL: "\n".join(filter(None, (article.url, article.canonical_url))),
            RuleField.TITLE: "\n".join(filter(None, (article.title, entry.title))),
            RuleField.EXCERPT: "\n".join(filter(None, (article.excerpt, plain_text(entry.summary or "")))),
            RuleField.TEXT: article.text,
            RuleField.AUTHOR: "\n".join([*article.authors, *(a.name for a in entry.authors if a.name)]),
            RuleField.CATEGORY: "\n".join(entry.categories),
        }
        return Candidate(
            url=article.url,
            texts=texts,
            sources=sources,
            providers=_providers(kept),
            language=article.language or "",
            topics=self._topics([article.title, entry.title]),
            tags=_tags_of(sources),
        )

    def _topics(self, titles: Iterable[str | None]) -> frozenset[str]:
        return frozenset(m.topic.id for title in titles if title for m in match_topics(title, self.topics))


_FATES = {RuleAction.INCLUDE: Fate.TAKEN, RuleAction.EXCLUDE: Fate.DROPPED, RuleAction.MUTE: Fate.MUTED}


class _Compiled:
    """One rule, ready to be asked: True, False, or None where that can't be known yet."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._wanted: list[Pattern | Words] = [Words(rule.words)] if rule.words else []
        self._wanted += [Pattern(expression) for expression in rule.regex]
        self._unless = [Words(rule.unless)] if rule.unless else []
        self._sources = {_named(s) for s in rule.sources}
        self._providers = {_named(p) for p in rule.providers}
        self._languages = tuple(language.lower() for language in rule.languages)
        self._topics = {_named(t) for t in rule.topics}

    def covers(self, candidate: Candidate) -> bool:
        """Whether the rule speaks for one of the article's sources at all."""
        return not self._sources or not self._sources.isdisjoint(
            _named(name) for s in candidate.sources for name in (s.url, s.name or "", *s.tags)
        )

    def matches(self, candidate: Candidate) -> bool | None:
        """Whether every condition holds: False as soon as one does not, None where one is not known yet."""
        if not self.covers(candidate):
            return False
        return _all(
            [
                *([self._stands(self._wanted, candidate)] if self._wanted else []),
                *([_not(self._stands(self._unless, candidate))] if self._unless else []),
                *([self._is_of(candidate)] if self._providers else []),
                *([self._speaks(candidate)] if self._languages else []),
                *([self._is_about(candidate)] if self._topics else []),
            ]
        )

    def _stands(self, patterns: Sequence[Pattern | Words], candidate: Candidate) -> bool | None:
        """Whether one of them stands in one of the rule's fields."""
        known = [candidate.texts[field] for field in self.rule.where if field in candidate.texts]
        if any(pattern.found_in(text) for text in known for pattern in patterns):
            return True
        return False if len(known) == len(self.rule.where) else None

    def _is_of(self, candidate: Candidate) -> bool | None:
        if candidate.providers is None:
            # A feed may link by way of somebody else's address, so that only a match can be believed.
            return True if not self._providers.isdisjoint(_domains(candidate.url)) else None
        return not self._providers.isdisjoint(candidate.providers)

    def _speaks(self, candidate: Candidate) -> bool | None:
        if candidate.language is None:
            return None
        said = candidate.language.lower().replace("_", "-")
        return any(said == wanted or said.startswith(wanted + "-") for wanted in self._languages)

    def _is_about(self, candidate: Candidate) -> bool | None:
        return None if candidate.topics is None else not self._topics.isdisjoint(candidate.topics)


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _named(name: str) -> str:
    return name.strip().casefold()


def _domains(url: str) -> frozenset[str]:
    host = host_of(url)
    return frozenset({host, host.removeprefix("www."), registrable_domain(host)}) - {""}


def _providers(kept: KeptArticle) -> frozenset[str]:
    provider = kept.article.provider
    own = {provider.name.strip().casefold(), provider.domain} if provider else set()
    return frozenset(own) | _domains(kept.article.url)


def _tags_of(sources: Sequence[Source]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for source in sources for tag in source.tags))
