"""Copies and things that only look like copies, made from real pages at the time of measuring; nothing is kept.

Each page gives an original and some of its copies; what is no copy has a family of its own. All stand in one stream of
two days, in the order of arrival: one original in five arrives after its copies.
"""

import gzip
import html
import json
import random
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadsheet.errors import ItemError
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Response
from broadsheet.model.story import StoryArticle
from broadsheet.stages.extract import extract_article

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEAST_CHARACTERS = 350
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True)
class Source:
    """A page that copies are made of."""

    url: str
    title: str
    text: str
    language: str


@dataclass(frozen=True)
class Case:
    """An article of the stream; those of one `family` are one text. `kind` says how it was made."""

    article: StoryArticle
    family: str
    kind: str


def read_sources(shared: Path, *, half: int, every: int = 1) -> list[Source]:
    """The pages of one half (0 or 1), by their address, of which people established the text."""
    folder = shared / "data" / "pages"
    truth = {}
    with gzip.open(folder / "pages.truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            truth[row["url"]] = row
    found = []
    for response in read_responses(folder / "pages.warc.gz"):
        number = zlib.crc32(response.url.encode())
        if number % 2 == half and number // 2 % every == 0:
            source = _source(response, truth.get(response.url, {}))
            if source is not None and len(source.text) >= LEAST_CHARACTERS:
                found.append(source)
    return _without_twins(found)


def _source(response: Response, truth: dict[str, str]) -> Source | None:
    try:
        article = extract_article(response)
    except ItemError:
        return None
    if not truth.get("text"):
        return None
    return Source(response.url, truth.get("title") or article.title, truth["text"][:15_000], article.language or "")


def _without_twins(sources: Sequence[Source]) -> list[Source]:
    """Some pages are there twice, or are one agency's text: only the first of those with a common sentence stays."""
    seen: set[str] = set()
    kept = []
    for source in sources:
        own = {s for s in sentences(source.text) if len(s) > 60}
        if not own & seen:
            kept.append(source)
        seen |= own
    return kept


def sentences(text: str) -> list[str]:
    """The sentences of a text, roughly."""
    return [s.strip() for s in re.split(r"(?<=[.!?。！？])\s*|\n+", text) if s.strip()]


def _joined(parts: Sequence[str]) -> str:
    text = " ".join(parts)
    return text.replace(" ", "") if _is_unspaced(text) else text


def _is_unspaced(text: str) -> bool:
    return 2 * len(UNSPACED.findall(text)) > len(text)


Maker = Callable[[Source, Sequence[Source], random.Random], tuple[str, str, str]]
"""From a page, the others and a dice the title, excerpt and text of a copy."""


def _other_title(source: Source, dice: random.Random) -> str:
    """A headline as another desk writes it: from the words of the text."""
    first = (sentences(source.text) or [source.text])[dice.choice([0, 0, 1]) % max(1, len(sentences(source.text)))]
    if _is_unspaced(first):
        return first[:22]
    words = first.split()
    return " ".join(words[dice.randrange(3) :][: dice.randint(6, 10)]) or source.title


def retitled(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    return _other_title(source, dice), "", source.text


def head_kept(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    parts = sentences(source.text)
    share = dice.uniform(0.3, 0.7)
    return source.title, "", _joined(parts[: max(2, round(share * len(parts)))])


def middle_cut(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    parts = sentences(source.text)
    cut = round(dice.uniform(0.3, 0.6) * len(parts))
    start = dice.randint(1, max(1, len(parts) - cut - 1))
    return _other_title(source, dice), "", _joined([*parts[:start], *parts[start + cut :]])


def surrounded(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    """A menu before, teasers of other pages after: up to two thirds of the text's own length."""
    teasers = [o.title for o in dice.sample(others, 6)]
    menu = [word for o in dice.sample(others, 8) for word in o.title.split()[:1]]
    room = int(len(source.text) * dice.uniform(0.1, 0.5))
    tail = "\n".join(s for o in dice.sample(others, 3) for s in sentences(o.text)[:2])[:room]
    around = [" | ".join(menu)[: room // 2], source.text, "\n".join(teasers)[: room // 2], tail]
    return source.title, "", "\n\n".join(around)


def edited(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    """A desk's hand: one sentence of ten replaced or inserted; a sentence with figures stays."""
    parts = sentences(source.text)
    for _ in range(max(1, len(parts) // 10)):
        new = dice.choice(sentences(dice.choice(others).text) or [""])
        at = dice.randrange(len(parts) + 1)
        if at < len(parts) and not re.search(r"\d", parts[at]) and dice.random() < 0.5:
            parts[at] = new
        else:
            parts.insert(at, new)
    return _other_title(source, dice), "", _joined(parts)


def edited_in_words(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    """One word of forty replaced."""
    words = source.text.split(" ")
    spare = dice.choice(others).text.split() or ["so"]
    return (
        source.title,
        "",
        " ".join(
            dice.choice(spare) if dice.random() < 1 / 40 and not re.search(r"\d", word) else word for word in words
        ),
    )


def marked_up(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    """The same text in other markup, with other characters for the same signs, through our own extractor."""
    page = dice.choice([_as_lists, _as_breaks, _as_table, _as_paragraphs])(source, dice)
    response = Response(
        "https://copy.example/a", "https://copy.example/a", 200, page.encode(), START, {"content-type": "text/html"}
    )
    article = extract_article(response)
    return source.title, "", article.text


def _blocks(source: Source, dice: random.Random) -> list[str]:
    blocks = [b for b in re.split(r"\n+", source.text) if b.strip()]
    return [html.escape(b, quote=False) for b in blocks]


def _page(source: Source, body: str) -> str:
    title = html.escape(source.title)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer><a href=/imprint>Imprint</a></footer></body></html>"
    )


def _as_lists(source: Source, dice: random.Random) -> str:
    blocks = _blocks(source, dice)
    items = "".join(f"<li>{_with_entities(b)}</li>" for b in blocks[1:])
    return _page(source, f"<p>{blocks[0]}</p><ul>{items}</ul>")


def _as_breaks(source: Source, dice: random.Random) -> str:
    return _page(
        source, f"<div>{'<br><br>'.join(unicodedata.normalize('NFD', b) for b in _blocks(source, dice))}</div>"
    )


def _as_table(source: Source, dice: random.Random) -> str:
    rows = "".join(f"<tr><td>{_with_other_signs(b)}</td></tr>" for b in _blocks(source, dice))
    return _page(source, f"<table>{rows}</table>")


def _as_paragraphs(source: Source, dice: random.Random) -> str:
    return _page(source, "".join(f"<p>{_with_other_signs(_with_entities(b))}</p>" for b in _blocks(source, dice)))


def _with_entities(text: str) -> str:
    return "".join(f"&#{ord(c)};" if ord(c) > 127 or c == "'" else c for c in text)


def _with_other_signs(text: str) -> str:
    pairs = (
        ("fi", "\ufb01"),
        ("fl", "\ufb02"),
        ("'", "\u2019"),
        ('"', "\u201d"),
        (" - ", " \u2014 "),
        ("...", "\u2026"),
    )
    for one, other in pairs:
        text = text.replace(one, other)
    return text.replace(" the ", "\u00a0the ").replace("-", "\u2011")


def excerpt_only(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    """A feed that carries a headline and the beginning, cut somewhere."""
    cut = source.text[: dice.randint(140, 300)].replace("\n", " ")
    if not _is_unspaced(cut):
        cut = cut.rpartition(" ")[0]
    return dice.choice([source.title, _other_title(source, dice)]), cut + dice.choice(["", "\u2026", " ..."]), ""


COPIES: dict[str, Maker] = {
    "other title": retitled,
    "head kept": head_kept,
    "middle cut": middle_cut,
    "surrounded": surrounded,
    "sentences edited": edited,
    "words edited": edited_in_words,
    "other markup": marked_up,
    "excerpt only": excerpt_only,
}


def same_form(source: Source, others: Sequence[Source], dice: random.Random) -> tuple[str, str, str]:
    """The same wording with other figures, as reports on weather, shares, and jobs have."""
    return _other_figures(source.title, dice), "", _other_figures(source.text, dice)


def _other_figures(text: str, dice: random.Random) -> str:
    return re.sub(r"\d+", lambda m: str(dice.randrange(10 ** len(m.group()[:6]))), text)


def quoted(source: Source, own: Source, dice: random.Random) -> tuple[str, str, str]:
    """A report of one's own that quotes up to 37 % of its length from another text."""
    theirs = sentences(source.text)
    start = dice.randrange(max(1, len(theirs) // 2))
    room = int(len(own.text) * dice.uniform(0.2, 0.58))  # 0.58 of the own part is 37 % of the whole
    quote = _joined(theirs[start:])[: min(room, len(source.text) // 2)]
    parts = sentences(own.text)
    at = dice.randrange(len(parts) + 1)
    return own.title, "", "\n".join([*parts[:at], quote, *parts[at:]])


def shared(one: str, other: str) -> float:
    """The share of the first text's runs of five words that the second has, counted one by one."""
    mine, theirs = _runs(one), _runs(other)
    return len(mine & theirs) / max(1, len(mine))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = list(text) if _is_unspaced(text) else re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def make_cases(sources: Sequence[Source], seed: int = 1) -> list[Case]:
    """The whole stream, in the order of arrival. One page in four has no copies: it is what others are mixed with."""
    dice = random.Random(seed)
    cases = []
    spare = sources[::4]
    for number, source in enumerate(sources):
        others = [o for o in spare if _is_unspaced(o.text) == _is_unspaced(source.text)]
        if number % 4 and len(others) >= 8:
            cases += list(_of_page(source, others, dice, f"p{number}"))
    cases += list(_quotes([s for n, s in enumerate(sources) if n % 4], spare, dice))
    cases += list(_with_common_notes(spare, dice))
    cases += list(_forms(dice))
    return [case for _, case in sorted(_arrivals(cases, dice), key=lambda pair: pair[0])]


def _of_page(source: Source, others: Sequence[Source], dice: random.Random, family: str) -> Iterator[Case]:
    yield _case(family, "original", (source.title, "", source.text), START, dice)
    before = None
    for kind in dice.sample(sorted(COPIES), 4):
        made = COPIES[kind](source, others, dice)
        yield _case(family, kind, made, START + timedelta(hours=dice.uniform(1, 40)), dice)
        before = made[2] or before
    if before:
        again = Source(source.url, source.title, before, source.language)
        made = COPIES[dice.choice(["head kept", "sentences edited", "surrounded"])](again, others, dice)
        yield _case(family, "copy of a copy", made, START + timedelta(hours=dice.uniform(41, 47)), dice)
    if len(re.findall(r"\d+", source.text)) >= max(8, len(source.text) / 150):
        yield _case(f"{family} form", "no copy: other figures", same_form(source, others, dice), START, dice)


def _case(family: str, kind: str, made: tuple[str, str, str], when: datetime, dice: random.Random) -> Case:
    number = dice.getrandbits(60)
    title, excerpt, text = made
    url = f"https://publisher{number % 97}.example/news/{number}"
    when += timedelta(minutes=dice.uniform(0, 30))
    return Case(
        StoryArticle(f"{number:x}", title, when, url, excerpt, text, f"publisher{number % 97}.example"), family, kind
    )


def _quotes(sources: Sequence[Source], spare: Sequence[Source], dice: random.Random) -> Iterator[Case]:
    """A third of the spare pages as reports of their own, each with a quote from another page."""
    for number, own in enumerate(spare[::3]):
        like = [s for s in sources if _is_unspaced(s.text) == _is_unspaced(own.text) and len(s.text) > 800]
        source = dice.choice(like) if like else own
        made = quoted(source, own, dice)
        if shared(made[2], source.text) < 0.4:
            yield _case(f"quote {number}", "no copy: quotes", made, START, dice)


def _with_common_notes(spare: Sequence[Source], dice: random.Random) -> Iterator[Case]:
    """Another third, four of one publisher at a time: the same notes around, up to 37 % of the whole."""
    plain = [s for s in spare[1::3] if not _is_unspaced(s.text)]
    for first in range(0, len(plain), 4):
        notes = _joined(sentences(dice.choice(spare[2::3]).text))
        for source in plain[first : first + 4]:
            note = notes[: int(dice.uniform(0.2, 0.58) * len(source.text))]
            made = (source.title, "", f"{note[: len(note) // 2]}\n{source.text}\n{note[len(note) // 2 :]}")
            yield _case(f"note {source.url}", "no copy: same notes", made, START, dice)


_FORMS = (
    "Weather for {place}: On {day} it will be {sky} with {a} degrees by noon and {b} at night. The wind blows from the "
    "{way} at {c} kilometres an hour, with gusts of up to {d}. Rain falls with a chance of {e} per cent, and about {f} "
    "millimetres are expected before midnight. The sun rises at {a}:{b} and sets at {c}:{d}. Tomorrow brings {e} degrees.",
    "The numbers of the {day} draw are {a}, {b}, {c}, {d}, {e} and {f}; the extra number is {g}. The jackpot holds {h} "
    "million and was {outcome}. In the second class {i} players win {j} each, in the third class {k} players win {l}. The "
    "next draw takes place at {a}:{b} in the evening. All figures are given without guarantee by the lottery office.",
    "Shares of {place} Holdings {went} {a}.{b} per cent to {c}.{d} on {day}, with {e},{f} shares traded, compared with an "
    "average of {g},{h}. The stock has a market value of {i} million, a ratio of price to earnings of {j}.{k} and a fifty "
    "day average of {l}.{a}. Analysts of {d} banks rate it a buy, {e} hold it, and {f} advise to sell the stock now.",
    "Employers in {place} added {a},{b} jobs in the month, after {c},{d} in the month before, the labour office said on "
    "{day}. The rate of unemployment {went} {e}.{f} per cent. Wages rose by {g}.{h} per cent from a year before. Economists "
    "had expected {i},{j} jobs. The share of people who work or look for work stood at {k}.{l} per cent of the adults.",
)


def _forms(dice: random.Random) -> Iterator[Case]:
    """Reports that a form was filled in for, a dozen of each."""
    for number, form in enumerate(_FORMS):
        for copy in range(12):
            words = {
                "place": dice.choice(["Saltmere", "Oldport", "Varn", "Esk", "Tarbet"]),
                "day": dice.choice(["Monday", "Tuesday", "Sunday"]),
                "sky": dice.choice(["cloudy", "clear"]),
                "way": dice.choice(["north", "south-west"]),
                "outcome": dice.choice(["won", "not won"]),
                "went": dice.choice(["rose to", "fell to"]),
            }
            text = form.format(**words, **{letter: dice.randint(2, 999) for letter in "abcdefghijkl"})
            title = " ".join(text.split()[:4])
            yield _case(f"form {number} {copy}", "no copy: form", (title, text[:120], text), START, dice)


def _arrivals(cases: Sequence[Case], dice: random.Random) -> Iterator[tuple[datetime, Case]]:
    for case in cases:
        late = case.kind == "original" and dice.random() < 0.2
        yield case.article.published + timedelta(hours=48 if late else 0), case
