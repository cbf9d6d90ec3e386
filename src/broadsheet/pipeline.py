"""READ ME FIRST: the main job, stage after stage.

    sources -> fetch -> extract -> enrich -> stories -> rank -> publish

Each line of `run_once` is a step (`steps/`), which asks the pure rules of its stages (`stages/`) and carries out what
they decide through the ports (`ports/`). Every step takes its work from the store and leaves its result there before
the next begins: a run that is killed anywhere goes on where it was, and one that finds nothing new changes nothing.
"""

from broadsheet.steps.announce import announce
from broadsheet.steps.build import build_site
from broadsheet.steps.commit import commit
from broadsheet.steps.deploy import deploy, mark_for_delivery
from broadsheet.steps.editorial import obey
from broadsheet.steps.forget import forget
from broadsheet.steps.gather import gather
from broadsheet.steps.group import group
from broadsheet.steps.marks import fetch_marks
from broadsheet.steps.newsletter import draft_letter
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.poll import poll
from broadsheet.steps.publish import publish
from broadsheet.steps.recover import recover


def run_once(room: Newsroom) -> RunReport:
    """One round of the newsroom. Raises StorageError when the machine fails; all else that fails is in the report."""
    started = room.clock.now()
    report = RunReport()

    recover(room, report)  # once: a store that begins anew learns what is filed, so that paths and addresses stay
    poll(room, report)  # sources: what is due is asked, its entries are kept as items
    gather(room, report)  # fetch, extract, enrich: each item's page becomes an article
    group(room, report)  # stories: each article joins the story that it tells
    obey(room, report)  # stories: what an editor decided holds, also for what is long past
    publish(room, report)  # rank, publish: heads are chosen, records written
    fetch_marks(room, report)  # publish: the small marks of publishers, once a month
    draft_letter(room, report)  # publish: once a day or week the letter, when its hour has come
    mark_for_delivery(room)  # publish: whatever happens now, what readers have is compared with what is built
    build_site(room, report)  # publish: records become API, site, feeds, sitemaps and search
    commit(room, report)  # publish: what was written, in git
    deploy(room, report)  # publish: to every place of [[deploy]], as far as it changed
    announce(room, report)  # publish: the channels of [[push]] are told of what readers can open now
    forget(room, report)  # once a day: the words of entries that were done with long ago

    room.store.journal.keep_run(started, room.clock.now(), report.as_json(), report.failures)
    return report
