"""Cross-validation: every page is read by a model that never saw a page of its publisher."""

from collections.abc import Callable

from tools.maintext.examples import Example
from tools.maintext.learning import Plan, fold_of, learn

from broadsheet.stages.extract.text import Model, choose_blocks, kept_texts


def extract(model: Model, example: Example) -> str:
    """What the package would do with this model."""
    likely = model.probabilities(example.blocks, example.hints)
    kept, _ = choose_blocks(example.blocks, example.hints, likely)
    return "\n\n".join(kept_texts(example.blocks, kept, example.hints))


def cross_validate(examples: list[Example], plan: Plan, folds: int, say: Callable[[str], None]) -> dict[str, str]:
    """URL -> text."""
    texts: dict[str, str] = {}
    for fold in range(folds):
        say(f"cross-validation: fold {fold + 1} of {folds}")
        seen = [e for e in examples if fold_of(e.publisher, folds) != fold]
        model = learn(seen, plan)
        texts |= {e.url: extract(model, e) for e in examples if fold_of(e.publisher, folds) == fold}
    return texts
