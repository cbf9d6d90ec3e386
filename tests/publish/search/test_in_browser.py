"""Readers search, in a real browser: over http, from a folder, by keyboard, without scripts."""

import json
import os
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import pytest

from broadsheet.stages.publish.search import SearchDoc, full_files
from broadsheet.stages.publish.search.words import words_of
from publish.search.conftest import a_doc

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
ARTEFACTS = Path(os.environ.get("BROADSHEET_ARTEFACTS", Path(__file__).parents[3] / "artefacts")) / "pages"


@pytest.fixture
def page(browser: "sync_api.Browser") -> Iterator["sync_api.Page"]:
    """A page that must not complain: neither the policy nor a missing file nor an error of the script."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    yield page
    page.close()
    assert complaints == []


def heads(page: "sync_api.Page") -> list[str]:
    return page.locator("#results h3").all_inner_texts()


def found(page: "sync_api.Page", address: str, query: str) -> list[str]:
    page.goto(f"{address}?q={quote(query)}")
    page.wait_for_selector("#status:not(:empty)", state="attached")
    return heads(page)


def expect_results(page: "sync_api.Page", number: int) -> None:
    sync_api.expect(page.locator("#results h3")).to_have_count(number)


def test_a_query_from_typing_to_story(page: "sync_api.Page", address: str) -> None:
    page.goto(address)
    sync_api.expect(page.locator("#label")).to_have_text("Search 1,822 stories")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("harb")
    page.wait_for_selector("#results h3")
    assert heads(page) == ["Harbour pilots strike over a chair"]
    assert page.locator("#results mark").all_inner_texts() == ["Harbour"]
    page.keyboard.type("our pilots")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#results mark")).to_have_count(2)
    assert page.url.endswith("?q=harbour+pilots")
    assert page.inner_text("#status") == page.inner_text("#found") == "1 story"
    result = page.locator("article.result")
    assert result.locator(".kicker").inner_text() == "Energy, 28 Dec 2025"
    assert result.locator(".chip bdi").inner_text() == "The Kelp Ledger"
    assert result.locator(".count a").inner_text() == "1 independent, 2 copies"
    assert result.locator("h3 a").get_attribute("href") == "../stories/s1500/"
    assert "Harbour" not in page.title()
    assert page.title() == "harbour pilots | Search | The Tide Table"


def test_back_and_forth(page: "sync_api.Page", address: str) -> None:
    found(page, address, "spoons")
    page.fill("#q", "old mill")
    page.press("#q", "Enter")
    page.wait_for_selector("#results article:nth-child(2)")
    page.go_back()
    expect_results(page, 1)
    assert page.input_value("#q") == "spoons"
    page.go_forward()
    page.wait_for_selector("#results article:nth-child(2)")
    assert page.input_value("#q") == "old mill"


def test_side_by_side_in_a_title_comes_first(page: "sync_api.Page", address: str) -> None:
    said = found(page, address, "old mill")
    assert said[:2] == ["Key turns in the old mill", "Old mill turns again after forty years"]
    assert "Mills of the valley open their doors" in said  # the plural, and "old" in the deck


@pytest.mark.parametrize(
    ("query", "head", "marked"),
    [
        ("cafe", "Café owners count spoons", "Café"),
        ("CREME BRULEE", "Café owners count spoons", "Crème"),
        ("発電", "潮汐発電所が島に電気を送る", "発電"),
        ("島", "潮汐発電所が島に電気を送る", "島"),
        ("محكمة", "المحكمة تنظر في قضية العبّارة", "المحكمة"),
        ("العبارة", "المحكمة تنظر في قضية العبّارة", "العبّارة"),
        ("spoon", "Café owners count spoons", "spoons"),
    ],
)
def test_words_of_many_languages(page: "sync_api.Page", address: str, query: str, head: str, marked: str) -> None:
    assert found(page, address, query) == [head]
    assert page.locator("#results mark").first.inner_text() == marked


def test_strangers_words_stay_words(page: "sync_api.Page", address: str) -> None:
    assert found(page, address, "trap onerror") == ['<img src=x onerror="alert(1)"> & a <mark>trap</mark>']
    assert page.locator("#results img").count() == 0
    assert page.locator("#results mark").all_inner_texts() == ["onerror", "trap"]
    assert page.inner_text("#results .deck") == "Nothing of it is markup: ${1+1} `x` \\"
    hostile = '"><script>alert(1)</script>'
    assert found(page, address, hostile) != []  # some have one of the words
    assert page.input_value("#q") == hostile
    assert page.title().startswith(hostile)


def test_what_is_not_there(page: "sync_api.Page", address: str) -> None:
    assert found(page, address, "zeppelin") == []
    assert page.inner_text("#status") == "No story has these words."
    assert len(found(page, address, "zeppelin spoons")) == 1
    assert page.inner_text("#found") == "No story has all of these words; these have some."
    found(page, address, "the of and")
    assert page.inner_text("#found").startswith("These words are in every story.")


def test_narrowing(page: "sync_api.Page", address: str) -> None:
    found(page, address, "tide")
    everything = page.inner_text("#found")
    page.get_by_label("Law").check()
    page.wait_for_url("**/?q=tide&topic=law")
    sync_api.expect(page.locator("#found")).not_to_have_text(everything)
    assert set(page.locator("#results .kicker a").all_inner_texts()) == {"Law"}
    page.get_by_label("The Kelp Ledger").check()
    page.wait_for_url("**/?q=tide&topic=law&from=kelp.example")
    sync_api.expect(page.locator("#results .chip bdi", has_text="Ferry Post")).to_have_count(0)
    assert page.evaluate("document.activeElement.value") == "kelp.example"  # the list was made anew around it
    assert set(page.locator("#results .chip bdi").all_inner_texts()) == {"The Kelp Ledger"}
    # as many as there are: odd numbers, of every third, without the gaps
    expected = sum(
        1
        for n in range(2004)
        if n % 2 and n % 3 == 0 and n % 11 != 5 and n not in (3, 900, 901, 1500, 1990, 2000, 2003)
    )
    assert page.inner_text("#found") == f"{expected} stories"
    assert page.locator("#results h3").first.inner_text() == "Tide table number 2001 is printed"


def test_a_span_of_time(page: "sync_api.Page", address: str) -> None:
    page.clock.set_fixed_time(datetime.fromtimestamp(20_501 * 86_400, UTC))  # the day after the newest story
    page.goto(f"{address}?q=tide&days=7&by=newest")
    page.wait_for_selector("#results h3")
    assert (
        page.inner_text("#found")
        == f"{sum(1 for n in range(2004) if (2003 - n) // 10 < 7 and n % 11 != 5 and n not in (1990, 2000, 2003))} stories"
    )
    assert page.get_by_label("Past week").is_checked()


def test_more_of_them_and_the_keyboard(page: "sync_api.Page", address: str) -> None:
    found(page, address, "gauge")
    assert len(heads(page)) == 10
    page.get_by_role("button", name="More stories").click()
    expect_results(page, 20)
    assert page.evaluate("[...document.querySelectorAll('#results h3 a')].indexOf(document.activeElement)") == 10
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('#results h3 a')].indexOf(document.activeElement)") == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"


def test_from_a_folder(browser: "sync_api.Browser", paper: Path) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    assert found(page, (paper / "search" / "index.html").as_uri(), "key turns") != []
    assert page.locator("h3 a").first.get_attribute("href") == "../stories/s2000/index.html"
    page.fill("#q", "spoons")
    page.press("#q", "Enter")
    expect_results(page, 1)
    assert page.url.endswith("index.html?q=spoons")
    assert errors == []
    page.close()


def test_without_scripts(browser: "sync_api.Browser", address: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}?q=mill")
    assert page.locator("h2", has_text="The search needs a script").is_visible()
    assert page.get_by_role("link", name="Energy").count() == 2  # in the masthead and here
    assert page.locator("#q").is_hidden()
    page.close()


def test_a_part_that_does_not_come(browser: "sync_api.Browser", address: str) -> None:
    page = browser.new_page()
    page.route("**/words/**", lambda route: route.abort())
    found(page, address, "spoons")
    assert page.inner_text("#status").startswith("A part of the search could not be loaded.")
    page.unroute("**/words/**")
    page.press("#q", "Enter")
    page.wait_for_selector("#results h3")
    page.close()


def test_published_anew_meanwhile(browser: "sync_api.Browser", address: str, paper: Path) -> None:
    """Segments joined after the page was opened: it asks for the newest state once and goes on."""
    page = browser.new_page()
    recent = (paper / "search" / "recent.js").read_text("utf-8")
    older = re.sub(r'"ends":\[\d+\]', '"ends":[1600]', recent)
    assert older != recent
    first = [older]
    page.route(
        "**/recent.js*",
        lambda route: route.fulfill(body=first.pop() if first else recent, content_type="text/javascript"),
    )
    assert found(page, address, "spoons") == ["Café owners count spoons"]
    page.close()


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_the_page_fits(page: "sync_api.Page", address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    found(page, address, "old mill")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_are_cut_alike_here_and_there(page: "sync_api.Page", address: str) -> None:
    """The script's cutting of words is the build's, for any letters."""
    chance = random.Random(24)
    blocks = [
        (0x20, 0x7E),
        (0xA0, 0x24F),
        (0x300, 0x36F),
        (0x370, 0x52F),
        (0x590, 0x6FF),
        (0x900, 0xDFF),
        (0xE00, 0xEFF),
        (0x1000, 0x11FF),
        (0x1E00, 0x20FF),
        (0x2460, 0x24FF),
        (0x3000, 0x30FF),
        (0x4E00, 0x4EFF),
        (0xAC00, 0xACFF),
        (0xFB00, 0xFDFF),
        (0xFF00, 0xFFEF),
        (0x20000, 0x200FF),
    ]
    texts = [
        "Straße ﷺ İstanbul ΣΊΣΥΦΟΣ don’t e\u0301te\u0301 50% GPT-5 snake_case ①½ がぎ ガギ ｶﾞ 東京都2026年 الـمُدُن ٤٢ हिन्दी ภาษาไทย 한국어"
    ]
    for low, high in blocks:
        texts += ["".join(chr(chance.randint(low, high)) for _ in range(40)) for _ in range(15)]
    texts += ["".join(chr(chance.randint(*chance.choice(blocks))) for _ in range(60)) for _ in range(200)]
    script = page.request.get(f"{address}../assets/search.js").text()
    cutting = script[script.index("const MARKS") : script.index("const labelOf")].replace(
        "JSON.parse(form.dataset.said)", "{}"
    )
    page.goto(address)
    there = page.evaluate(
        f"(texts) => {{ const said = {{stop_words: []}}; {cutting} return texts.map(wordsOf); }}", texts
    )
    differing = [(t, words_of(t), w) for t, w in zip(texts, there, strict=True) if words_of(t) != w]
    assert not differing, json.dumps(differing[:3], ensure_ascii=True)


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(page: "sync_api.Page", address: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python")
    script = (resources.files(axe) / "axe.min.js").read_text("utf-8")
    page.set_viewport_size({"width": width, "height": 900})
    found(page, address, "gauge table")
    page.evaluate(script)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        said = page.evaluate("options => axe.run(options)", {"runOnly": rules, "resultTypes": ["violations"]})
        assert [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in said["violations"]] == []
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"search-{width}-{scheme}.jpg", full_page=True, type="jpeg", quality=70)


def test_strangers_titles_arrive_as_they_were(browser: "sync_api.Browser", shared: Path) -> None:
    """Every hostile title through the files of the search, read by a browser: the same text and nothing more."""
    cases = (shared / "data" / "security" / "inject.jsonl").read_text("utf-8").splitlines()
    titles = sorted({str(json.loads(case)["input"].get("title", "")) for case in cases})
    docs = [a_doc(n)._replace(title=title, deck=title[::-1], provider=title) for n, title in enumerate(titles)]
    page = browser.new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto("about:blank")
    page.evaluate("window.got = {}; window.broadsheet = (name, data, rows) => { got[name] = rows ?? data; };")
    for file in full_files(docs, (len(docs) // 32 * 16,)):  # half of them in a segment
        page.evaluate(file.body.decode("utf-8"))
    got = page.evaluate("got")
    rows = [row for name, rows in got.items() if re.match("recent|stories", name) for row in rows]
    assert sorted(rows) == sorted(json.loads(json.dumps(_as_sent(docs))))
    assert page.evaluate("Object.keys(window).filter(k => k.startsWith('pwned'))") == []
    page.close()


def _as_sent(docs: list[SearchDoc]) -> list[list[object]]:
    """What is no character is a question mark."""
    return [[v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in doc] for doc in docs]
