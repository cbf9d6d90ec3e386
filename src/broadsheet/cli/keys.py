"""`broadsheet keys`: the keys of sealed payloads."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError

if TYPE_CHECKING:
    from broadsheet.formats.sealing import SealingKey
    from broadsheet.settings import Settings
    from broadsheet.steps.payloads import Renewed

MOST_NAMED = 5


@click.group()
def command() -> None:
    """Keys that seal what only the operator may read of records. The keys themselves are never shown.

    They lie beside the store, or in the file that BROADSHEET_KEY_FILE names, readable by their owner only. Keep a copy:
    without its key a payload stays closed.
    """


@command.command("list")
@publication_option
def list_keys(folder: Path) -> None:
    """The keys: a JSON line {key, seals, records} each, the last how many records are sealed with it.

    \b
    Example:
      broadsheet keys list
    """
    from broadsheet.app.keys import open_key_file
    from broadsheet.app.stores import open_content
    from broadsheet.steps.payloads import records_under

    settings = settings_of(folder)
    ring = open_key_file(settings).read()
    with open_content(settings) as content:
        for name in ring.keys:
            print_line({"key": name, "seals": name == ring.seals, "records": len(records_under(content, name))})


@command.command()
@click.option("--from", "source", type=click.File("rb"), help="A file with 32 bytes in base64, for payloads of others.")
@publication_option
def add(source: BinaryIO | None, folder: Path) -> None:
    """Add a key: a new one that seals from the next run on, or one of yours from elsewhere, to read with.

    \b
    Example:
      broadsheet keys add
    """
    from broadsheet.app.keys import open_key_file

    file = open_key_file(settings_of(folder))
    ring = file.read()
    if source is None and ring.sealing is not None:
        raise UsageError(f"the key {ring.seals} seals already", hint="broadsheet keys rotate makes one in its place")
    key = _read(source.read()) if source else _new()
    file.write(ring.with_key(key, seals=source is None))
    print_line({"key": key.id, "seals": source is None})


@command.command()
@publication_option
def rotate(folder: Path) -> None:
    """Make a new key, and seal with it all that the older ones sealed. They stay, until `retire`.

    A JSON line for each record. Every record stays readable at every moment; `renew` goes on after an interruption.

    \b
    Example:
      broadsheet keys rotate
    """
    from broadsheet.app.keys import open_key_file

    settings = settings_of(folder)
    file = open_key_file(settings)
    ring = file.read()
    if ring.sealing is None:
        raise UsageError("there is no key yet", hint="broadsheet keys add makes one")
    key = _new()
    file.write(ring.with_key(key, seals=True))
    print_line({"key": key.id, "seals": True})
    sys.exit(_renewed(settings))


@command.command()
@publication_option
def renew(folder: Path) -> None:
    """Seal with the present key what older keys sealed: what `rotate` does, where it was interrupted.

    \b
    Example:
      broadsheet keys renew
    """
    sys.exit(_renewed(settings_of(folder)))


@command.command()
@click.argument("key")
@publication_option
def retire(key: str, folder: Path) -> None:
    """Remove a KEY that seals nothing any more; refused while a record of this publication needs it.

    \b
    Example:
      broadsheet keys retire 1f0c5a77d3b2e849
    """
    from broadsheet.app.keys import open_key_file
    from broadsheet.app.stores import open_content
    from broadsheet.steps.payloads import records_under

    settings = settings_of(folder)
    file = open_key_file(settings)
    ring = file.read()
    if key not in ring.keys:
        raise UsageError(f"there is no key {key}", hint=f"There are: {', '.join(ring.keys) or 'none'}")
    if key == ring.seals:
        raise UsageError(f"the key {key} is the one that seals", hint="broadsheet keys rotate makes another one first")
    with open_content(settings) as content:
        needed = records_under(content, key)
    if needed:
        named = ", ".join(needed[:MOST_NAMED]) + (" and more" if len(needed) > MOST_NAMED else "")
        hint = "broadsheet keys renew seals them anew"
        raise UsageError(f"{len(needed)} records are sealed with it: {named}", hint=hint)
    file.write(ring.without(key))
    print_line({"key": key, "retired": True})


def _renewed(settings: "Settings") -> int:
    from broadsheet.app.keys import open_key_file
    from broadsheet.app.stores import open_content
    from broadsheet.steps.payloads import renew

    with open_content(settings) as content:
        return _told(renew(content, open_key_file(settings).read()))


def _told(outcomes: "Iterable[Renewed]") -> int:
    failed = 0
    for outcome in outcomes:
        print_line({"path": outcome.path, **({"error": outcome.error} if outcome.error else {"sealed": True})})
        failed |= bool(outcome.error)
    return int(failed)


def _new() -> "SealingKey":
    from broadsheet.formats.sealing import MASTER_BYTES, SealingKey

    return SealingKey(os.urandom(MASTER_BYTES))


def _read(body: bytes) -> "SealingKey":
    import base64
    import binascii

    from broadsheet.formats.sealing import SealingKey

    try:
        return SealingKey(base64.b64decode(body.strip(), validate=True))
    except (binascii.Error, ValueError) as error:
        raise UsageError("the file is no key: it must have 32 bytes in base64") from error
