"""What the commands of the newsletter share."""

from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.errors import UsageError

if TYPE_CHECKING:
    from broadsheet.model.letter import FiledLetter, Subscriber
    from broadsheet.ports import Store
    from broadsheet.settings import Settings
    from broadsheet.web.letterbox import Letterbox


def letter_named(folder: Path, name: str | None) -> "FiledLetter":
    """The letter of that name (or path, or day), or the newest. Raises UsageError where there is none, Rejected where
    it can't be read."""
    from broadsheet.model.letter import FOLDER
    from broadsheet.stages.publish.newsletter.filing import day_of
    from broadsheet.steps.letters import letter_at

    wanted = Path(name).name.removesuffix(".html") if name else ""
    files = [f for f in sorted((folder / FOLDER).glob("*.html")) if f.stem == wanted or f.stem.endswith(f"-{wanted}")]
    if not name:
        files = sorted((folder / FOLDER).glob("*.html"))
    if not files:
        what = f"no letter is named {name}" if name else f"there is no letter in {folder / FOLDER}"
        raise UsageError(what, hint="Make one with: broadsheet newsletter build")
    return max(map(letter_at, files), key=lambda letter: (day_of(letter), letter.published))


def letterbox_of(settings: "Settings", store: "Store") -> "Letterbox | None":
    """The pages by which readers ask for the letter and leave; None where no letters are made. Without a mail server
    they can leave, and nobody can ask."""
    if settings.newsletter.every == "off" and not store.subscribers.all():
        return None
    from broadsheet.app.clocks import SystemClock
    from broadsheet.app.letters import letter_signer, open_mailer
    from broadsheet.model.letter import DeliveryState
    from broadsheet.steps.sending import send_question
    from broadsheet.web.letterbox import Letterbox

    signer, clock = letter_signer(settings), SystemClock()

    def question(subscriber: "Subscriber") -> bool:
        mailer = open_mailer(settings)
        try:
            outcome = send_question(settings, mailer, signer, subscriber, clock.now())
        finally:
            mailer.close()
        return outcome.state in (DeliveryState.SENT, DeliveryState.UNKNOWN)

    can_ask = bool(settings.mail.host and settings.newsletter.sender and settings.serve.public_url)
    return Letterbox(settings, store, clock, signer, question if can_ask else None)
