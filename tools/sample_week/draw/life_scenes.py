"""Drawings of animals, waters and maps."""

import math

import numpy as np

from draw.press import Point, Press


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
    c, s = math.cos(tilt), math.sin(tilt)
    return [(x + size * (a * c - b * s), y + size * (a * s + b * c)) for a, b in shape]


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
    west = [
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
    ]
    east = [
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
    ]
    for land in (west, east):
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


def porpoise(p: Press) -> None:
    """Three porpoises in the dark water and the rings of a listening post."""
    p.tone = p.down(0, 800, (0.78, 0.06)).astype(np.float32)
    p.lay(p.below(lambda x: 90 + 10 * np.sin(x / 70) + 5 * np.sin(x / 27)), p.down(90, 800, (0.66, 0.1)))
    for k in range(22):
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
        c, s = math.cos(tilt), math.sin(tilt)

        def at(a: float, b: float, x: float = x, y: float = y, g: float = size, c: float = c, s: float = s) -> Point:
            return (x + g * (a * c - b * s), y + g * (a * s + b * c))

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
        p.lay(p.ring((x, y), r, r, 5), 0.05, 0.99)
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
    for k in range(60):
        x, y = float(p.random.uniform(0, 1200)), float(p.random.uniform(440, 790))
        p.lay(p.stroke([(x, y), (x + 20 + y / 20, y)], 3), 0.72, 0.7)
