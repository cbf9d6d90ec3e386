"""Announcements as a part of the main job: after the publication is out, once, and never lost."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from broadsheet.adapters.storage.store import SqlStore
from broadsheet.model.outgoing import Announcement, Standing
from broadsheet.steps.newsroom import RunReport
from services import PASSWORD, SIGNED, TOKEN, Services
from worlds import EVENING, MORNING, NOON, World, run_at, saltmere

CHANNELS = """
[[push]]
kind = "webhook"
url = "{origin}/hook"
secret = "$HOOK"

[[push]]
kind = "mastodon"
url = "{origin}"
secret = "$TOOT"

[[push]]
kind = "bluesky"
url = "{origin}"
account = "paper.example"
secret = "$SKY"

[[push]]
kind = "websub"
url = "{origin}/hub"

[[push]]
kind = "indexnow"
url = "{origin}/indexnow"
"""


@pytest.fixture
def world(tmp_path: Path, services: Services) -> World:
    made = saltmere(tmp_path / "paper")
    file = made.folder / "broadsheet.toml"
    allow = f'allow = ["{urlsplit(services.origin).netloc}"]\nhost_delay_seconds = 0.0\n'
    text = (
        file.read_text("utf-8")
        .replace("threads = 4\n", f"threads = 4\n{allow}")
        .replace("threshold = 70", "threshold = 20")
    )
    file.write_text(text + CHANNELS.format(origin=services.origin), "utf-8")
    return made


def flood(world: World) -> None:
    """In the evening something happens."""
    told = ("A flood closed the weir at Saltmere. Forty people had to leave their houses on the quay at night.",) * 2
    image = '<meta property="og:image" content="https://ledger.example/flood.png">'
    world.page("https://ledger.example/flood", "Flood closes the Saltmere weir and its road", told, EVENING, image)
    entries = {"https://ledger.example/flood": "Flood closes the Saltmere weir and its road"}
    world.feed("https://ledger.example/feed.xml", entries, EVENING)
    world.write()


def run(world: World, services: Services, at: object) -> RunReport:
    services.now = at.timestamp()  # type: ignore[attr-defined]
    return run_at(world.folder, at)  # type: ignore[arg-type]


def kept(world: World) -> list[Announcement]:
    store = SqlStore(world.folder / ".broadsheet" / "state.sqlite")
    try:
        return store.outbox.newest(100)
    finally:
        store.close()


def told(services: Services) -> tuple[int, int, int, int]:
    return len(services.hooks), len(services.statuses), len(services.records), len(services.indexed)


def test_an_archive_is_not_announced_but_feeds_are(world: World, services: Services) -> None:
    run(world, services, MORNING)
    assert told(services) == (0, 0, 0, 0)
    assert {"http://localhost:8000/feed.xml", "http://localhost:8000/topics/fish/feed.xml"} <= set(services.pinged)
    assert {one.standing for one in kept(world) if one.channel != "websub"} == {Standing.SKIPPED}


def test_each_story_is_announced_once_on_every_channel(world: World, services: Services) -> None:
    run(world, services, MORNING)
    flood(world)
    pinged = len(services.pinged)
    report = run(world, services, EVENING)
    assert not [f for f in report.failures if f.stage == "announce"], report.failures
    assert told(services) == (1, 1, 1, 1)
    assert len(services.pinged) > pinged
    (status,) = services.statuses.values()
    assert status["status"].startswith(
        "Flood closes the Saltmere weir and its road\nThe Ledger\nhttp://localhost:8000/stories/"
    )
    seen = len(services.seen)
    run(world, services, EVENING)
    run(world, services, EVENING + timedelta(minutes=1))
    assert told(services) == (1, 1, 1, 1)
    assert not [one for one in services.seen[seen:] if "hub" not in one.path]


def test_the_key_of_indexnow_lies_at_the_root(world: World, services: Services) -> None:
    run(world, services, MORNING)
    flood(world)
    run(world, services, EVENING)
    (letter,) = services.posts("indexnow")
    name = urlsplit(letter.json["keyLocation"]).path.lstrip("/")
    assert (world.folder / "public" / name).read_text() == letter.json["key"]


def test_passing_trouble_is_made_up_for(world: World, services: Services) -> None:
    run(world, services, MORNING)
    flood(world)
    services.plan.append(503)  # and a wish to be left alone for two hours, which holds for the whole host
    report = run(world, services, EVENING)
    assert len([f for f in report.failures if f.stage == "announce"]) == 5
    run(world, services, EVENING + timedelta(minutes=60))
    assert told(services) == (0, 0, 0, 0)
    run(world, services, EVENING + timedelta(minutes=130))
    assert told(services) == (1, 1, 1, 1)


def test_a_kill_in_the_middle_loses_and_doubles_nothing(world: World, services: Services) -> None:
    run(world, services, MORNING)
    flood(world)
    for kind in ("webhook.Webhook", "mastodon.Mastodon", "bluesky.Bluesky"):
        with pytest.MonkeyPatch.context() as patched:
            module, name = kind.split(".")
            found = getattr(__import__(f"broadsheet.adapters.push.{module}", fromlist=[name]), name)
            whole = found.send

            def killed(self: object, news: object, now: object, whole: object = whole) -> str:
                whole(self, news, now)  # type: ignore[operator]
                raise KeyboardInterrupt

            patched.setattr(found, "send", killed)
            with pytest.raises(KeyboardInterrupt):
                run(world, services, EVENING)
    assert told(services)[:3] == (1, 1, 1)
    run(world, services, EVENING + timedelta(minutes=10))
    assert told(services)[:3] == (1, 1, 1)
    states = {one.standing for one in kept(world) if one.channel in ("webhook", "mastodon", "bluesky")}
    assert states == {Standing.SENT, Standing.SKIPPED}


def test_what_is_not_out_is_not_announced(world: World, services: Services, tmp_path: Path) -> None:
    file = world.folder / "broadsheet.toml"
    file.write_text(file.read_text("utf-8") + f'\n[[deploy]]\nto = "{tmp_path}/www/paper"\n', "utf-8")
    (tmp_path / "www").write_text("in the way")
    run(world, services, MORNING)
    assert not services.seen
    (tmp_path / "www").unlink()
    run(world, services, MORNING)
    assert services.pinged


def test_a_missing_secret_stops_one_channel_and_waits(
    world: World, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(world, services, MORNING)
    flood(world)
    monkeypatch.delenv("TOOT")
    report = run(world, services, EVENING)
    assert [f.item for f in report.failures if f.stage == "announce"] == ["mastodon"]
    assert told(services) == (1, 0, 1, 1)
    monkeypatch.setenv("TOOT", TOKEN)
    run(world, services, EVENING + timedelta(minutes=1))
    assert told(services) == (1, 1, 1, 1)


def test_no_secret_is_written_anywhere(world: World, services: Services) -> None:
    run(world, services, MORNING)
    flood(world)
    services.plan += ["", 401, 401, 401]
    report = run(world, services, EVENING)
    said = json.dumps([f.reason for f in report.failures]) + json.dumps(report.as_json())
    for secret in (TOKEN, PASSWORD, SIGNED):
        assert secret not in said
        files = [p for p in world.folder.rglob("*") if p.is_file()]
        assert not [p for p in files if secret.encode() in p.read_bytes()]


def test_at_night_people_are_left_alone(world: World, services: Services) -> None:
    file = world.folder / "broadsheet.toml"
    quiet = 'secret = "$TOOT"\nquiet = "19-7"\nmax_age_hours = 48.0'
    file.write_text(file.read_text("utf-8").replace('secret = "$TOOT"', quiet), "utf-8")
    run(world, services, NOON)
    flood(world)
    run(world, services, EVENING)
    assert told(services) == (1, 0, 1, 1)
    run(world, services, EVENING + timedelta(hours=12))
    assert told(services) == (1, 1, 1, 1)
