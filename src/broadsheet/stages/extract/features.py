"""All that is known of the blocks of a page as one matrix, a row a feature, for the model that chooses the text."""

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.blocks import Blocks
from broadsheet.stages.extract.blocktext import Column, Columns, Hints, text_columns
from broadsheet.stages.extract.blocktree import Places, group_columns, node_columns, place_blocks, running
from broadsheet.stages.extract.tokens import Tokens

Matrix = NDArray[np.float32]

# The columns that the trees of each stage may ask for, the most useful first. Columns that order the blocks alike
# (characters and their logarithm) are one to a tree; what trees hardly asked for is not computed.
_FIRST = """
    names_sum path_share names_low density node1_good good_before node0_density names_high group_share in_third
    is_div path_count group_count in_most node3_density links announced_far group_density words_score good_around
    log_chars in_description in_table group_mean hidden third_share path_mean node2_density low_before last
    node2_good density-1 from_end before in_header path_nodes depth names_up2 node2_paragraph density_around
    names_up1 third_size has_article_body node1_chars node1_mean in_figure node2_mean upper_rate density+1 page_good
    in_figcaption is_title log_chars+1 names first node3_mean node3_chars node2_dated most_size node0_paragraph
    node1_density repeats log_words
"""
FIRST = tuple(_FIRST.split())
_SECOND = """
    q q_node0 q_group q_path q-1 names_high to_next names_low path_nodes in_best has_article_body node2_mean
    best_score q_around5 good_around node3_density words_score q+1 q_before in_table node2_good is_div names_up1
    group_count in_header node2_paragraph density node2_density last hidden group_density group_mean third_size
    q_node2_share names_up2 q-2 node1_dated third_share node3_paragraph to_previous upper_rate links is_title
    q_node1 word_length log_chars to_first node1_chars names_sum group_share node1_density chars_from_heading
    node3_good log_words repeats in_most good_before node3_mean most_size names depth in_main in_aside path_dated
    q-4 path_share node1_paragraph log_chars-1 q_node1_share q_node2 node1_blocks in_li q+2 q_after to_last
"""
SECOND = tuple(_SECOND.split())


def first_features(blocks: Blocks, hints: Hints, tokens: Tokens) -> tuple[Places, Columns]:
    """The columns for the first stage."""
    text = text_columns(blocks, hints)
    places, columns = place_blocks(blocks, tokens)
    columns |= text
    columns["words_score"] = np.array(tokens.of_texts(blocks.texts), np.float32)
    columns |= node_columns(places, text, columns["is_p"])
    columns |= group_columns(places, text)
    columns |= _position_columns(columns)
    columns |= _neighbour_columns(columns)
    columns |= _announced_columns(places, columns)
    return places, columns


def second_features(places: Places, columns: Columns, likely: Column) -> Columns:
    """The columns that the first stage's probabilities add."""
    chars = columns["chars"]
    mass, page = likely * chars, max(float((likely * chars).sum()), 1.0)
    run_mass, run_chars = running(mass), running(chars)
    added: Columns = {"q": likely}
    for level, node in enumerate(places.levels[:3]):
        first, end = places.first[node], places.end[node]
        held = run_mass[end] - run_mass[first]
        added[f"q_node{level}"] = (held / np.maximum(run_chars[end] - run_chars[first], 1)).astype(np.float32)
        added[f"q_node{level}_share"] = (held / page).astype(np.float32)
    for name, key in (("group", places.group), ("path", places.path)):
        added[f"q_{name}"] = (np.bincount(key, mass) / np.maximum(np.bincount(key, chars), 1))[key].astype(np.float32)
    added |= _shifted({"q": likely})
    added["q_around5"] = _ratio(_window(mass, 5), _window(chars, 5))
    added["q_before"] = (run_mass[:-1] / page).astype(np.float32)
    added["q_after"] = ((page - run_mass[1:]) / page).astype(np.float32)
    return added | _distance_columns(likely, chars) | _best_node_columns(places, run_mass, run_chars, len(chars))


def matrix(columns: Columns, names: tuple[str, ...]) -> Matrix:
    """The columns of these names as rows."""
    return np.concatenate([columns[name] for name in names]).reshape(len(names), -1)


def _position_columns(columns: Columns) -> Columns:
    count = len(columns["chars"])
    index = np.arange(count, dtype=np.float32)
    chars, good = columns["chars"], columns["good"]
    before = np.cumsum(chars, dtype=np.float64) - chars
    heading = _heading(columns)
    return {
        "before": (before / max(float(chars.sum()), 1.0)).astype(np.float32),
        "good_before": ((np.cumsum(good) - good) / max(float(good.sum()), 1.0)).astype(np.float32),
        "from_end": count - 1 - index,
        "chars_from_heading": _signed_log(before - before[heading] if heading >= 0 else np.full(count, -1e5)),
        "page_good": np.full(count, np.log1p(good.sum()), np.float32),
    }


def _heading(columns: Columns) -> int:
    """The h1 that is the title, else a heading that is, else the first h1, else -1."""
    for wanted in (
        columns["is_h1"] * columns["is_title"],
        columns["is_h2"] * columns["is_title"],
        columns["is_h1"] * columns["in_title"],
        columns["is_h1"],
    ):
        found = np.flatnonzero(wanted)
        if len(found):
            return int(found[0])
    return -1


def _announced_columns(places: Places, columns: Columns) -> Columns:
    """What stands above a block announces it ("Related", "Comments"), and so do dates in all blocks that are alike."""
    index = np.arange(len(columns["chars"]))
    is_heading = (columns["is_h1"] + columns["is_h2"] + columns["is_h3"] + columns["is_h4"]) > 0
    last = np.maximum.accumulate(np.where(is_heading, index, -1))
    is_told = (index > max(_heading(columns), 0)) & (columns["chars"] < _SHORT)
    dated = columns["dated"]
    run = running(dated)
    within = (run[places.end] - run[places.first]).astype(np.float32)
    nodes = np.unique(places.path << 32 | places.levels[1]) >> 32
    count = np.bincount(places.path)
    return {
        "announced_far": np.where(last >= 0, index - last, _NO_HEADING).astype(np.float32),
        "low_before": np.minimum.accumulate(np.where(is_told, columns["words_score"], 0)).astype(np.float32),
        "path_nodes": np.bincount(nodes, minlength=len(count))[places.path].astype(np.float32),
        "path_dated": (np.bincount(places.path, dated) / np.maximum(count, 1))[places.path].astype(np.float32),
        "node1_dated": within[places.levels[1]],
        "node2_dated": within[places.levels[2]],
    }


_SHORT, _NO_HEADING = 60, 400
_REACH = 4
_NEIGHBOURS = {"log_chars": (-1, 1), "density": (-1, 1), "q": (-4, -2, -1, 1, 2)}


def _neighbour_columns(columns: Columns) -> Columns:
    added = _shifted({name: columns[name] for name in _NEIGHBOURS if name != "q"})
    added["good_around"] = np.log1p(_window(columns["good"], 5))
    added["density_around"] = _ratio(_window(columns["link_chars"], 5), _window(columns["chars"], 5))
    return added


def _shifted(columns: Columns) -> Columns:
    """The values of the blocks before and after, as `name-1`, `name+1` and so on; -1 beyond the ends."""
    count = len(next(iter(columns.values())))
    padded = np.full((len(columns), count + 2 * _REACH), -1, np.float32)
    padded[:, _REACH : _REACH + count] = list(columns.values())
    return {
        f"{name}{distance:+}": row[_REACH + distance : _REACH + distance + count]
        for name, row in zip(columns, padded, strict=True)
        for distance in _NEIGHBOURS[name]
    }


def _ratio(part: Column, whole: Column) -> Column:
    return (part / np.maximum(whole, 1)).astype(np.float32, copy=False)


def _window(values: Column, width: int) -> Column:
    """The sums of the values up to `width` places away."""
    end = width + 1 + len(values)
    run = np.zeros(end + width)
    np.cumsum(values, dtype=np.float64, out=run[width + 1 : end])
    run[end:] = run[end - 1]
    return (run[2 * width + 1 :] - run[: len(values)]).astype(np.float32)


def _signed_log(values: NDArray[np.float64]) -> Column:
    return (np.sign(values) * np.log1p(np.abs(values))).astype(np.float32)


def _distance_columns(likely: Column, chars: Column) -> Columns:
    """How far it is to blocks that are almost certainly text."""
    count = len(likely)
    sure = np.flatnonzero((likely > 0.6) & (chars > 60))
    if not len(sure):
        nothing = np.full(count, -100, np.float32)
        return dict.fromkeys(("to_first", "to_last", "to_next", "to_previous"), nothing)
    index = np.arange(count)
    after = np.searchsorted(sure, index)
    following = np.where(after < len(sure), sure[np.minimum(after, len(sure) - 1)] - index, 100)
    previous = np.where(after > 0, index - sure[np.maximum(after - 1, 0)], 100)
    columns = {"to_first": index - sure[0], "to_last": index - sure[-1], "to_next": following, "to_previous": previous}
    return {name: np.clip(value, -100, 100).astype(np.float32) for name, value in columns.items()}


def _best_node_columns(places: Places, mass: NDArray[np.float64], chars: NDArray[np.float64], count: int) -> Columns:
    """The node that would be the best answer as a whole (highest expected F1), and whether a block is in it."""
    held = mass[places.end] - mass[places.first]
    score = 2 * held / np.maximum(chars[places.end] - chars[places.first] + mass[-1], 1)
    best = int(np.argmax(score))
    index = np.arange(count)
    inside = (index >= places.first[best]) & (index < places.end[best])
    return {"in_best": inside.astype(np.float32), "best_score": np.full(count, score[best], np.float32)}
