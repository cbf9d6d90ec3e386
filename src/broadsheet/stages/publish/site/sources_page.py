"""The page on how the sources are. It says nothing that changes with every poll, so that it changes with them only."""

from collections.abc import Iterator, Sequence

from broadsheet.model.publication import OutputFile
from broadsheet.model.vitals import Finding, SourceHealth, Trouble
from broadsheet.stages.publish.site.links import web_address
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.words import Words

PATH = "sources/"
_SHAPES = {"healthy": "ok", "slow": "slow", "failing": "bad", "paused": "off", "not asked yet": "off"}
_STATES = {"not asked yet": "unasked"}
_UNITS = (("every_minutes", 60, 90), ("every_hours", 3_600, 48), ("every_days", 86_400, 10**9))


def sources_page(theme: Theme, health: Sequence[SourceHealth]) -> Iterator[OutputFile]:
    """The page, where anything is known; what needs attention first, then all sources by name."""
    if not health:
        return
    by_name = sorted(health, key=lambda h: (h.name.casefold(), h.url))
    words = theme.words
    healthy = sum(h.state == "healthy" for h in health)
    yield theme.page(
        "sources.html",
        PATH,
        heading=words("sources"),
        description=words("sources_deck", healthy=healthy, all=len(health)),
        troubled=[(_shown(words, h), [_told(words, f) for f in h.findings]) for h in by_name if h.findings],
        rows=[_shown(words, h) for h in by_name],
    )


def _shown(words: Words, health: SourceHealth) -> dict[str, object]:
    state = _STATES.get(health.state, health.state)
    return {
        "name": health.name,
        "url": web_address(health.url),
        "shape": _SHAPES[health.state],
        "state": words(f"state_{state}"),
        "every": _every(words, health.every_seconds),
        "newest": health.newest,
    }


def _told(words: Words, finding: Finding) -> dict[str, object]:
    link = web_address(finding.said) if finding.trouble is Trouble.MOVED else None
    return {"words": words(f"trouble_{finding.trouble.value}"), "since": finding.since, "link": link}


def _every(words: Words, seconds: int | None) -> str:
    """`every 40 min`, `every 7 h` or `every 3 d`, in the largest unit that is not too coarse."""
    if not seconds:
        return ""
    key, unit = next((key, unit) for key, unit, most in _UNITS if seconds <= unit * most)
    return words(key, n=max(1, round(seconds / unit)))
