"""What the XML files that we write (feeds, sitemaps) have in common."""

import re
from typing import cast

from lxml import etree

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 can't hold (production 2, Char)."""
    return _NOT_XML.sub("", text)


def namespaces(default: str, **others: str) -> dict[str, str]:
    """An `nsmap` for lxml, whose type stubs do not know that the default namespace is under None."""
    return cast("dict[str, str]", {None: default, **others})


def xml_file(root: etree._Element) -> bytes:
    """The file: UTF-8, indented, its declaration in double quotes as most readers are tested with."""
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(root, encoding="utf-8", pretty_print=True)
