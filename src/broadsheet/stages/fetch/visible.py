"""How much a page says: enough to tell an error page from an article, in time that grows with its length only."""

import re

_KINDS = ("script", "style", "noscript", "template", "svg")
_UNSEEN = re.compile(rf"<({'|'.join(_KINDS)})\b|<!--", re.IGNORECASE)
_CLOSES = {"": re.compile("-->")} | {kind: re.compile(rf"</{kind}[^<>]*>", re.IGNORECASE) for kind in _KINDS}
_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"\s+")


def visible_text(markup: str) -> str:
    """The words between the tags, without scripts, styles and comments; what is never closed has no end."""
    seen, at = [], 0
    while found := _UNSEEN.search(markup, at):
        seen.append(markup[at : found.start()])
        end = _CLOSES[found[1].lower() if found[1] else ""].search(markup, found.end())
        if end is None:
            break
        at = end.end()
    else:
        seen.append(markup[at:])
    return _BLANKS.sub(" ", _TAG.sub(" ", " ".join(seen))).strip()
