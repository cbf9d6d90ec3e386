"""Remembers how each poll went, and tells a webhook what began to be wrong and what ended."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace

from broadsheet.errors import ItemError, SettingsError
from broadsheet.model.exchange import Letter
from broadsheet.model.instants import iso
from broadsheet.model.vitals import Finding, Look, Vitals
from broadsheet.stages.sources.advice import advice_on, words_on
from broadsheet.stages.sources.health import examined
from broadsheet.stages.sources.looks import look_at, look_at_error, look_unchanged
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.polling.outcome import Outcome

SIGNATURE = "x-broadsheet-signature"
_UNTOLD = "sources whose health is to be told"
_EVENTS_A_LETTER = 500
_TOGETHER = 200


class Memory:
    """Keeps what polls saw, some together, and what is wrong with their sources by now. What is lost when a run is
    killed is some looks; the next ones make up for them."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._waiting: dict[str, Vitals] = {}

    def note(self, outcome: Outcome) -> None:
        """One poll."""
        url, now = outcome.state.source.url, self._room.clock.now()
        before = self._room.store.vitals.of(url)
        if outcome.error is not None:
            vitals = examined(before, look_at_error(now, outcome.error), outcome.state)
        else:
            vitals = _after_answer(before, outcome, int(now.timestamp()))
        self._waiting[url] = vitals
        if len(self._waiting) >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Keeps what waits, and which sources are to be told of."""
        self._room.store.vitals.keep(self._waiting)
        changed = {url for url, v in self._waiting.items() if any(not f.told for f in v.findings)}
        if self._room.settings.health.webhook and changed:
            self._room.store.journal.keep_fact(_UNTOLD, json.dumps(sorted({*changed, *_untold(self._room)})))
        self._waiting = {}


def _after_answer(before: Vitals, outcome: Outcome, at: int) -> Vitals:
    """Of a source whose answers are not looked at more closely (a page, a file), only that there was one counts."""
    if outcome.seen is None:
        return examined(before, Look(at), outcome.state)
    response = outcome.seen.response
    if response.not_modified:
        return examined(before, look_unchanged(before, response) or Look(at), outcome.state)
    look, known, name = look_at(before, response, outcome.seen.entries, outcome.seen.name)
    return examined(before, look, outcome.state, known, name)


def _untold(room: Newsroom) -> list[str]:
    return list(json.loads(room.store.journal.fact(_UNTOLD) or "[]"))


def tell(room: Newsroom, report: RunReport) -> None:
    """Posts to the webhook what began and what ended since it last took a letter. One that it does not take is sent
    again after the next round; each beginning and end is told once."""
    urls = _untold(room) if room.settings.health.webhook else []
    if not urls:
        return
    vitals = {url: room.store.vitals.of(url) for url in urls[:_EVENTS_A_LETTER]}
    events = [event for url, found in vitals.items() for event in _events(room, url, found.findings)]
    try:
        room.http.post(_letter(room, events))
    except ItemError as error:
        report.fail("poll", room.settings.health.webhook, error)
        return
    room.store.vitals.keep({url: replace(v, findings=_told(v.findings)) for url, v in vitals.items()})
    room.store.journal.keep_fact(_UNTOLD, json.dumps(urls[_EVENTS_A_LETTER:]))


def _told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(f, told=True) for f in findings if f.ended is None)


def _events(room: Newsroom, url: str, findings: Iterable[Finding]) -> Iterator[dict[str, object]]:
    name = next((s.name for s in room.settings.sources if s.url == url and s.name), url)
    for finding in findings:
        if finding.told:
            continue
        yield {
            "event": "ends" if finding.ended else "begins",
            "source": {"url": url, "name": name},
            "trouble": finding.trouble.value,
            "since": iso(finding.since),
            "ended": iso(finding.ended),
            "found": words_on(finding),
            "advice": advice_on(finding),
        }


def _letter(room: Newsroom, events: list[dict[str, object]]) -> Letter:
    """A JSON object, signed with HMAC-SHA256 of its bytes as WebSub and GitHub sign theirs, where there is a secret."""
    site, health = room.settings.site, room.settings.health
    body = json.dumps({"publication": site.title, "sentAt": iso(room.clock.now()), "events": events}).encode()
    secret = _secret(health.secret)
    signed = {SIGNATURE: f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"} if secret else {}
    return Letter(health.webhook, body, headers=signed)


def _secret(said: str) -> bytes:
    """The secret, or what the environment has under the name that follows a `$`."""
    if not said.startswith("$"):
        return said.encode()
    found = os.environ.get(said[1:], "")
    if not found:
        raise SettingsError(f"[health] secret names {said}, which the environment does not have")
    return found.encode()
