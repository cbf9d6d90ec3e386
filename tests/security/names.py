"""A resolver for tests: names of our own lead to loopback, and those of an attacker's DNS lie as they do outside."""

import socket


class LyingNames:
    """`*.example` is 127.0.0.1. `rebind.test` answers publicly first and with loopback the next time, `mixed.test` with
    both at once, `v6map.test` with loopback inside of IPv6; nothing else is known."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}

    def __call__(self, host: str, port: int) -> list[str]:
        count = self.asked[host] = self.asked.get(host, 0) + 1
        if host == "rebind.test":
            return ["192.0.2.1" if count % 2 else "127.0.0.1"]
        if host == "mixed.test":
            return ["1.1.1.1", "127.0.0.1"]
        if host == "v6map.test":
            return ["::ffff:127.0.0.1"]
        if host.endswith((".nip.io", "localtest.me", ".example")):
            return ["127.0.0.1"]
        if host.replace(".", "").isdigit() or ":" in host or host.lower().startswith(("0x", "localhost")):
            return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        raise OSError("no such name")
