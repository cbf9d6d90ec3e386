"""Drawings of waters and maps."""

import math

import numpy as np

from draw.press import Point, Press

_WEST: tuple[Point, ...] = (
    (180, 470),
    (250, 420),
    (330, 440),
    (420, 400),
    (500, 450),
    (520, 520),
    (470, 590),
    (500, 660),
    (400, 720),
    (300, 690),
    (230, 720),
    (170, 640),
    (200, 560),
)
_EAST: tuple[Point, ...] = (
    (700, 130),
    (780, 80),
    (900, 100),
    (1010, 70),
    (1070, 150),
    (1040, 230),
    (1080, 300),
    (960, 350),
    (850, 320),
    (770, 350),
    (720, 270),
    (750, 200),
)


def current_map(p: Press) -> None:
    """Two islands and the currents that part around them, a mark in the race."""
    p.tone[:] = 0.84
    for row in range(46):
        y0 = -160 + row * 24
        path = []
        for x in range(-20, 1240, 15):
            bend = 130 * math.exp(-(((x - 330) / 250) ** 2)) * math.tanh((y0 - 560) / 190)
            bend -= 120 * math.exp(-(((x - 880) / 260) ** 2)) * math.tanh((260 - y0) / 150)
            path.append((x, y0 + bend + 12 * math.sin(x / 130 + row * 0.5)))
        p.lay(p.stroke(path, 3 + 5 * abs(math.sin(row * 0.6))), 0.32, 0.85)
    for k in range(3):
        ring = [
            (
                840 + (44 + 26 * k) * math.cos(t / 10) * (1 - t / 90),
                610 + (34 + 18 * k) * math.sin(t / 10) * (1 - t / 90),
            )
            for t in range(60)
        ]
        p.lay(p.stroke(ring, 5), 0.3)
    for land in (_WEST, _EAST):
        p.lay(p.polygon([(x + 10, y + 12) for x, y in land]), 0.03)
        p.lay(p.polygon(land), 0.97)
        cx, cy = (sum(v) / len(land) for v in zip(*land, strict=True))
        for shrink, tone in ((0.78, 0.78), (0.54, 0.6), (0.3, 0.38)):
            p.lay(p.polygon([(cx + (x - cx) * shrink, cy + (y - cy) * shrink) for x, y in land]), tone)
    route = [(430, 395), (500, 330), (560, 330), (610, 280), (700, 240)]
    for k in range(0, 40, 2):
        t = k / 40 * (len(route) - 1)
        i, f = int(t), t - int(t)
        a = (route[i][0] + (route[i + 1][0] - route[i][0]) * f, route[i][1] + (route[i + 1][1] - route[i][1]) * f)
        p.lay(p.disc(*a, 7), 0.02)
    p.lay(p.disc(614, 452, 74), 0.97)
    p.colour(p.disc(614, 452, 62))
    p.lay(p.polygon([(614, 405), (634, 470), (614, 458), (594, 470)]), 0.98)
    p.lay(p.ring((1080, 660), 78, 78, 6), 0.03)
    for k in range(8):
        t = k * math.pi / 4
        reach = 104 if k % 2 == 0 else 66
        side = 0.28
        tip = (1080 + reach * math.cos(t), 660 + reach * math.sin(t))
        a = (1080 + 22 * math.cos(t + side * 3), 660 + 22 * math.sin(t + side * 3))
        b = (1080 + 22 * math.cos(t - side * 3), 660 + 22 * math.sin(t - side * 3))
        p.lay(p.polygon([tip, a, b]), 0.03)


def strait(p: Press) -> None:
    """Whirlpools under a long bridge, a turbine's tower in the stream."""
    p.sky((0.95, 0.8), 330)
    for k, (x, wide, tall) in enumerate(((120, 200, 120), (420, 170, 70), (1090, 230, 150), (800, 200, 60))):
        p.lay(p.below(lambda q, x=x, w=wide, t=tall: 330 - t * np.exp(-(((q - x) / w) ** 2))), 0.7 - 0.06 * k)
    p.sea(330, (0.76, 0.16), 80)
    towers = (330, 880)
    for x in towers:
        p.lay(p.polygon([(x - 24, 420), (x - 14, 60), (x - 2, 60), (x - 4, 420)]), 0.03)
        p.lay(p.polygon([(x + 24, 420), (x + 14, 60), (x + 2, 60), (x + 4, 420)]), 0.03)
        for y in (90, 170, 250):
            p.lay(p.box(x - 16, y, x + 16, y + 12), 0.03)
        p.lay(p.box(x - 46, 410, x + 46, 440), 0.06)
    p.lay(p.box(-10, 292, 1210, 312), 0.03)
    p.lay(p.box(-10, 286, 1210, 292), 0.97)
    main = [(330 + 550 * t, 66 + 210 * 4 * t * (1 - t)) for t in (k / 30 for k in range(31))]
    sides = [
        [(330 - 380 * t, 66 + 236 * t * (1.6 - 0.6 * t)) for t in (k / 12 for k in range(13))],
        [(880 + 380 * t, 66 + 236 * t * (1.6 - 0.6 * t)) for t in (k / 12 for k in range(13))],
    ]
    for path in (main, *sides):
        p.lay(p.stroke(path, 6), 0.02)
        for x, y in path[1:-1]:
            p.lay(p.stroke([(x, y), (x, 290)], 2), 0.1)
    for cx, cy, size, spin in ((420, 610, 300, 1), (940, 700, 220, -1), (830, 470, 110, 1)):
        p.lay(p.disc(cx, cy, size, size * 0.38, blur=10), 0.5, 0.7)
        for arm in range(5):
            path = []
            for k in range(40):
                t = k / 39
                turn = spin * (arm * 1.257 + 3.8 * (1 - t))
                path.append((cx + size * t * math.cos(turn), cy + size * 0.37 * t * math.sin(turn)))
            p.lay(p.stroke(path, 9), 0.97 if arm % 2 else 0.06)
        p.lay(p.disc(cx, cy, size * 0.09, size * 0.04), 0.01)
    p.lay(p.polygon([(600, 560), (640, 560), (634, 340), (606, 340)]), p.round(600, 640))
    p.colour(p.box(572, 300, 668, 352, 8))
    p.colour(p.polygon([(604, 352), (636, 352), (640, 420), (600, 420)]))
    p.lay(p.box(584, 316, 656, 332), 0.98)
    p.lay(p.stroke([(620, 300), (620, 250)], 6), 0.02)
    p.lay(p.disc(620, 560, 56, 13), 0.98)
    p.lay(p.polygon([(90, 452), (210, 452), (190, 484), (110, 484)]), 0.03)
    p.lay(p.box(130, 426, 168, 454), 0.95)
    p.gull(520, 180, 20)


def ice_buoy(p: Press) -> None:
    """A marker buoy with a lamp among floes under a low sun."""
    p.sky((0.7, 0.97), 330)
    p.lay(p.disc(880, 300, 62), 0.999)
    for k in range(3):
        p.lay(p.ring((880, 300), 96 + k * 40, 96 + k * 40, 4), 0.98, 0.8)
    peaks = [(0, 330), (0, 250), (90, 190), (150, 240), (240, 130), (330, 236), (400, 210), (500, 300), (620, 330)]
    p.lay(p.polygon(peaks), p.across(0, 620, (0.4, 0.72)))
    for a, b, c in (((240, 130), (290, 190), (216, 180)), ((90, 190), (120, 220), (66, 216))):
        p.lay(p.polygon([a, b, c]), 0.98)
    p.sea(330, (0.6, 0.05), 50)
    for k in range(34):
        depth = (k / 33) ** 1.3
        y = 350 + depth * 440
        x = float(p.random.uniform(-60, 1240))
        wide, tall = 46 + 170 * depth, 8 + 34 * depth
        if abs(x - 560) < 150 and 380 < y < 640:
            x += 330
        shape = []
        for turn in range(8):
            t = turn * math.pi / 4 + 0.2
            grow = float(p.random.uniform(0.75, 1.1))
            shape.append((x + wide * grow * math.cos(t), y + tall * grow * math.sin(t)))
        p.lay(p.polygon([(a, b + 8 + 13 * depth) for a, b in shape]), 0.35)
        p.lay(p.polygon(shape), p.across(x - wide, x + wide, (0.84, 0.985)))
    p.lay(p.disc(560, 610, 190, 30), 0.02)
    p.lay(p.polygon([(404, 600), (716, 600), (668, 660), (452, 660)]), 0.02)
    p.colour(p.polygon([(430, 540), (690, 540), (716, 602), (404, 602)]))
    p.colour(p.polygon([(520, 290), (600, 290), (650, 540), (470, 540)]))
    for y in (350, 420, 484):
        p.lay(p.box(470, y, 650, y + 12), 0.02)
    p.lay(p.stroke([(522, 292), (640, 538)], 8), 0.02)
    p.lay(p.stroke([(598, 292), (480, 538)], 8), 0.02)
    p.lay(p.box(510, 278, 610, 294), 0.02)
    p.lay(p.box(534, 222, 586, 280, 10), 0.98)
    p.lay(p.box(526, 206, 594, 224), 0.02)
    p.lay(p.polygon([(470, 540), (478, 578), (486, 540)]), 0.98)
    for x in (520, 566, 610, 650):
        p.lay(p.polygon([(x, 540), (x + 7, 582), (x + 15, 540)]), 0.98)


def moon_flats(p: Press) -> None:
    """Low water by moonlight: channels in the mud, a figure with a rake."""
    p.sky((0.05, 0.44), 380)
    for _ in range(44):
        p.lay(p.disc(float(p.random.uniform(0, 1200)), float(p.random.uniform(0, 300)), 2.4), 0.99)
    p.colour(p.disc(820, 190, 104))
    for x, y, r in ((790, 160, 20), (850, 214, 26), (818, 120, 11), (776, 226, 12)):
        p.lay(p.ring((x, y), r, r, 5), 0.05)
    p.lay(p.below(lambda x: 372 - 22 * np.exp(-(((x - 220) / 180) ** 2))), 0.03)
    p.lay(p.below(lambda x: np.float32(392) + 0 * x), p.down(392, 800, (0.4, 0.1)))
    for k, (foot, bends) in enumerate(((-240, 0.8), (140, 1.9), (470, 3.1), (760, 0.2), (1000, 2.3), (1420, 1.2))):
        left, right = list[Point](), list[Point]()
        for step in range(31):
            t = step / 30
            x = 640 + (k - 2) * 46 + (foot - 640) * t**1.7 + 74 * t * math.sin(6 * t + bends)
            half = 1.5 + (12 + 5 * (k % 3)) * t**1.3
            left.append((x - half, 396 + 410 * t**1.15))
            right.append((x + half, 396 + 410 * t**1.15))
        p.lay(p.polygon([*left, *reversed(right)]), 0.92 if k % 2 else 0.7)
    for k in range(22):
        y = 404 + k * 18
        half = 24 + 7 * k * float(p.random.uniform(0.3, 1))
        x = 820 + float(p.random.uniform(-24, 24))
        p.colour(p.stroke([(x - half, y), (x + half, y)], 4.5))
    p.person(330, 690, 210, 0.01)
    p.lay(p.stroke([(352, 560), (470, 690)], 9), 0.01)
    p.lay(p.stroke([(440, 700), (500, 680)], 9), 0.01)
    p.lay(p.polygon([(250, 640), (306, 640), (300, 694), (256, 694)]), 0.01)
    for _ in range(60):
        x, y = float(p.random.uniform(0, 1200)), float(p.random.uniform(440, 790))
        p.lay(p.stroke([(x, y), (x + 20 + y / 20, y)], 3), 0.72, 0.7)
