"""WebSub (https://www.w3.org/TR/websub/): the rules of a subscriber, pure.

A subscription is asked for at the hub that a feed names, verified by a challenge at our callback, renewed before its
lease ends, and its deliveries are believed only with a signature made with the secret that we gave.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from broadsheet.model.exchange import Letter, Response
from broadsheet.model.feed import Feed
from broadsheet.model.subscription import Subscription, SubscriptionState
from broadsheet.stages.sources.feeds.links import absolute, web_address

LEASE_SECONDS = 10 * 86_400
SHORTEST_LEASE, LONGEST_LEASE = 300, 90 * 86_400
RENEW_AFTER = 0.8  # of the lease
ASK_AGAIN = timedelta(hours=6)
"""A hub that did not verify is asked again no sooner."""
ASK_AGAIN_AFTER_NO = timedelta(days=7)
POLL_WHILE_LIVE = timedelta(hours=12)
"""So seldom a source is polled while its hub tells us: hubs forget, and publishers forget their hubs."""
_METHODS = {"sha1", "sha256", "sha384", "sha512"}
_LINK = re.compile(r'<([^<>]{1,2000})>((?:\s*;\s*[\w*-]{1,20}\s*=\s*(?:"[^"]{0,200}"|[^",;\s]{0,200})){1,10})')
_REL = re.compile(r'\brel\s*=\s*(?:"([^"]*)"|([^",;\s]+))', re.IGNORECASE)


def is_to_be_asked(subscription: Subscription, now: datetime) -> bool:
    """Whether it is time to ask the hub: after most of the lease, or again where it never verified, or denied."""
    if subscription.is_live(now) and subscription.expires is not None:
        return now >= subscription.asked + (subscription.expires - subscription.asked) * RENEW_AFTER
    denied = subscription.state is SubscriptionState.DENIED
    return now >= subscription.asked + (ASK_AGAIN_AFTER_NO if denied else ASK_AGAIN)


def hub_of(response: Response, feed: Feed, url: str) -> tuple[str, str] | None:
    """The hub and the topic that a feed names, in the headers of the answer (which go first) or in itself."""
    named: dict[str, str] = {}
    for address, parameters in _LINK.findall(response.headers.get("link", "")[:20_000]):
        relation = _REL.search(parameters)
        for one in (relation[1] or relation[2]).lower().split() if relation else ():
            found = absolute(web_address(address, response.final_url))
            if one in {"hub", "self"} and found:
                named.setdefault(one, found)
    hub = named.get("hub") or absolute(feed.hub)
    topic = named.get("self") or absolute(feed.feed_url) or url
    return (hub, topic) if hub else None


def request_to_hub(subscription: Subscription, callback: str, *, mode: str = "subscribe") -> Letter:
    """The letter that asks the hub, with `hub.mode` `subscribe` or `unsubscribe`."""
    said = {"hub.callback": callback, "hub.mode": mode, "hub.topic": subscription.topic}
    if mode == "subscribe":
        said |= {"hub.lease_seconds": str(LEASE_SECONDS), "hub.secret": subscription.secret}
    return Letter(subscription.hub, urlencode(said).encode(), "application/x-www-form-urlencoded")


def answer_to_hub(
    subscription: Subscription, said: Mapping[str, str], now: datetime
) -> tuple[Subscription | None, str | None]:
    """What a hub's GET at our callback changes, and the challenge to send back (None: it is refused, 404).

    The subscription is None when it is over. What we did not ask for is refused, whoever asks.
    """
    mode, challenge = said.get("hub.mode", ""), said.get("hub.challenge", "")
    if said.get("hub.topic") != subscription.topic:
        return subscription, None
    if mode == "denied":
        reason = said.get("hub.reason", "")[:200] or "the hub gave no reason"
        return replace(subscription, state=SubscriptionState.DENIED, expires=None, reason=reason), ""
    if mode == "unsubscribe" and subscription.state is SubscriptionState.LEAVING:
        return None, challenge
    if mode == "subscribe" and challenge and subscription.state in {SubscriptionState.ASKED, SubscriptionState.LIVE}:
        lease = timedelta(seconds=_lease(said.get("hub.lease_seconds", "")))
        live = replace(subscription, state=SubscriptionState.LIVE, expires=now + lease, reason=None)
        return live, challenge
    return subscription, None


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature` (`method=hex`) was made of this body with our secret."""
    method, _, digest = signature.strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode("utf-8", "replace"))


def _lease(said: str) -> int:
    seconds = int(said) if said.isdecimal() and len(said) < 12 else LEASE_SECONDS
    return min(max(seconds, SHORTEST_LEASE), LONGEST_LEASE)
