"""WebSub, carried out: subscribes where a feed names a hub, renews, leaves, and takes in what hubs deliver."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from broadsheet.errors import ItemError
from broadsheet.model.source import Source, SourceState
from broadsheet.model.subscription import Subscription, SubscriptionState
from broadsheet.ports import Clock, Store
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.stages.fetch import publisher_of
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.websub import (
    POLL_WHILE_LIVE,
    answer_to_hub,
    is_signed,
    is_to_be_asked,
    request_to_hub,
)
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.polling.outcome import items_of, with_language
from broadsheet.steps.ruling import at_the_door

CALLBACK = "/websub/"
TOKEN_BYTES = 32

Hubs = Mapping[str, tuple[str, str]]


def keep_subscriptions(room: Newsroom, hubs: Hubs) -> int:
    """Asks every hub that has to be asked now; how many were. `hubs` are hub and topic of the feeds that were read, by
    source. Without `[serve] public_url` nobody could call back, and nothing is asked."""
    address = room.settings.serve.public_url.rstrip("/")
    if not address:
        return 0
    letters = list(_letters(room, hubs))
    for kept, trouble in room.lanes.map(partial(_ask, room, address), letters, lambda s: publisher_of(s.hub)):
        if trouble:
            known = room.store.subscriptions.by_token(kept.token)
            room.store.subscriptions.keep(replace(known or kept, reason=trouble))
    return len(letters)


def seldom_while_live(state: SourceState, live: Mapping[str, Subscription], now: datetime) -> SourceState:
    """The state with a later poll, if a hub tells us of this source."""
    told = live.get(state.source.url)
    if told is None or told.expires is None or state.next_due is None or state.failures:
        return state
    return replace(state, next_due=max(state.next_due, min(now + POLL_WHILE_LIVE, told.expires)))


def live_subscriptions(store: Store, now: datetime) -> dict[str, Subscription]:
    """Those by which hubs tell us of sources now, by source."""
    return {s.source_url: s for s in store.subscriptions.all() if s.is_live(now)}


def verify(store: Store, token: str, said: Mapping[str, str], now: datetime) -> str | None:
    """Answers a hub that asks whether we meant it: the challenge to send back, or None where we didn't."""
    known = store.subscriptions.by_token(token)
    if known is None:
        return None
    after, challenge = answer_to_hub(known, said, now)
    if after is None:
        store.subscriptions.forget(known.source_url)
    elif after != known:
        store.subscriptions.keep(after)
    return challenge


@dataclass(frozen=True, slots=True)
class Receiver:
    """What takes in deliveries: the store, the watched sources by address, the rules, and the clock."""

    store: Store
    sources: Mapping[str, Source]
    rules: RuleBook
    clock: Clock

    def deliver(self, token: str, body: bytes, signature: str, content_type: str) -> int | None:
        """Takes in what a hub sends: how many entries are new or changed; None for a callback that is not ours. What
        is not signed with our secret is ignored (the protocol, 7.1), and so is what is no feed."""
        known = self.store.subscriptions.by_token(token)
        source = self.sources.get(known.source_url) if known else None
        if known is None or source is None:
            return None
        if not known.is_live(self.clock.now()) or not is_signed(body, signature, known.secret):
            return 0
        try:
            feed = read_feed(body, url=known.topic, content_type=content_type)
        except ItemError:
            return 0
        items, _ = items_of(with_language(feed), source.url, self.clock.now())
        return self.store.sources.take(source, at_the_door(self.rules, items, source))


def _letters(room: Newsroom, hubs: Hubs) -> Iterator[Subscription]:
    """The subscriptions that are to be asked for, renewed or left, as they stand in the store by then: a hub may call
    back before its answer to the letter is here."""
    now = room.clock.now()
    watched = {source.url for source in room.settings.sources}
    known = {s.source_url: s for s in room.store.subscriptions.all()}
    for url, (hub, topic) in hubs.items():
        before = known.get(url)
        if before is None or (before.hub, before.topic) != (hub, topic):
            known[url] = _fresh(url, hub, topic, now)
            room.store.subscriptions.keep(known[url])
            yield known.pop(url)
    yield from _due(room, known.values(), watched, now)


def _due(room: Newsroom, known: Iterable[Subscription], watched: set[str], now: datetime) -> Iterator[Subscription]:
    for one in known:
        if one.source_url not in watched:
            if one.is_live(now):
                leaving = replace(one, state=SubscriptionState.LEAVING, asked=now)
                room.store.subscriptions.keep(leaving)
                yield leaving
            elif one.expires is None or one.expires <= now:
                room.store.subscriptions.forget(one.source_url)
        elif is_to_be_asked(one, now):
            state = one.state if one.is_live(now) else SubscriptionState.ASKED
            again = replace(one, state=state, asked=now, reason=None)
            room.store.subscriptions.keep(again)
            yield again


def _fresh(url: str, hub: str, topic: str, now: datetime) -> Subscription:
    token, secret = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    return Subscription(url, hub, topic, token, secret, SubscriptionState.ASKED, now)


def _ask(room: Newsroom, address: str, subscription: Subscription) -> tuple[Subscription, str]:
    """Sends the letter; what went wrong, else empty. Runs in a worker."""
    mode = "unsubscribe" if subscription.state is SubscriptionState.LEAVING else "subscribe"
    try:
        room.http.post(request_to_hub(subscription, address + CALLBACK + subscription.token, mode=mode))
    except ItemError as error:
        return subscription, str(error)
    return subscription, ""
