"""What the style sheet says of the fonts is what is in them, and one page can't ask for more than a reader should wait for."""

import re
from importlib import resources
from io import BytesIO

import pytest

STATIC = resources.files("broadsheet.stages.publish.site") / "static"
FACE = re.compile(r"@font-face \{[^}]*url\(fonts/([^)]+)\)[^}]*unicode-range: ([^;]+);")
FACES = FACE.findall((STATIC / "broadsheet.css").read_text("utf-8"))


def in_range(text: str) -> set[int]:
    ends = [part.strip().removeprefix("U+").split("-") for part in text.split(",")]
    return {code for first, *last in ends for code in range(int(first, 16), int(last[0] if last else first, 16) + 1)}


@pytest.mark.parametrize(("file", "said"), FACES)
def test_a_browser_finds_every_letter_of_a_face(file: str, said: str) -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    face = fonts.TTFont(BytesIO((STATIC / "fonts" / file).read_bytes()))
    assert set(face.getBestCmap()) - {0x20} <= in_range(said)
    assert "Source" not in face["name"].getDebugName(1)  # a reserved name


def test_each_file_has_a_face_and_a_licence() -> None:
    files = {item.name for item in (STATIC / "fonts").iterdir()}
    assert files == {file for file, _ in FACES} | {"OFL.txt"}


@pytest.mark.parametrize(
    "text", ["„Größe“, ‚so‘ ‹hier› 2.º", "« Œuvre », à 20 € – l’été", "þorn Ð ™ ©", "ŁódźŐŰğışČřțț"]
)
def test_words_of_our_languages_are_set_in_our_faces(text: str) -> None:
    common = [in_range(said) for file, said in FACES if "-rare" not in file]
    assert all(any(ord(letter) in said for said in common) for letter in text)


def test_all_letters_at_once_stay_light() -> None:
    weights = {file: len((STATIC / "fonts" / file).read_bytes()) for file, _ in FACES}
    latin = sum(size for file, size in weights.items() if not re.search("central|rare|naskh", file))
    assert latin < 47_000
    assert sum(size for file, size in weights.items() if "rare" not in file) < 84_500
