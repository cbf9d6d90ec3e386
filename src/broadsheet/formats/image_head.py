"""How large a picture is, from the first bytes of its file: PNG, GIF, JPEG, WebP, AVIF and HEIC.

Nothing is decoded. Sources: PNG (ISO/IEC 15948, 11.2.2), GIF89a (18), JPEG (ITU-T T.81, B.2.2) with the orientation of
Exif 2.3, WebP (RFC 9649), ISOBMFF image properties (ISO/IEC 23008-12, 6.5.3).
"""

import struct

Size = tuple[int, int]

ENOUGH = 64 * 1024
"""So many bytes hold the size of nearly every picture on the web; a JPEG may have a colour profile before it."""
_MAX_SIDE = 100_000
_NO_SIZE = frozenset([0xC4, 0xC8, 0xCC])  # of the JPEG markers C0 to CF, those that begin no frame
_BARE = frozenset([0x01, *range(0xD0, 0xD9)])  # markers without a length
_TURNED = range(5, 9)  # orientations of Exif that lay the picture on its side


def image_size(head: bytes) -> Size | None:
    """Width and height in pixels as they are shown, None if `head` is of no such file or breaks off too early."""
    try:
        size = _read(head)
    except (struct.error, IndexError):
        return None
    return size if size and all(0 < side <= _MAX_SIDE for side in size) else None


def _read(head: bytes) -> Size | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return _pair(">II", head, 16)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", head, 6)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    return None


def _pair(form: str, head: bytes, at: int) -> Size:
    width, height = struct.unpack_from(form, head, at)
    return int(width), int(height)


def _jpeg(head: bytes) -> Size | None:
    at, is_turned = 2, False
    while at + 4 <= len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", head, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE:
            height, width = _pair(">HH", head, at + 5)
            return (height, width) if is_turned else (width, height)
        if marker == 0xE1 and head[at + 4 : at + 10] == b"Exif\x00\x00":
            is_turned = _orientation(head[at + 10 : at + 2 + length]) in _TURNED
        if marker == 0xDA or length < 2:
            return None
        at += 2 + length
    return None


def _orientation(exif: bytes) -> int:
    """The orientation by the first directory of a TIFF structure; 1, upright, where it says nothing."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return 1
    at = struct.unpack_from(f"{order}I", exif, 4)[0]
    if at + 2 > len(exif):
        return 1
    for entry in range(min(struct.unpack_from(f"{order}H", exif, at)[0], 64)):
        place = at + 2 + 12 * entry
        if place + 12 > len(exif):
            return 1
        if struct.unpack_from(f"{order}H", exif, place)[0] == 0x0112:
            return int(struct.unpack_from(f"{order}H", exif, place + 8)[0])
    return 1


def _webp(head: bytes) -> Size | None:
    kind = head[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        return (width, int.from_bytes(head[27:30], "little") + 1) if len(head) >= 30 else None
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = struct.unpack_from("<I", head, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = _pair("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _iso_media(head: bytes) -> Size | None:
    """The largest of the image properties `ispe`: the picture itself, not its thumbnail or its tiles."""
    sizes: list[Size] = []
    at = head.find(b"ispe")
    while at >= 0 and at + 16 <= len(head) and len(sizes) < 64:
        sizes.append(_pair(">II", head, at + 8))
        at = head.find(b"ispe", at + 4)
    return max(sizes, key=lambda size: size[0] * size[1], default=None)
