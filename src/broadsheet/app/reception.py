"""What takes in addresses and the deliveries of hubs."""

from collections.abc import Iterator
from contextlib import contextmanager

from broadsheet.adapters.clocks import SystemClock
from broadsheet.app.registry import read_registry
from broadsheet.app.state import make_state_folder
from broadsheet.app.stores import open_store
from broadsheet.app.tokens import secret
from broadsheet.settings import Settings
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.steps.websub import Receiver

TOKEN_FILE = "submit.token"  # noqa: S105 - the name of a file


@contextmanager
def open_receiver(settings: Settings) -> Iterator[Receiver]:
    """What takes in the deliveries of hubs, beside any run. Raises SettingsError and StorageError."""
    topics, _ = read_registry(settings)
    make_state_folder(settings.state_folder)
    with open_store(settings) as store:
        sources = {source.url: source for source in settings.sources}
        yield Receiver(store, sources, RuleBook(settings.rules, topics), SystemClock())


def submit_token(settings: Settings) -> str:
    """The token of those who may hand addresses over, made at first need; only the owner can read its file."""
    return secret(settings, TOKEN_FILE)
