"""Takes in what a poll listed: which entries are new, which are known, and under which other addresses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.tables import articles, item_marks, items, listings, stories
from broadsheet.model.kept import Item
from broadsheet.model.rules import RULED
from broadsheet.model.source import Source

WAITING, DROPPED = "waiting", "dropped"
VALUES_A_QUERY = 900

Known = Row[Any]


@dataclass(slots=True)
class Arrivals:
    """One poll's items on their way into the store, inside of one transaction."""

    connection: Connection
    source: Source
    found: Sequence[Item]

    def keep(self) -> int:
        """Keeps them; how many are new or say something new.

        An item is known by its key, else by one of its marks. Each that is known is taken once a poll, so that two
        addresses of one article in one feed don't take turns.
        """
        known = self._known(item.key for item in self.found)
        marked = self._marked([item for item in self.found if item.key not in known])
        known |= self._known(marked.values())
        fresh: list[Item] = []
        changed, met = 0, {item.key for item in self.found if item.key in known}
        for item in self.found:
            key = item.key if item.key in known else next((marked[m] for m in item.marks if m in marked), None)
            if key is None:
                fresh.append(item)
                marked |= dict.fromkeys(item.marks, item.key)
            elif key in known and (key == item.key or key not in met):
                met.add(key)
                changed += self._take_again(known[key], item)
        self._insert(fresh)
        return len(fresh) + changed

    def _known(self, keys: Iterable[str]) -> dict[str, Known]:
        wanted = items.c.key, items.c.fingerprint, items.c.source_url, items.c.state, items.c.reason, items.c.article_id
        found: dict[str, Known] = {}
        for batch in _batches(sorted(set(keys))):
            rows = self.connection.execute(select(*wanted).where(items.c.key.in_(batch)))
            found |= {row.key: row for row in rows}
        return found

    def _marked(self, unknown: Sequence[Item]) -> dict[int, str]:
        found: dict[int, str] = {}
        for batch in _batches(sorted({mark for item in unknown for mark in item.marks})):
            rows = self.connection.execute(
                select(item_marks.c.mark, item_marks.c.item_key).where(item_marks.c.mark.in_(batch))
            )
            found |= {row.mark: row.item_key for row in rows}
        return found

    def _insert(self, fresh: Sequence[Item]) -> None:
        for batch in _batches(fresh):  # the rows of thousands of items are large
            rows = [{"key": i.key, "first_seen": i.first_seen, **_row(i)} for i in batch]
            self.connection.execute(insert(items), rows)
            self._mark((mark, item.key) for item in batch for mark in item.marks)

    def _mark(self, marks: Iterable[tuple[int, str]]) -> None:
        rows = [{"mark": mark, "item_key": key} for mark, key in marks]
        if rows:
            self.connection.execute(insert(item_marks).on_conflict_do_nothing(), rows)

    def _take_again(self, known: Known, item: Item) -> int:
        """1 if it goes on its way again. That a second source lists it is no news, but is remembered; unless a rule
        for the first source alone had dropped it."""
        if known.source_url != item.source_url:
            self._list(known, item.source_url)
            if not (known.state == DROPPED and (known.reason or "").startswith(RULED) and item.refused is None):
                return 0
        elif known.fingerprint == item.fingerprint:
            return 0
        self.connection.execute(update(items).where(items.c.key == known.key).values(**_row(item)))
        if known.key == item.key:
            self._mark((mark, item.key) for mark in item.marks)
        return 1

    def _list(self, known: Known, source_url: str) -> None:
        row = {"item_key": known.key, "source_url": source_url}
        new = self.connection.execute(insert(listings).values(**row).on_conflict_do_nothing()).rowcount
        if new and known.article_id and source_url == self.source.url and (self.source.official or self.source.tags):
            self._add_to(known.article_id)

    def _add_to(self, article_id: str) -> None:
        """What one more source says of an article that we have: its tags, and that it is the subject's own voice. If
        that is news, its story is judged anew."""
        wanted = articles.c.official, articles.c.tags, articles.c.story_id
        row = self.connection.execute(select(*wanted).where(articles.c.id == article_id)).first()
        if row is None:
            return
        tags = list(dict.fromkeys([*(row.tags or ()), *self.source.tags]))
        added = {"official": row.official or self.source.official, "tags": tags or None}
        self.connection.execute(update(articles).where(articles.c.id == article_id).values(**added))
        if row.story_id is not None and added["official"] != row.official:
            anew = {"unpublished": True, "reason": "an official source lists an article"}
            self.connection.execute(update(stories).where(stories.c.id == row.story_id).values(**anew))


def _row(item: Item) -> dict[str, object]:
    return {
        "url": item.url,
        "source_url": item.source_url,
        "entry": item.entry.as_json(),
        "fingerprint": item.fingerprint,
        "state": DROPPED if item.refused else WAITING,
        "attempts": 0,
        "not_before": None,
        "reason": item.refused,
    }


def _batches(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + VALUES_A_QUERY] for at in range(0, len(values), VALUES_A_QUERY))
