"""The printing press of the sample week's drawings: tones, one spot plate, and a screen of horizontal lines.

A drawing is made in units of a sheet 1200 wide and 800 high. Tone 1 is paper, tone 0 solid ink. `Press.print` cuts the
screen afresh for the size that is asked for: every line grows thicker where the tone is darker, and the spot colour
is laid over it, unscreened.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Tones = NDArray[np.float32]
Point = tuple[float, float]
Draw = Callable[["Press"], None]

PAPER = (234, 236, 230)
INK = (20, 25, 31)
SPOTS = {
    "vermilion": (224, 86, 50),
    "amber": (229, 172, 62),
    "teal": (64, 150, 152),
    "coral": (232, 126, 104),
    "green": (96, 152, 92),
    "blue": (74, 122, 190),
}
WIDTH, HEIGHT = 1200, 800


class Press:
    """A sheet in the making; `seed` makes every random stroke repeatable."""

    def __init__(self, scale: float, seed: int) -> None:
        self.scale = scale
        self.size = (round(WIDTH * scale), round(HEIGHT * scale))
        self.random = np.random.default_rng(seed)
        self.tone: Tones = np.full((self.size[1], self.size[0]), 0.9, np.float32)
        self.spot: Tones = np.zeros_like(self.tone)
        ys, xs = np.mgrid[0 : self.size[1], 0 : self.size[0]]
        self.x: Tones = (xs / scale).astype(np.float32)
        self.y: Tones = (ys / scale).astype(np.float32)

    def mask(self, paint: Callable[[ImageDraw.ImageDraw, float], None], blur: float = 0) -> Tones:
        """Coverage 0 to 1 of what `paint` draws in white on a canvas in pixels; `blur` in units of the sheet."""
        canvas = Image.new("L", self.size, 0)
        paint(ImageDraw.Draw(canvas), self.scale)
        if blur:
            canvas = canvas.filter(ImageFilter.GaussianBlur(blur * self.scale))
        covered: Tones = np.zeros((self.size[1], self.size[0]), np.float32)
        if box := canvas.getbbox():
            covered[box[1] : box[3], box[0] : box[2]] = np.asarray(canvas.crop(box), np.float32) / 255
        return covered

    def lay(self, mask: Tones, tone: float | Tones, strength: float = 1) -> None:
        """Tone on the ink plate; it hides the spot colour below it when it is laid at full strength."""
        rows = np.flatnonzero(mask.any(axis=1))
        if not rows.size:
            return
        here = slice(int(rows[0]), int(rows[-1]) + 1)
        cover = mask[here] * strength
        self.tone[here] = self.tone[here] * (1 - cover) + cover * (
            tone if isinstance(tone, float | int) else tone[here]
        )
        if strength == 1:
            self.spot[here] = self.spot[here] * (1 - mask[here])

    def colour(self, mask: Tones, strength: float = 1) -> None:
        """The spot plate."""
        self.spot = np.maximum(self.spot, mask * strength)

    # Shapes: each gives a mask, so that one shape can be inked, lit and coloured.

    def polygon(self, points: Sequence[Point], blur: float = 0) -> Tones:
        """A filled polygon."""
        return self.mask(lambda d, s: d.polygon([(x * s, y * s) for x, y in points], fill=255), blur)

    def box(self, left: float, top: float, right: float, bottom: float, radius: float = 0) -> Tones:
        """A rectangle, round at the corners if `radius` is given."""
        edges = (left, top, right, bottom)
        return self.mask(lambda d, s: d.rounded_rectangle([v * s for v in edges], radius * s, fill=255))

    def disc(self, cx: float, cy: float, rx: float, ry: float | None = None, blur: float = 0) -> Tones:
        """A filled ellipse."""
        tall = rx if ry is None else ry
        edges = (cx - rx, cy - tall, cx + rx, cy + tall)
        return self.mask(lambda d, s: d.ellipse([v * s for v in edges], fill=255), blur)

    def ring(self, centre: Point, rx: float, ry: float, width: float) -> Tones:
        """An ellipse as an outline, `width` thick."""
        edges = (centre[0] - rx, centre[1] - ry, centre[0] + rx, centre[1] + ry)
        return self.mask(lambda d, s: d.ellipse([v * s for v in edges], outline=255, width=max(1, round(width * s))))

    def stroke(self, points: Sequence[Point], width: float, blur: float = 0) -> Tones:
        """A line through the points with round joints and ends."""

        def paint(d: ImageDraw.ImageDraw, s: float) -> None:
            path = [(x * s, y * s) for x, y in points]
            d.line(path, fill=255, width=max(1, round(width * s)), joint="curve")
            half = width * s / 2
            for x, y in (path[0], path[-1]):
                d.ellipse([x - half, y - half, x + half, y + half], fill=255)

        return self.mask(paint, blur)

    # Tones that change over the sheet.

    def down(self, top: float, bottom: float, tones: tuple[float, float]) -> Tones:
        """A tone that runs from the first at `top` to the second at `bottom`."""
        part = np.clip((self.y - top) / (bottom - top), 0, 1)
        return tones[0] + (tones[1] - tones[0]) * part

    def across(self, left: float, right: float, tones: tuple[float, float]) -> Tones:
        """The same, from left to right."""
        part = np.clip((self.x - left) / (right - left), 0, 1)
        return tones[0] + (tones[1] - tones[0]) * part

    def round(self, left: float, right: float, light: float = 0.3, tones: tuple[float, float] = (0.08, 0.95)) -> Tones:
        """The tone of an upright cylinder that is lit at `light` of its width."""
        part = np.clip((self.x - left) / (right - left), 0, 1)
        return tones[0] + (tones[1] - tones[0]) * np.exp(-(((part - light) / 0.28) ** 2))

    def glow(self, centre: Point, radius: float, tones: tuple[float, float]) -> Tones:
        """A tone that runs from the first in the centre to the second at `radius`."""
        far = np.hypot(self.x - centre[0], self.y - centre[1]) / radius
        return tones[0] + (tones[1] - tones[0]) * np.clip(far, 0, 1)

    def below(self, line: Callable[[Tones], Tones | float]) -> Tones:
        """Everything under the curve y = line(x)."""
        edge = line(self.x)
        return np.clip((self.y - edge) * self.scale + 0.5, 0, 1).astype(np.float32)

    # What many sheets have.

    def sky(self, tones: tuple[float, float], horizon: float = 800) -> None:
        """A sky from the top to the horizon."""
        self.tone = self.down(0, horizon, tones).astype(np.float32)

    def sea(self, horizon: float, tones: tuple[float, float], streaks: int = 90, light: float = 0.2) -> None:
        """Water from the horizon down, with streaks that grow towards the reader."""
        water = self.below(lambda x: np.float32(horizon) + 0 * x)
        self.lay(water, self.down(horizon, 800, tones))
        for _ in range(streaks):
            depth = float(self.random.random()) ** 1.4
            y = horizon + 4 + depth * (800 - horizon)
            x = float(self.random.uniform(-80, WIDTH))
            length = (30 + 190 * depth) * float(self.random.uniform(0.4, 1.2))
            shade = light if self.random.random() < 0.55 else -light
            here = self.stroke([(x, y), (x + length, y)], 1.5 + 5 * depth)
            self.tone = np.clip(self.tone + here * shade, 0, 1)

    def clouds(self, count: int, area: tuple[float, float], shade: float) -> None:
        """Long soft banks between two heights; a negative `shade` darkens."""
        for _ in range(count):
            x, y = float(self.random.uniform(-100, WIDTH)), float(self.random.uniform(*area))
            wide, tall = float(self.random.uniform(120, 420)), float(self.random.uniform(8, 26))
            self.tone = np.clip(self.tone + self.disc(x, y, wide, tall, blur=7) * shade, 0, 1)

    def gull(self, x: float, y: float, span: float) -> None:
        """A gull far away."""
        dip = span * 0.22
        wing = [(x - span, y - dip), (x - span * 0.4, y - dip * 1.3), (x, y), (x + span * 0.4, y - dip * 1.3)]
        self.lay(self.stroke([*wing, (x + span, y - dip)], max(3.0, span * 0.13)), 0.02)

    def person(self, x: float, foot: float, tall: float, tone: float = 0.03) -> None:
        """A standing figure, seen small."""
        head = tall * 0.1
        self.lay(self.disc(x, foot - tall + head, head), tone)
        shoulders = [(x - tall * 0.15, foot - tall * 0.74), (x + tall * 0.15, foot - tall * 0.74)]
        self.lay(self.polygon([*shoulders, (x + tall * 0.17, foot), (x - tall * 0.17, foot)]), tone)
        self.lay(self.disc(x, foot - tall * 0.73, tall * 0.15, tall * 0.07), tone)

    def print(self, spot: str, pitch: float) -> Image.Image:
        """The sheet in three colours; `pitch` is the distance of the screen's lines in pixels of this sheet."""
        wave = 1.1 * np.sin(self.x / 71) + 0.7 * np.sin(self.x / 29 + self.y / 47)
        phase = (self.y * self.scale + wave * self.scale) / pitch
        away = np.abs(phase - np.floor(phase) - 0.5) * 2
        tone = np.clip(self.tone, 0, 1)
        cover = np.where(tone < 0.05, 1.2, 0.1 + 0.9 * (1 - tone) ** 0.85)
        ink = np.clip((cover - away) * pitch / 2 + 0.5, 0, 1)[..., None]
        ink = np.where((tone > 0.998)[..., None], 0, ink)
        sheet = np.array(PAPER) * (1 - ink) + np.array(INK) * ink
        over = np.clip(self.spot, 0, 1)[..., None]
        sheet = sheet * (1 - over) + np.array(SPOTS[spot]) * over
        return Image.fromarray(np.clip(sheet + 0.5, 0, 255).astype(np.uint8))


def press(draw: Draw, *, spot: str, seed: int, size: tuple[int, int] = (1200, 800)) -> Image.Image:
    """A finished picture; a flatter size than 3:2 takes the middle of the sheet."""
    scale = 2 * size[0] / WIDTH
    sheet = Press(scale, seed)
    draw(sheet)
    lines = max(130, round(size[0] / 1200 * 128))
    whole = sheet.print(spot, sheet.size[1] / lines).resize(
        (size[0], round(size[0] * HEIGHT / WIDTH)), Image.Resampling.BOX
    )
    spare = (whole.height - size[1]) // 2
    return whole.crop((0, spare, size[0], spare + size[1]))
