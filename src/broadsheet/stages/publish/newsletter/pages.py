"""The letters on the site: a page each, a list of all, and the origin's JSON list. They change only with a letter."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from broadsheet.model.instants import iso
from broadsheet.model.letter import FiledLetter
from broadsheet.model.publication import OutputFile, Publication, PublishedImage
from broadsheet.stages.publish.newsletter.blocks import Block, Run, blocks_of
from broadsheet.stages.publish.newsletter.filing import day_of, letter_page
from broadsheet.stages.publish.site.links import links_of, web_address
from broadsheet.stages.publish.site.theme import Theme

LIST = "newsletter/"
PER_PAGE = 25


def letter_files(theme: Theme, publication: Publication) -> Iterator[OutputFile]:
    """The pages of all letters; nothing where there are none and no address to subscribe at. Raises Rejected for a name
    that can't be part of an address."""
    letters, subscribe = publication.letters, publication.subscribe
    newest = sorted(letters, key=lambda letter: (day_of(letter), letter.published, letter.name), reverse=True)
    if not newest and not subscribe:
        return
    words = theme.words
    yield theme.page(
        "letters.html",
        LIST,
        heading=words("letters"),
        description=words("letters_deck"),
        rows=[(letter, letter_page(letter.name)) for letter in newest],
        subscribe=web_address(subscribe),
    )
    pictures = {p.share: p for p in publication.pictures.values() if p.share} if newest else {}
    root = links_of(publication.site).full()
    yield from (_page(theme, letter, root, pictures) for letter in newest)
    yield from _api(newest)


def _page(theme: Theme, letter: FiledLetter, root: str, pictures: Mapping[str, PublishedImage]) -> OutputFile:
    """Its words in the look of the site; of its pictures the first of which the site has the file."""
    blocks = [block for block in blocks_of(letter.html) if block.part in ("", "kicker")]
    sources = (block.src.removeprefix(root) for block in blocks if block.kind == "img")
    path = letter_page(letter.name)
    return theme.page(
        "letter.html",
        path,
        heading=letter.title,
        description=letter.excerpt[:300],
        letter=letter,
        blocks=_heads_first([_shown(block) for block in blocks if block.kind != "img"]),
        picture=next((pictures[path] for path in sources if path in pictures), None),
    )


def _heads_first(blocks: list[Block]) -> list[Block]:
    """The line above a headline below it: on a page the headline's own rule parts the stories."""
    for at, (block, following) in enumerate(pairwise(tuple(blocks))):
        if block.part == "kicker" and following.kind == "h2":
            blocks[at], blocks[at + 1] = following, block
    return blocks


def _shown(block: Block) -> Block:
    """The block with links that a browser may be given, and none to our own door for leaving."""
    runs = tuple(Run(run.text, web_address(run.href), run.strong) for run in block.runs)
    return Block("h2" if block.kind != "p" else "p", runs, part=block.part)


def _api(newest: Sequence[FiledLetter]) -> Iterator[OutputFile]:
    """`api/newsletters/`, in the form of the news: 25 a page, newest first, the first page twice."""
    for start in range(0, max(1, len(newest)), PER_PAGE):
        number = start // PER_PAGE + 1
        following = number + 1 if start + PER_PAGE < len(newest) else None
        body = {
            "page": number,
            "value": [_item(x) for x in newest[start : start + PER_PAGE]],
            "nextPage": following,
        }
        text = (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
        if number == 1:
            yield OutputFile("api/newsletters/index.json", text)
        yield OutputFile(f"api/newsletters/page/{number}/index.json", text)


def _item(letter: FiledLetter) -> dict[str, object]:
    return {
        "title": letter.title,
        "excerpt": letter.excerpt,
        "publishedDateTime": iso(letter.published),
        "webUrl": letter.web_url,
        "type": letter.type,
        "topics": list(letter.topics),
    }
