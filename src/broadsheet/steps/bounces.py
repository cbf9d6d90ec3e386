"""Reads reports of failed deliveries from a folder, a Maildir or an mbox, and stops writing to who can't be reached."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadsheet.errors import Rejected, UsageError
from broadsheet.model.letter import Delivery, DeliveryState
from broadsheet.ports import Store
from broadsheet.stages.publish.newsletter.bounces import LARGEST, Bounce, read_bounce
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.steps.subscribers import failed, suppress

_SEPARATOR = b"From "


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message led to: `hard`, `soft`, `complaint`, `known` (told before), or `ignored` with the reason."""

    item: str
    what: str
    address: str = ""
    reason: str = ""


def hear_bounces(store: Store, signer: Signer, paths: Iterable[Path], now: datetime) -> Iterator[Heard]:
    """What each message in these files and folders leads to; reading the same again changes nothing.

    A report is believed only with the signed Message-ID of a copy that we sent, so nobody can end another's letter.
    Raises UsageError for a path that can't be read.
    """
    for path in paths:
        for item, data in messages_in(path):
            try:
                bounce = read_bounce(data)
                yield (
                    Heard(item, "ignored", reason="no report")
                    if bounce is None
                    else _hear(store, signer, item, bounce, now)
                )
            except Rejected as error:
                yield Heard(item, "ignored", reason=error.message)


def _hear(store: Store, signer: Signer, item: str, bounce: Bounce, now: datetime) -> Heard:
    ours = next((copy for mark in bounce.marks if (copy := signer.copy(mark))), None)
    subscriber = store.subscribers.by_id(ours[1]) if ours else None
    if ours is None or subscriber is None:
        return Heard(item, "ignored", reason="it names no copy that we sent")
    before = store.letters.delivery(*ours)
    if before is not None and before.state is DeliveryState.BOUNCED and not bounce.complaint:
        return Heard(item, "known", subscriber.address, before.reason)
    if bounce.complaint:
        suppress(store, subscriber.address, bounce.said, now)
        return Heard(item, "complaint", subscriber.address, bounce.said)
    store.letters.write([Delivery(*ours, DeliveryState.BOUNCED, now, bounce.said)])
    ended = failed(store, subscriber, hard=bounce.hard, said=bounce.said, now=now)
    return Heard(item, "hard" if ended else "soft", subscriber.address, bounce.said)


def messages_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """The messages of a folder or Maildir (a file each, also in folders of it), or of an mbox or a single file."""
    try:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
                yield str(file), _start(file, LARGEST + 1)
            return
        if not _start(path, len(_SEPARATOR)).startswith(_SEPARATOR):
            yield str(path), _start(path, LARGEST + 1)
            return
        for number, message in enumerate(_in_mbox(path), 1):
            yield f"{path}#{number}", message
    except OSError as error:
        raise UsageError(f"{path}: can't be read ({error.strerror})") from error


def _in_mbox(path: Path) -> Iterator[bytes]:
    """Message by message; of one that is too large the beginning, which is refused later."""
    gathered: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while line := file.readline(LARGEST):
            if line.startswith(_SEPARATOR) and gathered:
                yield b"".join(gathered)
                gathered, size = [], 0
            elif not line.startswith(_SEPARATOR) and size <= LARGEST:
                gathered.append(line)
                size += len(line)
    if gathered:
        yield b"".join(gathered)


def _start(file: Path, most: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(most)
