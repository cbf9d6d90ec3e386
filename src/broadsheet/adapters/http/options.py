"""How the one door behaves, in one frozen object."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

import broadsheet
from broadsheet.errors import SettingsError

_ALLOWED = re.compile(r"\[?([0-9A-Fa-f.:]+)\]?:(\d{1,5})")


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """Limits and manners of fetching. Raises SettingsError for values that can't be.

    `contact` is where a webmaster can reach the publication's editor, an address or a page; it is sent with every
    request. `allow` lists exact `ip:port` (`[ip]:port` for IPv6) that may be asked although they are not public, for
    feeds of one's own network. `timeout_seconds` bounds a whole request, redirects and slow drips included.
    `per_host_delay_seconds` lies between the beginnings of two requests to one publisher; a `Crawl-delay` of
    robots.txt lengthens it up to `max_crawl_delay_seconds`.
    """

    contact: str = ""
    allow: frozenset[str] = frozenset()
    timeout_seconds: float = 20.0
    connect_timeout_seconds: float = 10.0
    max_redirects: int = 10
    per_host_delay_seconds: float = 1.0
    per_host_concurrency: int = 2
    max_crawl_delay_seconds: float = 30.0

    def __post_init__(self) -> None:
        if not self.contact.isascii() or not self.contact.isprintable() or set(self.contact) & set("()\\"):
            raise SettingsError(f"contact: {self.contact!r} can't stand in a header; use an e-mail address or a URL")
        if min(self.timeout_seconds, self.connect_timeout_seconds) <= 0 or self.per_host_concurrency < 1:
            raise SettingsError("time limits and the number of connections to a host must be above zero")
        if self.per_host_delay_seconds < 0 or self.max_redirects < 0:
            raise SettingsError("delays and the number of redirects can't be below zero")
        object.__setattr__(self, "allow", frozenset(_address_and_port(entry) for entry in self.allow))

    @property
    def user_agent(self) -> str:
        """The name under which we ask, also looked for in robots.txt by its first word."""
        return f"Broadsheet/{broadsheet.__version__}" + (f" (+{self.contact})" if self.contact else "")

    def allows(self, address: str, port: int) -> bool:
        """Whether this address and port were let through by name."""
        return socket_name(address, port) in self.allow


def socket_name(address: str, port: int) -> str:
    """`127.0.0.1:80` or `[::1]:80`."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _address_and_port(entry: str) -> str:
    found = _ALLOWED.fullmatch(entry.strip())
    try:
        if found and 0 < int(found[2]) < 65536:
            return socket_name(str(ip_address(found[1])), int(found[2]))
    except ValueError:
        found = None
    raise SettingsError(f"allow: {entry!r} is not an address with a port", hint="Write 127.0.0.1:8080 or [::1]:8080")
