"""Through real files: whatever an editor merges and splits, every page that ever was leads to where its head is."""

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.app.publications import read_publication
from broadsheet.errors import UsageError
from broadsheet.settings import read_settings
from broadsheet.stages.publish.decisions import decision_path, emit_decision
from broadsheet.steps.desk import Desk, Pen
from broadsheet.steps.editorial import read_decisions
from editor.newsroom import Paper, paper_in
from worlds import MORNING, NOON

NOTES = (
    ("Bakers of Oldport raise the price of rye", "The guild of bakers met behind the mill and agreed on four crowns."),
    ("Lighthouse keeper retires after forty winters", "Oda Brenn climbed the lamp room for the last time at dusk."),
    ("School band wins the county cup with a waltz", "Eleven trumpets and a borrowed tuba pleased the jury most."),
    ("Tram line nine is closed for a rusty rail", "Engineers found the crack beneath a puddle near the depot."),
    ("Museum finds a map of a vanished island", "The parchment lay folded in a ledger of whale oil merchants."),
    ("Frost spoils half of the plum harvest", "Growers in the upper valley lit straw fires all through the night."),
    ("Council buys nine hundred chairs by mistake", "A clerk had typed a zero too many in the order form."),
    ("Beavers dam the moat of Castle Ruhn", "The warden says that the water has not been so clear in decades."),
    ("Two choirs sing the same hymn on one square", "Neither would yield, so both finished within a second."),
)


def many_stories(folder: Path) -> Paper:
    paper = paper_in(folder)
    links = {}
    for number, (title, sentence) in enumerate(NOTES):
        url = f"https://ledger.example/note-{number}"
        paper.world.page(url, title, (sentence, f"Nothing of the kind was seen since the year 18{number}7."))
        links[url] = title
    paper.world.feed("https://ledger.example/feed.xml", links)
    paper.world.write()
    return paper


class Reader:
    """Remembers every address, and which record stood for it."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.head: dict[str, str] = {}

    def look(self, *, exactly: bool) -> None:
        """Where several decisions were carried out at once, a story may have had a head that no page ever showed."""
        stories = self.paper.stories()
        self.head |= {story: records[0] for story, records in stories.items()}
        for story, record in self.head.items():
            to = self.paper.leads(story)
            assert to in stories
            assert not exactly or to == (story if story in stories else self.paper.story_of(record))


def decide(paper: Paper, chance: random.Random) -> None:
    publication, _ = read_publication(read_settings(paper.folder))
    desk = Desk(publication, read_decisions(paper.folder)[0])
    pen = Pen(desk, "Ann", "", NOON)
    stories = sorted(desk.stories)
    one, other = chance.choice(stories), chance.choice(stories)
    records = [f.path for f in desk.stories[one]]
    kind = chance.choice(["merge", "merge", "split", "split", "move", "pin", "undo"])
    try:
        if kind == "merge":
            made = pen.merge(one, other)
        elif kind == "split":
            made = pen.split(one, chance.sample(records, chance.randint(1, len(records))))
        elif kind == "move":
            made = pen.move(chance.choice(records), other)
        elif kind == "pin":
            made = pen.pin(chance.choice(records))
        else:
            made = pen.undo(chance.choice(desk.decisions).name if desk.decisions else "none")
    except UsageError:
        return  # an editor would have been told why
    path = paper.folder / decision_path(made.name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(emit_decision(made), "utf-8")


@pytest.mark.parametrize(("seed", "runs", "at_once"), [(1, 12, 1), (3, 4, 6)])
def test_every_page_that_ever_was_leads_to_where_its_head_is(
    seed: int, runs: int, at_once: int, tmp_path: Path
) -> None:
    paper = many_stories(tmp_path / "paper")
    chance, reader = random.Random(seed), Reader(paper)
    paper.run()
    records = sorted(p for p in paper.tree() if p.startswith("_news"))
    assert len(paper.stories()) > 8
    for number in range(runs):
        for _ in range(at_once):
            decide(paper, chance)
        paper.run(MORNING + timedelta(days=number * chance.choice([0, 9])))
        reader.look(exactly=at_once == 1)
    assert sorted(p for p in paper.tree() if p.startswith("_news")) == records
    before = {story: paper.leads(story) for story in reader.head}
    stories = paper.stories()
    shutil.rmtree(paper.folder / ".broadsheet")
    paper.run(MORNING)
    assert paper.stories() == stories
    assert {story: paper.leads(story) for story in reader.head} == before
