"""A browser, and a paper of two thousand stories and a few of their own, with the page of the search."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.model.publication import Site
from broadsheet.stages.publish.search import SearchDoc, full_files, next_boundaries, search_page
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.theme import Theme, static_files
from broadsheet.stages.publish.site.views import TopicLink
from broadsheet.web.static import open_server
from chromium import chromium

TOPICS = (TopicLink("Energy", "topics/energy/", "energy"), TopicLink("Law", "topics/law/", "law"))
TODAY = 20_500
OWN = {
    3: ("Old mill turns again after forty years", "The miller’s daughter found the key."),
    40: ("Café owners count spoons", "Crème brûlée is off the menu."),
    900: ("潮汐発電所が島に電気を送る", "港の新しい発電機は静かだ。"),
    901: ("المحكمة تنظر في قضية العبّارة", "قال القاضي إن الحكم يصدر غداً."),
    1500: ("Harbour pilots strike over a chair", "The key to it is its shape."),
    1990: ("Mills of the valley open their doors", "An old turn of phrase."),
    2000: ("Key turns in the old mill", "Again."),
    2003: ('<img src=x onerror="alert(1)"> & a <mark>trap</mark>', "Nothing of it is markup: ${1+1} `x` \\"),
}


def a_doc(number: int) -> SearchDoc:
    title, deck = OWN.get(number, (f"Tide table number {number} is printed", f"What gauge {number % 89} said."))
    paper = ("Ferry Post", "ferry.example") if number % 3 else ("The Kelp Ledger", "kelp.example")
    return SearchDoc(
        number, f"s{number}", title, deck, (("energy", "law")[number % 2],), *paper,
        TODAY - (2003 - number) // 10, number % 200, 1 + number % 5, number % 7, None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paper")
    site = Site(title="The Tide Table", description="News of the coast.")
    theme = Theme(site, links_of(site), TOPICS)
    docs = (a_doc(n) for n in range(2004) if n % 11 != 5)
    files = [search_page(theme), *static_files(), *full_files(docs, next_boundaries((), 1984))]
    for file in files:
        path = out / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
    return out


@pytest.fixture(scope="module")
def address(paper: Path) -> Iterator[str]:
    server = open_server(paper, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/search/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> object:
    return chromium()
