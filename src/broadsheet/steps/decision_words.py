"""Decisions in words, for those who take them and for those who want to know why a story is as it is."""

from collections.abc import Callable, Mapping, Sequence

from broadsheet.model.editorial import Decision, What
from broadsheet.steps.desk import Desk

WHEN = "%Y-%m-%d %H:%M UTC"


def told(desk: Desk, decision: Decision) -> str:
    """What a decision says, in one sentence without an end, such as `merge 4f2a (A title) into 77c1 (Another)`."""
    return f"{decision.what.value} {_WORDS[decision.what](desk, decision)}"


def foretold(desk: Desk, decision: Decision) -> list[str]:
    """What will come of a decision that is about to be taken, in whole sentences; `desk` is as it was before."""
    return [*_OUTCOMES[decision.what](desk, decision), "It takes effect at the next run, and holds until it is undone."]


def decisions_about(desk: Desk, story: str) -> list[str]:
    """A line for each decision that concerned this story or an article that it has now, in the order of time."""
    here = {filed.id for filed in desk.stories.get(story, ())}
    by = {d.decision: d for d in desk.decisions if d.what is What.UNDO and d.name not in desk.placements.undone}
    lines = []
    for decision in desk.decisions:
        if decision.what is not What.UNDO and _concerns(desk, decision, story, here):
            lines.append(_line(desk, decision, by.get(decision.name)))
    return lines


def _concerns(desk: Desk, decision: Decision, story: str, here: set[str]) -> bool:
    named = {desk.article_id(a) for a in decision.articles}
    return story in (decision.story, decision.into, *decision.members) or bool(named & here)


def _line(desk: Desk, decision: Decision, undone: Decision | None) -> str:
    why = f": {decision.why}" if decision.why else ""
    rest = f" (undone by {undone.by}, {undone.at:{WHEN}})" if undone else ""
    return f"{decision.at:{WHEN}}, {decision.by}: {told(desk, decision)}{why}{rest} [{decision.name}]"


def _story(desk: Desk, story: str) -> str:
    title = desk.title(story)
    return f"{story} ({title})" if title else story


def _articles(desk: Desk, decision: Decision) -> str:
    return ", ".join(f"“{desk.title_of(a)}”" for a in decision.articles)


def _counted(desk: Desk, story: str) -> str:
    number, title = len(desk.stories.get(story, ())), desk.title(story)
    reports = f"{number} report{'' if number == 1 else 's'}"
    return f"{story} ({title}; {reports})" if title else f"{story} ({reports})"


_WORDS: Mapping[What, Callable[[Desk, Decision], str]] = {
    What.MERGE: lambda desk, d: f"{_story(desk, d.story)} into {_story(desk, d.into)}",
    What.SPLIT: lambda desk, d: f"{_articles(desk, d)} from {_story(desk, d.story)}, as {d.into}",
    What.MOVE: lambda desk, d: f"{_articles(desk, d)} to {_story(desk, d.into)}",
    What.PIN: lambda desk, d: f"{_articles(desk, d)} as the head of its story",
    What.UNPIN: _articles,
    What.UNDO: lambda _desk, d: d.decision,
}


def _of_move(desk: Desk, decision: Decision) -> list[str]:
    said = [f"{_articles(desk, decision)} goes to the story {_counted(desk, decision.into)}."]
    if len(desk.stories.get(decision.story, ())) == 1:
        said.append(f"The story {decision.story} has no other report: its address leads there.")
    else:
        said.append(f"It never joins {_story(desk, decision.story)} again.")
    return said


def _of_undo(desk: Desk, decision: Decision) -> list[str]:
    undone = desk.decision(decision.decision)
    said = [f"It no longer holds that {undone.by} decided: {told(desk, undone)}."]
    if undone.what in (What.MERGE, What.SPLIT, What.MOVE):
        said.append("Its articles go back to where they were; from there the rules decide.")
    return said


_OUTCOMES: Mapping[What, Callable[[Desk, Decision], Sequence[str]]] = {
    What.MERGE: lambda desk, d: [
        f"The story {_counted(desk, d.story)} goes into {_counted(desk, d.into)}.",
        f"The address of {d.story} leads there.",
    ],
    What.SPLIT: lambda desk, d: [
        f"{_articles(desk, d)} leaves the story {_counted(desk, d.story)} and is the story {d.into}.",
        "The two are never joined again.",
    ],
    What.MOVE: _of_move,
    What.PIN: lambda desk, d: [f"{_articles(desk, d)} is the head of the story {_counted(desk, d.story)}."],
    What.UNPIN: lambda desk, d: [f"The story {_counted(desk, d.story)} chooses its head by itself again."],
    What.UNDO: _of_undo,
}
