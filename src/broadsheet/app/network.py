"""The network, or an archive that stands for it."""

from broadsheet.adapters.clocks import SystemClock
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.adapters.http.recording import Keeping, WarcRecorder, kept_archives
from broadsheet.adapters.http.replay import ReplayHttp
from broadsheet.app.state import WARC_FOLDER
from broadsheet.ports import Clock, Http
from broadsheet.settings import Settings


def live_http(settings: Settings | None = None) -> Http:
    """The guarded client for a single command; polite and guarded as in a run."""
    options = http_options(settings) if settings else HttpOptions()
    clock = SystemClock()
    return LiveHttp(options, clock)


def http_options(settings: Settings) -> HttpOptions:
    """How the settings want requests to be made."""
    fetch = settings.fetch
    return HttpOptions(
        contact=fetch.contact,
        allow=frozenset(fetch.allow),
        timeout_seconds=fetch.timeout_seconds,
        per_host_delay_seconds=fetch.host_delay_seconds,
    )


def http_of(settings: Settings, clock: Clock) -> Http:
    """The network, or an archive that stands for it; then only the allowed addresses are asked live."""
    options = http_options(settings)
    fetch = settings.fetch
    keeping = Keeping(settings.state_folder / WARC_FOLDER, fetch.keep_days, fetch.keep_file_mb * 1024 * 1024)
    recorder = WarcRecorder(keeping, clock, options.user_agent) if fetch.keep else None
    live = LiveHttp(options, clock, witness=recorder.watch if recorder else None)
    if not fetch.replay:
        return live
    paths = [archive for path in fetch.replay for archive in kept_archives(settings.folder / path)]
    return ReplayHttp(paths, clock, through=live, through_hosts=frozenset(settings.fetch.allow))
