"""The publishers' logos: a square with one geometric mark, and the card that one of them shares everything with."""

import math
from collections.abc import Callable

from PIL import Image, ImageDraw

Canvas = ImageDraw.ImageDraw
SIDE = 1600


def mark(kind: str, ground: str, ink: str, side: int) -> Image.Image:
    """The mark of that kind in two colours, `side` pixels square."""
    sheet = Image.new("RGB", (SIDE, SIDE), ground)
    _KINDS[kind](ImageDraw.Draw(sheet), ground, ink)
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


def _rings(pen: Canvas, ground: str, ink: str) -> None:
    for radius, colour in ((620, ink), (500, ground), (380, ink), (260, ground), (140, ink)):
        pen.ellipse([800 - radius, 900 - radius, 800 + radius, 900 + radius], fill=colour)
    pen.rectangle([0, 900, SIDE, SIDE], fill=ground)
    for y in (1010, 1190):
        pen.rectangle([180, y, 1420, y + 90], fill=ink)


def _anchor(pen: Canvas, ground: str, ink: str) -> None:
    pen.ellipse([640, 180, 960, 500], fill=ink)
    pen.ellipse([730, 270, 870, 410], fill=ground)
    pen.rectangle([730, 460, 870, 1340], fill=ink)
    pen.rectangle([480, 600, 1120, 720], fill=ink)
    pen.arc([260, 420, 1340, 1420], 15, 165, fill=ink, width=150)
    pen.polygon([(170, 960), (420, 900), (330, 1190)], fill=ink)
    pen.polygon([(1430, 960), (1180, 900), (1270, 1190)], fill=ink)


def _curve(top: float, swing: float, thick: float) -> list[tuple[float, float]]:
    xs = range(-50, SIDE + 60, 20)
    upper = [(x, top + swing * math.sin(x / 255)) for x in xs]
    return upper + [(x, y + thick) for x, y in reversed(upper)]


def _wave(pen: Canvas, ground: str, ink: str) -> None:
    for top in (380, 740, 1100):
        pen.polygon(_curve(top, 130, 150), fill=ink)


def _chevrons(pen: Canvas, ground: str, ink: str) -> None:
    for left in (220, 620, 1020):
        pen.polygon(
            [(left, 330), (left + 170, 330), (left + 440, 800), (left + 170, 1270), (left, 1270), (left + 270, 800)],
            fill=ink,
        )


def _halves(pen: Canvas, ground: str, ink: str) -> None:
    pen.pieslice([260, 260, 1340, 1340], 180, 360, fill=ink)
    for k in range(4):
        y, cut = 880 + k * 120, 40 + k * 95
        pen.rectangle([260 + cut, y, 1340 - cut, y + 62], fill=ink)


def _mesh(pen: Canvas, ground: str, ink: str) -> None:
    for k in range(-4, 9):
        pen.line([(k * 260, 0), (k * 260 + SIDE, SIDE)], fill=ink, width=54)
        pen.line([(k * 260 + SIDE, 0), (k * 260, SIDE)], fill=ink, width=54)
    pen.ellipse([560, 560, 1040, 1040], fill=ink)


def _bars(pen: Canvas, ground: str, ink: str) -> None:
    for k, tall in enumerate((520, 900, 1180, 760)):
        pen.rectangle([210 + k * 310, 1340 - tall, 420 + k * 310, 1340], fill=ink)


def _sun(pen: Canvas, ground: str, ink: str) -> None:
    pen.ellipse([420, 300, 1180, 1060], fill=ink)
    pen.polygon(_curve(1000, 60, 90), fill=ground)
    pen.polygon(_curve(1160, 60, 90), fill=ink)
    pen.polygon(_curve(1330, 60, 60), fill=ink)


def _grid(pen: Canvas, ground: str, ink: str) -> None:
    for row in range(3):
        for column in range(3):
            x, y = 230 + column * 410, 230 + row * 410
            grow = 60 if (row, column) == (0, 2) else 0
            pen.rectangle([x - grow, y - grow, x + 320 + grow, y + 320 + grow], fill=ink)


def _river(pen: Canvas, ground: str, ink: str) -> None:
    left = [(760 + 300 * math.sin(y / 270), y) for y in range(-40, SIDE + 60, 20)]
    pen.polygon(left + [(x + 150 + y * 0.17, y) for x, y in reversed(left)], fill=ink)


def _keel(pen: Canvas, ground: str, ink: str) -> None:
    pen.polygon(
        [(160, 620), (1440, 620), (1240, 960), (900, 1040), (860, 1420), (740, 1420), (700, 1040), (360, 960)], fill=ink
    )
    pen.polygon([(760, 160), (760, 540), (300, 540)], fill=ink)


def _play(pen: Canvas, ground: str, ink: str) -> None:
    pen.polygon([(420, 260), (1300, 800), (420, 1340)], fill=ink)
    pen.polygon(_curve(740, 70, 110), fill=ground)


def _crest(pen: Canvas, ground: str, ink: str) -> None:
    pen.polygon([(260, 240), (1340, 240), (1340, 900), (800, 1420), (260, 900)], fill=ink)
    pen.polygon([(390, 360), (800, 360), (800, 820), (390, 820)], fill=ground)
    pen.polygon([(800, 820), (1210, 820), (1210, 850), (800, 1250)], fill=ground)


def _bird(pen: Canvas, ground: str, ink: str) -> None:
    pen.polygon(
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
        fill=ink,
    )
    pen.polygon(_curve(1230, 50, 80), fill=ink)


_KINDS: dict[str, Callable[[Canvas, str, str], None]] = {
    "rings": _rings, "anchor": _anchor, "wave": _wave, "chevrons": _chevrons, "halves": _halves, "mesh": _mesh,
    "bars": _bars, "sun": _sun, "grid": _grid, "river": _river, "keel": _keel, "play": _play, "crest": _crest, "bird": _bird,
}  # fmt: skip
