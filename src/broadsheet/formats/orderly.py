"""HTML that is in order, cleaned without a tree: nearly all that feeds hold, in half of a tree's time.

A fragment is in order if it is sure which elements a parser of HTML5 makes of it
(https://html.spec.whatwg.org/#parsing-main-inbody): each is closed where it was opened, or one of the simple rules for
missing and stray tags tells what happens. Then cleaning changes tags one by one. Whatever is not sure, such as
`<b><p></b>`, is left to the tree: here is no guessing.

What comes out is safe by its form alone: each `<` in it begins a tag that this package wrote, of a listed element with
listed attributes in double quotes and addresses checked; none of the elements makes a parser read otherwise.
"""

import re
from collections.abc import Iterator

from broadsheet.formats import start_tags as tags
from broadsheet.formats.nesting import words
from broadsheet.formats.start_tags import END, INLINE, VOID, Rules, Unsure, clean_text, known_tags, read_tag, tag_name

# Deeper ones are left to those who count.
_DEEPEST = 100
_LISTS = words("/ul /ol /menu /dir")
_HEADINGS = words("/h1 /h2 /h3 /h4 /h5 /h6")
_PARAGRAPH = words("/p")
_ITEMS = words("/li")
_TERMS = words("/dt /dd")
_TERM_LISTS = words("/dl")
_CELLS = words("/td /th")
_SECTIONS = words("/tbody /thead /tfoot")
# Where a parser would move texts and elements out of the table.
_BETWEEN_CELLS = _SECTIONS | words("/table /tr /colgroup")
_IN_TABLES = {tags.SECTION, tags.ROW, tags.CELL, tags.CAPTION, tags.COLUMNS, tags.COLUMN}
_ENDS_ITSELF = words("/p /li /dt /dd")
_IN_ROW = _ENDS_ITSELF | _CELLS
_IN_SECTION = _IN_ROW | {"/tr"}
# End tags before which others may be missing, and which; the ends of inline elements mend more than that.
_MAY_MISS = (
    dict.fromkeys(
        words(
            "/address /article /aside /blockquote /center /details /dir /div /dl /figcaption /figure /footer /header "
            "/hgroup /li /main /menu /nav /ol /pre /section /summary /ul /dt /dd /td /th /caption"
        )
        | _HEADINGS,
        _ENDS_ITSELF,
    )
    | {"/tr": _IN_ROW, "/table": _IN_SECTION | _SECTIONS}
    | dict.fromkeys(_SECTIONS, _IN_SECTION)
)
# A part of a table: what it closes, and in what it may stand then.
_PLACES = {
    tags.SECTION: (_IN_SECTION | _SECTIONS | {"/colgroup"}, frozenset({"/table"})),
    tags.ROW: (_IN_SECTION | {"/colgroup"}, _SECTIONS),
    tags.CELL: (_IN_ROW, frozenset({"/tr"})),
    tags.CAPTION: (frozenset[str](), frozenset({"/table"})),
    tags.COLUMNS: (frozenset({"/colgroup"}), frozenset({"/table"})),
    tags.COLUMN: (frozenset[str](), frozenset({"/colgroup"})),
}
_PART = re.compile(r"(?:/table|/?(?:thead|tbody|tfoot|tr|td|th|caption|colgroup|col))[ \t\n/>]")
_IN_PICTURE = words(
    "path g circle rect line polygon polyline ellipse defs use lineargradient radialgradient stop clippath mask symbol "
    "text tspan"
)


class Orderly:
    """Cleans what is in order, by these rules."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def __call__(self, html: str) -> str | None:
        """The clean fragment, None if it may not be in order."""
        if "\r" in html or "\0" in html:
            return None
        try:
            return "".join(self._cleaned(html.replace("\xa0", "&nbsp;")))
        except Unsure:
            return None

    def _cleaned(self, html: str) -> list[str]:
        """Texts and tags by turns, a text first and last."""
        stack, rules = _Stack(), self._rules
        opened, known, pieces = stack.opened, known_tags.get, iter(html.split("<"))
        done = [next(pieces)]
        add = done.append
        if "<table" in html:
            pieces = _between_cells(pieces, opened)
        for piece in pieces:
            tag, closed, text = piece.partition(">")
            kind, clean, end = known(tag) or read_tag(tag, rules)
            if kind == INLINE:
                opened.append(end)
                if len(opened) > _DEEPEST:
                    raise Unsure
            elif kind == END:
                if opened[-1] == end:
                    del opened[-1]
                else:
                    clean = stack.close(end)
            elif kind != VOID:
                if kind < tags.RAW:
                    clean = stack.open(kind, end) + clean
                else:
                    text = _behind(kind, end, piece, pieces)
            if not closed and kind < tags.COMMENT:
                raise Unsure
            add(clean)
            add(text)
        done[::2] = _cleaned_texts(done[::2])
        return [*done, stack.ends()]


def _cleaned_texts(texts: list[str]) -> list[str]:
    """All at once, since there may be a hundred thousand."""
    joined = "\0".join(texts)
    return clean_text(joined).split("\0") if "&" in joined or ">" in joined else texts


class _Stack:
    """The end tags of the open elements, without brackets; the first is none, so that there is always a last."""

    def __init__(self) -> None:
        self.opened = [""]

    def ends(self) -> str:
        """The end tags of all elements."""
        return "".join([f"<{end}>" for end in self.opened[:0:-1] if end[1:] not in tags.UNSHOWN])

    def close(self, end: str) -> str:
        """What an end tag that isn't the last element's means: a stray one, or one before which others are missing."""
        opened = self.opened
        if end not in opened:
            if end in _HEADINGS and not _HEADINGS.isdisjoint(opened):
                raise Unsure
            return "<p></p>" if end == "/p" else ""
        missing = self._close_all(_MAY_MISS.get(end, frozenset()) - {end})
        if opened.pop() != end:
            raise Unsure
        return f"{missing}<{end}>"

    def open(self, kind: int, end: str) -> str:
        """Opens an element that may close others, whose end tags come back."""
        closed = ""
        if kind == tags.LINK:
            if "/a" in self.opened:
                raise Unsure
        elif kind in _IN_TABLES:
            closed = self._open_in_table(kind)
        elif kind != tags.BLOCK or "/p" in self.opened:
            closed = self._close_before(kind)
        if kind not in {tags.RULE, tags.COLUMN}:
            self.opened.append(end)
        if len(self.opened) > _DEEPEST:
            raise Unsure
        return closed

    def _close_before(self, kind: int) -> str:
        """What a block, a heading, an item or a term closes."""
        opened, closed = self.opened, ""
        if "/p" in opened:
            closed = self._close_all(_PARAGRAPH)
            if "/p" in opened:
                raise Unsure
        if kind == tags.ITEM:
            closed += self._close_like(_ITEMS, _LISTS)
        elif kind == tags.TERM:
            closed += self._close_like(_TERMS, _TERM_LISTS)
        elif kind == tags.HEADING and not _HEADINGS.isdisjoint(opened):
            raise Unsure
        return closed

    def _close_like(self, likes: frozenset[str], lists: frozenset[str]) -> str:
        """An item closes the item before it, if that is open."""
        opened = self.opened
        if opened[-1] in likes:
            return f"<{opened.pop()}>"
        if opened[-1] not in lists and not likes.isdisjoint(opened):
            raise Unsure
        return ""

    def _open_in_table(self, kind: int) -> str:
        ends, parents = _PLACES[kind]
        closed = self._close_all(ends)
        parent = self.opened[-1]
        if kind == tags.ROW and parent == "/table":
            self.opened.append("/tbody")
            return closed + "<tbody>"
        if parent not in parents:
            raise Unsure
        return closed

    def _close_all(self, ends: frozenset[str]) -> str:
        """Closes the last elements as long as they are among these."""
        opened, closed = self.opened, []
        while opened[-1] in ends:
            closed.append(f"<{opened.pop()}>")
        return "".join(closed)


def _between_cells(pieces: Iterator[str], opened: list[str]) -> Iterator[str]:
    """The pieces, as long as nothing but parts of tables, comments and blanks stands in a table outside its cells.
    Raises Unsure."""
    last = ">"
    for piece in pieces:
        if opened[-1] in _BETWEEN_CELLS:
            _check_blank(last)
            if not (piece.startswith("!--") or _PART.match(piece)):
                raise Unsure
        yield piece
        last = piece
    if opened[-1] in _BETWEEN_CELLS:
        _check_blank(last)


def _check_blank(piece: str) -> None:
    """Raises Unsure if text stands behind the tag."""
    if piece.partition(">")[2].strip(" \t\n"):
        raise Unsure


def _behind(kind: int, end: str, piece: str, pieces: Iterator[str]) -> str:
    """The text that follows a comment, a script or a picture, none of which is shown; of a lone `<` the text that it
    begins. Raises Unsure."""
    if kind == tags.TEXT:
        return f"&lt;{clean_text(piece)}"
    if kind == tags.COMMENT:
        return _behind_comment(piece, pieces)
    if piece.partition(">")[0].endswith("/"):
        raise Unsure
    for inner in pieces:
        tag, closed, text = inner.partition(">")
        name = tag_name(tag)
        if closed and name == end:
            return text
        if not closed or kind != tags.PICTURE or name.removeprefix("/") not in _IN_PICTURE:
            raise Unsure
    raise Unsure


def _behind_comment(piece: str, pieces: Iterator[str]) -> str:
    while "-->" not in piece:
        if "--!>" in piece:
            raise Unsure
        following = next(pieces, None)
        if following is None:
            raise Unsure
        piece = following
    inner, _, text = piece.partition("-->")
    if "--!>" in inner:
        raise Unsure
    return text
