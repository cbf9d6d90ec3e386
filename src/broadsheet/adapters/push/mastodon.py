"""Mastodon and what speaks its API (https://docs.joinmastodon.org/methods/statuses/#create)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from broadsheet.adapters.push.sending import message_key, read_json, read_object, send_json, text_of
from broadsheet.errors import GoneForGood
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.outgoing import Announcement, PushSettings, StoryNews
from broadsheet.ports import Http
from broadsheet.stages.publish.push.words import mastodon_text, news_from

REMEMBERED = timedelta(minutes=50)
"""Servers remember an Idempotency-Key for an hour; after this long a try whose end nobody knows is looked for."""


class Mastodon:
    """Implements the `Channel` port: one status a story. A repeated try within the hour is the same status; later it is
    looked for among the newest of the account, where the settings say its name."""

    most = 1

    def __init__(self, http: Http, settings: PushSettings, token: Callable[[], str], locale: str) -> None:
        self._http = http
        self._api = f"{settings.url.rstrip('/')}/api/v1"
        self._account = settings.account.removeprefix("@")
        self._token = token
        self._locale = locale
        self._visibility = settings.visibility

    def send(self, news: Sequence[Announcement], now: datetime) -> str:
        """As the port says: the address of the status. Raises GoneForGood where a repetition could be a second one."""
        said = ""
        for one in news:
            story = news_from(one.body)
            forgotten = one.uncertain is not None and now - one.uncertain > REMEMBERED
            said = (self._found(story) if forgotten else None) or self._create(one, story)
        return said

    def _create(self, one: Announcement, story: StoryNews) -> str:
        headers = {"authorization": f"Bearer {self._token()}", "idempotency-key": message_key(one)}
        body = {"status": mastodon_text(story, self._locale), "visibility": self._visibility}
        language = (story.language or self._locale).partition("-")[0].lower()
        url = f"{self._api}/statuses"
        answer = send_json(self._http, url, {**body, "language": language}, headers)
        return str(answer.get("url") or text_of(answer, "id", url))

    def _found(self, story: StoryNews) -> str | None:
        """The address of the account's status on this story, None where there is none; what everybody may see is
        asked."""
        if not self._account:
            hint = "With account in [[push]] it is looked for instead"
            raise GoneForGood("nobody knows whether the server took it an hour ago, so it is not sent again", hint=hint)
        asked = f"{self._api}/accounts/lookup?{urlencode({'acct': self._account})}"
        name = text_of(read_object(self._http.get(Request(asked, Purpose.API))), "id", asked)
        newest = self._http.get(Request(f"{self._api}/accounts/{quote(name, safe='')}/statuses?limit=40", Purpose.API))
        statuses = read_json(newest)
        for status in statuses if isinstance(statuses, list) else []:
            if isinstance(status, dict) and story.url in str(status.get("content")):
                return str(status.get("url") or status.get("id"))
        return None
