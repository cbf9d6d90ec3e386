"""Golden tests of publishers' rules: a page, and the article that is expected of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import SettingsError
from broadsheet.model.exchange import Response
from broadsheet.model.instants import from_iso
from broadsheet.stages.extract.article import extract_article
from broadsheet.stages.extract.publishers import Publisher

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Golden:
    """`expected` has the keys of `broadsheet extract` that matter; others may be anything."""

    page: Response
    expected: Mapping[str, object]


def read_golden(path: Path) -> Golden:
    """The test `NAME.json` with its page `NAME.html` beside it. Raises SettingsError."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        url, at, expected = str(raw["url"]), from_iso(raw["fetchedAt"]), dict(raw["expected"])
        return Golden(Response(url, url, 200, path.with_suffix(".html").read_bytes(), at), expected)
    except OSError as error:
        raise SettingsError(f"{error.filename or path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path}:{error.lineno}: {error.msg}") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        hint = "It has url, fetchedAt (an instant with zone) and expected (keys of `broadsheet extract`)"
        raise SettingsError(f"{path}: not a golden test ({error})", hint=hint) from error


def differences(golden: Golden, publishers: tuple[Publisher, ...] = ()) -> list[str]:
    """What of the article is not as expected, a line a key; of images only as many as are expected. Raises Rejected
    for what is no page."""
    article = extract_article(golden.page, publishers).as_json()
    found = {key: _as_many(article.get(key), value) for key, value in golden.expected.items()}
    return [
        f"{key}: found {_shown(found[key])}, expected {_shown(value)}"
        for key, value in golden.expected.items()
        if found[key] != value
    ]


def _as_many(found: object, expected: object) -> object:
    """Pictures that follow the lead may be more than a test cares for."""
    if isinstance(found, list) and isinstance(expected, list) and any(isinstance(f, dict) for f in found):
        return found[: max(1, len(expected))]
    return found


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
