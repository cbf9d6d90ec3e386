"""The recipes of docs/deploying.md, carried out as far as a machine can."""

import configparser
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import httpx
import pytest

from broadsheet.model.outgoing import DeploySettings, PushSettings
from broadsheet.web.static import CONTENT_POLICY
from deploying import FILES, Machine, free_port, needed, wait_for, write

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploying.md").read_text("utf-8")


@pytest.fixture
def nginx(machine: Machine, tmp_path: Path) -> Iterator[str]:
    """A real nginx with the documented configuration, in front of a folder that was deployed."""
    program = needed("nginx")
    write(machine.built, {".well-known/security.txt": "mailto:desk@paper.example"})
    machine.deliver(str(tmp_path / "www"))
    port = free_port()
    found = re.search(r"```nginx\n(.*?)```", PAGE, re.DOTALL)
    assert found
    site = found[1].replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/www/paper", str(tmp_path / "www"))
    temporary = "".join(f"{n}_temp_path {tmp_path}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;"
        f"events {{}} http {{ access_log off; {temporary} {site} }}"
    )
    process = subprocess.Popen([program, "-c", configuration], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_nginx_serves_the_publication_as_documented(nginx: str) -> None:
    front = httpx.get(f"{nginx}/")
    assert (front.status_code, front.text) == (200, FILES["index.html"])
    assert front.headers["content-type"] == "text/html; charset=utf-8"
    assert front.headers["content-security-policy"] == CONTENT_POLICY
    assert front.headers["cache-control"] == "public, max-age=60, must-revalidate"
    assert httpx.get(f"{nginx}/feed.xml").headers["content-type"].startswith("application/rss+xml")
    assert httpx.get(f"{nginx}/pictures/ab.webp").headers["content-type"] == "image/webp"
    assert httpx.get(f"{nginx}/pictures/ab.webp").headers["cache-control"].endswith("immutable")
    assert httpx.get(f"{nginx}/stories/one/").text == "One"
    assert httpx.get(f"{nginx}/stories/one", follow_redirects=True).text == "One"


def test_nginx_says_in_our_words_what_is_missing_and_shows_nothing_hidden(nginx: str) -> None:
    for path in ("/nothing/here", "/.broadsheet-build.json", "/stories/.one.new", "/.git/config"):
        missing = httpx.get(nginx + path)
        assert (missing.status_code, missing.text) == (404, FILES["404.html"])
        assert missing.headers["content-security-policy"] == CONTENT_POLICY
    assert httpx.get(f"{nginx}/.well-known/security.txt").status_code == 200


def test_every_policy_on_the_page_is_the_one_that_is_served() -> None:
    policies = re.findall(r"Content-Security-Policy:? \"?(default-src [^\"\n]+?)\"?(?: always;)?$", PAGE, re.MULTILINE)
    assert len(policies) == 3
    assert set(policies) == {CONTENT_POLICY}


def test_the_units_of_systemd_are_well_formed() -> None:
    service, timer = (_unit(text) for text in re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL))
    assert service["Service"]["ExecStart"].endswith("broadsheet run --once")
    assert service["Service"]["SuccessExitStatus"] == "1"
    assert timer["Timer"]["OnCalendar"] == "*:0/10"


def _unit(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


@pytest.mark.parametrize("form", [DeploySettings, PushSettings])
def test_every_key_has_its_line(form: type) -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE))
    assert {f.name for f in fields(form)} <= told


@pytest.mark.parametrize("name", ["deploying.md", "pushing.md"])
def test_every_block_of_settings_on_the_pages_can_be_read(name: str) -> None:
    page = (ROOT / "docs" / name).read_text("utf-8")
    blocks = re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)
    settings = [re.sub("^    ", "", block, flags=re.MULTILINE) for block in blocks if "[[" in block]
    assert settings
    known = {f.name for f in fields(DeploySettings)} | {f.name for f in fields(PushSettings)}
    for text in settings:
        rows = [row for block in tomllib.loads(text).values() for row in block]
        assert all(set(row) <= known for row in rows)
