"""Drawings of rooms and what is decided or made in them."""

import math

import numpy as np

from draw.press import Point, Press

_WAVE: tuple[Point, ...] = (
    (90, 430),
    (120, 372),
    (180, 306),
    (262, 286),
    (322, 318),
    (334, 360),
    (304, 348),
    (270, 350),
    (262, 384),
    (300, 410),
    (372, 430),
)


def control_room(p: Press) -> None:
    """Two people before a wall of screens at night; one curve falls away."""
    p.tone[:] = 0.1
    p.lay(p.polygon([(0, 0), (1200, 0), (1200, 70), (0, 110)]), 0.03)
    for column in range(5):
        for row in range(2):
            x, y = 70 + column * 216, 110 + row * 168
            if column in (1, 2, 3):
                continue
            p.lay(p.box(x, y, x + 196, y + 148, 6), 0.88)
            path = [(x + 14 + k * 12, y + 90 + 30 * math.sin(k / 2.2 + column + row * 2)) for k in range(15)]
            p.lay(p.stroke(path, 6), 0.15)
            p.lay(p.stroke([(x + 14, y + 128), (x + 180, y + 128)], 4), 0.4)
    p.lay(p.box(286, 100, 914, 426, 8), 0.94)
    for k in range(1, 6):
        p.lay(p.stroke([(306, 100 + k * 54), (894, 100 + k * 54)], 3), 0.62)
    curve = []
    for k in range(60):
        x = 310 + k * 10
        y = 230 + 58 * math.sin(k / 4.4) if k < 37 else min(398, 230 + (k - 36) * 26)
        curve.append((x, y))
    p.colour(p.stroke(curve, 14))
    glow = p.disc(600, 520, 520, 120, blur=50)
    p.tone = np.clip(p.tone + glow * 0.38, 0, 1)
    p.lay(p.polygon([(0, 610), (1200, 610), (1200, 800), (0, 800)]), p.down(610, 800, (0.5, 0.06)))
    p.lay(p.polygon([(60, 596), (1140, 596), (1180, 640), (20, 640)]), 0.72)
    for x in range(120, 1100, 84):
        p.lay(p.box(x, 606, x + 44, 618, 3), 0.1)
    for x, y, lean in ((400, 470, -10), (800, 486, 12)):
        p.lay(p.disc(x + lean, y, 47, 56), 0.02)
        p.lay(
            p.polygon([(x - 120, 800), (x - 112, 640), (x - 60, 556), (x + 60, 556), (x + 112, 640), (x + 120, 800)]),
            0.02,
        )
        p.lay(p.disc(x, 580, 82, 46), 0.02)
        p.lay(p.stroke([(x - 46 + lean, y - 12), (x - 50 + lean, y + 16)], 13), 0.55)
        p.lay(p.box(x - 90, 690, x + 90, 800, 24), 0.24)
    p.lay(p.stroke([(930, 650), (985, 560), (960, 520)], 26), 0.02)


def hearing_room(p: Press) -> None:
    """A village hall with rows of people and a map on the end wall."""
    p.tone[:] = 0.86
    p.lay(p.polygon([(0, 0), (1200, 0), (960, 120), (240, 120)]), p.down(0, 120, (0.3, 0.6)))
    for k in range(5):
        x = 240 + k * 180
        p.lay(p.stroke([(600 + (x - 600) * 1.7, 0), (x, 120)], 9), 0.1)
    p.lay(p.polygon([(0, 0), (240, 120), (240, 560), (0, 700)]), p.across(0, 240, (0.45, 0.7)))
    p.lay(p.polygon([(1200, 0), (960, 120), (960, 560), (1200, 700)]), p.across(960, 1200, (0.6, 0.35)))
    for k in range(2):
        a, b = 40 + k * 105, 110 + k * 95
        p.lay(p.polygon([(a, 190 + k * 26), (b, 210 + k * 24), (b, 470 - k * 14), (a, 500 - k * 20)]), 0.98)
    p.lay(p.polygon([(240, 560), (960, 560), (1200, 700), (1200, 800), (0, 800), (0, 700)]), 0.55)
    p.lay(p.box(330, 165, 870, 445), 0.03)
    p.lay(p.box(342, 177, 858, 433), 0.97)
    land = [(342, 177), (640, 177), (590, 230), (610, 280), (540, 330), (480, 350), (430, 433), (342, 433)]
    p.lay(p.polygon(land), 0.5)
    p.lay(p.polygon([(858, 177), (800, 200), (760, 270), (770, 330), (720, 380), (740, 433), (858, 433)]), 0.5)
    p.colour(p.stroke([(556, 318), (640, 336), (764, 316)], 20))
    for k in range(4):
        p.lay(p.stroke([(470 + k * 34, 410 - k * 4), (520 + k * 50, 404 - k * 10)], 4), 0.35)
    p.lay(p.box(390, 500, 810, 580), p.down(500, 580, (0.4, 0.1)))
    p.lay(p.box(376, 490, 824, 506), 0.02)
    for x in (480, 600, 720):
        p.lay(p.disc(x, 428, 20, 24), 0.02)
        p.lay(p.polygon([(x - 42, 490), (x - 34, 458), (x + 34, 458), (x + 42, 490)]), 0.02)
        p.lay(p.polygon([(x - 8, 456), (x + 8, 456), (x, 480)]), 0.95)
    for row, (y, wide, size) in enumerate(((640, 128, 30), (708, 158, 39), (790, 196, 50))):
        for k in range(-4, 5):
            x = 600 + k * wide + (wide / 2 if row % 2 else 0) + float(p.random.uniform(-10, 10))
            dip = float(p.random.uniform(-8, 8))
            tone = 0.03 if (k + row) % 3 else 0.22
            p.lay(p.disc(x, y - size * 1.2 + dip, size * 0.72, size * 0.86), tone)
            p.lay(p.disc(x, y + size * 0.9 + dip, size * 1.5, size * 1.35), tone)
    p.lay(p.stroke([(780, 800), (800, 690), (786, 600)], 34), 0.03)
    p.lay(p.box(758, 560, 818, 606, 8), 0.03)


def ballot_box(p: Press) -> None:
    """A hand lets a paper fall into a ballot box; islands through the window."""
    p.tone[:] = 0.8
    p.lay(p.box(90, 50, 560, 440), 0.04)
    p.lay(p.box(106, 66, 544, 424), p.down(66, 300, (0.97, 0.8)))
    hill = p.below(lambda x: 296 - 84 * np.exp(-(((x - 200) / 90) ** 2)) - 50 * np.exp(-(((x - 440) / 70) ** 2)))
    p.lay(hill * p.box(106, 66, 544, 424), 0.34)
    p.lay(p.box(106, 300, 544, 424), 0.62)
    for k in range(7):
        y = 318 + k * 15
        p.lay(p.stroke([(130 + 37 * (k % 3), y), (240 + 60 * (k % 4), y)], 4), 0.95)
    p.lay(p.box(316, 66, 334, 424), 0.04)
    p.lay(p.box(106, 236, 544, 250), 0.04)
    p.lay(p.box(0, 640, 1200, 800), p.down(640, 800, (0.34, 0.08)))
    p.lay(p.box(0, 632, 1200, 646), 0.96)
    p.lay(p.disc(720, 706, 330, 26, blur=9), 0.02, 0.9)
    p.lay(p.polygon([(470, 400), (880, 400), (880, 716), (470, 716)]), p.across(470, 880, (0.6, 0.3)))
    p.lay(p.polygon([(880, 400), (980, 350), (980, 652), (880, 716)]), 0.08)
    p.lay(p.polygon([(470, 400), (570, 350), (980, 350), (880, 400)]), 0.92)
    p.lay(p.polygon([(600, 382), (616, 368), (836, 368), (820, 382)]), 0.01)
    p.lay(p.box(600, 500, 750, 616), 0.03)
    p.lay(p.polygon([(622, 594), (675, 520), (728, 594)]), 0.9)
    p.lay(p.box(650, 450, 700, 476, 5), 0.04)
    paper = [(636, 376), (806, 376), (842, 196), (664, 180)]
    p.colour(p.polygon(paper))
    p.lay(p.stroke([(716, 262), (742, 292), (794, 226)], 12), 0.02)
    sleeve = [(1210, 20), (1210, 210), (1010, 236), (976, 110)]
    p.lay(p.polygon(sleeve), 0.03)
    p.lay(p.polygon([(1010, 236), (976, 110), (946, 116), (978, 244)]), 0.97)
    p.lay(
        p.polygon([(980, 124), (880, 130), (812, 172), (800, 206), (824, 214), (880, 196), (900, 236), (980, 230)]),
        0.72,
    )
    p.lay(p.stroke([(880, 214), (836, 242), (800, 262)], 27), 0.66)
    p.lay(p.stroke([(894, 226), (852, 262), (822, 284)], 24), 0.58)
    p.lay(p.stroke([(860, 152), (808, 176), (786, 214)], 27), 0.78)


def blade_crack(p: Press) -> None:
    """A rotor blade on trestles in a hall, somebody with a lamp at its root."""
    p.tone = p.down(0, 800, (0.3, 0.6)).astype(np.float32)
    for k in range(7):
        x = -40 + k * 210
        p.lay(p.box(x, 0, x + 150, 330), p.down(0, 330, (0.96, 0.7)))
        for bar in range(1, 4):
            p.lay(p.box(x, bar * 82, x + 150, bar * 82 + 7), 0.12)
        p.lay(p.box(x + 71, 0, x + 78, 330), 0.12)
    p.lay(p.box(0, 330, 1200, 350), 0.06)
    p.lay(p.box(0, 600, 1200, 800), p.down(600, 800, (0.86, 0.42)))
    p.lay(p.disc(620, 700, 560, 24, blur=10), 0.12, 0.85)
    for x in (320, 860):
        p.lay(p.stroke([(x, 540), (x - 60, 716)], 18), 0.03)
        p.lay(p.stroke([(x, 540), (x + 60, 716)], 18), 0.03)
        p.lay(p.box(x - 90, 524, x + 90, 546), 0.03)
        p.lay(p.stroke([(x - 40, 650), (x + 40, 650)], 10), 0.03)
    upper = [(90, 424), (220, 414), (330, 360), (470, 338), (700, 372), (930, 430), (1160, 492)]
    lower = [(1160, 500), (930, 520), (700, 534), (470, 534), (330, 516), (220, 500), (90, 500)]
    p.lay(p.polygon([(x + 4, y + 12) for x, y in [*upper, *lower]]), 0.02)
    p.lay(p.polygon([*upper, *lower]), p.down(340, 545, (0.99, 0.3)))
    p.lay(p.stroke([(330, 440), (600, 440), (930, 472), (1140, 494)], 4), 0.42)
    p.lay(p.box(66, 416, 110, 508, 6), 0.04)
    for k in range(4):
        p.lay(p.disc(88, 430 + k * 21, 6), 0.9)
    crack = [(352, 362), (366, 396), (350, 418), (376, 450), (362, 478), (384, 516)]
    p.colour(p.stroke(crack, 13))
    p.colour(p.stroke([(376, 450), (410, 462), (424, 484)], 8))
    p.colour(p.stroke([(366, 396), (396, 388)], 7))
    p.lay(p.disc(560, 300, 40, 46), 0.02)
    p.lay(
        p.polygon([(505, 345), (615, 345), (650, 470), (655, 560), (640, 742), (490, 742), (500, 560), (492, 430)]),
        0.02,
    )
    p.lay(p.polygon([(520, 270), (540, 246), (590, 250), (606, 282), (516, 290)]), 0.94)
    p.lay(p.stroke([(520, 372), (460, 420), (428, 398)], 30), 0.02)
    p.lay(p.polygon([(392, 372), (444, 382), (438, 416), (394, 420)]), 0.97)
    p.lay(p.stroke([(420, 398), (446, 402)], 22), 0.02)


def welder(p: Press) -> None:
    """Somebody welds the great ring of a generator."""
    p.tone[:] = 0.2
    p.tone = np.clip(p.tone + p.disc(780, 430, 520, 420, blur=120) * 0.55, 0, 1)
    for k in range(6):
        x = k * 230 - 30
        p.lay(p.box(x, 0, x + 26, 640), 0.04)
        p.lay(p.stroke([(x + 13, 130), (x + 240, 30)], 10), 0.05)
    p.lay(p.box(0, 650, 1200, 800), p.down(650, 800, (0.5, 0.08)))
    p.lay(p.ring((470, 370), 344, 344, 92), 0.03)
    p.lay(p.ring((470, 370), 334, 334, 72), p.across(130, 820, (0.25, 0.95)))
    p.lay(p.ring((470, 370), 300, 300, 6), 0.05)
    for k in range(36):
        t = k * math.pi / 18
        a = (470 + 268 * math.cos(t), 370 + 268 * math.sin(t))
        b = (470 + 332 * math.cos(t), 370 + 332 * math.sin(t))
        p.lay(p.stroke([a, b], 7), 0.06)
    p.lay(p.polygon([(250, 700), (330, 610), (610, 610), (690, 700)]), 0.03)
    p.lay(p.disc(960, 470, 60, 66), 0.02)
    p.lay(p.polygon([(902, 440), (918, 500), (950, 530), (930, 430)]), 0.5)
    p.lay(p.polygon([(905, 452), (914, 484), (936, 490), (934, 450)]), 0.97)
    p.lay(p.polygon([(920, 530), (1010, 530), (1090, 600), (1110, 800), (900, 800), (896, 620)]), 0.02)
    p.lay(p.stroke([(950, 580), (880, 560), (826, 476)], 42), 0.02)
    p.lay(p.stroke([(826, 480), (796, 440)], 13), 0.02)
    p.colour(p.disc(788, 428, 34))
    for _ in range(34):
        t = math.radians(float(p.random.uniform(20, 330)))
        near, far = float(p.random.uniform(40, 70)), float(p.random.uniform(90, 240))
        a = (788 + near * math.cos(t), 428 + near * math.sin(t))
        p.colour(p.stroke([a, (788 + far * math.cos(t), 428 + far * math.sin(t) + far * far / 900)], 5))
    p.lay(p.disc(788, 428, 13), 0.999)


def courthouse(p: Press) -> None:
    """Scales as large as a house over a small sea, one pan holding a _WAVE."""
    p.sky((0.9, 0.7), 640)
    p.clouds(8, (60, 420), -0.08)
    p.lay(p.box(0, 640, 1200, 800), p.down(640, 800, (0.5, 0.12)))
    p.lay(p.box(0, 634, 1200, 644), 0.96)
    p.lay(p.polygon([(420, 740), (780, 740), (740, 690), (460, 690)]), p.across(420, 780, (0.5, 0.05)))
    p.lay(p.polygon([(500, 690), (700, 690), (660, 650), (540, 650)]), 0.04)
    p.lay(p.polygon([(580, 655), (620, 655), (612, 150), (588, 150)]), p.round(580, 622))
    p.lay(p.disc(600, 140, 34), p.glow((590, 130), 40, (0.95, 0.05)))
    beam = [(226, 238), (600, 160), (974, 102)]
    p.lay(p.stroke(beam, 18), 0.03)
    for (x, y), drop in (((230, 238), 190), ((970, 102), 220)):
        p.lay(p.stroke([(x, y), (x - 130, y + drop)], 4), 0.03)
        p.lay(p.stroke([(x, y), (x + 130, y + drop)], 4), 0.03)
        p.lay(p.disc(x, y, 13), 0.03)
        pan = p.disc(x, y + drop, 158, 86) * p.box(x - 200, y + drop, x + 200, y + drop + 200)
        p.lay(pan, p.across(x - 158, x + 158, (0.8, 0.04)))
        p.lay(p.disc(x, y + drop, 158, 22), 0.93)
        p.lay(p.ring((x, y + drop), 158, 22, 5), 0.03)
    p.colour(p.polygon(_WAVE))
    for k in range(4):
        p.lay(
            p.stroke([(150 + k * 18, 416 - k * 9), (190 + k * 14, 360 - k * 7), (244 + k * 10, 330 - k * 2)], 5), 0.03
        )
    for k in range(4):
        p.lay(
            p.polygon(
                [
                    (880 - 6 * k, 322 - k * 24),
                    (1050 + 4 * k, 316 - k * 24),
                    (1052 + 4 * k, 334 - k * 24),
                    (882 - 6 * k, 340 - k * 24),
                ]
            ),
            0.96 if k % 2 else 0.5,
        )
        p.lay(p.stroke([(880 - 6 * k, 340 - k * 24), (1052 + 4 * k, 334 - k * 24)], 3), 0.03)
    for x, tall in ((330, 96), (370, 90), (905, 98)):
        p.person(x, 724, tall)
