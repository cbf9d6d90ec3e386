"""The publishers' logos: a square with one geometric mark, and the card that one of them shares everything with."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIDE = 1600


@dataclass(frozen=True)
class _Sheet:
    """Where a mark is drawn, and its two colours."""

    pen: ImageDraw.ImageDraw
    ground: str
    ink: str


def mark(kind: str, ground: str, ink: str, side: int) -> Image.Image:
    """The mark of that kind in two colours, `side` pixels square."""
    sheet = Image.new("RGB", (SIDE, SIDE), ground)
    _KINDS[kind](_Sheet(ImageDraw.Draw(sheet), ground, ink))
    return sheet.resize((side, side), Image.Resampling.LANCZOS)


def share_card(ground: str, ink: str) -> Image.Image:
    """The one picture under all of a publisher's articles, 1200 x 675."""
    sheet = Image.new("RGB", (1200, 675), ground)
    pen = ImageDraw.Draw(sheet)
    for row in range(9):
        for column in range(16):
            x, y = 75 * column + 37, 75 * row + 37
            big = 6 + 16 * abs(math.sin(row * 0.7 + column * 0.35))
            pen.ellipse([x - big, y - big, x + big, y + big], fill=ink)
    sheet.paste(mark("grid", ground, ink, 300), (450, 187))
    return sheet


def _rings(sheet: _Sheet) -> None:
    for radius, colour in (
        (620, sheet.ink),
        (500, sheet.ground),
        (380, sheet.ink),
        (260, sheet.ground),
        (140, sheet.ink),
    ):
        sheet.pen.ellipse([800 - radius, 900 - radius, 800 + radius, 900 + radius], fill=colour)
    sheet.pen.rectangle([0, 900, SIDE, SIDE], fill=sheet.ground)
    for y in (1010, 1190):
        sheet.pen.rectangle([180, y, 1420, y + 90], fill=sheet.ink)


def _anchor(sheet: _Sheet) -> None:
    sheet.pen.ellipse([640, 180, 960, 500], fill=sheet.ink)
    sheet.pen.ellipse([730, 270, 870, 410], fill=sheet.ground)
    sheet.pen.rectangle([730, 460, 870, 1340], fill=sheet.ink)
    sheet.pen.rectangle([480, 600, 1120, 720], fill=sheet.ink)
    sheet.pen.arc([260, 420, 1340, 1420], 15, 165, fill=sheet.ink, width=150)
    sheet.pen.polygon([(170, 960), (420, 900), (330, 1190)], fill=sheet.ink)
    sheet.pen.polygon([(1430, 960), (1180, 900), (1270, 1190)], fill=sheet.ink)


def _curve(top: float, swing: float, thick: float) -> list[tuple[float, float]]:
    xs = range(-50, SIDE + 60, 20)
    upper = [(x, top + swing * math.sin(x / 255)) for x in xs]
    return upper + [(x, y + thick) for x, y in reversed(upper)]


def _wave(sheet: _Sheet) -> None:
    for top in (380, 740, 1100):
        sheet.pen.polygon(_curve(top, 130, 150), fill=sheet.ink)


def _chevrons(sheet: _Sheet) -> None:
    for left in (220, 620, 1020):
        sheet.pen.polygon(
            [(left, 330), (left + 170, 330), (left + 440, 800), (left + 170, 1270), (left, 1270), (left + 270, 800)],
            fill=sheet.ink,
        )


def _halves(sheet: _Sheet) -> None:
    sheet.pen.pieslice([260, 260, 1340, 1340], 180, 360, fill=sheet.ink)
    for k in range(4):
        y, cut = 880 + k * 120, 40 + k * 95
        sheet.pen.rectangle([260 + cut, y, 1340 - cut, y + 62], fill=sheet.ink)


def _mesh(sheet: _Sheet) -> None:
    for k in range(-4, 9):
        sheet.pen.line([(k * 260, 0), (k * 260 + SIDE, SIDE)], fill=sheet.ink, width=54)
        sheet.pen.line([(k * 260 + SIDE, 0), (k * 260, SIDE)], fill=sheet.ink, width=54)
    sheet.pen.ellipse([560, 560, 1040, 1040], fill=sheet.ink)


def _bars(sheet: _Sheet) -> None:
    for k, tall in enumerate((520, 900, 1180, 760)):
        sheet.pen.rectangle([210 + k * 310, 1340 - tall, 420 + k * 310, 1340], fill=sheet.ink)


def _sun(sheet: _Sheet) -> None:
    sheet.pen.ellipse([420, 300, 1180, 1060], fill=sheet.ink)
    sheet.pen.polygon(_curve(1000, 60, 90), fill=sheet.ground)
    sheet.pen.polygon(_curve(1160, 60, 90), fill=sheet.ink)
    sheet.pen.polygon(_curve(1330, 60, 60), fill=sheet.ink)


def _grid(sheet: _Sheet) -> None:
    for row in range(3):
        for column in range(3):
            x, y = 230 + column * 410, 230 + row * 410
            grow = 60 if (row, column) == (0, 2) else 0
            sheet.pen.rectangle([x - grow, y - grow, x + 320 + grow, y + 320 + grow], fill=sheet.ink)


def _river(sheet: _Sheet) -> None:
    left = [(760 + 300 * math.sin(y / 270), y) for y in range(-40, SIDE + 60, 20)]
    sheet.pen.polygon(left + [(x + 150 + y * 0.17, y) for x, y in reversed(left)], fill=sheet.ink)


def _keel(sheet: _Sheet) -> None:
    hull = [(160, 620), (1440, 620), (1240, 960), (900, 1040), (860, 1420), (740, 1420), (700, 1040), (360, 960)]
    sheet.pen.polygon(hull, fill=sheet.ink)
    sheet.pen.polygon([(760, 160), (760, 540), (300, 540)], fill=sheet.ink)


def _play(sheet: _Sheet) -> None:
    sheet.pen.polygon([(420, 260), (1300, 800), (420, 1340)], fill=sheet.ink)
    sheet.pen.polygon(_curve(740, 70, 110), fill=sheet.ground)


def _crest(sheet: _Sheet) -> None:
    sheet.pen.polygon([(260, 240), (1340, 240), (1340, 900), (800, 1420), (260, 900)], fill=sheet.ink)
    sheet.pen.polygon([(390, 360), (800, 360), (800, 820), (390, 820)], fill=sheet.ground)
    sheet.pen.polygon([(800, 820), (1210, 820), (1210, 850), (800, 1250)], fill=sheet.ground)


def _bird(sheet: _Sheet) -> None:
    sheet.pen.polygon(
        [
            (120, 560),
            (520, 420),
            (800, 760),
            (1080, 420),
            (1480, 560),
            (1130, 640),
            (830, 1080),
            (770, 1080),
            (470, 640),
        ],
        fill=sheet.ink,
    )
    sheet.pen.polygon(_curve(1230, 50, 80), fill=sheet.ink)


_KINDS: dict[str, Callable[[_Sheet], None]] = {
    "rings": _rings, "anchor": _anchor, "wave": _wave, "chevrons": _chevrons, "halves": _halves, "mesh": _mesh,
    "bars": _bars, "sun": _sun, "grid": _grid, "river": _river, "keel": _keel, "play": _play,
    "crest": _crest, "bird": _bird,
}  # fmt: skip
