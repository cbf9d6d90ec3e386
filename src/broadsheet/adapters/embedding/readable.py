"""What a model is given to read: strangers' text made harmless, and whether the model can read it at all.

A model that meets a script it does not know finds all texts in it alike. Such texts get a row of zeros, which is like
nothing, so that they stand alone rather than wrongly.
"""

import re

LONGEST = 1_000  # characters; what decides is said in the first two hundred
LEAST_SHARE = 0.5

LETTER = re.compile(r"[^\W\d_]")
LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
SIXTEEN_LANGUAGES = re.compile(
    "[A-Za-z\u00aa-\u024f\u1e00-\u1eff"  # Latin
    "\u0400-\u052f\u0600-\u06ff\u0750-\u077f\u0e00-\u0e7f"  # Cyrillic, Arabic, Thai
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff66-\uff9f]"
)
"""Scripts of ar, de, en, es, fr, it, ja, ko, nl, pl, pt, ru, th, tr, zh (two scripts)."""


def cleaned(text: str) -> str:
    """At most LONGEST characters, blanks made single, without NULs and lone surrogates."""
    sound = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    return " ".join(sound.replace("\0", " ").split())


def can_be_read(text: str, scripts: re.Pattern[str]) -> bool:
    """Whether at least half of its letters are of these scripts; a text without letters can't be read."""
    letters = len(LETTER.findall(text))
    return letters > 0 and len(scripts.findall(text)) >= LEAST_SHARE * letters
