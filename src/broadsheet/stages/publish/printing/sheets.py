"""Sheets: a story with the records of its reports, which is all that its pages and its places in lists need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from broadsheet.model.publication import Publication
from broadsheet.model.record import FiledRecord, Record
from broadsheet.model.story import Story
from broadsheet.stages.publish.stories import story_from_head


@dataclass(frozen=True, slots=True)
class Sheet:
    """A story as it is to be shown (what people wrote into its records has been heeded), and its records by path.

    `document` is what `emit_story` gives of it, where that is known: its file, if it was written by us, and nobody
    wrote anything else into its records.
    """

    story: Story
    records: Mapping[str, Record]
    document: bytes | None = None

    @property
    def shown(self) -> bool:
        """Whether lists have it: it is published, and has a head."""
        return self.story.published and any(m.is_head for m in self.story.members)

    @property
    def has_page(self) -> bool:
        """Whether it has an address: it is shown, or was."""
        return self.shown or (self.story.reachable and bool(self.story.members))


def lone_sheet(filed: FiledRecord) -> Sheet | None:
    """A record that no story file names is a story by itself, with its `related`; None where readers don't see it.

    A record in the older form says nothing of being published, and is: there was no other kind when it was written.
    """
    if filed.record.published is False:
        return None
    return Sheet(story_from_head(filed), {filed.path: filed.record})


def sheets_of(publication: Publication) -> Iterator[Sheet]:
    """The sheets of all stories of a publication, those that its records make by themselves included."""
    by_path = {filed.path: filed.record for filed in publication.records}
    named: set[str] = set()
    for story in publication.stories:
        records = {m.record: by_path[m.record] for m in story.members if m.record in by_path}
        named |= records.keys()
        yield Sheet(story, records)
    for filed in publication.records:
        if filed.path not in named and (sheet := lone_sheet(filed)):
            yield sheet
