"""Sealed payloads: whatever was not sealed by just this key for just this record is refused, in the same words."""

import base64
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.formats.sealing import MOST_BYTES, REFUSED, KeyRing, SealingKey, key_of, seal, unseal

KEY, OTHER = SealingKey(bytes(range(32))), SealingKey(bytes(32))
RING = {KEY.id: KEY}
RECORD = "2026-11-22-rivers-rise"
PAYLOAD = b'{"source":"https://example.com/feed","story":"4f2a9c"}' * 4


def refusal(sealed: str, record: str = RECORD) -> str:
    with pytest.raises(Rejected) as caught:
        unseal(sealed, RING, record)
    return str(caught.value)


def parts(sealed: str) -> tuple[bytes, bytes]:
    one, other = sealed.split(";")
    return base64.b64decode(one), base64.b64decode(other)


def put(ciphertext: bytes, seed: bytes) -> str:
    return f"{base64.b64encode(ciphertext).decode()};{base64.b64encode(seed).decode()}"


@given(st.binary(max_size=300), st.text(max_size=60), st.binary(min_size=32, max_size=32))
def test_what_was_sealed_is_read_again_and_sealed_alike(payload: bytes, record: str, master: bytes) -> None:
    key = SealingKey(master)
    sealed = seal(payload, key, record)
    assert unseal(sealed, {key.id: key}, record) == payload
    assert seal(payload, SealingKey(master), record) == sealed
    assert key_of(sealed) == key.id


def test_every_flipped_bit_is_refused() -> None:
    ciphertext, seed = parts(seal(PAYLOAD, KEY, RECORD))
    whole = ciphertext + seed
    tried = 0
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        refusal(put(bytes(flipped[: len(ciphertext)]), bytes(flipped[len(ciphertext) :])))
        tried += 1
    assert tried > 2_000


def test_a_payload_holds_in_its_own_record_only() -> None:
    sealed = seal(PAYLOAD, KEY, RECORD)
    assert refusal(sealed, "2026-11-22-another") == REFUSED
    (ciphertext, _), (_, seed) = parts(sealed), parts(seal(PAYLOAD, KEY, "2026-11-22-another"))
    assert refusal(put(ciphertext, seed)) == REFUSED


def test_a_key_that_is_not_here_is_named() -> None:
    assert OTHER.id in refusal(seal(PAYLOAD, OTHER, RECORD))


def test_another_key_under_our_name_is_refused() -> None:
    with pytest.raises(Rejected, match="can't be opened"):
        unseal(seal(PAYLOAD, OTHER, RECORD), {OTHER.id: KEY}, RECORD)


@pytest.mark.parametrize("cut", range(1, 49))
def test_what_is_cut_off_is_refused(cut: int) -> None:
    ciphertext, seed = parts(seal(PAYLOAD, KEY, RECORD))
    assert refusal(put(ciphertext[:-cut], seed)) == REFUSED
    refusal(put(ciphertext[cut:], seed))


@pytest.mark.parametrize("length", [0, 12, 15, 17, 32])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    ciphertext, _ = parts(seal(PAYLOAD, KEY, RECORD))
    assert refusal(put(ciphertext, bytes(length))) == REFUSED


def _spellings(sealed: str) -> list[str]:
    ciphertext, seed = sealed.split(";")
    unpadded, alphabet = seed.rstrip("="), string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    stray = unpadded[:-1] + alphabet[alphabet.index(unpadded[-1]) | 1] + "=="
    return [
        "", ";", f";{seed}", f"{ciphertext};", ciphertext, f"{sealed};", f"{ciphertext};;{seed}", f" {sealed}", f"{sealed}\n",
        f"{ciphertext[:20]}\n{ciphertext[20:]};{seed}", f"{ciphertext};{unpadded}", f"{ciphertext};{stray}",
        sealed.replace("A", "-"), f"{ciphertext};{seed}=", f"{seed};{ciphertext}", "A" * 5_000_000, f"\u0660{sealed}",
    ]  # fmt: skip


@pytest.mark.parametrize("spelling", range(len(_spellings(seal(PAYLOAD, KEY, RECORD)))))
def test_only_one_spelling_is_taken(spelling: int) -> None:
    assert refusal(_spellings(seal(PAYLOAD, KEY, RECORD))[spelling]) == REFUSED


@settings(max_examples=300)
@given(st.text(max_size=120))
def test_any_text_is_refused_in_the_same_words(text: str) -> None:
    assert refusal(text) == REFUSED
    assert key_of(text) is None


@pytest.mark.parametrize("length", range(256))
def test_the_length_tells_blocks_only(length: int) -> None:
    ciphertext, _ = parts(seal(bytes(length), KEY, RECORD))
    assert len(ciphertext) == 16 + 16 * (length // 16 + 1) + 16


def test_no_two_payloads_share_a_seed() -> None:
    seeds = {KEY.seed(str(n).encode(), RECORD) for n in range(20_000)} | {KEY.seed(b"0", str(n)) for n in range(20_000)}
    assert len(seeds) == 40_000
    assert KEY.seed(b"bc", "a") != KEY.seed(b"c", "ab")


def test_keys_of_another_length_and_payloads_too_long_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SealingKey(b"short")
    with pytest.raises(Rejected, match="too long"):
        seal(bytes(MOST_BYTES + 1), KEY, RECORD)


def test_no_key_shows_itself() -> None:
    ring = KeyRing().with_key(KEY, seals=True)
    for text in (repr(KEY), repr(ring), str(ring)):
        assert KEY.master.hex() not in text
        assert repr(KEY.master)[2:20] not in text
    assert ring.sealing is KEY
    assert ring.without(KEY.id).keys == {}
