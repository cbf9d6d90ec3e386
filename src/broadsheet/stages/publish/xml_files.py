"""What the XML files that we write (feeds, sitemaps) have in common."""

import re

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The few that are not XML: to compile a set of the many that are takes ten times as long."""


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 can't hold (production 2, Char)."""
    return _NOT_XML.sub("", text)
