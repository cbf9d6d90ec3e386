"""The pages by which readers ask for the letter, confirm it and leave: part of `broadsheet serve`, below /letter/.

A link in a mail only shows a page with one button: programs that look through mail open every link, and would
otherwise confirm, or leave, in their reader's place. The one-click POST of mail programs (RFC 8058) leaves at once.
Nobody learns from an answer whether an address gets the letter.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qs

from broadsheet.errors import BroadsheetError, Rejected
from broadsheet.model.letter import Subscriber
from broadsheet.ports import Clock, Store
from broadsheet.settings import Settings
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.stages.publish.site.words import Words, words_for
from broadsheet.steps.letters import CONFIRM, LEAVE, SUBSCRIBE
from broadsheet.steps.subscribers import ask, confirm, leave

PREFIX = "/letter/"
LARGEST_FORM = 16 * 1024
QUESTIONS_AN_HOUR = 300
AT_ONCE = 4
_HOUR = timedelta(hours=1)

Page = tuple[HTTPStatus, bytes]


@dataclass
class Letterbox:
    """What the pages work with. `question` sends somebody the question whether they want the letter, and says whether a
    server took it; it is None where no mail can be sent, and then nobody can ask. It is called by a thread of its own,
    so that an answer takes the same time for every address."""

    settings: Settings
    store: Store
    clock: Clock
    signer: Signer
    question: Callable[[Subscriber], bool] | None
    _asked: deque[datetime] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _senders: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    @property
    def words(self) -> Words:
        """The site's language."""
        return words_for(self.settings.site.locale)

    def show(self, path: str, query: str) -> Page:
        """The page of a link; it changes nothing."""
        w, title, token = self.words, self.settings.site.title, _first(parse_qs(query[:2000]), "t")
        if path == SUBSCRIBE and self.question is not None:
            return self._page(HTTPStatus.OK, w("letter_get"), self._form(w), w("letter_get_note"))
        if path == CONFIRM and self.signer.confirming(token, self.clock.now()):
            form = _button(token, w("letter_confirm"))
            return self._page(HTTPStatus.OK, w("letter_confirm_h", title=title), form)
        if path == LEAVE and self.signer.leaving(token):
            form = _button(token, w("letter_leave"))
            return self._page(HTTPStatus.OK, w("letter_leave_h", title=title), form, w("letter_leave_note"))
        return self._page(HTTPStatus.NOT_FOUND, w("letter_bad_link"))

    def take(self, path: str, query: str, body: bytes) -> Page:
        """What a form, or a mail program, posts."""
        said = parse_qs(body[:LARGEST_FORM].decode("utf-8", "replace"), max_num_fields=20)
        token = _first(said, "t") or _first(parse_qs(query[:2000]), "t")
        now, w = self.clock.now(), self.words
        if path == SUBSCRIBE and self.question is not None:
            return self._ask(_first(said, "address"), _first(said, "name"), now)
        confirming = self.signer.confirming(token, now) if path == CONFIRM else None
        if confirming is not None and confirm(self.store, *confirming, now):
            return self._page(HTTPStatus.OK, w("letter_confirmed"))
        if path == LEAVE and (subscriber := self.signer.leaving(token)):
            leave(self.store, subscriber, now)
            return self._page(HTTPStatus.OK, w("letter_left"))
        return self._page(HTTPStatus.NOT_FOUND, w("letter_bad_link"))

    def _ask(self, address: str, name: str, now: datetime) -> Page:
        w = self.words
        if not self._may_ask(now):
            return self._page(HTTPStatus.TOO_MANY_REQUESTS, w("letter_not_now"))
        try:
            subscriber = ask(self.store, address, name, now)
        except Rejected:
            return self._page(HTTPStatus.BAD_REQUEST, w("letter_bad_address"), self._form(w))
        if subscriber is not None:
            threading.Thread(target=self._send, args=(subscriber,), daemon=True).start()
        return self._page(HTTPStatus.OK, w("letter_on_its_way"))

    def _may_ask(self, now: datetime) -> bool:
        """Nobody can have our server write to thousands: so many an hour, whoever asks."""
        with self._lock:
            while self._asked and now - self._asked[0] > _HOUR:
                self._asked.popleft()
            if len(self._asked) >= QUESTIONS_AN_HOUR:
                return False
            self._asked.append(now)
            return True

    def _send(self, subscriber: Subscriber) -> None:
        """One that could not be sent may ask again at once."""
        assert self.question is not None  # noqa: S101 - looked at by `take`
        with self._senders:
            try:
                sent = self.question(subscriber)
            except BroadsheetError:
                sent = False
            if not sent:
                leave(self.store, subscriber.id, self.clock.now(), "the question could not be sent")

    def _form(self, w: Words) -> str:
        return (
            f'<form method="post"><p><label>{escape(w("letter_address"))}<br>'
            '<input type="email" name="address" required maxlength="254" autocomplete="email"></label></p>'
            f"<p><label>{escape(w('letter_name'))}<br>"
            '<input name="name" maxlength="100" autocomplete="name"></label></p>'
            f'<p><button class="btn btn--ink">{escape(w("letter_ask"))}</button></p></form>'
        )

    def _page(self, status: HTTPStatus, heading: str, form: str = "", note: str = "") -> Page:
        w, title = self.words, escape(self.settings.site.title)
        noted = f'<p class="deck">{escape(note)}</p>' if note else ""
        html = (
            f'<!doctype html>\n<html lang="{w.language}" dir="{w.direction}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
            '<meta name="color-scheme" content="light dark"><meta name="referrer" content="same-origin">'
            f"<title>{escape(heading)} | {title}</title>"
            '<link rel="stylesheet" href="../assets/search.css"><link rel="stylesheet" href="../assets/broadsheet.css">'
            "</head>"
            f'<body><div class="page"><header class="mast"><div class="mast__row"><p class="plate plate--small">'
            f'<a href="../">{title}</a></p></div><div class="oxford"></div></header><main id="main"><div class="lede">'
            f"<h1>{escape(heading)}</h1>{noted}</div>{form}</main></div></body></html>\n"
        )
        return status, html.encode("utf-8", "replace")


def _button(token: str, words: str) -> str:
    hidden = f'<input type="hidden" name="t" value="{escape(token)}">'
    return f'<form method="post">{hidden}<button class="btn btn--ink">{escape(words)}</button></form>'


def _first(said: dict[str, list[str]], name: str) -> str:
    return said.get(name, [""])[0]
