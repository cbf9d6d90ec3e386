"""From a `[[push]]` block to the channel that is meant."""

from functools import partial
from pathlib import Path

from broadsheet.adapters.push.bluesky import Bluesky
from broadsheet.adapters.push.indexnow import IndexNow
from broadsheet.adapters.push.mastodon import Mastodon
from broadsheet.adapters.push.secrets import FILE, Secrets
from broadsheet.adapters.push.webhook import Webhook
from broadsheet.adapters.push.websub import Hub
from broadsheet.errors import SettingsError
from broadsheet.model.outgoing import PushKind, PushSettings
from broadsheet.model.publication import Site
from broadsheet.ports import Channel, Http

_NEED_ADDRESS = frozenset({PushKind.WEBSUB, PushKind.WEBHOOK, PushKind.MASTODON})


def open_channel(settings: PushSettings, site: Site, state: Path, http: Http) -> Channel:
    """The channel; secrets are looked up when something is sent. Raises SettingsError where a key is missing."""
    kind = PushKind(settings.kind)
    if kind in _NEED_ADDRESS and not settings.url:
        raise SettingsError(f"[[push]] {settings.channel}: lacks the key 'url'")
    secret = partial(Secrets(state / FILE).of, settings.channel, settings.secret)
    if kind is PushKind.WEBSUB:
        return Hub(http, settings.url)
    if kind is PushKind.WEBHOOK:
        return Webhook(http, settings.url, secret)
    if kind is PushKind.MASTODON:
        return Mastodon(http, settings, secret, site.locale)
    if kind is PushKind.INDEXNOW:
        return IndexNow(http, settings.url, f"{site.url}{site.base_path}")
    if not settings.account:
        raise SettingsError(f"[[push]] {settings.channel}: lacks the key 'account'")
    return Bluesky(http, settings.url, settings.account, secret, site.locale)
