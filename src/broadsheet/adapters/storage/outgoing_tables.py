"""Implements the `DeployTable` and `OutboxTable` ports."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.adapters.storage.article_table import batches
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.tables import announced_records, announcements, deployed
from broadsheet.model.outgoing import Announcement, HeldFile, Standing


class SqlDeployed:
    """What targets hold."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def held(self, target: str) -> dict[str, HeldFile]:
        """All of a target's files."""
        columns = (deployed.c.path, deployed.c.digest, deployed.c.size, deployed.c.modified)
        with self.database.transaction() as connection:
            rows = connection.execute(select(*columns).where(deployed.c.target == target)).all()
        return {path: HeldFile(digest, size, modified) for path, digest, size, modified in rows}

    def keep(self, target: str, files: Mapping[str, HeldFile | None]) -> None:
        """These are so from now on; None: it is gone."""
        gone = [path for path, held in files.items() if held is None]
        rows = [
            {"target": target, "path": path, "digest": f.digest, "size": f.size, "modified": f.modified}
            for path, f in files.items()
            if f is not None
        ]
        statement = insert(deployed)
        newest = {name: statement.excluded[name] for name in ("digest", "size", "modified")}
        with self.database.transaction() as connection:
            for batch in batches(gone):
                connection.execute(delete(deployed).where(deployed.c.target == target, deployed.c.path.in_(batch)))
            if rows:
                connection.execute(
                    statement.on_conflict_do_update(index_elements=["target", "path"], set_=newest), rows
                )

    def forget(self, target: str) -> None:
        """Nothing is known of this target any more."""
        with self.database.transaction() as connection:
            connection.execute(delete(deployed).where(deployed.c.target == target))


class SqlOutbox:
    """Announcements."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self, channel: str, subjects: Collection[str]) -> dict[str, Announcement]:
        """Those of these subjects that the channel has."""
        found: dict[str, Announcement] = {}
        with self.database.transaction() as connection:
            for batch in batches(list(subjects)):
                mine = announcements.c.channel == channel, announcements.c.subject.in_(batch)
                for row in connection.execute(select(announcements).where(*mine)).mappings():
                    found[row["subject"]] = _announcement(row)
        return found

    def told(self, channel: str, records: Collection[str]) -> dict[str, str]:
        """Which of these records were in an announcement that did not fail: record to subject."""
        found: dict[str, str] = {}
        columns = announced_records.c.record, announced_records.c.subject
        with self.database.transaction() as connection:
            for batch in batches(list(records)):
                mine = announced_records.c.channel == channel, announced_records.c.record.in_(batch)
                found |= {row.record: row.subject for row in connection.execute(select(*columns).where(*mine))}
        return found

    def keep(self, kept: Iterable[Announcement]) -> None:
        """So they are from now on."""
        rows = [_row(one) for one in kept]
        if not rows:
            return
        statement = insert(announcements)
        newest = {name: statement.excluded[name] for name in rows[0] if name not in ("channel", "subject")}
        with self.database.transaction() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["channel", "subject"], set_=newest), rows
            )
            for row in rows:
                mine = announced_records.c.channel == row["channel"], announced_records.c.subject == row["subject"]
                connection.execute(delete(announced_records).where(*mine))
            parts = [_part(row, record) for row in rows if row["standing"] != "failed" for record in row["records"]]
            if parts:
                connection.execute(insert(announced_records).on_conflict_do_nothing(), parts)

    def waiting(self, channel: str, now: datetime, most: int) -> list[Announcement]:
        """Those to be sent now, the hottest first, then by time."""
        table = announcements.c
        due = or_(table.not_before.is_(None), table.not_before <= now)
        query = select(announcements).where(table.channel == channel, table.standing == Standing.WAITING.value, due)
        order = table.attempts > 0, table.heat, table.queued
        query = query.order_by(order[0].desc(), order[1].desc(), order[2], table.subject).limit(most)
        with self.database.transaction() as connection:
            return [_announcement(row) for row in connection.execute(query).mappings()]

    def sent_since(self, channel: str, since: datetime) -> int:
        """How many went out since then."""
        table = announcements.c
        out = table.channel == channel, table.standing == Standing.SENT.value, table.ended > since
        with self.database.transaction() as connection:
            return connection.execute(select(func.count()).where(*out)).scalar_one()

    def forget(self, ended_before: datetime) -> int:
        """Those that ended before then are forgotten."""
        table = announcements.c
        old = select(table.channel, table.subject).where(table.ended < ended_before)
        with self.database.transaction() as connection:
            gone = connection.execute(old).all()
            for channel, subject in gone:
                for each in (announcements, announced_records):
                    connection.execute(delete(each).where(each.c.channel == channel, each.c.subject == subject))
        return len(gone)

    def newest(self, most: int) -> list[Announcement]:
        """The newest of all channels, newest first."""
        order = func.coalesce(announcements.c.ended, announcements.c.queued).desc()
        query = select(announcements).order_by(order, announcements.c.channel, announcements.c.subject).limit(most)
        with self.database.transaction() as connection:
            return [_announcement(row) for row in connection.execute(query).mappings()]


def _part(row: Mapping[str, Any], record: str) -> dict[str, str]:
    return {"channel": row["channel"], "record": record, "subject": row["subject"]}


def _row(one: Announcement) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "subject": one.subject,
        "version": one.version,
        "standing": one.standing.value,
        "heat": one.heat,
        "body": dict(one.body),
        "records": list(one.records),
        "attempts": one.attempts,
        "queued": one.queued,
        "not_before": one.not_before,
        "uncertain": one.uncertain,
        "ended": one.ended,
        "said": one.said,
    }


def _announcement(row: Mapping[Any, Any]) -> Announcement:
    known = {**row, "standing": Standing(row["standing"]), "records": tuple(row["records"])}
    return Announcement(**known)
