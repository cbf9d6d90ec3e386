"""The composition root: settings in, filled ports out. Alone in importing concrete adapters."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from broadsheet.adapters.blobs.files import FileBlobs
from broadsheet.adapters.clocks import FixedClock, SystemClock
from broadsheet.adapters.deploy.opening import House, open_deployment
from broadsheet.adapters.embedding.cached import CachedEmbedder
from broadsheet.adapters.embedding.opening import installed_models, open_embedder
from broadsheet.adapters.engine.decoding import open_decoding
from broadsheet.adapters.engine.extraction import open_extraction
from broadsheet.adapters.engine.lanes import OrderedLanes, ThreadLanes
from broadsheet.adapters.engine.local import InlineEngine, ThreadEngine
from broadsheet.adapters.git.repository import GitRepository
from broadsheet.adapters.http.archive import WarcArchive
from broadsheet.adapters.http.folder import FolderArchive
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.adapters.http.recording import Keeping, WarcRecorder, kept_archives
from broadsheet.adapters.http.replay import ReplayHttp
from broadsheet.adapters.keys.file import KeyFile
from broadsheet.adapters.mail.smtp import MailServer, SmtpMailer
from broadsheet.adapters.memory import give_memory_back
from broadsheet.adapters.push.opening import open_channel
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.errors import AlreadyRunning, SettingsError, StorageError, UsageError
from broadsheet.model.kept import Failure
from broadsheet.model.outgoing import DeploySettings
from broadsheet.model.publication import Publication, PublishedImage
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.model.vitals import SourceHealth
from broadsheet.ports import Archive, Clock, Deployment, Embedder, Engine, Http, Lanes, Progress, Repository, Store
from broadsheet.settings import Settings
from broadsheet.stages.enrich.registry import read_organizations, read_topics
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.stages.extract.publishers import Publisher, read_publishers
from broadsheet.stages.fetch import PageFetcher, Robots
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.steps.build import picture_files, whole
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.newsletter import LetterDesk
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.open_publication import open_frame, open_publication
from broadsheet.steps.print_shop import PrintReport, PrintShop
from broadsheet.steps.sending import PostRoom
from broadsheet.steps.source_health import source_health, told_to_readers
from broadsheet.steps.websub import Receiver

STORE_FILE = "state.sqlite"
KEY_FILE, KEY_FILE_VARIABLE = "keys.json", "BROADSHEET_KEY_FILE"
BLOBS_FOLDER = "blobs"
LOCK_FILE = "run.lock"
LETTER_KEY_FILE, SEND_LOCK_FILE = "letter.key", "send.lock"
TOKEN_FILE = "submit.token"  # noqa: S105 - the name of a file
SHORTEST_TOKEN = 16
WARC_FOLDER = "warc"
LANES_A_THREAD = 4
"""So many sources are asked at once for each of `[fetch] threads`: a source that makes us wait costs nothing else."""

__all__ = [
    "FixedClock",
    "SystemClock",
    "has_store",
    "installed_models",
    "letter_signer",
    "live_http",
    "look_into_store",
    "make_repository",
    "open_archive",
    "open_content",
    "open_deployments",
    "open_embedder",
    "open_extraction",
    "open_key_file",
    "open_letter_desk",
    "open_mailer",
    "open_newsroom",
    "open_post_room",
    "open_reader",
    "open_receiver",
    "open_store",
    "print_publication",
    "read_frame",
    "read_own_publishers",
    "read_publication",
    "read_registry",
    "source_health_of",
    "submit_token",
]


def live_http(settings: Settings | None = None) -> Http:
    """The guarded client for a single command; polite and guarded as in a run."""
    options = _http_options(settings) if settings else HttpOptions()
    clock = SystemClock()
    return LiveHttp(options, clock)


def read_registry(settings: Settings) -> tuple[tuple[Topic, ...], Mapping[str, Organization]]:
    """Topics and organizations of a publication. Raises SettingsError naming file and line."""
    data = settings.folder / "_data"
    return read_topics(data / "topics"), read_organizations(data / "organizations")


def read_own_publishers(settings: Settings) -> tuple[Publisher, ...]:
    """The publication's own rules for publishers' pages. Raises SettingsError naming file and line."""
    return read_publishers(settings.folder / "_data" / "publishers")


def read_publication(settings: Settings) -> tuple[Publication, list[Failure]]:
    """The publication as it lies in its folder, with the pictures that a run has cached, and what could not be read."""
    topics, organizations = read_registry(settings)
    pictures = _known_pictures(settings)
    files = picture_files(pictures, settings.state_folder / BLOBS_FOLDER)
    publication, failures = open_publication(settings, topics, organizations, whole(pictures, files), files)
    health = source_health_of(settings) if settings.health.page else None
    told, today = told_to_readers(settings, health or ()), SystemClock().now().date()
    return replace(publication, health=told, today=today), failures


def print_publication(settings: Settings, out: Path) -> PrintReport:
    """Builds the publication, as it lies in its folder, into `out`."""
    frame, failures = _frame(settings)
    printed = PrintShop(settings.folder, out).print(frame)
    return replace(printed, failures=failures + printed.failures)


def read_frame(settings: Settings) -> Publication:
    """The publication without records and stories."""
    return _frame(settings)[0]


def _frame(settings: Settings) -> tuple[Publication, list[Failure]]:
    topics, organizations = read_registry(settings)
    pictures = _known_pictures(settings)
    files = picture_files(pictures, settings.state_folder / BLOBS_FOLDER)
    frame, failures = open_frame(settings, topics, organizations, whole(pictures, files), files)
    health = source_health_of(settings) if settings.health.page else None
    told = told_to_readers(settings, health or ())
    return replace(frame, health=told, today=SystemClock().now().date()), failures


def source_health_of(settings: Settings) -> tuple[SourceHealth, ...] | None:
    """How the sources of a publication are; None where no run has kept anything here, as in a fresh clone."""
    if not has_store(settings):
        return None
    with look_into_store(settings) as store:
        return source_health(settings, store)


def open_archive(settings: Settings, path: str) -> Archive:
    """A WARC file or a watched folder of a publication; `path` begins at its folder."""
    return _archives(settings.folder, SystemClock())(path)


def make_repository(folder: Path, clock: Clock) -> Repository:
    """The content repository in `folder`, made at the first commit."""
    return GitRepository(folder, clock)


def has_store(settings: Settings) -> bool:
    """Whether a run has ever kept anything here."""
    return (settings.state_folder / STORE_FILE).is_file()


def open_key_file(settings: Settings) -> KeyFile:
    """Where the keys of sealed payloads lie: in the file that BROADSHEET_KEY_FILE names, else beside the store."""
    named = os.environ.get(KEY_FILE_VARIABLE)
    return KeyFile(settings.folder / named if named else settings.state_folder / KEY_FILE)


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store of a publication, made if need be. Raises StoreTooNew and StorageError."""
    with closing(SqlStore(settings.state_folder / STORE_FILE)) as store:
        yield store


@contextmanager
def open_content(settings: Settings) -> Iterator[ContentFolder]:
    """The records of a publication, to be changed by this process alone. Raises AlreadyRunning and StorageError."""
    with _alone(settings), open_store(settings) as store:
        yield ContentFolder(settings.folder, store.files)


@contextmanager
def look_into_store(settings: Settings) -> Iterator[Store]:
    """The store that a run has left, only to look at; also beside a run, and where nothing can be written."""
    with closing(SqlStore(settings.state_folder / STORE_FILE, read_only=True)) as store:
        yield store


@contextmanager
def open_receiver(settings: Settings) -> Iterator[Receiver]:
    """What takes in the deliveries of hubs, beside any run. Raises SettingsError and StorageError."""
    topics, _ = read_registry(settings)
    _make_state_folder(settings.state_folder)
    with open_store(settings) as store:
        sources = {source.url: source for source in settings.sources}
        yield Receiver(store, sources, RuleBook(settings.rules, topics), SystemClock())


def submit_token(settings: Settings) -> str:
    """The token of those who may hand addresses over, made at first need; only the owner can read its file."""
    return _secret(settings, TOKEN_FILE)


def letter_signer(settings: Settings) -> Signer:
    """What signs the links of letters. With another key, the links of letters that were sent lead nowhere."""
    _make_state_folder(settings.state_folder)
    return Signer(_secret(settings, LETTER_KEY_FILE).encode())


def open_mailer(settings: Settings) -> SmtpMailer:
    """The mail server of the settings; nothing is asked of it yet. Raises SettingsError."""
    mail, file = settings.mail, settings.file
    if not mail.host:
        hint = 'As in host = "smtp.paper.news"; docs/newsletter.md has more'
        raise SettingsError(f"{file}: [mail] host is needed to send letters", hint=hint)
    if mail.security == "none" and mail.host not in ("localhost", "127.0.0.1", "::1"):
        hint = "Only a server on this machine may be spoken to in the clear"
        raise SettingsError(f"{file}: [mail] security must be starttls or tls for {mail.host}", hint=hint)
    password = os.environ.get(mail.password[1:], "") if mail.password.startswith("$") else mail.password
    if mail.user and not password:
        hint = f"Set it in the environment: {mail.password[1:] or 'SMTP_PASSWORD'}"
        raise SettingsError(f"{file}: [mail] password of {mail.user} is empty", hint=hint)
    server = MailServer(mail.host, mail.port, mail.security, mail.user, password, mail.timeout_seconds)
    return SmtpMailer(server)


@contextmanager
def open_letter_desk(settings: Settings, clock: Clock) -> Iterator[LetterDesk]:
    """What letters are made with, held by this process alone. Raises AlreadyRunning and StorageError."""
    with _alone(settings), open_store(settings) as store:
        repository = GitRepository(settings.folder, clock) if settings.publish.commit else None
        yield LetterDesk(settings, store, clock, repository)


@contextmanager
def open_post_room(
    settings: Settings, progress: Progress, pause: Callable[[float], None], stopped: Callable[[], bool]
) -> Iterator[PostRoom]:
    """What letters are sent with: by one process at a time, also beside a run. Raises AlreadyRunning, SettingsError."""
    with (
        _alone(settings, SEND_LOCK_FILE, "already sending letters of"),
        open_store(settings) as store,
        closing(open_mailer(settings)) as mailer,
    ):
        yield PostRoom(settings, store, SystemClock(), mailer, letter_signer(settings), progress, pause, stopped)


def _secret(settings: Settings, name: str) -> str:
    """A secret word in a file of the state folder, made at first need; only the owner can read it."""
    file = settings.state_folder / name
    try:
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new,
        ):
            new.write(secrets.token_urlsafe(32) + "\n")
        token = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{file}: can't be read or written") from error
    if len(token) < SHORTEST_TOKEN:
        raise SettingsError(f"{file}: is shorter than {SHORTEST_TOKEN} characters", hint="Delete it: a new one is made")
    return token


def open_reader(settings: Settings, store: Store) -> Embedder | None:
    """The language model of a publication, which reads each text once; None where there is none.

    Raises SettingsError where `[stories] model` names one that is not installed.
    """
    try:
        embedder = open_embedder(settings.stories.model)
    except UsageError as error:
        raise SettingsError(f"{settings.file}: [stories] model: {error.message}", hint=error.hint) from error
    return CachedEmbedder(embedder, store.embeddings) if embedder else None


@contextmanager
def open_newsroom(settings: Settings, clock: Clock, progress: Progress) -> Iterator[Newsroom]:
    """Everything that a run needs, held by this process alone. Raises AlreadyRunning, SettingsError, StorageError."""
    give_memory_back()
    topics, organizations = read_registry(settings)
    with (
        _alone(settings),
        open_store(settings) as store,
        closing(_http(settings, clock)) as http,
        open_extraction(publishers=read_own_publishers(settings)) as (extract, _),
        closing(open_decoding()) as apart,
    ):
        yield Newsroom(
            settings=settings,
            topics=topics,
            organizations=organizations,
            store=store,
            http=http,
            pages=PageFetcher(http, Robots(http, _http_options(settings).user_agent, clock)),
            archive=_archives(settings.folder, clock),
            extract=extract,
            apart=apart,
            engine=_engine(settings),
            lanes=_lanes(settings),
            clock=clock,
            repository=GitRepository(settings.folder, clock) if settings.publish.commit else None,
            blobs=FileBlobs(settings.state_folder / BLOBS_FOLDER),
            progress=progress,
            shop=PrintShop(settings.folder, settings.out_folder),
            deployment=_deployments(settings, store, clock, progress),
            channel=lambda block: open_channel(block, settings.site, settings.state_folder, http),
            reader=open_reader(settings, store),
            rules=RuleBook(settings.rules, topics),
            ring=open_key_file(settings).read(),
        )


@contextmanager
def open_deployments(
    settings: Settings, clock: Clock, progress: Progress, *, adopt: bool = False
) -> Iterator[Callable[[DeploySettings], Deployment]]:
    """What opens places to deploy to, while no run changes what is built. Raises AlreadyRunning and StorageError."""
    with _alone(settings), open_store(settings) as store:
        yield _deployments(settings, store, clock, progress, adopt=adopt)


def _deployments(
    settings: Settings, store: Store, clock: Clock, progress: Progress, *, adopt: bool = False
) -> Callable[[DeploySettings], Deployment]:
    house = House(settings.folder, settings.state_folder, settings.out_folder, store, clock, progress)
    return lambda target: open_deployment(target, house, adopt=adopt)


@contextmanager
def _alone(settings: Settings, name: str = LOCK_FILE, doing: str = "at work on") -> Iterator[None]:
    """The lock of a run; the system frees it when its holder dies, however it dies."""
    _make_state_folder(settings.state_folder)
    lock = FileLock(settings.state_folder / name, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        hint = "Wait until it is done, or stop it"
        raise AlreadyRunning(f"another run is {doing} {settings.folder}", hint=hint) from error
    except OSError as error:
        raise StorageError(f"{settings.state_folder}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def _make_state_folder(folder: Path) -> None:
    """What lies there is this machine's own and never committed, whatever the publication's .gitignore says."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
    except OSError as error:
        raise StorageError(
            f"{folder}: can't be written ({error.strerror})", hint="Check its owner and space"
        ) from error


def _known_pictures(settings: Settings) -> dict[str, PublishedImage]:
    """Without a store, as in a fresh clone, there are none."""
    if not has_store(settings):
        return {}
    with look_into_store(settings) as store:
        return {url: picture for url, picture in store.pictures.known().items() if picture is not None}


def _http_options(settings: Settings) -> HttpOptions:
    fetch = settings.fetch
    return HttpOptions(
        contact=fetch.contact,
        allow=frozenset(fetch.allow),
        timeout_seconds=fetch.timeout_seconds,
        per_host_delay_seconds=fetch.host_delay_seconds,
    )


def _http(settings: Settings, clock: Clock) -> Http:
    """The network, or an archive that stands for it; then only the allowed addresses are asked live."""
    options = _http_options(settings)
    fetch = settings.fetch
    keeping = Keeping(settings.state_folder / WARC_FOLDER, fetch.keep_days, fetch.keep_file_mb * 1024 * 1024)
    recorder = WarcRecorder(keeping, clock, options.user_agent) if fetch.keep else None
    live = LiveHttp(options, clock, witness=recorder.watch if recorder else None)
    if not fetch.replay:
        return live
    paths = [archive for path in fetch.replay for archive in kept_archives(settings.folder / path)]
    return ReplayHttp(paths, clock, through=live, through_hosts=frozenset(settings.fetch.allow))


def _archives(folder: Path, clock: Clock) -> Callable[[str], Archive]:
    """Opens each WARC file and each watched folder once a run: what is in it is read at the first question."""

    def opened(url: str) -> Archive:
        path = folder / url
        return FolderArchive(path, clock) if path.is_dir() else WarcArchive(path, clock)

    return cache(opened)


def _lanes(settings: Settings) -> Lanes:
    """A replay must give the same every time; the network is asked by many threads, since most of them wait."""
    if settings.fetch.replay:
        return OrderedLanes(_engine(settings))
    options = _http_options(settings)
    return ThreadLanes(LANES_A_THREAD * settings.fetch.threads, options.per_host_concurrency)


def _engine(settings: Settings) -> Engine:
    return ThreadEngine(settings.fetch.threads) if settings.fetch.threads > 1 else InlineEngine()
