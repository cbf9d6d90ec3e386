"""Fetches publishers' marks, the small squares beside their names: from the registry, else from their own sites."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from broadsheet.errors import GoneForGood, ItemError, Rejected
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.images import Image
from broadsheet.model.pictures import MARK, KeptPicture
from broadsheet.model.taxonomy import Organization
from broadsheet.stages.fetch import publisher_of
from broadsheet.stages.publish.asking_again import mark_had, mark_missed
from broadsheet.stages.publish.icons import ENOUGH, MOST_TRIED, Icon, icons_of, icons_of_manifest, in_order
from broadsheet.stages.publish.marks import MOST_BYTES, render_mark
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.open_publication import ASSETS
from broadsheet.steps.pictures import Rendered, attempt, homes_of, leave_pictures, store_files, wanted_marks

MARKS_A_RUN = 50
_NOTED = "publishers of before are noted"
_LOOK_BACK = timedelta(days=30)


def fetch_marks(room: Newsroom, report: RunReport) -> None:
    """The first of those that are due: new publishers' at once, a known one's after a month. One that can't be had is
    no failure of the run: the page then has the publisher's letter."""
    _note_known(room)
    due = room.store.pictures.due(room.clock.now(), MARKS_A_RUN, marks=True) if room.settings.publish.marks else []
    if not due:
        leave_pictures(room)
        return
    is_shown = not room.settings.fetch.replay  # archives of pages rarely hold icons, and nobody is asked
    with report.stage("marks") as counts:
        if is_shown:
            room.progress.begin("marks", len(due))
        for kept, outcome in room.lanes.map(partial(_ask, room), due, lambda one: publisher_of(one.address)):
            if isinstance(outcome, ItemError):
                room.store.pictures.keep(mark_missed(kept, outcome, room.clock.now()))
                counts["not to be had"] += 1
            else:
                room.store.pictures.keep(mark_had(kept, store_files(room.blobs, outcome), room.clock.now()))
                counts["fetched"] += 1
            if is_shown:
                room.progress.advance()
        leave_pictures(room)
        if is_shown:
            room.progress.end(f"{counts['fetched']} fetched, {counts['not to be had']} not to be had")


def _note_known(room: Newsroom) -> None:
    """Once in the life of a store: publishers of a publication that is older than its marks are noted down as well."""
    if room.store.journal.fact(_NOTED) is None and room.settings.publish.marks:
        if room.store.journal.last_run() is not None:
            homes = [home for kept in room.store.articles.recent(_LOOK_BACK) for home in homes_of(kept.article)]
            room.store.pictures.want(wanted_marks(homes, room.clock.now()))
        room.store.journal.keep_fact(_NOTED, "yes")


def _ask(room: Newsroom, kept: KeptPicture) -> tuple[KeptPicture, Rendered | ItemError]:
    """Runs in a worker."""
    return kept, attempt(lambda: _mark(room, kept))


def _mark(room: Newsroom, kept: KeptPicture) -> Rendered:
    """The first that can be had. Raises the error of the last."""
    organization = room.organizations.get(kept.url.removeprefix(MARK))
    trouble: ItemError = GoneForGood(f"{kept.address}: names no icon")
    for place in _places(room, organization, kept.address):
        try:
            return room.apart.call(render_mark, _bytes(room, place))
        except ItemError as error:
            trouble = error
    raise trouble


def _places(room: Newsroom, organization: Organization | None, home: str) -> Iterator[str]:
    """Addresses, or paths below the publication's folder, of icons; where the registry has any, its alone."""
    if organization is not None and organization.images:
        yield from (image.url for image in sorted(organization.images, key=_fitness)[:MOST_TRIED])
        return
    yield from (icon.url for icon in _icons(room, home))


def _fitness(image: Image) -> tuple[bool, int]:
    side = min(image.width or 0, image.height or 0)
    return side < ENOUGH, side if side >= ENOUGH else -side


def _icons(room: Newsroom, home: str) -> list[Icon]:
    """What the home page names, and where that is nothing large, its manifest. Where the page can't be read there is
    still the icon that every browser asks for."""
    try:
        page = room.pages.fetch(home)
    except ItemError:
        return in_order((), home=home)
    icons, manifest = icons_of(page.body, url=page.final_url, content_type=page.content_type)
    if manifest and not any(icon.side >= ENOUGH for icon in icons):
        icons += _of_manifest(room, manifest)
    return in_order(icons, home=page.final_url)


def _of_manifest(room: Newsroom, url: str) -> list[Icon]:
    try:
        response = room.pages.fetch(url)
    except ItemError:
        return []
    return icons_of_manifest(response.body, url=response.final_url)


def _bytes(room: Newsroom, place: str) -> bytes:
    site = room.settings.site
    own = place.removeprefix(f"{site.url}{site.base_path}/") if site.url else place
    if urlsplit(own).scheme not in {"http", "https"}:
        return _own_file(room, own)
    room.pages.ask_leave(place)
    return room.http.get(Request(place, Purpose.IMAGE)).body


def _own_file(room: Newsroom, place: str) -> bytes:
    """A file of the publication's assets; a link is not followed, since it could lead out. Raises Rejected."""
    folder = room.settings.folder
    file = folder / place.lstrip("/")
    inside = file.resolve().is_relative_to((folder / ASSETS).resolve())
    if not inside or file.is_symlink() or not file.is_file():
        raise Rejected(f"{place}: no file of the publication's {ASSETS}")
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Rejected(f"{place}: can't be read ({error.strerror})") from error
