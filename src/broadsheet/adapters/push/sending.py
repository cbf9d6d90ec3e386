"""What all channels do alike: send a letter, read a small answer, name a message for ever."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from broadsheet.errors import GoneForGood, Rejected, RetryLater
from broadsheet.model.exchange import Letter, Response
from broadsheet.model.outgoing import Announcement
from broadsheet.ports import Http

ANSWER_BYTES = 256 * 1024


def message_key(announcement: Announcement) -> str:
    """A name that is the same at every try, and another for everything else: 32 hexadecimal digits."""
    said = f"{announcement.channel}\0{announcement.subject}\0{announcement.version}"
    return hashlib.blake2s(said.encode(), digest_size=16).hexdigest()


def send(http: Http, letter: Letter) -> Response:
    """Posts it. A place that is not there may be there again: Rejected, so that it is tried some times more."""
    try:
        return http.post(letter)
    except GoneForGood as error:
        raise Rejected(error.message, hint="Is the address in [[push]] right?") from error


def send_json(http: Http, url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """Posts JSON and reads the object that comes back. Raises RetryLater where it is none: nobody knows what became of
    the letter then."""
    letter = Letter(url, json.dumps(body, ensure_ascii=False).encode(), headers=headers, answer_bytes=ANSWER_BYTES)
    return read_object(send(http, letter))


def read_json(response: Response) -> object:
    """What an answer says. Raises RetryLater where it is no JSON."""
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise RetryLater(f"{response.url}: the answer is not JSON") from error


def read_object(response: Response) -> dict[str, Any]:
    """The JSON object that an answer is. Raises RetryLater."""
    found = read_json(response)
    if not isinstance(found, dict):
        raise RetryLater(f"{response.url}: the answer is not an object of JSON")
    return found


def text_of(found: Mapping[str, Any], key: str, url: str) -> str:
    """A text of an answer. Raises RetryLater where there is none."""
    value = found.get(key)
    if not isinstance(value, str) or not value or len(value) > 8192:
        raise RetryLater(f"{url}: the answer has no {key}")
    return value
