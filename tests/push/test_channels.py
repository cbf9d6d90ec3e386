"""What every filling of the `Channel` port promises, asked of each of them, at servers that speak the real protocols."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.adapters.push.opening import open_channel
from broadsheet.adapters.push.webhook import signature
from broadsheet.errors import GoneForGood, Rejected, RetryLater, SettingsError
from broadsheet.model.outgoing import Announcement, PushSettings
from broadsheet.model.publication import Site
from broadsheet.ports import Channel
from broadsheet.stages.publish.push.indexnow import indexnow_key
from broadsheet.stages.publish.push.planning import begun
from broadsheet.stages.publish.push.words import news_json
from services import NEWS, NOW, Services

SITE = Site("Weir", url="https://weir.example", locale="de-de")
BLOCKS = {
    "webhook": {"url": "/hook", "secret": "$HOOK"},
    "mastodon": {"url": "", "secret": "$TOOT"},
    "bluesky": {"url": "", "secret": "$SKY", "account": "paper.example"},
    "websub": {"url": "/hub"},
    "indexnow": {"url": "/indexnow"},
}
OpenChannel = Callable[..., Channel]


def announcement(kind: str, **more: object) -> Announcement:
    body = {"feed": "https://weir.example/feed.xml"} if kind == "websub" else news_json(NEWS)
    made = Announcement(kind, NEWS.id, NOW, heat=90, body=body, records=NEWS.records)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def open_one(services: Services, allowed: str, tmp_path: Path) -> OpenChannel:
    services.now = NOW.timestamp()

    def made(kind: str, **more: str) -> Channel:
        block = {**BLOCKS[kind], **more}
        options = HttpOptions(allow=frozenset({allowed}), per_host_delay_seconds=0.0, timeout_seconds=10)
        settings = PushSettings(kind, **{**block, "url": services.origin + block["url"]})
        return open_channel(settings, SITE, tmp_path, LiveHttp(options, FixedClock(NOW)))

    return made


def out(services: Services, kind: str) -> int:
    """How many announcements the service has."""
    return len(
        {
            "webhook": services.hooks,
            "mastodon": services.statuses,
            "bluesky": services.records,
            "websub": services.pinged,
            "indexnow": services.indexed,
        }[kind]
    )


@pytest.mark.parametrize("kind", BLOCKS)
def test_it_is_told(services: Services, open_one: OpenChannel, kind: str) -> None:
    open_one(kind).send([announcement(kind)], NOW)
    assert out(services, kind) == 1


@pytest.mark.parametrize("kind", ["webhook", "mastodon", "bluesky"])
def test_a_try_whose_answer_was_lost_is_repeated_without_a_second_one(
    services: Services, open_one: OpenChannel, kind: str
) -> None:
    one = announcement(kind)
    services.plan += ["", "lose"] if kind == "bluesky" else ["lose"]  # there the session is asked for first
    with pytest.raises(RetryLater):
        open_one(kind).send([one], NOW)
    assert out(services, kind) == 1
    later = NOW + timedelta(minutes=5)
    services.now = later.timestamp()
    open_one(kind).send([begun(one, NOW)], later)
    assert out(services, kind) == 1


@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize(
    ("status", "error"), [(500, RetryLater), (503, RetryLater), (429, RetryLater), (401, Rejected)]
)
def test_trouble_is_told_apart(
    services: Services, open_one: OpenChannel, kind: str, status: int, error: type[Exception]
) -> None:
    services.plan.append(status)
    with pytest.raises(error) as raised:
        open_one(kind).send([announcement(kind)], NOW)
    assert bool(raised.value.blocked) == (status in (401, 429))
    if status in (429, 503):
        assert raised.value.after_seconds == 7200
    assert out(services, kind) == 0


@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize("status", [307, 404, 422])
def test_what_is_refused_or_sent_elsewhere_is_no_success(
    services: Services, open_one: OpenChannel, kind: str, status: int
) -> None:
    services.plan.append(status)
    with pytest.raises(Rejected):
        open_one(kind).send([announcement(kind)], NOW)
    assert all("/elsewhere" not in one.path for one in services.seen)


@pytest.mark.parametrize("kind", ["mastodon", "bluesky"])
@pytest.mark.parametrize(("planned", "error"), [("garbage", RetryLater), ("huge", Rejected)])
def test_an_answer_that_is_none_is_uncertain(
    services: Services, open_one: OpenChannel, kind: str, planned: str, error: type[Exception]
) -> None:
    services.plan.append(planned)
    with pytest.raises(error):
        open_one(kind).send([announcement(kind)], NOW)


@pytest.mark.parametrize("kind", ["webhook", "mastodon", "bluesky"])
def test_a_missing_secret_is_named_and_nothing_is_sent(
    services: Services, open_one: OpenChannel, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOOK", "TOOT", "SKY"):
        monkeypatch.delenv(name)
    with pytest.raises(SettingsError, match="there is no"):
        open_one(kind).send([announcement(kind)], NOW)
    with pytest.raises(SettingsError, match="must be the name") as raised:
        open_one(kind, secret="written-out").send([announcement(kind)], NOW)
    assert "written-out" not in str(raised.value)
    assert not services.seen


def test_a_secret_may_lie_in_a_file_that_only_its_owner_reads(
    services: Services, open_one: OpenChannel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "toot-token-1"
    monkeypatch.delenv("TOOT")
    file = tmp_path / "secrets.toml"
    file.write_text(f'TOOT = "{token}"\n')
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        open_one("mastodon").send([announcement("mastodon")], NOW)
    file.chmod(0o600)
    open_one("mastodon").send([announcement("mastodon")], NOW)
    assert len(services.statuses) == 1


def test_a_wrong_token_is_told_without_repeating_it(
    services: Services, open_one: OpenChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOT", "wrong-token")
    monkeypatch.setenv("SKY", "wrong-token")
    for kind in ("mastodon", "bluesky"):
        with pytest.raises(Rejected, match="401") as raised:
            open_one(kind).send([announcement(kind)], NOW)
        assert "wrong-token" not in str(raised.value)


def test_a_webhook_says_the_whole_story(services: Services, open_one: OpenChannel) -> None:
    open_one("webhook").send([announcement("webhook")], NOW)
    (told,) = services.hooks.values()
    assert (told["type"], told["timestamp"]) == ("story.published", "2026-11-20T08:00:00Z")
    assert told["data"] == news_json(NEWS)
    schema = json.loads((Path(__file__).parents[2] / "docs" / "webhook.schema.json").read_text("utf-8"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(told)
    assert set(schema["properties"]["data"]["required"]) == set(told["data"])


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that Standard Webhooks gives for its libraries."""
    secret, name, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    assert signature(secret, name, at, b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_status_has_title_publisher_count_link_language_and_visibility(
    services: Services, open_one: OpenChannel
) -> None:
    said = open_one("mastodon").send([announcement("mastodon")], NOW)
    (status,) = services.statuses.values()
    assert status["status"] == (
        "Saltmere weir opens its salmon ladder 🐟\nThe Ledger · 2 unabhängige Berichte\n"
        "https://weir.example/stories/ab12cd34ef56/"
    )
    assert (status["language"], status["visibility"], said) == ("en", "public", f"{services.origin}/@paper/1")


def test_a_status_that_may_be_out_for_an_hour_is_not_sent_again(services: Services, open_one: OpenChannel) -> None:
    with pytest.raises(GoneForGood, match="not sent again"):
        open_one("mastodon").send([begun(announcement("mastodon"), NOW)], NOW + timedelta(hours=1))
    assert not services.seen


def test_with_the_accounts_name_it_is_looked_for_after_an_hour(services: Services, open_one: OpenChannel) -> None:
    tried, later = begun(announcement("mastodon"), NOW), NOW + timedelta(hours=9)
    channel = open_one("mastodon", account="@paper")
    channel.send([tried], later)
    assert len(services.statuses) == 1, "it was not there"
    key = services.statuses.popitem()
    services.statuses["forgotten"] = key[1]
    assert channel.send([tried], later) == f"{services.origin}/@paper/1"
    assert list(services.statuses) == ["forgotten"], "it was there, and is not sent again"


def test_a_post_has_a_link_in_bytes_a_card_and_the_same_key_always(services: Services, open_one: OpenChannel) -> None:
    uri = open_one("bluesky").send([announcement("bluesky")], NOW)
    ((key, found),) = services.records.items()
    record = found["value"]
    index = record["facets"][0]["index"]
    assert record["text"].encode()[index["byteStart"] : index["byteEnd"]] == b"weir.example/stories/ab12cd34ef56"
    assert record["facets"][0]["features"][0]["uri"] == NEWS.url
    assert record["embed"]["external"] == {"uri": NEWS.url, "title": NEWS.title, "description": "Two years late."}
    assert (record["langs"], record["createdAt"]) == (["en"], "2026-11-20T08:00:00.000Z")
    assert uri.endswith(key)
    services.records.clear()
    open_one("bluesky").send([announcement("bluesky")], NOW)
    assert list(services.records) == [key]


def test_one_session_serves_many_posts(services: Services, open_one: OpenChannel) -> None:
    channel = open_one("bluesky")
    for name in ("a", "b", "c"):
        channel.send([announcement("bluesky", subject=name)], NOW)
    assert len(services.posts("createSession")) == 1
    assert len(services.records) == 3


def test_a_session_that_ran_out_is_begun_anew(services: Services, open_one: OpenChannel) -> None:
    channel = open_one("bluesky")
    channel.send([announcement("bluesky", subject="a")], NOW)
    services.plan.append(401)
    with pytest.raises(Rejected):
        channel.send([announcement("bluesky", subject="b")], NOW)
    channel.send([announcement("bluesky", subject="b")], NOW)
    assert len(services.records) == 2


def test_search_engines_get_many_pages_in_one_letter(services: Services, open_one: OpenChannel) -> None:
    news = [announcement("indexnow", subject=str(n)) for n in range(40)]
    open_one("indexnow").send(news, NOW)
    (letter,) = services.posts("indexnow")
    key = indexnow_key("https://weir.example")
    assert letter.json["keyLocation"] == f"https://weir.example/{key}.txt"
    assert letter.json["key"] == key
    assert len(services.indexed) == 40


def test_no_channel_reaches_into_the_own_network(tmp_path: Path, services: Services) -> None:
    http = LiveHttp(HttpOptions(per_host_delay_seconds=0.0), FixedClock(NOW))
    settings = PushSettings("webhook", url=f"{services.origin}/hook", secret="$HOOK")
    with pytest.raises(Rejected, match="not a public address"):
        open_channel(settings, SITE, tmp_path, http).send([announcement("webhook")], NOW)
    assert not services.seen


@pytest.mark.parametrize("settings", [PushSettings("webhook"), PushSettings("bluesky"), PushSettings("mastodon")])
def test_a_block_that_lacks_a_key_is_told(settings: PushSettings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="lacks the key"):
        open_channel(settings, SITE, tmp_path, LiveHttp(HttpOptions(), FixedClock(NOW)))
