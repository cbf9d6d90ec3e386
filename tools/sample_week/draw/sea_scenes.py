"""Drawings of machines in the sea."""

import math

import numpy as np

from draw.press import Press


def rotor(p: Press, x: float, y: float, radius: float, turn: float) -> None:
    """A three-bladed rotor in the spot colour."""
    for blade in range(3):
        angle = turn + blade * 2 * math.pi / 3
        reach = (math.cos(angle), math.sin(angle))
        side = (-reach[1], reach[0])
        tip = (x + reach[0] * radius, y + reach[1] * radius)
        hip = (x + reach[0] * radius * 0.28, y + reach[1] * radius * 0.28)
        wide = radius * 0.13
        shape = [
            (x + side[0] * 6, y + side[1] * 6),
            (hip[0] + side[0] * wide, hip[1] + side[1] * wide),
            tip,
            (hip[0] - side[0] * wide * 0.5, hip[1] - side[1] * wide * 0.5),
            (x - side[0] * 6, y - side[1] * 6),
        ]
        p.colour(p.polygon(shape))
    p.lay(p.disc(x, y, radius * 0.12), 0.02)


def barge_turbine(p: Press) -> None:
    """A floating platform with two rotors lowered into the current, seen half under water."""
    p.sky((0.72, 0.95), 300)
    p.clouds(14, (40, 220), -0.16)
    hills = p.below(lambda x: 268 - 40 * np.exp(-(((x - 980) / 170) ** 2)) - 26 * np.exp(-(((x - 760) / 130) ** 2)))
    p.lay(hills, 0.5)
    water = p.below(lambda x: 300 + 4 * np.sin(x / 38) + 3 * np.sin(x / 17))
    p.lay(water, p.down(300, 800, (0.62, 0.1)))
    for row in range(9):
        y = 370 + row * 46
        path = [(x, y + 9 * math.sin(x / 120 + row * 1.7)) for x in range(-20, 1240, 20)]
        p.lay(p.stroke(path, 5 + row * 0.5), 0.72 - row * 0.05, 0.5)
    p.lay(p.below(lambda x: 742 + 14 * np.sin(x / 150) + 8 * np.sin(x / 41)), 0.03)
    hull = [(250, 262), (940, 262), (985, 290), (940, 322), (260, 322), (215, 290)]
    p.lay(p.polygon(hull), p.down(262, 322, (0.95, 0.12)))
    p.lay(p.box(300, 205, 410, 264), 0.04)
    p.lay(p.box(316, 220, 394, 240), 0.97)
    p.lay(p.stroke([(360, 205), (360, 96)], 6), 0.02)
    p.lay(p.stroke([(330, 130), (390, 130)], 5), 0.02)
    p.lay(p.box(640, 240, 860, 264), 0.3)
    for x in (430, 770):
        p.lay(p.polygon([(x - 14, 320), (x + 14, 320), (x + 9, 530), (x - 9, 530)]), p.round(x - 14, x + 14))
        p.lay(p.disc(x + 16, 540, 62, 22), p.down(518, 562, (0.95, 0.25)))
        rotor(p, x - 40, 540, 158, 0.5 if x < 600 else 1.35)
    p.lay(p.stroke([(225, 300), (60, 760)], 4), 0.02)
    p.lay(p.stroke([(975, 300), (1150, 760)], 4), 0.02)
    p.gull(700, 120, 26)
    p.gull(770, 150, 18)


def lighthouse(p: Press) -> None:
    """A lighthouse on a cliff at night, its beam on the water."""
    p.sky((0.04, 0.5), 560)
    for _ in range(60):
        x, y = p.random.uniform(0, 1200), p.random.uniform(0, 330)
        p.lay(p.disc(float(x), float(y), 2.4), 0.99)
    p.sea(560, (0.42, 0.08), 110)
    beam = p.polygon([(842, 196), (842, 208), (-40, 420), (-40, 90)])
    p.colour(beam)
    p.lay(p.polygon([(860, 198), (860, 206), (1240, 300), (1240, 120)]), 0.78, 0.7)
    cliff = [
        (640, 800),
        (668, 640),
        (720, 600),
        (742, 520),
        (800, 488),
        (930, 470),
        (1010, 486),
        (1100, 440),
        (1200, 452),
    ]
    p.lay(p.polygon([*cliff, (1200, 800)]), 0.06)
    for k in range(13):
        x = 700 + k * 40
        p.lay(p.stroke([(x, 560 + 7 * (k % 3)), (x - 30, 660 + 11 * (k % 4)), (x - 16, 790)], 6), 0.34, 0.8)
    p.lay(p.polygon([(806, 490), (826, 236), (876, 236), (896, 490)]), p.round(806, 896, 0.32))
    for top in (300, 390):
        grow = (top - 236) * 0.08
        p.lay(p.polygon([(826 - grow, top), (876 + grow, top), (880 + grow, top + 44), (822 - grow, top + 44)]), 0.1)
    p.lay(p.box(814, 226, 888, 238), 0.02)
    p.lay(p.box(832, 178, 870, 226), 0.97)
    for x in (838, 851, 864):
        p.lay(p.box(x - 1.5, 178, x + 1.5, 226), 0.02)
    p.lay(p.polygon([(824, 180), (851, 146), (878, 180)]), 0.02)
    p.lay(p.box(920, 440, 990, 476), 0.85)
    p.lay(p.polygon([(912, 442), (955, 410), (998, 442)]), 0.02)
    p.lay(p.box(936, 450, 950, 466), 0.02)
    for k in range(24):
        y = 575 + k * 9
        half = 26 + 5 * k * float(p.random.uniform(0.4, 1))
        x = 300 - k * 3 + float(p.random.uniform(-20, 20))
        p.colour(p.stroke([(x - half, y), (x + half, y)], 3.5))


def harbour_crane(p: Press) -> None:
    """A crane swings a turbine's nacelle over a quay."""
    p.sky((0.9, 0.62), 600)
    p.clouds(12, (80, 420), -0.12)
    town = [
        (0, 600),
        (0, 520),
        (60, 520),
        (60, 486),
        (120, 486),
        (150, 455),
        (180, 486),
        (180, 530),
        (260, 530),
        (260, 500),
    ]
    p.lay(p.polygon([*town, (330, 500), (330, 548), (420, 548), (420, 600)]), 0.5)
    p.sea(600, (0.6, 0.28), 90)
    p.lay(p.box(560, 640, 1200, 800), p.down(640, 800, (0.4, 0.04)))
    p.lay(p.box(545, 628, 1200, 650), 0.92)
    for x in range(590, 1200, 90):
        p.lay(p.box(x, 664, x + 34, 800), 0.03)
    for x in (800, 960):
        p.lay(p.polygon([(x - 22, 630), (x + 22, 630), (x + 12, 430), (x - 12, 430)]), 0.04)
    p.lay(p.box(778, 416, 986, 448), 0.04)
    p.lay(p.box(826, 330, 950, 418), p.across(826, 950, (0.85, 0.2)))
    p.lay(p.box(840, 346, 884, 380), 0.03)
    p.lay(p.polygon([(850, 332), (930, 332), (905, 150), (880, 150)]), 0.05)
    p.lay(p.stroke([(900, 330), (250, 96)], 15), 0.03)
    p.lay(p.stroke([(890, 300), (330, 84)], 5), 0.03)
    for k in range(12):
        t = k / 12
        a = (900 - 650 * t, 330 - 234 * t)
        b = (890 - 560 * t, 300 - 216 * t)
        p.lay(p.stroke([a, b], 4), 0.03)
    p.lay(p.stroke([(892, 156), (262, 96)], 4), 0.03)
    p.lay(p.stroke([(892, 156), (1060, 416)], 5), 0.03)
    p.lay(p.box(1010, 380, 1100, 446), 0.06)
    p.lay(p.stroke([(270, 104), (270, 300)], 4), 0.02)
    p.lay(p.stroke([(270, 300), (182, 372)], 4), 0.02)
    p.lay(p.stroke([(270, 300), (372, 372)], 4), 0.02)
    body = [(120, 372), (400, 372), (440, 400), (440, 440), (400, 466), (120, 466), (92, 440), (92, 398)]
    p.colour(p.polygon(body))
    for x in (170, 250, 330):
        p.lay(p.box(x, 372, x + 6, 466), 0.02)
    p.lay(p.polygon([(440, 392), (486, 419), (440, 446)]), 0.02)
    p.person(680, 630, 84)
    p.person(620, 630, 80)
    p.gull(560, 190, 22)


def seabed_robot(p: Press) -> None:
    """A crawler with a lamp on the sea floor, and the ribs of an old ship in its light."""
    p.tone = p.down(0, 800, (0.42, 0.04)).astype(np.float32)
    for k in range(7):
        path = [(x, 60 + k * 48 + 16 * math.sin(x / 170 + k)) for x in range(-20, 1240, 30)]
        p.lay(p.stroke(path, 8), 0.55 - 0.05 * k, 0.35)
    p.colour(p.polygon([(760, 470), (760, 500), (30, 700), (30, 250)]))
    p.lay(p.below(lambda x: 640 + 18 * np.sin(x / 190) + 7 * np.sin(x / 37)), p.down(620, 800, (0.62, 0.12)))
    lit = p.polygon([(700, 664), (30, 650), (30, 760), (560, 730)], blur=10)
    p.colour(lit, 0.85)
    for k in range(9):
        x = 80 + k * 52
        lean = (k - 4) * 6
        top = 300 + abs(k - 3.5) * 26
        p.lay(p.stroke([(x + 30, 680), (x - 6 + lean, 540), (x + 10 + lean, top + 40), (x + 44 + lean, top)], 17), 0.02)
    p.lay(p.polygon([(40, 690), (560, 676), (590, 704), (70, 722)]), 0.02)
    p.lay(p.box(770, 430, 1080, 560, 22), p.down(430, 560, (0.95, 0.2)))
    p.lay(p.box(800, 380, 960, 434, 14), p.down(380, 434, (0.8, 0.3)))
    p.lay(p.disc(764, 486, 30, 38), 0.02)
    p.lay(p.disc(758, 486, 16, 26), 0.99)
    p.lay(p.box(740, 566, 1120, 676, 55), 0.02)
    for x in (798, 866, 930, 994, 1062):
        p.lay(p.disc(x, 621, 32), 0.55)
        p.lay(p.disc(x, 621, 12), 0.02)
    p.lay(p.stroke([(1010, 432), (1040, 300), (1120, 160), (1150, -10)], 7), 0.02)
    p.lay(p.stroke([(880, 382), (880, 320), (836, 296)], 8), 0.02)
    p.lay(p.disc(832, 294, 15), 0.9)
    for x, y, r in ((590, 200, 9), (620, 150, 6), (560, 110, 11), (660, 90, 5)):
        p.lay(p.ring((x, y), r, r, 3), 0.9)


def kite(p: Press) -> None:
    """An underwater kite on its tether, and the figure of eight it flies."""
    p.tone = p.down(0, 800, (0.85, 0.06)).astype(np.float32)
    p.lay(p.below(lambda x: 74 + 7 * np.sin(x / 45)), p.down(74, 800, (0.75, 0.08)))
    for k in range(8):
        path = [(x, 130 + k * 62 + 10 * math.sin(x / 140 + k * 2)) for x in range(-20, 1240, 30)]
        p.lay(p.stroke(path, 5), 0.8 - 0.08 * k, 0.45)
    p.lay(p.below(lambda x: 704 + 26 * np.sin(x / 210 + 2) + 6 * np.sin(x / 33)), p.down(690, 800, (0.5, 0.03)))
    eight = []
    for k in range(121):
        t = k / 120 * 2 * math.pi
        eight.append((610 + 420 * math.cos(t), 330 + 300 * math.sin(t) * math.cos(t) + 40 * math.cos(t)))
    p.colour(p.stroke(eight, 13))
    p.lay(p.stroke([(300, 716), (560, 520), (915, 268)], 5), 0.02)
    p.lay(p.polygon([(262, 740), (338, 740), (318, 690), (282, 690)]), 0.02)
    wing = [(700, 168), (760, 150), (1010, 250), (1136, 352), (1120, 372), (960, 330), (780, 236)]
    p.lay(p.polygon([(x + 8, y + 16) for x, y in wing]), 0.02)
    p.lay(p.polygon(wing), p.across(700, 1130, (0.99, 0.5)))
    p.lay(p.polygon([(864, 248), (1000, 262), (1012, 282), (990, 300), (866, 290)]), 0.03)
    p.lay(p.disc(866, 269, 14, 26), 0.6)
    p.lay(p.polygon([(940, 262), (975, 190), (992, 264)]), 0.03)
    for k in range(3):
        angle = 0.4 + k * 2.094
        p.lay(p.stroke([(858, 269), (858 + 14 * math.cos(angle), 269 + 58 * math.sin(angle))], 9), 0.02)
    for k in range(11):
        x, y = 90 + (k % 4) * 56 + 9 * (k % 3), 420 + (k // 4) * 42
        p.lay(p.polygon([(x, y), (x + 20, y - 8), (x + 38, y), (x + 20, y + 8)]), 0.95)
        p.lay(p.polygon([(x + 34, y), (x + 48, y - 8), (x + 48, y + 8)]), 0.95)


def wave_buoy(p: Press) -> None:
    """A power buoy on the shoulder of a great swell."""
    p.sky((0.95, 0.7), 520)
    p.clouds(16, (60, 330), -0.13)
    swell = p.below(lambda x: 420 - 150 * np.exp(-(((x - 330) / 270) ** 2)) + 70 * np.exp(-(((x - 900) / 260) ** 2)))
    p.lay(swell, p.down(270, 800, (0.4, 0.16)))
    for k in range(20):
        sink = 14 + k * 24
        path = []
        for x in range(-20, 1240, 20):
            crest = 150 * math.exp(-(((x - 330 + sink * 0.3) / 270) ** 2)) - 70 * math.exp(-(((x - 900) / 260) ** 2))
            path.append((x, 420 + sink - crest * (1 - sink / 620)))
        p.lay(p.stroke(path, 4 + k * 0.5), 0.97 if k % 3 == 0 else 0.06, 0.75)
    front = p.below(lambda x: 690 - 46 * np.exp(-(((x - 980) / 300) ** 2)) + 12 * np.sin(x / 80))
    p.lay(front, p.down(640, 800, (0.35, 0.04)))
    lean = 0.16

    def at(x: float, y: float) -> tuple[float, float]:
        return (700 + x * math.cos(lean) - y * math.sin(lean), 410 + x * math.sin(lean) + y * math.cos(lean))

    p.lay(p.polygon([at(-26, 30), at(26, 30), at(20, 330), at(-20, 330)]), 0.03)
    p.colour(p.polygon([at(-150, -20), at(150, -20), at(112, 62), at(-112, 62)]))
    p.lay(p.polygon([at(-156, -38), at(156, -38), at(150, -18), at(-150, -18)]), 0.02)
    p.lay(p.stroke([at(-80, -40), at(-24, -180)], 8), 0.02)
    p.lay(p.stroke([at(80, -40), at(24, -180)], 8), 0.02)
    p.lay(p.stroke([at(-52, -110), at(52, -110)], 6), 0.02)
    p.lay(p.polygon([at(-34, -176), at(34, -176), at(26, -232), at(-26, -232)]), 0.02)
    p.lay(p.disc(*at(0, -204), 13), 0.99)
    wash = p.below(lambda x: 505 + 10 * np.sin(x / 22) + 0.13 * (x - 700)) * p.box(500, 400, 900, 800)
    p.lay(wash * p.disc(700, 540, 190, 40), 0.97, 0.8)
    p.gull(260, 150, 30)
    p.gull(340, 190, 20)
    p.gull(1010, 120, 22)
