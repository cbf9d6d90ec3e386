"""Makes a letter: from what the publication tells to a file in the content repository, which a person may still change.

What lies in the file is what is sent. So that its page stands on the site when the first reader opens it, a letter is
filed, and built, before it is sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from broadsheet.errors import StorageError, UsageError
from broadsheet.formats.zones import zone_by_name
from broadsheet.model.kept import WrittenFile
from broadsheet.model.letter import FOLDER, FiledLetter
from broadsheet.model.publication import Publication
from broadsheet.ports import Clock, Repository, Store
from broadsheet.settings import Settings
from broadsheet.stages.enrich.notices import read_evergreens
from broadsheet.stages.publish.newsletter.choosing import GROWS, Issue, Plan, choose
from broadsheet.stages.publish.newsletter.filing import emit_letter, letter_name, letter_page
from broadsheet.stages.publish.newsletter.past import first_issue_begins, past_of
from broadsheet.stages.publish.newsletter.rendering import Frame, LetterPicture, quoted_texts, render
from broadsheet.stages.publish.newsletter.wording import preheader, subject
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.words import words_for
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.letters import LEAVE
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.open_publication import open_publication
from broadsheet.steps.picture_files import known_pictures, picture_files

EVERGREEN = "_data/evergreen"
_REMEMBERED = 3
_SHOWN, _QUOTED = "stories shown at letters", "texts quoted by letters"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that was made, and what it quotes of others: texts, and addresses that it links to."""

    letter: FiledLetter
    issue: Issue
    quoted: frozenset[str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """What letters are made with."""

    settings: Settings
    store: Store
    clock: Clock
    repository: Repository | None

    def now(self) -> datetime:
        """The present instant, in the zone of the newsletter. Raises UsageError for a zone that isn't known."""
        name = self.settings.newsletter.zone
        zone = zone_by_name(name)
        if zone is None:
            hint = "Name one of IANA's, such as Europe/Berlin, or UTC"
            raise UsageError(f"{self.settings.file}: [newsletter] zone: {name!r} is not known", hint=hint)
        return self.clock.now().astimezone(zone)


def is_due(desk: LetterDesk) -> bool:
    """Whether the hour has come and nobody made today's letter yet, nor found that there is too little for one."""
    wanted, now = desk.settings.newsletter, desk.now()
    if wanted.every == "off" or now.hour < wanted.hour:
        return False
    if wanted.every == "weekly" and _WEEKDAYS[now.weekday()] != wanted.day:
        return False
    name = letter_name(desk.settings.site, now)
    is_made = name in desk.store.letters.names() or (desk.settings.folder / FOLDER / f"{name}.html").exists()
    return not is_made and desk.store.journal.fact("letter passed over") != name


def draft_letter(room: Newsroom, report: RunReport) -> None:
    """The step of a run: the letter, when its hour has come; on all other rounds nothing is read or done."""
    desk = LetterDesk(room.settings, room.store, room.clock, room.repository)
    if not is_due(desk):
        return
    with report.stage("newsletter") as counts:
        room.progress.begin("newsletter", 1)
        draft = compose_draft(desk, _publication(room))
        if draft is None:
            room.store.journal.keep_fact("letter passed over", letter_name(room.settings.site, desk.now()))
            room.progress.end("too little is new for a letter")
            return
        counts["letters"] += file_draft(desk, draft)
        counts["letter stories"] += len(draft.issue.stories)
        try:
            commit_draft(desk, draft.letter)
        except StorageError as error:
            report.fail("newsletter", draft.letter.path, error)
        room.progress.end(f"{draft.letter.path}: {draft.letter.title}")


def _publication(room: Newsroom) -> Publication:
    """As it is filed; what could not be read is in the report of the build."""
    pictures = known_pictures(room.store)
    files = picture_files(pictures, room.settings.state_folder / "blobs")
    return open_publication(room.settings, room.topics, room.organizations, pictures, files)[0]


def compose_draft(desk: LetterDesk, publication: Publication) -> Draft | None:
    """The letter of this day, None where there is too little for one; nothing is written. Raises UsageError where the
    site has no address, or the letter of this day goes out already."""
    settings, now = desk.settings, desk.now()
    if not links_of(settings.site).origin:
        hint = 'Set url at the top of broadsheet.toml, as in url = "https://paper.news"'
        raise UsageError("a letter links to the site, and the settings do not say where that is", hint=hint)
    name = letter_name(settings.site, now)
    if desk.store.letters.is_begun(name):
        raise UsageError(f"{name} is on its way to readers already", hint="What is new now goes into the next one")
    issue = _choose(desk, publication, name, now)
    return None if issue is None else _draft(desk, publication, name, issue)


def _choose(desk: LetterDesk, publication: Publication, name: str, now: datetime) -> Issue | None:
    wanted = desk.settings.newsletter
    _forget_deleted(desk, name)
    letters = [letter for letter in publication.letters if letter.name != name and letter.published < now]
    begins = first_issue_begins(now, weekly=wanted.every == "weekly")
    past = past_of(publication, letters, begins, told=desk.store.letters.told(besides=name))
    last = max(letters, key=lambda letter: (letter.published, letter.name), default=None)
    shown = _remembered(desk.store, _SHOWN).get(last.name) if last else None
    seen = _first_seen(desk.store, publication, past.since - GROWS)
    past = replace(past, shown=None if shown is None else frozenset(shown), first_seen=seen)
    plan = Plan(wanted.stories, wanted.also, wanted.per_topic, wanted.evergreen, wanted.fewest)
    evergreens = read_evergreens(desk.settings.folder / EVERGREEN)
    return choose(publication, past, plan, now, publication.sponsors, evergreens)


def _forget_deleted(desk: LetterDesk, name: str) -> None:
    """A letter that a person deleted before it was sent told nobody anything. Today's is made again only by hand."""
    for known in desk.store.letters.names():
        file = desk.settings.folder / FOLDER / f"{known}.html"
        if known != name and not file.exists() and not desk.store.letters.is_begun(known):
            desk.store.letters.forget(known)


def _first_seen(store: Store, publication: Publication, after: datetime) -> Mapping[str, datetime]:
    """When each story was first seen, as far as the store knows; of those with a report published after then."""
    ids = [s.id for s in publication.stories if s.published and max(m.published for m in s.members) >= after]
    members = store.stories.members(ids)
    return {story: min(a.first_seen for a in articles) for story, articles in members.items() if articles}


def _draft(desk: LetterDesk, publication: Publication, name: str, issue: Issue) -> Draft:
    site = publication.site
    web_url = f"{site.web_url or links_of(site).full().rstrip('/')}/{letter_page(name)}"
    frame = Frame(web_url, leave_address(desk.settings), desk.settings.newsletter.imprint, _picture(publication, issue))
    letter = FiledLetter(
        name=name,
        title=subject(issue),
        excerpt=preheader(issue, words_for(site.locale)),
        published=issue.at,
        web_url=web_url,
        html=render(site, issue, frame),
        topics=tuple(t.name for t in publication.topics if t.is_site),
    )
    links = {v.head.url for v in issue.stories if v.head.url} | {e.url for e in issue.evergreen}
    links |= {issue.sponsor.url} if issue.sponsor else set()
    return Draft(letter, issue, quoted_texts(issue, site), frozenset(links))


def leave_address(settings: Settings) -> str:
    """Where readers leave: at the server of `[serve] public_url`, else at the site, where nobody answers yet."""
    return (settings.serve.public_url.rstrip("/") or links_of(settings.site).full().rstrip("/")) + LEAVE


def _picture(publication: Publication, issue: Issue) -> LetterPicture | None:
    """The JPEG of the first story's picture, where the site has one."""
    head = issue.full[0].head
    record = next((r.record for r in publication.records if r.path == head.member.record), None)
    for image in record.images if record else ():
        picture = publication.pictures.get(image.url)
        if picture and picture.share and picture.share in publication.files:
            alt = picture.alt or words_for(publication.site.locale)("picture_from", publisher=head.chip.name)
            return LetterPicture(links_of(publication.site).full(picture.share), alt)
    return None


def file_draft(desk: LetterDesk, draft: Draft, *, anew: bool = False) -> bool:
    """Writes the letter. False where a person changed or deleted the file, which then stays so; with `anew` it does
    not. Raises StorageError."""
    letter, content = draft.letter, ContentFolder(desk.settings.folder, desk.store.files)
    if anew:
        there = content.read(letter.path)
        before = None if there is None else sha256(there).hexdigest()
        desk.store.files.intend([WrittenFile(letter.path, None, before=before)], {})
    elif content.is_persons(letter.path):
        return False
    _remember(desk.store, _SHOWN, letter.name, sorted(draft.issue.shown))
    _remember(desk.store, _QUOTED, letter.name, [sorted(draft.quoted), sorted(draft.addresses)])
    desk.store.letters.keep(letter.name, letter.published, (v.story.id for v in draft.issue.stories))
    content.write({letter.path: emit_letter(letter)}, {})
    return True


def commit_draft(desk: LetterDesk, letter: FiledLetter) -> None:
    """Commits the letter. Raises StorageError where git refuses; then the next run commits it with what else it has."""
    if desk.repository is not None:
        desk.repository.commit([letter.path], f"1 letter: {letter.title}")
    desk.store.files.committed([letter.path])


def quotes_of(store: Store, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The texts and the addresses of others that the letter holds; none where this store did not make it."""
    kept = _remembered(store, _QUOTED).get(name) or [[], []]
    return frozenset(kept[0]), frozenset(kept[1])


def _remembered(store: Store, what: str) -> dict[str, Any]:
    return dict(json.loads(store.journal.fact(what) or "{}"))


def _remember(store: Store, what: str, name: str, value: object) -> None:
    """For the last letters only: what is older nobody asks for."""
    kept = {**_remembered(store, what), name: value}
    newest = sorted(kept, key=lambda n: n[-10:])[-_REMEMBERED:]
    store.journal.keep_fact(what, json.dumps({n: kept[n] for n in newest}, ensure_ascii=True))
