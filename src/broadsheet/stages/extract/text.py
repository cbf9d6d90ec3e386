"""The main text of a page, chosen from its blocks."""

from broadsheet.stages.extract.blocks import Blocks


def choose_text(blocks: Blocks, title: str) -> str:
    """Paragraphs parted by an empty line."""
    good = [len(t) >= 80 and l < 0.4 * len(t) for t, l in zip(blocks.texts, blocks.link_chars)]
    total = sum(len(t) for t, g in zip(blocks.texts, good) if g)
    best, size = 0, len(blocks)
    for n in range(len(blocks.tags)):
        a, b = blocks.node_first[n], blocks.node_end[n]
        if sum(len(t) for t, g in zip(blocks.texts[a:b], good[a:b]) if g) >= 0.5 * total and b - a <= size:
            best, size = n, b - a
    a, b = blocks.node_first[best], blocks.node_end[best]
    return "\n\n".join(t for t, g in zip(blocks.texts[a:b], good[a:b]) if g)
