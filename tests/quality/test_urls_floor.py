"""Addresses, measured on the vectors of real tools: all of them are met."""

import json
from pathlib import Path

from broadsheet.formats.urls import amp_cache_url, clean_url, host_of, url_key


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def test_tracking_parameters(shared: Path) -> None:
    cases = _lines(shared / "data" / "feeds" / "miniflux_tracking.jsonl")
    assert [c for c in cases if clean_url(c["input"]) != c["expected"]] == []


def test_every_known_tracking_parameter_goes(shared: Path) -> None:
    names = json.loads((shared / "data" / "feeds" / "miniflux_params.json").read_text("utf-8"))
    kept = [
        name for name in names if clean_url(f"https://paper.example/?{name}=paper.example") != "https://paper.example/"
    ]
    assert kept == []


def test_amp_caches(shared: Path) -> None:
    wrong = []
    for case in _lines(shared / "data" / "feeds" / "amp.jsonl"):
        cache = amp_cache_url(case["url"], viewer=case.get("servingType") == "viewer")
        label = cache.removeprefix("https://").partition(".cdn.")[0]
        if cache != case.get("cache", cache) or label != case.get("subdomain", label):
            wrong.append(case["url"])
    assert wrong == []


def test_an_address_with_tracking_is_the_same_page_as_the_one_without(shared: Path) -> None:
    cases = _lines(shared / "data" / "feeds" / "miniflux_tracking.jsonl")
    assert [c for c in cases if url_key(c["input"]) != url_key(c["expected"])] == []


def test_a_page_in_an_amp_cache_is_the_page(shared: Path) -> None:
    cases = _lines(shared / "data" / "feeds" / "amp.jsonl")
    pages = [c["url"] for c in cases if "/c/" in amp_cache_url(c["url"]) and "." in host_of(c["url"])]
    pages = [url for url in pages if "#" not in url]
    assert pages
    assert [url for url in pages if url_key(amp_cache_url(url)) != url_key(url)] == []
