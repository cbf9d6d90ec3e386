"""Subject and preheader, written from the stories."""

from broadsheet.stages.publish.newsletter.blocks import clean
from broadsheet.stages.publish.newsletter.choosing import Issue
from broadsheet.stages.publish.site.words import Words

SUBJECT = 78
PREHEADER = 160


def subject(issue: Issue) -> str:
    """The headline of the first story, as far as a mailbox shows it."""
    return shortened(issue.full[0].title, SUBJECT)


def preheader(issue: Issue, words: Words) -> str:
    """How much the letter tells, and the headlines that follow the first: `38 stories from 214 reports. Court holds an
    airline to its refund / Orchards hire the picking arm`."""
    stories, reports = words("stories", n=issue.new), words("reports", n=issue.reports)
    counted = words("day_counts", stories=stories, reports=reports)
    titles = " / ".join(v.title for v in issue.stories[1:4])
    return shortened(" ".join(filter(None, [counted, titles])), PREHEADER)


def shortened(text: str, most: int) -> str:
    """The text on one line, at most so many characters, cut between words where there are any."""
    line = " ".join(clean(text).split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > most // 2 else cut).rstrip(" ,;:-–—") + "…"
