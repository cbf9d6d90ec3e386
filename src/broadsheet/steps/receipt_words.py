"""A receipt in plain words: what decided that a report is in its story, with the sum to add up again."""

from collections.abc import Iterator, Mapping

from broadsheet.model.story import DecidedBy, Receipt
from broadsheet.steps.explain import ExplainedMember

_TERMS: Mapping[str, str] = {
    "background": "what it shares with unrelated reports",
    "words": "wording",
    "title": "headlines",
    "meaning": "meaning",
    "names": "names and rare words",
    "numbers": "figures",
    "dates": "days and months",
    "size": "how few they are",
    "limit": "the most or least that counts",
}


def why(member: ExplainedMember, *, alone: bool = False) -> Iterator[str]:
    """A sentence a line, what decided first. `alone` where the story has no other report."""
    receipt = member.receipt
    yield from _decided(member, alone=alone)
    yield from _sum(receipt)
    yield from _runner_up(member)
    if receipt.names:
        yield f"It shares the word{'s' * (len(receipt.names) > 1)} {', '.join(receipt.names)}."
    if receipt.numbers:
        yield f"It shares the figure{'s' * (len(receipt.numbers) > 1)} {', '.join(receipt.numbers)}."
    if member.copy_of is not None and receipt.decided_by is not DecidedBy.COPY:
        yield _copied(member)
    if not receipt.holds():
        yield "These figures do not bear out the decision."


def _decided(member: ExplainedMember, *, alone: bool) -> Iterator[str]:
    receipt = member.receipt
    if receipt.decided_by is DecidedBy.EDITOR or receipt.decision is not None:
        by = f" ({receipt.decision})" if receipt.decision else ""
        yield f"An editor put it here{by}; nothing else counts."
    elif receipt.decided_by is DecidedBy.COPY:
        yield _copied(member)
    elif receipt.decided_by is DecidedBy.SAME_WORDS:
        yield "It has the very words of another report of the story."
    elif receipt.decided_by is DecidedBy.NOTHING:
        yield "No story was near enough when it came" + ("." if alone else "; the others joined it.")
    elif receipt.similarity is not None and receipt.threshold is not None:
        above = receipt.similarity - receipt.threshold
        side = "above" if above >= 0 else "below"
        yield f"It scored {receipt.similarity:.3f}, {abs(above):.3f} {side} the {receipt.threshold:.3f} that it takes."


def _copied(member: ExplainedMember) -> str:
    share = f": {member.shared_text:.0%} of its text" if member.shared_text is not None else ""
    needed = member.receipt.threshold if member.receipt.decided_by is DecidedBy.COPY else None
    takes = f", and {needed:.0%} is what it takes" if needed is not None else ""
    return f"It repeats the report of {member.original or 'another publisher'}{share}{takes}."


def _sum(receipt: Receipt) -> Iterator[str]:
    if receipt.terms and receipt.similarity is not None:
        parts = ", ".join(f"{_TERMS.get(name, name)} {value:+.3f}" for name, value in receipt.terms.items())
        yield f"The sum: {parts}; in all {receipt.similarity:.3f}."
    if receipt.together > 1:
        others = receipt.together - 1
        yield f"It was decided together with {'one other' if others == 1 else f'{others} others'} that tell the same."


def _runner_up(member: ExplainedMember) -> Iterator[str]:
    receipt = member.receipt
    second = receipt.runner_up_similarity
    if receipt.runner_up is None or second is None:
        return
    named = f"{receipt.runner_up} (“{member.runner_up_title}”)" if member.runner_up_title else receipt.runner_up
    if receipt.decided_by is DecidedBy.NOTHING:
        needed = receipt.threshold or 0.0
        yield f"The nearest story, {named}, stood at {second:.3f}, {needed - second:.3f} short of {needed:.3f}."
    elif receipt.similarity is not None:
        distance = receipt.similarity - second
        side = "behind" if distance >= 0 else "ahead"
        yield f"The next best story, {named}, stood at {second:.3f}, {abs(distance):.3f} {side}."
