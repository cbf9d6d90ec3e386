"""`broadsheet newsletter send`: a letter to all who asked for it."""

import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli._letters import letter_named
from broadsheet.cli._lines import print_line
from broadsheet.cli._progress import progress_for_this_terminal
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError

if TYPE_CHECKING:
    from broadsheet.model.letter import FiledLetter
    from broadsheet.steps.sending import PostRoom


FRESH = timedelta(days=2)


@click.command()
@click.argument("name", required=False)
@publication_option
@click.option("--test", "address", metavar="ADDRESS", help="One copy to this address; nothing is remembered of it.")
@click.option("--dry-run", is_flag=True, help="Check everything, tell how many would get it, and send nothing.")
def command(folder: Path, name: str | None, address: str | None, dry_run: bool) -> None:
    """Sends the newest letter (or the one with this NAME or day) to all who asked for it and confirmed.

    A letter with a placeholder in it is refused. Interrupted, even killed, it goes on when it is called again, and
    nobody gets it twice: a copy that was under way then is not sent again, and is counted as unknown. Prints how many
    copies are sent, refused, unknown, or left for later; exit code 1 if any is left. Who asks for the letter after it
    was sent to all gets the next one; a letter older than two days is only sent by name.

    \b
    Example:
      broadsheet newsletter send -C my-paper
    """
    from broadsheet.app.letters import open_post_room
    from broadsheet.steps.sending import prepare, send_letter

    settings = settings_of(folder)
    letter = letter_named(settings.folder, name)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_post_room(
        settings, progress_for_this_terminal(), lambda seconds: _pause(stop, seconds), stop.is_set
    ) as room:
        if (
            name is None
            and room.clock.now() - letter.published > FRESH
            and not room.store.letters.is_begun(letter.name)
        ):
            raise UsageError(
                f"{letter.name} is old news", hint=f"To send it all the same: newsletter send {letter.name}"
            )
        if dry_run:
            prepare(settings, room.store, letter)
            finished = room.store.letters.finished(letter.name) is not None
            waiting = 0 if finished else sum(1 for _ in room.store.letters.waiting(letter.name))
            print_line({"letter": letter.name, "wouldSend": waiting})
            return
        if address:
            sys.exit(_test(room, letter, address))
        counts = send_letter(room, letter)
        finished = room.store.letters.finished(letter.name) is not None
        left = 0 if finished else sum(1 for _ in room.store.letters.waiting(letter.name))
    print_line({"letter": letter.name, **dict(sorted(counts.items())), "left": left})
    sys.exit(int(bool(left)))


def _pause(stop: threading.Event, seconds: float) -> None:
    """Ends early where somebody wants to stop."""
    stop.wait(seconds)


def _test(room: "PostRoom", letter: "FiledLetter", address: str) -> int:
    """One copy whose links belong to nobody."""
    from broadsheet.model.letter import DeliveryState, Subscriber, SubscriberState
    from broadsheet.stages.publish.newsletter.mail import canonical_address
    from broadsheet.steps.sending import prepare, reader_of, sender_of

    nobody = Subscriber("0" * 24, canonical_address(address), SubscriberState.CONFIRMED, letter.published)
    message = prepare(room.settings, room.store, letter)
    reader = reader_of(room.settings, room.signer, letter.name, nobody)
    outcome = room.mailer.send(sender_of(room.settings)[0].address, nobody.address, message.to(reader), reader.mark)
    print_line({"letter": letter.name, "address": nobody.address, "state": outcome.state.value, "said": outcome.said})
    return int(outcome.state is not DeliveryState.SENT)
