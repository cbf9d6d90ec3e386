"""The services, and a client that may ask this machine."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from services import PASSWORD, SIGNED, TOKEN, Services, open_services


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    for name, value in {"TOOT": TOKEN, "SKY": PASSWORD, "HOOK": SIGNED}.items():
        monkeypatch.setenv(name, value)
    made, server = open_services()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def allowed(services: Services) -> str:
    return urlsplit(services.origin).netloc
