"""Writing sources into the settings and the registry of publishers."""

from collections.abc import Sequence

from broadsheet.errors import StorageError, UsageError
from broadsheet.formats.files import write_whole
from broadsheet.formats.urls import registrable_domain
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import FILE, Settings
from broadsheet.stages.sources.discovery import PLATFORMS
from broadsheet.stages.sources.listing import organization_file, with_sources

_ON_DISK = (SourceKind.WARC, SourceKind.FOLDER)


def append(settings: Settings, sources: Sequence[Source]) -> None:
    """Writes them into the settings, and each publisher that is not listed yet into the registry. A platform on
    which anybody publishes is no publisher."""
    if settings.file.name != FILE:
        raise UsageError(
            f"{settings.folder} has no {FILE}", hint=f'Write one that begins with: title = "{settings.site.title}"'
        )
    registry = settings.folder / "_data" / "organizations"
    try:
        text = settings.file.read_text("utf-8")
        for source in sources:
            domain = registrable_domain(source.url)
            file = registry / f"{domain}.md"
            if source.kind not in _ON_DISK and domain not in PLATFORMS and not file.exists():
                write_whole(file, organization_file(source.name or domain, domain).encode())
        write_whole(settings.file, with_sources(text, sources).encode())
    except OSError as error:
        raise StorageError(f"{settings.folder}: {error.strerror}") from error
