"""IndexNow's proof that a site is ours: a key that lies at its root (https://www.indexnow.org/documentation)."""

import hashlib


def indexnow_key(site_url: str) -> str:
    """32 hexadecimal digits, the same for the same site. It is no secret: everybody can read it at the site."""
    return hashlib.sha256(f"IndexNow {site_url}".encode()).hexdigest()[:32]


def key_path(site_url: str) -> str:
    """The path of the file that holds the key."""
    return f"{indexnow_key(site_url)}.txt"
