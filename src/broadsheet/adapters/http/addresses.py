"""Which network addresses a stranger's link may lead us to: only those of the public internet.

`ipaddress.is_global` is not enough: it lets through addresses that carry a private IPv4 address inside (NAT64, ISATAP),
multicast, and one that clouds keep for their own machinery. Networks after the registries of IANA
(https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_V4 = {
    "unspecified": ("0.0.0.0/8",),
    "loopback": ("127.0.0.0/8",),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    "shared by a carrier's customers": ("100.64.0.0/10",),
    "link-local": ("169.254.0.0/16",),
    "for protocols": ("192.0.0.0/24", "192.88.99.0/24"),
    "for documentation": ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
    "for benchmarks": ("198.18.0.0/15",),
    "multicast": ("224.0.0.0/4",),
    "reserved": ("240.0.0.0/4",),
    "a cloud's own": ("168.63.129.16/32",),
}
_V6 = {
    "for protocols": ("2001::/23",),
    "for documentation": ("2001:db8::/32", "3fff::/20"),
    "6to4": ("2002::/16",),
}
_REFUSED_V4 = [(IPv4Network(net), kind) for kind, nets in _V4.items() for net in nets]
_REFUSED_V6 = [(IPv6Network(net), kind) for kind, nets in _V6.items() for net in nets]
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_MAPPED = IPv6Network("::ffff:0:0/96")

# Other services that speak no HTTP and could be made to act by one (after the list of https://fetch.spec.whatwg.org).
_FOREIGN_PORTS = frozenset(
    {1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900}
    | {6000, 6379, 6566, *range(6665, 6670), 6679, 6697, 9042, 9092, 10080, 11211, 27017}
)


def refusal(address: str, port: int) -> str | None:
    """Why we don't connect to this address and port, None where we may. An address that can't be read is refused."""
    kind = _kind(address)
    if kind is not None:
        return f"not a public address ({kind})"
    if (port < 1024 and port not in {80, 443}) or port in _FOREIGN_PORTS:
        return f"port {port} is not one of the web's"
    return None


def _kind(address: str) -> str | None:
    try:
        ip = ip_address(address)
    except ValueError:
        return "unreadable"
    return _kind_v4(ip) if isinstance(ip, IPv4Address) else _kind_v6(ip)


def _kind_v4(ip: IPv4Address) -> str | None:
    return next((kind for network, kind in _REFUSED_V4 if ip in network), None)


def _kind_v6(ip: IPv6Address) -> str | None:
    """IPv6: global unicast only; where an IPv4 address is inside, that one decides too."""
    if ip.scope_id:
        return "link-local"
    plain = IPv6Address(int(ip))
    if plain in _MAPPED or plain in _NAT64:
        return _kind_v4(_low_v4(plain))
    if plain not in _GLOBAL_UNICAST:
        return "loopback" if plain.is_loopback else "outside of global unicast"
    refused = next((kind for network, kind in _REFUSED_V6 if plain in network), None)
    return refused or (_kind_v4(_low_v4(plain)) if _is_isatap(plain) else None)


def _low_v4(ip: IPv6Address) -> IPv4Address:
    return IPv4Address(int(ip) & 0xFFFF_FFFF)


def _is_isatap(ip: IPv6Address) -> bool:
    """RFC 5214, 6.1: the interface is `[02]00:5efe` and an IPv4 address."""
    return (int(ip) >> 32) & 0xFFFF_FFFF in {0x0000_5EFE, 0x0200_5EFE}
