"""Drawings of what stands between land and water: quays, walls, ships alongside."""

import math

import numpy as np

from draw.press import Point, Press

_COAST: tuple[Point, ...] = (
    (0, 0),
    (520, 0),
    (430, 60),
    (330, 90),
    (250, 170),
    (236, 270),
    (196, 340),
    (232, 430),
    (180, 520),
    (210, 620),
    (130, 700),
    (120, 800),
    (0, 800),
)
_ROOFS: tuple[Point, ...] = (
    (0, 470),
    (0, 330),
    (70, 280),
    (140, 330),
    (140, 350),
    (220, 350),
    (220, 300),
    (280, 250),
    (340, 300),
    (340, 380),
    (450, 380),
    (450, 340),
    (510, 300),
    (570, 340),
    (570, 470),
)


def _arc(cx: float, cy: float, rx: float, ry: float) -> list[Point]:
    """The right half of an ellipse, from top to bottom."""
    turns = [math.radians(a) for a in range(-90, 91, 6)]
    return [(cx + rx * math.cos(t), cy + ry * math.sin(t)) for t in turns]


def cable_drum(p: Press) -> None:
    """A drum of sea cable, taller than the two people beside it, on a quay."""
    p.sky((0.93, 0.74), 560)
    p.clouds(10, (40, 320), -0.12)
    p.sea(500, (0.7, 0.42), 50)
    p.lay(p.box(0, 620, 1200, 800), p.down(620, 800, (0.86, 0.5)))
    for x in range(-300, 1500, 130):
        p.lay(p.stroke([(600 + (x - 600) * 0.7, 620), (x, 800)], 3), 0.3)
    p.lay(p.disc(620, 712, 430, 30, blur=9), 0.06, 0.9)
    p.lay(p.disc(850, 396, 92, 312), 0.1)
    p.lay(p.disc(838, 396, 90, 306), p.glow((800, 240), 420, (0.75, 0.2)))
    barrel = np.maximum(p.box(372, 146, 810, 646), p.disc(810, 396, 74, 250))
    p.lay(barrel, 0.03)
    for k in range(19):
        p.colour(p.stroke(_arc(372 + k * 24, 396, 74, 246), 15))
    p.lay(p.stroke(_arc(392, 396, 104, 320), 20), 0.02)
    p.lay(p.disc(372, 396, 104, 320), p.across(268, 476, (0.98, 0.35)))
    p.lay(p.ring((372, 396), 104, 320, 12), 0.03)
    for k in range(8):
        t = k * math.pi / 4 + 0.3
        p.lay(p.stroke([(372, 396), (372 + 96 * math.cos(t), 396 + 304 * math.sin(t))], 13), 0.05)
    p.lay(p.disc(372, 396, 34, 98), 0.04)
    p.lay(p.disc(372, 396, 14, 40), 0.9)
    for x in (300, 770):
        p.lay(p.polygon([(x - 30, 722), (x + 70, 722), (x + 40, 640)]), 0.02)
    tail = [(874, 520), (900, 640), (960, 712), (1060, 742), (1240, 736)]
    p.lay(p.stroke([(x, y + 9) for x, y in tail], 20), 0.04)
    p.colour(p.stroke(tail, 16))
    p.person(1010, 716, 150)
    p.person(1070, 722, 138)
    p.gull(150, 170, 26)
    p.gull(220, 140, 18)


def price_cliffs(p: Press) -> None:
    """A month of prices as a coast of cliffs, the line of the market above it."""
    p.sky((0.95, 0.72), 620)
    p.clouds(12, (40, 260), -0.1)
    p.sea(640, (0.5, 0.12), 100)
    line = [
        (0, 330),
        (90, 296),
        (160, 318),
        (240, 262),
        (310, 216),
        (380, 240),
        (450, 182),
        (520, 152),
        (590, 184),
        (660, 130),
    ]
    line += [(720, 100), (780, 142), (840, 124), (890, 200), (940, 330), (1000, 450), (1050, 520), (1090, 566)]
    for k in range(17):
        x = 30 + k * 64
        tall = float(np.interp(x + 32, [a for a, _ in line], [b for _, b in line])) + 74
        foot = 668 + (k % 3) * 10
        jag = [(x, tall + 12), (x + 18, tall - 4), (x + 40, tall + 6), (x + 62, tall)]
        p.lay(p.polygon([*jag, (x + 62, foot), (x, foot)]), p.across(x, x + 62, (0.82, 0.1)))
        for crack in range(3):
            y = tall + 36 + crack * (640 - tall) / 3.2
            if y < foot - 20:
                p.lay(p.stroke([(x + 10, y), (x + 30 + 8 * crack, y + 9), (x + 54, y + 2)], 4), 0.03)
    p.colour(p.stroke(line, 15))
    p.colour(p.polygon([(1112, 612), (1064, 570), (1120, 546)]))
    p.lay(p.below(lambda x: 735 + 10 * np.sin(x / 60) + 5 * np.sin(x / 23)), 0.04)
    p.gull(250, 130, 24)
    p.gull(320, 100, 16)


def barrage(p: Press) -> None:
    """A barrage that runs to the far shore, one sluice open."""
    p.sky((0.96, 0.76), 330)
    p.clouds(12, (30, 230), -0.14)
    p.lay(p.below(lambda x: 318 - 50 * np.exp(-(((x - 1010) / 200) ** 2)) - 18 * np.sin(x / 90) ** 2), 0.52)
    p.sea(330, (0.74, 0.3), 120)
    near, far = (0.0, 330.0), (1080.0, 318.0)

    def at(t: float, high: float) -> Point:
        """A point along the wall; t runs towards the far shore and things shrink as they go."""
        size = 1 / (1 + 3.4 * t)
        x = near[0] + (far[0] - near[0]) * (1 - size) / (1 - 1 / 4.4)
        return (x, 322 + (420 - high) * size - 60 * size)

    p.lay(p.polygon([at(0, 330), at(1, 330), at(1, -60), at(0, -60)]), p.across(0, 1080, (0.16, 0.62)))
    for k in range(8):
        a, b = 0.035 + k * 0.125, 0.035 + k * 0.125 + 0.07
        gate = [at(a, 200), at(b, 200), at(b, -50), at(a, -50)]
        p.lay(p.polygon(gate), 0.03)
        shut = [at(a, 150), at(b, 150), at(b, -30), at(a, -30)]
        if k == 1:
            p.colour(p.polygon([at(a, 330), at(b, 330), at(b, 190), at(a, 190)]))
        else:
            p.lay(p.polygon(shut), 0.5)
        pier = [at(b + 0.012, 400), at(b + 0.04, 400), at(b + 0.04, -60), at(b + 0.012, -60)]
        p.lay(p.polygon(pier), 0.9)
        p.lay(p.polygon([at(b + 0.032, 400), at(b + 0.046, 400), at(b + 0.046, -60), at(b + 0.032, -60)]), 0.04)
    p.lay(p.polygon([at(0, 372), at(1, 372), at(1, 322), at(0, 322)]), 0.96)
    p.lay(p.polygon([at(0, 322), at(1, 322), at(1, 304), at(0, 304)]), 0.02)
    for k in range(12):
        post = at(k * 0.08, 372)
        p.lay(p.stroke([post, at(k * 0.08, 520)], max(2.5, 9 / (1 + k * 0.4))), 0.03)
    open_gate = at(0.195, 60)
    for _ in range(40):
        t, spread = float(p.random.random()), float(p.random.uniform(0, 130))
        a = at(0.16 + 0.07 * t, -30)
        b = (a[0] + 260 + 260 * t, a[1] + 40 + spread)
        path = [(a[0] + (b[0] - a[0]) * k / 8, a[1] + (b[1] - a[1]) * (1 - (1 - k / 8) ** 2.2)) for k in range(9)]
        p.lay(p.stroke(path, 5), 0.97)
    foam = p.disc(open_gate[0] + 120, open_gate[1] + 130, 150, 42, blur=12)
    p.lay(foam, 0.96, 0.75)
    p.gull(760, 150, 28)
    p.gull(850, 120, 18)
    p.gull(690, 190, 16)


def lagoon(p: Press) -> None:
    """A ring wall off a _COAST from the air, the tide standing in a spiral inside."""
    p.tone = p.down(0, 800, (0.34, 0.5)).astype(np.float32)
    for k in range(150):
        x, y = float(p.random.uniform(0, 1200)), float(p.random.uniform(0, 800))
        p.lay(p.stroke([(x, y), (x + 30 + 40 * (k % 3), y - 3)], 3), 0.72, 0.6)
    inside = p.disc(640, 400, 420, 262)
    p.lay(inside, p.glow((640, 400), 430, (0.98, 0.62)))
    for arm in range(3):
        path = []
        for k in range(50):
            t = k / 49
            turn = arm * 2.094 + t * 5.0
            path.append((640 + 400 * t * math.cos(turn), 400 + 248 * t * math.sin(turn)))
        p.lay(p.stroke(path, 11), 0.36, 0.8)
        p.lay(p.stroke([(x + 16, y + 18) for x, y in path], 6), 0.5, 0.7)
    p.lay(p.ring((640, 412), 440, 282, 40), 0.03)
    p.lay(p.ring((640, 400), 436, 278, 30), 0.95)
    p.lay(p.ring((640, 400), 423, 265, 5), 0.2)
    p.lay(p.polygon([(x + 20, y + 10) for x, y in _COAST]), 0.92)
    p.lay(p.polygon(_COAST), p.across(0, 420, (0.5, 0.72)))
    for x, y, w, h in (
        (20, 60, 120, 80),
        (170, 30, 100, 60),
        (30, 180, 90, 110),
        (140, 190, 60, 60),
        (20, 330, 120, 90),
        (30, 470, 90, 70),
        (20, 580, 110, 60),
    ):
        p.lay(p.box(x, y, x + w, y + h), 0.28 if (x + y) % 20 else 0.88, 0.8)
        for line in range(3):
            p.lay(p.stroke([(x + 8, y + 14 + line * h / 4), (x + w - 8, y + 14 + line * h / 4)], 3), 0.5)
    p.lay(p.stroke([(150, 800), (170, 560), (160, 400), (230, 330)], 9), 0.97)
    house = [(1010, 470), (1090, 428), (1118, 470), (1040, 520)]
    p.lay(p.polygon([(x + 8, y + 20) for x, y in house]), 0.02)
    p.colour(p.polygon(house))
    for k in range(8):
        start = (1060 + k * 6, 500 - k * 7)
        p.lay(
            p.stroke([start, (start[0] + 60, start[1] + 50 - k * 4), (start[0] + 130, start[1] + 46 - k * 11)], 5), 0.97
        )
    p.lay(p.polygon([(820, 690), (872, 676), (884, 690), (830, 704)]), 0.02)
    p.lay(p.stroke([(820, 700), (700, 728), (640, 760)], 4), 0.95)


def two_hulls(p: Press) -> None:
    """Two ships nose to nose, held by one rope."""
    p.sky((0.9, 0.66), 470)
    p.clouds(12, (40, 330), -0.12)
    p.sea(540, (0.56, 0.14), 120)
    left = [(-20, 190), (250, 200), (330, 180), (520, 210), (476, 330), (440, 580), (-20, 600)]
    p.lay(p.polygon(left), p.across(0, 520, (0.03, 0.3)))
    p.lay(
        p.polygon([(-20, 190), (250, 200), (330, 180), (520, 210), (516, 220), (330, 192), (250, 212), (-20, 204)]),
        0.97,
    )
    p.lay(p.polygon([(-20, 500), (455, 486), (440, 580), (-20, 600)]), 0.3)
    right = [(1220, 240), (960, 252), (870, 230), (680, 262), (724, 372), (760, 590), (1220, 606)]
    p.lay(p.polygon(right), p.across(680, 1200, (0.995, 0.5)))
    p.lay(p.polygon([(1220, 240), (960, 252), (870, 230), (680, 262), (690, 286), (1220, 270)]), 0.03)
    p.lay(p.polygon([(1220, 512), (748, 506), (760, 590), (1220, 606)]), 0.12)
    for x, y in ((420, 262), (776, 312)):
        p.lay(p.disc(x, y, 20, 24), 0.5 if x < 600 else 0.03)
        p.lay(p.disc(x, y, 10, 13), 0.02 if x < 600 else 0.6)
    for k in range(5):
        p.lay(p.disc(60 + k * 70, 300, 15), 0.93)
        p.lay(p.disc(900 + k * 70, 345, 15), 0.05)
    p.lay(p.box(60, 80, 230, 196), 0.04)
    p.lay(p.box(76, 100, 214, 132), 0.95)
    p.lay(p.box(120, 20, 170, 82), 0.3)
    p.lay(p.box(1000, 140, 1150, 248), 0.97)
    p.lay(p.box(1000, 128, 1150, 142), 0.03)
    p.lay(p.box(1012, 160, 1138, 188), 0.04)
    p.lay(p.stroke([(330, 182), (330, 60)], 8), 0.03)
    p.lay(p.stroke([(870, 232), (870, 110)], 8), 0.03)
    p.lay(p.stroke([(680, 262), (724, 372), (760, 590)], 9), 0.02)
    p.lay(p.stroke([(520, 210), (476, 330), (440, 580)], 7), 0.02)
    rope = [(420 + (776 - 420) * t, 262 + 50 * t + 150 * 4 * t * (1 - t)) for t in (k / 30 for k in range(31))]
    p.lay(p.stroke([(x, y + 8) for x, y in rope], 15), 0.03)
    p.colour(p.stroke(rope, 15))
    for k in range(9):
        y = 600 + k * 15
        p.lay(p.stroke([(500 - 10 * k, y), (700 + 16 * k, y)], 5), 0.85 if k % 2 else 0.05)
    p.gull(590, 130, 24)


def ferry(p: Press) -> None:
    """A ferry takes its charge from an arm at the slip; hills behind."""
    p.sky((0.97, 0.8), 420)
    p.lay(
        p.below(lambda x: 400 - 170 * np.exp(-(((x - 250) / 190) ** 2)) - 90 * np.exp(-(((x - 640) / 200) ** 2))), 0.66
    )
    p.lay(p.below(lambda x: 420 - 60 * np.exp(-(((x - 60) / 200) ** 2)) - 44 * np.exp(-(((x - 820) / 240) ** 2))), 0.42)
    p.sea(430, (0.8, 0.3), 120)
    p.lay(
        p.polygon([(70, 450), (800, 450), (868, 520), (820, 596), (130, 596), (88, 540)]),
        p.down(450, 596, (0.16, 0.03)),
    )
    p.lay(p.polygon([(70, 450), (800, 450), (815, 468), (74, 468)]), 0.97)
    p.lay(p.polygon([(150, 450), (160, 350), (700, 350), (730, 450)]), p.down(350, 450, (0.97, 0.72)))
    for k in range(10):
        p.lay(p.box(186 + k * 50, 384, 220 + k * 50, 414, 6), 0.06)
    p.lay(p.polygon([(250, 350), (262, 280), (520, 280), (540, 350)]), 0.9)
    p.lay(p.box(276, 296, 508, 322), 0.05)
    p.lay(p.polygon([(560, 350), (566, 296), (620, 296), (630, 350)]), 0.2)
    p.lay(p.stroke([(380, 280), (380, 190)], 6), 0.03)
    p.lay(p.stroke([(350, 220), (410, 220)], 5), 0.03)
    p.lay(p.polygon([(880, 590), (1200, 530), (1200, 800), (860, 800)]), p.across(880, 1200, (0.35, 0.06)))
    p.lay(p.polygon([(880, 590), (1200, 530), (1200, 556), (878, 612)]), 0.95)
    p.lay(p.box(1040, 200, 1086, 566), p.round(1040, 1086))
    p.lay(p.box(1020, 170, 1106, 210), 0.03)
    arm = [(1060, 190), (930, 250), (800, 360), (742, 420)]
    p.lay(p.stroke([(x + 4, y + 8) for x, y in arm], 30), 0.02)
    p.colour(p.stroke(arm, 26))
    p.colour(p.disc(742, 424, 34))
    p.lay(p.disc(742, 424, 14), 0.02)
    p.lay(p.disc(930, 252, 17), 0.02)
    p.person(980, 578, 92)
    for k in range(10):
        y = 610 + k * 17
        p.lay(p.stroke([(130 + 20 * (k % 3), y), (760 - 30 * (k % 4), y)], 5), 0.08 if k % 2 else 0.93)
    p.gull(620, 150, 24)
    p.gull(700, 180, 16)


def storm_wall(p: Press) -> None:
    """A breaker goes up over a harbour wall; the storm cone is hoisted."""
    p.sky((0.12, 0.56), 560)
    p.clouds(22, (10, 420), -0.12)
    p.clouds(10, (120, 460), 0.12)
    p.sea(520, (0.4, 0.08), 130, 0.32)
    for _ in range(46):
        turn = math.radians(float(p.random.uniform(-152, -38)))
        reach = float(p.random.uniform(150, 430))
        x, y = 560 + float(p.random.uniform(-170, 170)), 560.0
        end = (x + reach * math.cos(turn) * 0.8, y + reach * math.sin(turn))
        p.lay(p.stroke([(x, y), ((x + end[0]) / 2, (y + end[1]) / 2 - 20), end], 16), 0.95, 0.75)
    p.lay(p.disc(560, 540, 260, 110, blur=26), 0.97, 0.95)
    p.lay(p.disc(480, 400, 120, 90, blur=24), 0.96, 0.9)
    p.lay(p.disc(660, 350, 110, 100, blur=24), 0.96, 0.85)
    for _ in range(110):
        x, y = float(p.random.normal(570, 190)), float(p.random.uniform(90, 500))
        p.lay(p.disc(x, y, float(p.random.uniform(2, 7))), 0.99)
    p.lay(p.polygon([(-10, 640), (1210, 560), (1210, 800), (-10, 800)]), p.down(560, 800, (0.3, 0.03)))
    p.lay(p.polygon([(-10, 640), (1210, 560), (1210, 592), (-10, 676)]), 0.88)
    for k in range(14):
        x = k * 92
        p.lay(p.stroke([(x, 672 - x * 0.067), (x + 14, 800)], 5), 0.04)
    p.lay(p.stroke([(880, 610), (880, 90)], 13), 0.02)
    p.lay(p.stroke([(880, 130), (1060, 130)], 9), 0.02)
    p.lay(p.stroke([(880, 210), (1010, 132)], 6), 0.02)
    p.lay(p.stroke([(1040, 132), (1040, 190)], 4), 0.02)
    p.colour(p.polygon([(1040, 188), (1116, 330), (964, 330)]))
    p.lay(p.polygon([(840, 606), (920, 600), (910, 540), (850, 544)]), 0.03)
    for x, tall in ((1090, 96), (1130, 88)):
        p.person(x, 566, tall)


def tide_gauge(p: Press) -> None:
    """A tide pole at a pier head with the water up at its last figures."""
    p.sky((0.95, 0.8), 470)
    p.clouds(9, (40, 300), -0.12)
    p.lay(p.polygon(_ROOFS), p.across(0, 570, (0.34, 0.66)))
    for x, y in ((40, 370), (92, 370), (250, 340), (300, 340), (250, 400), (490, 390), (530, 390), (170, 400)):
        p.lay(p.box(x, y, x + 22, y + 32), 0.95)
    p.sea(450, (0.72, 0.26), 140)
    p.lay(p.box(900, 180, 1200, 800), p.across(900, 1200, (0.4, 0.08)))
    for row in range(9):
        for k in range(4):
            x, y = 906 + k * 84 - (42 if row % 2 else 0), 190 + row * 70
            p.lay(p.box(max(x, 904), y, x + 76, y + 62, 8), 0.62 - 0.11 * k, 0.55)
    p.lay(p.box(880, 160, 1200, 190), 0.95)
    p.lay(p.box(690, 40, 830, 800), 0.02)
    p.lay(p.box(700, 50, 820, 790), 0.97)
    for k in range(22):
        y = 66 + k * 33
        long = k % 5 == 0
        p.lay(p.box(700, y, 760 if long else 732, y + 15), 0.02)
        if long:
            p.lay(p.box(776, y - 8, 804, y + 24), 0.02)
            p.lay(p.box(784, y + 1, 797, y + 6), 0.97)
    water = p.below(lambda x: 520 + 9 * np.sin(x / 46) + 4 * np.sin(x / 19)) * p.box(560, 480, 960, 800)
    p.lay(water, p.down(500, 800, (0.55, 0.2)), 0.88)
    p.colour(
        p.below(lambda x: 512 + 9 * np.sin(x / 46))
        * (1 - p.below(lambda x: 536 + 9 * np.sin(x / 46)))
        * p.box(600, 470, 902, 570)
    )
    for k in range(12):
        y = 560 + k * 19
        p.lay(p.stroke([(650 - 9 * (k % 4), y), (860 + 8 * (k % 3), y)], 4), 0.86)
    p.lay(p.stroke([(900, 130), (900, 165)], 8), 0.03)
    p.gull(420, 170, 26)
    p.gull(500, 200, 17)
    for x, tall in ((990, 128), (1060, 84), (1110, 78)):
        p.person(x, 164, tall)
