"""Learns which blocks of a page are its main text, and writes the weights that the package ships.

    python -m tools.maintext                      cross-validate, learn from all pages, write weights and card
    python -m tools.maintext --only validate      only say how well pages of publishers never seen are read
    python -m tools.maintext --only learn         only learn and write the weights

The pages are a WARC, `pages.warc.gz`; the truth beside it, `pages.truth.jsonl.gz`, has lines of {url, source, text}, or
{url, source, with, without}: strings that must and must not be there. About pages without a text other extractors are
asked; their answers are kept in `--memory`. The same inputs and versions give the same weights.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from tools.maintext.card import write_card
from tools.maintext.examples import read_examples, read_truths
from tools.maintext.learning import Plan, learn
from tools.maintext.measures import scores
from tools.maintext.validation import cross_validate, extract
from tools.maintext.weights import save_weights

_ROOT = Path(__file__).parents[2]


def main() -> None:
    """See the module's docstring."""
    options = _options()
    warc, truth = options.pages / "pages.warc.gz", options.pages / "pages.truth.jsonl.gz"
    if not (warc.exists() and truth.exists()):
        sys.exit(f"{options.pages} needs pages.warc.gz and pages.truth.jsonl.gz; say where they are with --pages")
    truths = read_truths(truth)
    examples = read_examples(warc, truths, _teachers(options, warc, truths))
    plan = Plan(trees=options.trees, seed=options.seed)
    _say(f"{len(examples)} pages of {len({e.publisher for e in examples})} publishers")
    figures = {}
    if options.only != "learn":
        texts = cross_validate(examples, plan, options.folds, _say)
        figures["never seen"] = _report("publisher never seen", scores(truths.values(), texts))
        if options.texts:
            lines = (json.dumps({"url": url, "text": text}) for url, text in texts.items())
            options.texts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if options.only != "validate":
        _say("learning from all pages")
        model = learn(examples, plan)
        save_weights(model, options.out)
        texts = {e.url: extract(model, e) for e in examples}
        figures["learned from"] = _report("pages that were learned from", scores(truths.values(), texts))
        _say(f"written: {options.out}")
    if options.only is None:
        write_card(options.card, options.pages, examples, plan, figures)
        _say(f"written: {options.card}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.maintext", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    package = _ROOT / "src" / "broadsheet" / "stages" / "extract"
    parser.add_argument("--pages", type=Path, default=_ROOT.parent / "shared" / "data" / "pages", metavar="FOLDER")
    parser.add_argument("--only", choices=["validate", "learn"])
    parser.add_argument("--out", type=Path, default=package / "weights.npz", help="where the weights go")
    parser.add_argument("--card", type=Path, default=_ROOT / "docs" / "extraction-model.md", help="where the card goes")
    parser.add_argument("--texts", type=Path, help="where the cross-validated texts go, as lines of {url, text}")
    parser.add_argument("--memory", type=Path, default=_ROOT / "artefacts" / "teachers.jsonl")
    parser.add_argument("--folds", type=int, default=3, help="of publishers, in cross-validation")
    parser.add_argument("--trees", type=int, default=Plan.trees, help="in each stage")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes that ask the teachers")
    return parser.parse_args()


def _teachers(options: argparse.Namespace, warc: Path, truths: dict) -> dict:
    """Answers about the pages without a text; the extractors are only loaded where there are some."""
    wanted = {url for url, truth in truths.items() if "text" not in truth}
    if not wanted:
        return {}
    from tools.maintext.teachers import ask_teachers

    return ask_teachers(warc, wanted, options.memory, options.jobs)


def _report(what: str, figures: dict[str, tuple[int, float]]) -> dict[str, tuple[int, float]]:
    _say(f"F1, {what}:")
    for source, (pages, figure) in figures.items():
        _say(f"  {source:30} {pages:5} pages  {figure:.4f}")
    return figures


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
