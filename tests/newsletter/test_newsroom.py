"""The letter in the life of a publication: drafted when its hour comes, kept as a person leaves it, shown, sent."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.newsletter.conftest import MailServer, people, subscribe

from broadsheet.cli import broadsheet
from broadsheet.cli._letters import letter_named
from broadsheet.settings import read_settings
from worlds import EVENING, MORNING, NOON, run_at, saltmere

NAME = "weir-every-day-2026-11-20"
LATE = "2026-11-20T21:00:00Z"


@pytest.fixture
def paper(tmp_path: Path, smtp: MailServer) -> Path:
    """Two stories at noon, and a newsroom that writes a letter at eleven."""
    world = saltmere(tmp_path / "paper")
    file = world.folder / "broadsheet.toml"
    text = (
        file.read_text("utf-8")
        .replace("http://localhost:8000", "https://weir.internal")
        .replace("threshold = 70", "threshold = 0")
    )
    head, sources = text.split("[[sources]]", 1)
    file.write_text(
        f"{head}\n[newsletter]\nevery = 'daily'\nsender = 'letter@weir.internal'\nimprint = 'The Weir, Saltmere'\n"
        f"[serve]\npublic_url = 'https://letters.weir.internal'\n[mail]\nhost = '127.0.0.1'\nport = {smtp.port}\n"
        f"security = 'none'\n[[sources]]{sources}",
        "utf-8",
    )
    return world.folder


def call(*arguments: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(broadsheet, ["newsletter", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_from_the_run_to_the_reader(paper: Path, smtp: MailServer) -> None:
    assert "newsletter" not in run_at(paper, MORNING).stages
    report = run_at(paper, NOON)
    assert report.counted("newsletter", "letters") == 1
    assert "newsletter" not in run_at(paper, EVENING).stages
    letter = letter_named(paper, None)
    assert letter.name == NAME
    page = (paper / "public" / "newsletter" / NAME / "index.html").read_text("utf-8")
    assert letter.title in page
    assert letter.title in (paper / "public" / "newsletter" / "index.html").read_text("utf-8")
    settings = read_settings(paper)
    subscribe(settings, people(2))
    (row,) = call("send", NAME, "-C", str(paper), "--dry-run")
    assert row == {"letter": NAME, "wouldSend": 2}
    (row,) = call("send", NAME, "-C", str(paper), "--test", "editor@inbox.internal")
    assert row["state"] == "sent"
    (row,) = call("send", NAME, "-C", str(paper))
    assert row == {"letter": NAME, "sent": 2, "left": 0}
    assert sorted(smtp.inbox.addresses) == ["editor@inbox.internal", "reader0@inbox.internal", "reader1@inbox.internal"]
    html = smtp.inbox.message().get_body("html")
    assert html is not None
    assert letter.title in html.get_content()
    (row,) = call("status", "-C", str(paper))
    assert (row["letter"], row["sent"]) == (NAME, 2)
    done = CliRunner().invoke(broadsheet, ["newsletter", "build", "-C", str(paper), "--at", LATE])
    assert "on its way to readers already" in str(done.exception)


def test_what_a_person_changed_stays_until_it_is_built_anew(paper: Path) -> None:
    run_at(paper, NOON)
    file = paper / "_newsletters" / f"{NAME}.html"
    file.write_text(file.read_text("utf-8").replace("Letter 1", "Letter the first"), "utf-8")
    done = CliRunner().invoke(broadsheet, ["newsletter", "build", "-C", str(paper), "--at", LATE])
    assert "changed by a person" in str(done.exception)
    assert "Letter the first" in file.read_text("utf-8")
    (row,) = call("build", "-C", str(paper), "--at", LATE, "--anew")
    assert row["problems"] == []
    assert "Letter the first" not in file.read_text("utf-8")
    file.unlink()
    assert call("build", "-C", str(paper), "--at", LATE, "--anew")[0]["path"] == f"_newsletters/{NAME}.html"


def test_the_next_day_tells_nothing_again(paper: Path) -> None:
    run_at(paper, NOON)
    done = CliRunner().invoke(broadsheet, ["newsletter", "build", "-C", str(paper), "--at", "2026-11-21T12:00:00Z"])
    assert "too little is new" in str(done.exception)


def test_a_letter_deleted_before_it_was_sent_told_nothing(paper: Path) -> None:
    run_at(paper, NOON)
    letter = letter_named(paper, None)
    (paper / letter.path).unlink()
    assert "newsletter" not in run_at(paper, EVENING).stages
    (row,) = call("build", "-C", str(paper), "--at", "2026-11-21T12:00:00Z")
    assert row["subject"] == letter.title


def test_it_is_shown_as_text_and_as_a_file(paper: Path) -> None:
    run_at(paper, NOON)
    shown = CliRunner().invoke(broadsheet, ["newsletter", "preview", "2026-11-20", "-C", str(paper), "--as", "text"])
    assert "Leave in one step\nhttps://letters.weir.internal/letter/leave" in shown.output
    (row,) = call("preview", "-C", str(paper), "--as", "file")
    html = Path(str(row["file"])).read_text("utf-8")
    assert 'src="https://weir.internal/' not in html
    assert letter_named(paper, NAME).title in html
    done = CliRunner().invoke(broadsheet, ["newsletter", "preview", "2020-01-01", "-C", str(paper)])
    assert "no letter is named 2020-01-01" in str(done.exception)


def test_subscribers_by_command(paper: Path, tmp_path: Path) -> None:
    brought = tmp_path / "in.csv"
    brought.write_text("address,name\na@inbox.internal,Inga\nb@inbox.internal,\n", "utf-8")
    assert len(call("import", str(brought), "-C", str(paper), "--consented", "2026-01-31")) == 2
    assert call("suppress", "b@inbox.internal", "-C", str(paper)) == [
        {"address": "b@inbox.internal", "suppressed": True}
    ]
    assert call("list", "-C", str(paper), "--count") == [{"bounced": 1, "confirmed": 1}]
    exported = CliRunner().invoke(broadsheet, ["newsletter", "export", "-C", str(paper)]).stdout.splitlines()
    assert [row for row in exported if row.startswith("a@inbox.internal,Inga,confirmed,")]
    mail = tmp_path / "mail"
    mail.mkdir()
    (mail / "1").write_text("Subject: hello\n\nno report\n", "utf-8")
    assert call("bounces", str(mail), "-C", str(paper))[0]["what"] == "ignored"
