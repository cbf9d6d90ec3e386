"""A bucket of S3, or of anything that speaks its protocol (R2, MinIO, B2, Spaces), through obstore."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from broadsheet.adapters.deploy.recorded import STAMP
from broadsheet.errors import RetryLater, UsageError
from broadsheet.model.outgoing import DeploySettings
from broadsheet.stages.publish.serving import cache_control, content_type, for_readers

if TYPE_CHECKING:
    from obstore.store import S3Store

THREADS = 8


class S3Target:
    """Fills `FileTarget` for `s3://bucket/prefix`.

    Keys come from the environment as for every program of AWS (AWS_ACCESS_KEY_ID and its fellows, a web identity, the
    machine's role); region and endpoint too where the settings don't say them.
    """

    def __init__(self, settings: DeploySettings) -> None:
        self.name = settings.to.rstrip("/")
        self.shown = self.written = f"{self.name} {settings.endpoint}".strip()
        self._page_seconds = settings.page_seconds
        self._store = _open(settings)

    def stamp(self, tree: str) -> str | None:  # noqa: ARG002 - there is one tree only
        """As the protocol says."""
        import obstore

        with self._translated():
            try:
                return bytes(obstore.get(self._store, STAMP).bytes()).decode("ascii", "replace").strip()
            except FileNotFoundError:
                return None

    def put_stamp(self, stamp: str) -> None:
        """As the protocol says."""
        self._put(STAMP, stamp.encode() + b"\n", {"Content-Type": "text/plain", "Cache-Control": "no-store"})

    def listing(self) -> Mapping[str, str | None]:
        """As the protocol says; S3 tells no SHA-256, so that a target that we know nothing of is sent all again."""
        import obstore

        with self._translated():
            chunks = obstore.list(self._store, chunk_size=1000)
            return {row["path"]: None for chunk in chunks for row in chunk if for_readers(row["path"])}

    def send(self, folder: Path, paths: Sequence[str]) -> None:
        """As the protocol says: in the order of the paths, some at once; a front page waits for all before it."""
        for group in _in_turns(paths):
            with ThreadPoolExecutor(THREADS) as threads:
                list(threads.map(lambda path: self._send(folder, path), group))

    def remove(self, paths: Sequence[str]) -> None:
        """As the protocol says."""
        import obstore

        with self._translated():
            obstore.delete(self._store, list(paths))

    def show(self) -> None:
        """Readers see it already."""

    def _send(self, folder: Path, path: str) -> None:
        kind, cache = content_type(path), cache_control(path, self._page_seconds)
        self._put(path, (folder / path).read_bytes(), {"Content-Type": kind, "Cache-Control": cache})

    def _put(self, path: str, body: bytes, attributes: dict[str, str]) -> None:
        import obstore

        with self._translated():
            obstore.put(self._store, path, body, attributes=attributes, use_multipart=False)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from obstore import exceptions

        try:
            yield
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError) as error:
            hint = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of a user that may list, read, put and delete there"
            raise UsageError(f"{self.name} does not let us in: {_first_line(error)}", hint=hint) from error
        except (exceptions.BaseError, FileNotFoundError) as error:
            raise _trouble(self.name, error) from error


def _open(settings: DeploySettings) -> "S3Store":
    try:
        from obstore.store import S3Store
    except ImportError as error:
        hint = "Install it: pip install 'broadsheet[s3]'"
        raise UsageError("deploying to S3 needs the package obstore", hint=hint) from error
    parts = urlsplit(settings.to)
    if not parts.netloc:
        raise UsageError(f"{settings.to} names no bucket", hint="Write s3://bucket/prefix")
    options: dict[str, Any] = {"endpoint": settings.endpoint, "region": settings.region}
    given = {name: value for name, value in options.items() if value}
    plain = settings.endpoint.startswith("http://")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=given,  # type: ignore[arg-type]
        client_options={"allow_http": plain, "timeout": "60s"},
        retry_config={"max_retries": 5, "retry_timeout": _seconds(60)},
    )


def _seconds(number: int) -> Any:
    from datetime import timedelta

    return timedelta(seconds=number)


def _in_turns(paths: Sequence[str]) -> list[list[str]]:
    """Runs of files that may go at once: pages after what they need, the front page last."""
    from itertools import groupby

    from broadsheet.stages.publish.serving import turn

    return [list(group) for _, group in groupby(paths, key=lambda path: turn(path)[0])]


def _trouble(name: str, error: Exception) -> UsageError | RetryLater:
    said = str(error)
    if "NoSuchBucket" in said:
        return UsageError(f"{name}: there is no such bucket", hint="Make the bucket, or mend its name in [[deploy]]")
    if any(sign in said for sign in ("401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")):
        hint = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of a user that may write there"
        return UsageError(f"{name} does not let us in: {_first_line(error)}", hint=hint)
    return RetryLater(f"{name}: {_first_line(error)}", hint="Run again: it goes on where it was")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300]
