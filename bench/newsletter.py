"""What it costs to make a letter, and to prepare and send its copies.

    python -m bench newsletter [--readers 10000]

A JSON line a measurement, in processor time of this process. `prepare`: the message of each reader, with links and
headers of their own; the peer makes each with the standard library's EmailMessage. `prepare and remember`: that, and
both entries of the store for each copy, with a mailer that takes everything. The goal is 0.5 s for a thousand.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TypeVar

from broadsheet.adapters.clocks import SystemClock
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.cli._progress import QuietProgress
from broadsheet.model.letter import DeliveryState, FiledLetter, Subscriber, SubscriberState
from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord, Record, RecordProvider
from broadsheet.model.story import Member, Receipt, Story
from broadsheet.model.taxonomy import Topic
from broadsheet.ports import Outcome
from broadsheet.settings import MailSettings, NewsletterSettings, ServeSettings, Settings
from broadsheet.stages.publish.newsletter.choosing import Past, Plan, choose
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.stages.publish.newsletter.rendering import Frame, render
from broadsheet.steps.letters import LEAVE
from broadsheet.steps.sending import PostRoom, prepare, reader_of, send_letter

AT_MOST = 0.5
NOW = datetime(2026, 3, 12, 11, tzinfo=UTC)
Made = TypeVar("Made")
SITE = Site("The Weir", "https://weir.internal")


def main() -> None:
    """Prints the measurements."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=10_000)
    readers = parser.parse_args().readers
    settings = _settings(Path(tempfile.mkdtemp()))
    letter, cost = _timed(_letter)
    _print("choose and render", 1, cost)
    with_store(settings, letter, [_reader(n) for n in range(readers)])


def with_store(settings: Settings, letter: FiledLetter, people: list[Subscriber]) -> None:
    """Measures what is done for each reader."""
    store, signer = SqlStore(settings.folder / "state.sqlite"), Signer(b"bench")
    store.subscribers.keep(people)
    message, cost = _timed(lambda: prepare(settings, store, letter))
    _print("check and compose", 1, cost)
    thousands = len(people) / 1000

    def prepared() -> int:
        return sum(len(message.to(reader_of(settings, signer, letter.name, one))) for one in people)

    size, cost = _timed(prepared)
    _print("prepare", len(people), cost / thousands, bytesEach=size // len(people), atMost=AT_MOST)
    few = people[:200]
    _, peer = _timed(lambda: [_by_the_library(letter, one) for one in few])
    _print("prepare, by EmailMessage", len(few), peer / len(few) * 1000)
    room = PostRoom(settings, store, SystemClock(), _Taker(), signer, QuietProgress(), lambda _: None, lambda: False)
    counts, cost = _timed(lambda: send_letter(room, letter))
    _print("prepare and remember", counts["sent"], cost / thousands, atMost=AT_MOST)


class _Taker:
    """A server that takes everything at once."""

    def send(self, sender: str, recipient: str, message: bytes, mark: str = "") -> Outcome:  # noqa: ARG002 - as the port
        """Taken."""
        return Outcome(DeliveryState.SENT, "250 OK")

    def close(self) -> None:
        """Nothing."""


def _by_the_library(letter: FiledLetter, reader: Subscriber) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["To"], message["Subject"], message["From"] = reader.address, letter.title, "letter@weir.internal"
    message.set_content(letter.excerpt)
    message.add_alternative(letter.html, subtype="html")
    return message.as_bytes()


def _settings(folder: Path) -> Settings:
    newsletter = NewsletterSettings(every="daily", sender="letter@weir.internal", imprint="The Weir, Saltmere")
    serve, mail = ServeSettings("https://letters.weir.internal"), MailSettings("127.0.0.1")
    return Settings(folder, folder / "broadsheet.toml", SITE, newsletter=newsletter, serve=serve, mail=mail)


def _letter() -> FiledLetter:
    publication = _publication(60)
    issue = choose(publication, Past(NOW - timedelta(days=1)), Plan(8, 20, 0), NOW)
    assert issue is not None
    web = "https://weir.internal/newsletter/weir-2026-03-12/"
    html = render(SITE, issue, Frame(web, f"https://letters.weir.internal{LEAVE}", "The Weir, Saltmere"))
    return FiledLetter("weir-2026-03-12", "A headline of the weir", "60 stories", NOW, web, html)


def _publication(count: int) -> Publication:
    records, stories = [], []
    for n in range(count):
        path, url, title = f"_news/2026-03-12-{n}.md", f"https://paper.internal/{n}", f"Headline {n} of a busy day"
        excerpt = f"What was found out on the {n}th visit, and what the office said to it. " * 3
        records.append(
            FiledRecord(path, Record(title, NOW, url, RecordProvider("Paper", "paper.internal"), excerpt=excerpt))
        )
        head = Member(
            path, title, url, "Paper", "paper.internal", NOW - timedelta(hours=2), Receipt(), excerpt, is_head=True
        )
        stories.append(Story(f"s{n}", title, 150 - n, True, (head,), ("Weirs",)))
    return Publication(SITE, (Topic("weirs", "Weirs"),), {}, tuple(records), tuple(stories))


def _reader(n: int) -> Subscriber:
    return Subscriber(f"{n:024x}", f"reader{n}@inbox.internal", SubscriberState.CONFIRMED, NOW, f"Reader {n}", NOW)


def _timed(work: Callable[[], Made]) -> tuple[Made, float]:
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


def _print(what: str, items: int, seconds: float, **more: float) -> None:
    per = "cpuSeconds" if items == 1 else "cpuSecondsAThousand"
    print(json.dumps({"bench": "newsletter", "what": what, "items": items, per: round(seconds, 4), **more}), flush=True)


if __name__ == "__main__":
    main()
