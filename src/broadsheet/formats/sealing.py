"""The sealed payload of a record: what only the operator may read, as `base64(ciphertext);base64(seed)`.

The shape is the origin's; what is in it is ours: a header of 16 bytes (magic, version, id of the key), then AES-256-GCM
(NIST SP 800-38D) of the payload padded to whole blocks of 16 bytes (PKCS #7, RFC 5652 section 6.3), then the tag. Key
and nonce of each payload come from the master key and the 16 bytes of the seed by HKDF-SHA256 (RFC 5869); header and
record id are authenticated with it, so that a payload is worth nothing in another record.

The seed is a keyed hash of record id and payload: an unchanged payload gives an unchanged file, and two different ones
never share a nonce. Nothing is told of why a payload can't be opened, beyond the id of a key that we don't have.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from broadsheet.errors import Rejected

MASTER_BYTES = 32
SEED_BYTES = 16
MOST_BYTES = 1 << 20
"""Of a payload; what claims to be longer is refused before it is decoded."""
_BLOCK, _TAG, _NONCE = 16, 16, 12
_MAGIC, _VERSION = b"BSheet\0", b"\x01"
_HEADER = len(_MAGIC) + len(_VERSION) + 8
_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
_SEALED = re.compile(rf"({_BASE64});({_BASE64})")
REFUSED = "the payload can't be opened: it was damaged, moved from another record, or sealed by something else"


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A master key. `id` follows from it (16 hexadecimal digits) and tells nothing of it."""

    master: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError where the key is not 32 bytes long."""
        if len(self.master) != MASTER_BYTES:
            raise ValueError(f"a sealing key has {MASTER_BYTES} bytes, not {len(self.master)}")

    @property
    def id(self) -> str:
        """The name of the key."""
        return self._derived(b"", b"key id", 8).hex()

    def seed(self, payload: bytes, record: str) -> bytes:
        """The 16 bytes that a payload is sealed with in this record."""
        name = _bytes(record)
        key = self._derived(b"", b"seed", 32)
        return hmac.digest(key, len(name).to_bytes(8, "big") + name + payload, "sha256")[:SEED_BYTES]

    def cipher(self, seed: bytes) -> tuple[AESGCM, bytes]:
        """The cipher and the nonce for a seed."""
        both = self._derived(seed, b"payload", MASTER_BYTES + _NONCE)
        return AESGCM(both[:MASTER_BYTES]), both[MASTER_BYTES:]

    def _derived(self, salt: bytes, purpose: bytes, length: int) -> bytes:
        info = b"broadsheet sealed payload 1: " + purpose
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt or None, info=info).derive(self.master)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; `seals` is the id of the one that seals, None where nothing is sealed."""

    keys: Mapping[str, SealingKey] = field(default_factory=dict)
    seals: str | None = None

    @property
    def sealing(self) -> SealingKey | None:
        """The key that seals."""
        return self.keys[self.seals] if self.seals else None

    def with_key(self, key: SealingKey, *, seals: bool) -> "KeyRing":
        """The same with one more."""
        return KeyRing({**self.keys, key.id: key}, key.id if seals else self.seals)

    def without(self, key_id: str) -> "KeyRing":
        """The same without one that doesn't seal."""
        return KeyRing({name: key for name, key in self.keys.items() if name != key_id}, self.seals)


def seal(payload: bytes, key: SealingKey, record: str) -> str:
    """The payload, readable only by who has the key, and only in this record. Raises Rejected where it is too long."""
    if len(payload) > MOST_BYTES:
        raise Rejected(f"a payload of {len(payload):,} bytes is too long to be sealed (at most {MOST_BYTES:,})")
    seed = key.seed(payload, record)
    header = _MAGIC + _VERSION + bytes.fromhex(key.id)
    more = _BLOCK - len(payload) % _BLOCK
    cipher, nonce = key.cipher(seed)
    sealed = header + cipher.encrypt(nonce, payload + bytes([more]) * more, header + _bytes(record))
    return f"{base64.b64encode(sealed).decode()};{base64.b64encode(seed).decode()}"


def unseal(sealed: str, keys: Mapping[str, SealingKey], record: str) -> bytes:
    """The payload; `keys` are those that we have, by id. Raises Rejected for whatever `seal` did not make of just this
    payload, with one of these keys, for this record."""
    ciphertext, seed = _parts(sealed)
    header, body = ciphertext[:_HEADER], ciphertext[_HEADER:]
    key = keys.get(_key_id(header))
    if key is None:
        raise Rejected(f"the payload is sealed with the key {_key_id(header)}, which is not here")
    cipher, nonce = key.cipher(seed)
    try:
        padded = cipher.decrypt(nonce, body, header + _bytes(record))
    except InvalidTag:
        raise Rejected(REFUSED) from None
    payload = _unpadded(padded)
    if not hmac.compare_digest(key.seed(payload, record), seed):
        raise Rejected(REFUSED)
    return payload


def key_of(sealed: str) -> str | None:
    """The id of the key that a payload says it is sealed with; None for what is no payload of ours."""
    try:
        return _key_id(_parts(sealed)[0][:_HEADER])
    except Rejected:
        return None


def _parts(sealed: str) -> tuple[bytes, bytes]:
    """Ciphertext with header, and seed. Only one spelling of each is taken, so that nobody can change a file unseen."""
    match = _SEALED.fullmatch(sealed) if len(sealed) <= 2 * MOST_BYTES else None
    if match is None:
        raise Rejected(REFUSED)
    ciphertext, seed = (_decoded(part) for part in match.groups())
    is_whole = len(ciphertext) >= _HEADER + _BLOCK + _TAG and len(ciphertext) % _BLOCK == 0
    if not is_whole or len(seed) != SEED_BYTES or not ciphertext.startswith(_MAGIC + _VERSION):
        raise Rejected(REFUSED)
    return ciphertext, seed


def _decoded(part: str) -> bytes:
    try:
        value = base64.b64decode(part, validate=True)
    except binascii.Error:
        raise Rejected(REFUSED) from None
    if base64.b64encode(value).decode() != part:
        raise Rejected(REFUSED)
    return value


def _key_id(header: bytes) -> str:
    return header[len(_MAGIC) + len(_VERSION) :].hex()


def _unpadded(padded: bytes) -> bytes:
    """Whoever has the key made the padding; anything else in its place is a fault of theirs, and refused."""
    more = padded[-1]
    if not 1 <= more <= _BLOCK or padded[-more:] != bytes([more]) * more:
        raise Rejected(REFUSED)
    return padded[:-more]


def _bytes(record: str) -> bytes:
    return record.encode("utf-8", "surrogatepass")
