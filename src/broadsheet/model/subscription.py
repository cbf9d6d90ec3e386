"""A WebSub subscription: a hub tells us of a source, so that we need not ask."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubscriptionState(StrEnum):
    """How far a subscription is."""

    ASKED = "asked"
    LIVE = "live"
    DENIED = "denied"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is agreed with a hub on one source. `token` is the last part of our callback's path, which nobody can guess;
    `secret` signs what the hub sends. `asked` is when the hub was asked last. Instants are UTC."""

    source_url: str
    hub: str
    topic: str
    token: str
    secret: str
    state: SubscriptionState
    asked: datetime
    expires: datetime | None = None
    reason: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether the hub tells us of this source now."""
        return self.state is SubscriptionState.LIVE and self.expires is not None and now < self.expires
