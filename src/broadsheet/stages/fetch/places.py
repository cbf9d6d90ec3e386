"""Whom we ask when we ask for an address: the host, and the publisher behind it."""

from urllib.parse import urlsplit

from broadsheet.formats.urls import registrable_domain

_PORTS = {"https": 443, "http": 80}


def host_of(url: str) -> str:
    """`host:port`, `[ip]:port` for IPv6; empty for what is no web address."""
    host, port = _host_and_port(url)
    return (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") if host else ""


def publisher_of(url: str) -> str:
    """The registrable domain and the port: what all hosts of one publisher have in common; empty as of `host_of`."""
    host, port = _host_and_port(url)
    return host_of(url) if ":" in host or not host else f"{registrable_domain(host)}:{port}"


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        return (parts.hostname or "").rstrip("."), port
    except ValueError:
        return "", 0
