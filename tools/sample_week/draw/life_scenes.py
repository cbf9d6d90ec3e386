"""Drawings of animals."""

import math
from collections.abc import Callable

import numpy as np

from draw.press import Point, Press


def _pose(x: float, y: float, size: float, tilt: float) -> Callable[[float, float], Point]:
    """Puts a point of a body on the sheet; the body is two wide, looks left until tilted, its middle is at (x, y)."""
    c, s = math.cos(tilt), math.sin(tilt)
    return lambda a, b: (x + size * (a * c - b * s), y + size * (a * s + b * c))


def _fish(x: float, y: float, size: float, tilt: float) -> list[Point]:
    """A fish that looks left before it is tilted; (x, y) is its middle."""
    shape = [
        (-1, 0.02),
        (-0.8, -0.14),
        (-0.35, -0.26),
        (0.1, -0.24),
        (0.55, -0.09),
        (0.72, -0.06),
        (1, -0.26),
        (0.93, 0.0),
    ]
    shape += [(1, 0.26), (0.72, 0.07), (0.5, 0.12), (0.05, 0.25), (-0.4, 0.24), (-0.8, 0.15)]
    at = _pose(x, y, size, tilt)
    return [at(a, b) for a, b in shape]


def fish_ladder(p: Press) -> None:
    """A salmon leaps the third step of a fish ladder."""
    p.tone = p.down(0, 800, (0.92, 0.6)).astype(np.float32)
    p.lay(p.below(lambda x: 210 - 0.06 * x + 22 * np.sin(x / 60) + 10 * np.sin(x / 23)) * p.box(0, 0, 1200, 800), 0.44)
    p.lay(p.polygon([(0, 800), (0, 640), (1200, 90), (1200, 800)]), 0.2)
    for k in range(6):
        x, y = -60 + k * 230, 690 - k * 112
        p.lay(p.box(x, y, x + 236, 800), p.down(y, y + 240, (0.66, 0.12)))
        p.lay(p.box(x, y, x + 236, y + 10), 0.97)
        for line in range(5):
            p.lay(
                p.stroke([(x + 20 + 21 * line % 60, y + 28 + line * 15), (x + 120 + 17 * line, y + 28 + line * 15)], 4),
                0.92,
            )
        p.lay(p.box(x + 208, y - 128, x + 246, 800), p.across(x + 208, x + 246, (0.9, 0.25)))
        p.lay(p.box(x + 200, y - 136, x + 254, y - 118), 0.97)
        notch = p.polygon([(x + 196, y - 100), (x + 250, y - 112), (x + 250, y - 40), (x + 196, y + 6)])
        p.lay(notch, 0.98)
        for line in range(4):
            a = x + 200 + line * 13
            p.lay(p.stroke([(a, y - 100 - line * 3), (a - 10, y - 20), (a - 22, y + 14)], 3), 0.25)
        p.lay(p.disc(x + 186, y + 14, 62, 15, blur=4), 0.98, 0.95)
    body = _fish(470, 310, 205, 0.62)
    p.lay(p.polygon([(x + 7, y + 10) for x, y in body]), 0.02)
    p.colour(p.polygon(body))
    p.lay(p.polygon([(472, 262), (552, 262), (540, 306)]), 0.02)
    p.lay(p.polygon([(438, 342), (470, 404), (494, 374)]), 0.02)
    p.lay(p.disc(338, 206, 9), 0.02)
    p.lay(p.stroke([(366, 216), (350, 244), (366, 266)], 5), 0.02)
    for k in range(8):
        p.lay(p.disc(430 + 36 * (k % 4) + 9 * (k // 4), 270 + 26 * (k % 4) + 18 * (k // 4), 6), 0.03)
    for _ in range(50):
        x, y = float(p.random.normal(590, 70)), float(p.random.normal(490, 50))
        p.lay(p.disc(x, y, float(p.random.uniform(2, 7))), 0.99)


def seal(p: Press) -> None:
    """A grey seal looks out of the water, a tag on its brow."""
    p.sky((0.95, 0.78), 380)
    p.lay(
        p.below(lambda x: 340 - 60 * np.exp(-(((x - 1020) / 160) ** 2)) - 30 * np.exp(-(((x - 120) / 150) ** 2))), 0.6
    )
    p.lay(p.polygon([(980, 250), (985, 190), (1003, 190), (1008, 250)]), 0.9)
    p.lay(p.box(982, 172, 1006, 190), 0.03)
    p.sea(360, (0.8, 0.34), 130)
    head = [
        (400, 620),
        (380, 500),
        (392, 380),
        (440, 280),
        (520, 226),
        (620, 214),
        (716, 246),
        (778, 316),
        (812, 400),
        (826, 500),
        (818, 620),
    ]
    p.lay(p.polygon(head, blur=3), p.glow((530, 300), 430, (0.86, 0.02)))
    p.lay(p.disc(604, 470, 150, 112, blur=5), p.glow((560, 420), 190, (0.97, 0.3)))
    for side in (-1, 1):
        p.lay(p.disc(604 + side * 56, 486, 70, 54, blur=3), p.glow((604 + side * 40 - 20, 465), 100, (0.99, 0.42)))
    p.lay(p.polygon([(566, 408), (642, 408), (622, 446), (604, 456), (586, 446)]), 0.01)
    p.lay(p.stroke([(604, 450), (604, 490), (560, 528)], 6), 0.03)
    p.lay(p.stroke([(604, 490), (648, 528)], 6), 0.03)
    for side in (-1, 1):
        p.lay(p.disc(604 + side * 108, 356, 41, 44), 0.01)
        p.lay(p.disc(604 + side * 108 - 12, 340, 11), 0.999)
        p.lay(p.stroke([(604 + side * 70, 292), (604 + side * 120, 288)], 7), 0.03)
        for k in range(5):
            start = (604 + side * 76, 474 + k * 12)
            p.lay(p.stroke([start, (604 + side * 170, 462 + k * 24), (604 + side * 240, 478 + k * 34)], 3.5), 0.98)
            p.lay(p.disc(604 + side * (50 + 9 * (k % 3)), 476 + k * 11, 4), 0.03)
    p.lay(p.stroke([(612, 206), (640, 60)], 6), 0.02)
    p.lay(p.polygon([(556, 236), (566, 178), (660, 178), (672, 236)]), 0.02)
    p.colour(p.box(562, 170, 666, 226, 14))
    p.lay(p.disc(590, 198, 9), 0.02)
    water = p.below(lambda x: 596 + 10 * np.sin(x / 60) + 22 * np.exp(-(((x - 604) / 240) ** 2)))
    p.lay(water, p.down(590, 800, (0.5, 0.16)))
    for k in range(5):
        p.lay(p.ring((604, 630 + k * 14), 270 + k * 84, 22 + k * 16, 6) * water, 0.95 if k % 2 == 0 else 0.05)
    for _ in range(70):
        x, y = float(p.random.uniform(0, 1200)), float(p.random.uniform(640, 800))
        p.lay(p.stroke([(x, y), (x + 60 + y / 10, y)], 4), 0.9 if p.random.random() < 0.5 else 0.05)


def porpoise(p: Press) -> None:
    """Three porpoises in the dark water and the rings of a listening post."""
    p.tone = p.down(0, 800, (0.78, 0.06)).astype(np.float32)
    p.lay(p.below(lambda x: 90 + 10 * np.sin(x / 70) + 5 * np.sin(x / 27)), p.down(90, 800, (0.66, 0.1)))
    for _ in range(22):
        x = float(p.random.uniform(0, 1200))
        p.lay(p.polygon([(x, 96), (x + 36, 96), (x - 90, 640), (x - 230, 640)]), 0.82, 0.1)
    p.lay(p.below(lambda x: 700 + 22 * np.sin(x / 180) + 7 * np.sin(x / 40)), p.down(690, 800, (0.44, 0.03)))
    for k in range(6):
        p.colour(
            p.ring((250, 560), 74 + k * 82, 74 + k * 82, 13 - k * 1.4)
            * (1 - p.below(lambda x: 700 + 22 * np.sin(x / 180)))
        )
    p.lay(p.polygon([(180, 730), (320, 730), (290, 650), (210, 650)]), 0.02)
    p.lay(p.box(232, 500, 268, 660, 16), 0.02)
    p.lay(p.disc(250, 505, 34), 0.97)
    p.lay(p.disc(250, 505, 20), 0.02)
    for x, y, size, tilt in ((770, 250, 200, 0.16), (960, 430, 155, -0.1), (590, 400, 120, 0.3)):
        at = _pose(x, y, size, tilt)
        back = [
            (-1, 0.06),
            (-0.92, -0.08),
            (-0.6, -0.24),
            (-0.2, -0.3),
            (0.04, -0.31),
            (0.17, -0.52),
            (0.27, -0.29),
            (0.6, -0.16),
            (0.9, -0.03),
        ]
        tail = [(1.02, -0.18), (1.16, -0.2), (1.06, 0.02), (1.14, 0.2), (1.0, 0.16), (0.9, 0.05)]
        belly = [(0.55, 0.08), (0.1, 0.2), (-0.35, 0.24), (-0.75, 0.18), (-0.95, 0.12)]
        p.lay(p.polygon([at(a, b) for a, b in [*back, *tail, *belly]]), 0.02)
        pale = [
            (-0.93, 0.11),
            (-0.6, 0.07),
            (-0.2, 0.09),
            (0.2, 0.07),
            (0.52, 0.06),
            (0.1, 0.19),
            (-0.35, 0.23),
            (-0.75, 0.17),
        ]
        p.lay(p.polygon([at(a, b) for a, b in pale]), 0.9)
        p.lay(p.polygon([at(-0.5, 0.14), at(-0.34, 0.14), at(-0.2, 0.44)]), 0.02)
        p.lay(p.disc(*at(-0.76, -0.03), max(4.0, size * 0.03)), 0.98)


def ocean_heat(p: Press) -> None:
    """An island in cross-section, and the long pipe to the cold below it."""
    p.sky((0.97, 0.86), 230)
    p.lay(p.disc(210, 110, 52), 0.99)
    p.lay(p.ring((210, 110), 52, 52, 5), 0.4)
    p.lay(p.below(lambda x: 230 + 4 * np.sin(x / 30)), p.down(230, 800, (0.86, 0.03)))
    for k, y in enumerate((290, 370, 470, 590)):
        path = [(x, y + 12 * math.sin(x / 110 + k)) for x in range(-20, 1240, 20)]
        p.lay(p.stroke(path, 4), 0.98 if k < 2 else 0.4, 0.8)
    mount = [
        (500, 800),
        (560, 640),
        (640, 500),
        (700, 350),
        (730, 232),
        (770, 200),
        (830, 190),
        (880, 150),
        (960, 120),
        (1030, 150),
        (1090, 190),
        (1210, 200),
        (1210, 800),
    ]
    p.lay(p.polygon(mount), p.across(520, 1200, (0.46, 0.03)))
    for k in range(9):
        y = 250 + k * 62
        p.lay(p.stroke([(720 - k * 24, y), (840, y + 24), (1010, y - 6), (1210, y + 20)], 4), 0.4, 0.7)
    for x, y, tall, lean in ((800, 192, 110, -22), (846, 184, 130, 20), (1120, 192, 96, 16)):
        top = (x + lean, y - tall)
        p.lay(p.stroke([(x, y), (x + lean * 0.3, y - tall * 0.5), top], 8), 0.02)
        for turn in (-2.7, -2.1, -1.1, -0.4, 0.25, 2.9):
            tip = (top[0] + 52 * math.cos(turn), top[1] + 34 * math.sin(turn) + 16)
            p.lay(p.stroke([top, ((top[0] + tip[0]) / 2, (top[1] + tip[1]) / 2 - 12), tip], 7), 0.02)
    p.lay(p.box(890, 150, 1040, 206), 0.97)
    p.lay(p.box(1000, 96, 1030, 160), 0.85)
    p.lay(p.box(884, 140, 1046, 156), 0.02)
    for x in (906, 946, 986):
        p.lay(p.box(x, 170, x + 22, 194), 0.03)
    pipe = [(900, 190), (780, 232), (690, 300), (600, 470), (500, 640), (390, 730)]
    p.lay(p.stroke([(x + 5, y + 9) for x, y in pipe], 36), 0.02)
    p.colour(p.stroke(pipe, 30))
    p.lay(p.disc(382, 736, 24, 20), 0.02)
    for k in range(5):
        p.colour(p.stroke([(120 + 30 * k, 700 + k * 18), (330, 742)], 4), 0.9)
    for k in range(8):
        p.lay(p.polygon(_fish(130 + 62 * (k % 4), 330 + 48 * (k // 4) + 9 * (k % 3), 24, 0)), 0.03)
    p.lay(p.polygon([(330, 224), (470, 224), (446, 256), (350, 256)]), 0.02)
    p.lay(p.polygon([(400, 224), (400, 150), (350, 214)]), 0.95)
    p.lay(p.stroke([(402, 226), (402, 140)], 5), 0.02)
