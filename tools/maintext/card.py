"""The card of the model: what it was learned from, how well it reads, how to make it again."""

import hashlib
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tools.maintext.examples import TAUGHT, Example
from tools.maintext.learning import Plan

Figures = dict[str, dict[str, tuple[int, float]]]  # column -> source -> (pages, F1)
_TOOLS = ["catboost", "numpy", "trafilatura", "readability-lxml", "newspaper4k", "resiliparse", "goose3"]

_FORM = """# The model that chooses the main text

Made by `make train` on {day}; do not edit by hand. What the model does is said in [extraction.md](extraction.md).

| | |
|---|---|
| file | `src/broadsheet/stages/extract/weights.npz`, {size} KB |
| form | two dictionaries (token to log odds); two stages of {trees} oblivious trees, {first} and {second} columns |
| learned from | {pages}; and copies of them cut short |
| seed | {seed} |
| made with | {tools}, Python {python} |

| input | SHA-256 |
|---|---|
{inputs}

## Figures

F1 of the text. *Never seen*: each page is read by a model that saw no page of its publisher. *Learned from*: by the
weights that ship, on the pages that they were learned from; this says how much they hold, not how well they read.

| source | pages | never seen | learned from |
|---|---|---|---|
{figures}

## Use and limits

- For pages of news and the like, in any script. Live tickers, forums and lists of products are read less well;
  texts that only scripts put on the page are not there to be chosen.
- What belongs to an article is a convention: the sources differ on standfirsts, embedded posts and credit lines, and
  the model learned a mean of them.
- The weights hold sums over publishers: names of classes that at least three use, first words that at least four use.
  They hold no sentence of any page. The pages belong to their publishers and are not part of this project; the
  extractors that were asked are free software (Apache-2.0, MIT) and needed for training only.

## Making it again

    make train

needs the pages in `../shared/data/pages`, or in a folder named with `--pages`. The same inputs, versions and seed give
the same weights. `python -m tools.maintext --only validate` measures without writing.
"""


def write_card(out: Path, pages: Path, examples: list[Example], plan: Plan, figures: Figures) -> None:
    """Writes the card to `out`."""
    from broadsheet.stages.extract.features import FIRST, SECOND
    from broadsheet.stages.extract.text import __file__ as package

    weights = Path(package).parent / "weights.npz"
    used = [e for e in examples if e.importance > 0]
    taught = [e for e in used if e.importance < 1]
    learned = (
        f"{len(used) - len(taught)} pages whose text somebody wrote down and {len(taught)} that other extractors read "
        f"(these weigh {TAUGHT} as much), of {len({e.publisher for e in used})} publishers"
    )
    out.write_text(
        _FORM.format(
            day=datetime.now(UTC).date(), size=round(weights.stat().st_size / 1000), trees=plan.trees, seed=plan.seed,
            first=len(FIRST), second=len(SECOND), pages=learned,
            tools=", ".join(_versions()), python=platform.python_version(), inputs="\n".join(_inputs(pages)),
            figures="\n".join(_figures(figures)),
        ),
        encoding="utf-8",
    )  # fmt: skip


def _versions() -> list[str]:
    found = []
    for name in _TOOLS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue  # not asked: all pages had a text
    return found


def _inputs(pages: Path) -> list[str]:
    names = ("pages.warc.gz", "pages.truth.jsonl.gz")
    return [f"| `{name}` | `{hashlib.sha256((pages / name).read_bytes()).hexdigest()}` |" for name in names]


def _figures(figures: Figures) -> list[str]:
    unseen, learned = figures.get("never seen", {}), figures.get("learned from", {})
    rows = []
    for source, (pages, figure) in unseen.items():
        again = f"{learned[source][1]:.3f}" if source in learned else ""
        rows.append(f"| {source} | {pages} | {figure:.3f} | {again} |")
    return rows
