"""What a picture costs to make and to load: processor time and bytes, WebP beside AVIF and beside the JPEG that came.

    python -m bench pictures

Photographs: the two that come with scikit-learn, enlarged to twice a lead's width as publishers send them, and two
made here (noise with the spectrum of a landscape, sharp edges). Drawings: those of the design, where ../shared has
them. Each as a JPEG of quality 85, as publishers serve it. AVIF is measured at the bytes that it needs for the same
structural similarity (SSIM, Wang and others 2004) as our WebP has, so that only one number is compared.
"""

import io
import json
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from PIL import Image, features
from scipy.ndimage import gaussian_filter

from bench import SHARED
from broadsheet.stages.publish.marks import render_mark
from broadsheet.stages.publish.pictures import WIDTHS, budget, render_picture

SENT = 2400
ROUNDS = 2
AVIF_QUALITIES = (28, 46, 64, 80)
AVIF_SPEEDS = (6, 8)


def main() -> None:
    kinds = {"photographs": list(_photographs()), "drawings": list(_drawings())}
    for kind, pictures in kinds.items():
        if pictures:
            _print_ours(kind, [_encoded(picture, "JPEG", quality=85, progressive=True) for picture in pictures])
    if features.check("avif"):
        for kind, pictures in kinds.items():
            for width in WIDTHS if pictures else ():
                for speed in AVIF_SPEEDS:
                    _print_avif(kind, pictures, width, speed)
    icon = _encoded(kinds["photographs"][0].resize((180, 180)), "PNG")
    _print("mark", cpuMillisecondsEach=round(1000 * _seconds(lambda: render_mark(icon)), 1), atMost=40)


def _print_ours(kind: str, bodies: list[bytes]) -> None:
    made = [render_picture(body) for body in bodies]
    seconds = mean(_seconds(lambda b=body: render_picture(b)) for body in bodies)
    bare = mean(_seconds(lambda b=body: _scaled(b)) for body in bodies)
    times = {"cpuMillisecondsEach": round(1000 * seconds), "toDecodingAndScaling": round(seconds / bare, 1)}
    _print(f"render {kind}", pictures=len(bodies), **times, atMost=400)
    for at, width in enumerate(WIDTHS):
        sizes = [len(files[shown.files[at][0]]) for shown, files in made if len(shown.files) == len(WIDTHS)]
        row = {"width": width, "kB": round(mean(sizes) / 1000, 1), "largestKB": round(max(sizes) / 1000, 1)}
        _print(f"weight of {kind}", **row, atMost=round(budget(width) / 1000, 1))
    whole, sent = sum(len(body) for _, files in made for body in files.values()), sum(map(len, bodies))
    _print(f"all files of {kind}", kB=round(whole / len(made) / 1000, 1), toWhatWasSent=round(whole / sent, 2))


def _photographs() -> Iterator[Image.Image]:
    spec = find_spec("sklearn")
    folder = Path(spec.origin).parent / "datasets" / "images" if spec and spec.origin else Path("nowhere")
    for file in sorted(folder.glob("*.jpg")):
        yield _wide(Image.open(file))
    for seed in (1, 2):
        yield _landscape(np.random.default_rng(seed))


def _drawings() -> Iterator[Image.Image]:
    files = sorted((SHARED / "design" / "look" / "mock" / "img").glob("*.webp"))
    for file in [f for f in files if not f.stem.endswith("-s")][:4]:
        yield _wide(Image.open(file))


def _wide(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize((SENT, SENT * picture.height // picture.width), Image.Resampling.LANCZOS)


def _landscape(random: np.random.Generator) -> Image.Image:
    """Noise whose strength falls with its frequency, as in nature, and things with edges that stand before it."""
    height, width = 2 * SENT // 3, SENT
    frequency = np.hypot(np.fft.rfftfreq(width)[None], np.fft.fftfreq(height)[:, None])
    frequency[0, 0] = 1
    noise = [np.fft.irfft2(np.fft.rfft2(random.standard_normal((height, width))) / frequency**1.4) for _ in range(3)]
    picture = 128 + 45 * np.stack([channel / channel.std() for channel in noise], -1)
    rows, columns = np.mgrid[:height, :width]
    for _ in range(40):
        inside = np.hypot(rows - random.integers(height), columns - random.integers(width)) < random.integers(20, 300)
        picture[inside] = 0.3 * picture[inside] + 0.7 * random.integers(0, 255, 3)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


def _print_avif(kind: str, pictures: list[Image.Image], width: int, speed: int) -> None:
    """How many bytes and how much time AVIF takes, to those of WebP, where both are as similar to the picture."""
    sizes, times = [], []
    for picture in pictures:
        small = picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS)
        webp = _encode(small, "WEBP", quality=76, method=4)
        points = [_encode(small, "AVIF", quality=q, speed=speed, max_threads=1) for q in AVIF_QUALITIES]
        likeness = [point[2] for point in points]
        sizes.append(np.interp(webp[2], likeness, [point[0] for point in points]) / webp[0])
        times.append(np.interp(webp[2], likeness, [point[1] for point in points]) / webp[1])
    _print(f"AVIF to WebP, {kind}", width=width, speed=speed, bytes=round(mean(sizes), 2), cpu=round(mean(times), 1))


def _encode(picture: Image.Image, form: str, **options: Any) -> tuple[int, float, float]:
    """Bytes, seconds, and how similar it is to the picture."""
    start = time.process_time()
    body = _encoded(picture, form, **options)
    seconds = time.process_time() - start
    return len(body), seconds, _similarity(picture, Image.open(io.BytesIO(body)))


def _similarity(one: Image.Image, other: Image.Image) -> float:
    a, b = (np.asarray(picture.convert("L"), float) for picture in (one, other))
    blurred: Callable[[Any], Any] = lambda values: gaussian_filter(values, 1.5)  # noqa: E731
    mean_a, mean_b = blurred(a), blurred(b)
    spread = blurred(a * a) - mean_a**2 + blurred(b * b) - mean_b**2
    shared = blurred(a * b) - mean_a * mean_b
    c, d = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = (2 * mean_a * mean_b + c) * (2 * shared + d) / ((mean_a**2 + mean_b**2 + c) * (spread + d))
    return float(found.mean())


def _scaled(body: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(body))
    picture.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
    return picture.resize((WIDTHS[-1], WIDTHS[-1] * picture.height // picture.width), Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _print(what: str, **row: object) -> None:
    print(json.dumps({"bench": "pictures", "what": what, **row}))


if __name__ == "__main__":
    main()
