"""Brings the built publication to the places of `[[deploy]]`, after a build that changed something."""

from broadsheet.errors import BroadsheetError
from broadsheet.model.outgoing import Delivery, DeploySettings
from broadsheet.steps.newsroom import Newsroom, RunReport

IS_THERE, PERHAPS, NOT_YET = "yes", "perhaps", "no"


def mark_for_delivery(room: Newsroom) -> None:
    """Before a build: from now on nobody knows whether the targets have what is built, however the run ends."""
    for target in room.settings.deploy:
        certain = room.store.journal.fact(_fact(target)) == IS_THERE
        room.store.journal.keep_fact(_fact(target), PERHAPS if certain else NOT_YET)


def deploy(room: Newsroom, report: RunReport) -> None:
    """After a build: to every target that lacks it. One that fails is tried again by the next run."""
    if not room.settings.deploy:
        return
    built = bool(report.counted("build", "written") or report.counted("build", "removed"))
    with report.stage("deploy") as counts:
        for target in room.settings.deploy:
            if not built and room.store.journal.fact(_fact(target)) == PERHAPS:
                room.store.journal.keep_fact(_fact(target), IS_THERE)
                continue
            done = _deliver(room, report, target)
            counts["targets"] += done is not None
            counts["sent"] += done.sent if done else 0
            counts["removed"] += done.removed if done else 0


def is_out(room: Newsroom) -> bool:
    """Whether readers have what was built last, wherever it is to be."""
    return all(room.store.journal.fact(_fact(target)) == IS_THERE for target in room.settings.deploy)


def _deliver(room: Newsroom, report: RunReport, target: DeploySettings) -> Delivery | None:
    try:
        stories = report.counted("publish", "stories seen by readers")
        done = room.deployment(target).deliver(room.settings.out_folder, message_for(stories))
    except (BroadsheetError, OSError) as error:
        report.fail("deploy", target.shown, error)
        return None
    room.store.journal.keep_fact(_fact(target), IS_THERE)
    return done


def message_for(stories: int) -> str:
    """What the commit of a branch says."""
    return f"Publish {stories} {'story' if stories == 1 else 'stories'}" if stories else "Publish"


def _fact(target: DeploySettings) -> str:
    return f"publication is at {target.to}"
