"""Draws pictures by name into a folder for looking at: `python look.py FOLDER [name ...]`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from draw import gallery


def main() -> None:
    """Draws the named pictures, or all."""
    folder, names = Path(sys.argv[1]), sys.argv[2:] or sorted(gallery.PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        gallery.picture(name).save(folder / f"{name}.png")


if __name__ == "__main__":
    main()
