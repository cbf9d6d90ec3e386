"""Makes the site's fonts: only the letters, weights and sizes that its style sheet uses.

    npm pack @fontsource-variable/newsreader@5.3.0 @fontsource-variable/source-sans-3@5.3.0 \
        @fontsource-variable/noto-naskh-arabic@5.3.0
    for package in *.tgz; do tar xzf "$package" --wildcards --strip-components 2 'package/files/*'; done
    python tools/make_fonts.py . --out src/broadsheet/stages/publish/site/static/fonts

A page loads 43 kB of them for Latin letters; with the rarer Latin letters and Arabic ones all together it stays below
100 kB. Heads have one weight. Kerning is held to hundredths of the letters' size and is the same in all weights: a
quarter of a face for what nobody sees. Letters with rarer marks have none, since a browser kerns within one file only.
Needs fonttools and brotli; the style sheet's `unicode-range` repeats what is here (a test compares them).
"""

import argparse
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib import instancer  # type: ignore[import-untyped]

NEWSREADER = "newsreader-{}-standard-normal.woff2"
SOURCE_SANS = "source-sans-3-{}-wght-normal.woff2"
NASKH = "noto-naskh-arabic-{}-wght-normal.woff2"

LATIN = "".join(
    {chr(c) for c in (*range(0x20, 0x7F), *range(0xA0, 0x100))} - {*"¢¤¦¨¬\u00ad¯´µ¶¸¹¼¾"} | {*"Œœ–—‘’‚“”„•…′″‹›€™↑↓−"}
)
"""What English, German, French, Spanish and their neighbours write, with the quotation marks of each."""
CENTRAL = "ĂăĄąĆćČčĎďĐđĘęĚěĞğİıŁłĹĺĽľŃńŇňŐőŔŕŘřŚśŞşŠšŤťŢţŮůŰűŹźŻżŽžȘșȚțẞ"
"""Polish, Czech, Slovak, Hungarian, Romanian, Turkish and the languages written with a háček."""
RARE = "".join(
    {chr(c) for c in (*range(0x100, 0x180), 0x2C7, *range(0x1E80, 0x1E86), 0x1EF2, 0x1EF3)} - {*CENTRAL, "ŉ"}
)
"""Letters of the Baltic, of Wales, Malta and Esperanto, and long vowels of romanised names."""
ARABIC = (
    "".join(map(chr, (0x60C, 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x653), *range(0x660, 0x66D))))
    + "\u0670\u0671پچژکگی" + "".join(map(chr, range(0x6F0, 0x6FA)))
)  # fmt: skip
"""Arabic and Persian: a letter from another font would not join its neighbours."""
JOINING = ["ccmp", "fina", "init", "isol", "liga", "locl", "mark", "medi", "mkmk", "rlig"]


class Face(NamedTuple):
    """A file to make: what of which font, and under which name where its own is reserved."""

    file: str
    font: str
    axes: dict[str, float | tuple[float, float]]
    letters: str
    features: list[str]
    name: str | None = None


def faces() -> Iterator[Face]:
    """The nine faces, those of the same letters together."""
    for part, letters, font in (("", LATIN, "latin"), ("-central", CENTRAL, "latin-ext"), ("-rare", RARE, "latin-ext")):
        features = [] if part else ["kern", "liga"]
        newsreader, sans = NEWSREADER.format(font), SOURCE_SANS.format(font)
        yield Face(f"newsreader-display{part}.woff2", newsreader, {"opsz": 40, "wght": 600}, letters, features)
        yield Face(f"newsreader-text{part}.woff2", newsreader, {"opsz": 16, "wght": 400}, letters, features)
        yield Face(f"broadsheet-sans{part}.woff2", sans, {"wght": (400, 600)}, letters, features, "Broadsheet Sans")
    yield Face("naskh-arabic.woff2", NASKH.format("arabic"), {"wght": (400, 700)}, ARABIC, JOINING)


def made(face: Face, folder: Path) -> bytes:
    """The face as WOFF2, made from the fonts in the folder."""
    font = instancer.instantiateVariableFont(TTFont(folder / face.font, recalcTimestamp=False), face.axes)
    font = _again(font)
    options = subset.Options(layout_features=face.features, hinting=False, name_IDs=[0, 1, 2, 13, 14])
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=face.letters)
    subsetter.subset(font)
    if "kern" in face.features:
        _round_kerning(font)
    if face.name:
        font["name"].setName(face.name, 1, 3, 1, 0x409)
    font.flavor = "woff2"
    return _saved(font)


def _again(font: TTFont) -> TTFont:
    """The font as a file has it: its tables know of each other only when read anew."""
    return TTFont(io.BytesIO(_saved(font)), recalcTimestamp=False)


def _saved(font: TTFont) -> bytes:
    body = io.BytesIO()
    font.save(body)
    return body.getvalue()


def _round_kerning(font: Any) -> None:
    """Kerning to whole hundredths of an em, the same in all weights: a pair of its own is left to the classes of its
    letters where those come that near."""
    step = font["head"].unitsPerEm // 100
    for lookup in font["GPOS"].table.LookupList.Lookup:
        tables = [getattr(table, "ExtSubTable", table) for table in lookup.SubTable]
        classes = [table for table in tables if table.LookupType == 2 and table.Format == 2]
        for table in classes:
            _round(table, [record.Value1 for row in table.Class1Record for record in row.Class2Record], step)
        for table in tables:
            if table.LookupType == 2 and table.Format == 1:
                _leave_to(classes, table, step)
                _round(table, [record.Value1 for pairs in table.PairSet for record in pairs.PairValueRecord], step)


def _round(table: Any, values: list[Any], step: int) -> None:
    table.ValueFormat1 &= 0x4  # the advance only, without its differences between weights
    for value in values:
        value.XAdvance = round(value.XAdvance / step) * step
        value.XAdvDevice = None


def _leave_to(classes: list[Any], table: Any, step: int) -> None:
    for first, pairs in zip(table.Coverage.glyphs, table.PairSet, strict=True):
        near = [r for r in pairs.PairValueRecord if abs(r.Value1.XAdvance - _of(classes, first, r.SecondGlyph)) < step]
        pairs.PairValueRecord = [record for record in pairs.PairValueRecord if record not in near]
        pairs.PairValueCount = len(pairs.PairValueRecord)


def _of(classes: list[Any], first: str, second: str) -> int:
    """The advance that the classes of two letters give them."""
    for table in classes:
        if first in table.Coverage.glyphs:
            row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)]
            return int(row.Class2Record[table.ClassDef2.classDefs.get(second, 0)].Value1.XAdvance)
    return 0


def main() -> None:
    """Make all faces and say what they weigh."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the fonts of the three packages are")
    parser.add_argument("--out", required=True, type=Path)
    arguments = parser.parse_args()
    for face in faces():
        body = made(face, arguments.folder)
        (arguments.out / face.file).write_bytes(body)
        print(f"{len(body):7,} {face.file}")


if __name__ == "__main__":
    main()
