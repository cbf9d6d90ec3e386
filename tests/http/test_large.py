"""Room for large bodies: waited for, given back, and refused where the largest would take all."""

import gc
import threading

import pytest

from broadsheet.adapters.http.connection import Deadline
from broadsheet.adapters.http.large import SMALL, LargeBodies, MiB
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.errors import RetryLater
from broadsheet.model.exchange import Purpose, Request


def test_small_bodies_need_no_room() -> None:
    bodies = LargeBodies(room=0)
    with bodies.share(Deadline(0.05)) as share:
        share.grows_to(SMALL)
        with pytest.raises(RetryLater):
            share.grows_to(SMALL + 1)


def test_room_is_waited_for_and_given_back() -> None:
    bodies = LargeBodies(room=4 * MiB)
    done = []

    def read() -> None:
        with bodies.share(Deadline(30)) as share:
            for size in range(0, 4 * MiB, MiB // 4):
                share.grows_to(size)
            done.append(threading.current_thread())

    threads = [threading.Thread(target=read) for _ in range(20)]
    with bodies.share(Deadline(30)) as first:
        first.grows_to(4 * MiB)
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 20
    assert bodies._left == 4 * MiB


def test_the_largest_gives_way() -> None:
    bodies = LargeBodies(room=30 * MiB)
    with bodies.share(Deadline(30)) as large, bodies.share(Deadline(30)) as other:
        large.grows_to(20 * MiB)
        other.grows_to(11 * MiB)
        with pytest.raises(RetryLater):
            large.grows_to(25 * MiB)


def test_the_room_is_free_again_when_the_response_is_gone(server, live: LiveHttp) -> None:
    body = b"x" * (3 * MiB)
    server.answers["/x"] = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    free = live._large._left
    response = live.get(Request(server.origin + "/x", Purpose.FEED))
    assert response.body == body
    assert live._large._left == free - 2 * MiB
    del response
    gc.collect()
    assert live._large._left == free


def test_the_room_of_what_is_refused_is_free_at_once(server, live: LiveHttp) -> None:
    server.answers["/x"] = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 5_000_000
    free = live._large._left
    with pytest.raises(RetryLater):
        live.get(Request(server.origin + "/x", Purpose.FEED))
    assert live._large._left == free
