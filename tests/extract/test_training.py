"""The tool that learns the weights: small made-up publishers in, a file that the package can read out."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from broadsheet.formats.warc import WarcWriter
from broadsheet.model.exchange import Response

TOOL = Path(__file__).parents[2] / "tools" / "train_blocks.py"


def _page(publisher: int, number: int) -> tuple[str, str]:
    text = [
        f"Sentence {i} of article {number} by publisher {publisher} is long enough to count, with a comma and an end."
        for i in range(6)
    ]
    menu = "".join(f'<li class="menu"><a href="/{i}">Section {i}</a></li>' for i in range(8))
    body = "".join(f"<p>{line}</p>" for line in text)
    html = f'<html><body><ul>{menu}</ul><h1>Article {number}</h1><div class="entry">{body}</div><p class=foot>Legal</p>'
    return html, "\n\n".join(text)


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[Path, Path]:
    warc, truth = tmp_path / "pages.warc.gz", tmp_path / "truth.jsonl.gz"
    with WarcWriter(warc) as archive, gzip.open(truth, "wt", encoding="utf-8") as lines:
        for publisher in range(8):
            for number in range(3):
                html, text = _page(publisher, number)
                url = f"https://publisher{publisher}.example/{number}"
                when = datetime(2026, 1, 1, tzinfo=UTC)
                archive.write(Response(url, url, 200, html.encode(), when, {"content-type": "text/html"}))
                lines.write(json.dumps({"url": url, "text": text}) + "\n")
    return warc, truth


def test_learns_and_saves(labelled: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    subprocess.run([sys.executable, TOOL, *labelled, "--trees", "4", "--out", out], check=True, capture_output=True)
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["first_leaves"].shape == (4, 64)
        assert "menu" in arrays["attribute_tokens"]
        assert arrays["attribute_odds"][list(arrays["attribute_tokens"]).index("entry")] > 0


def test_folds_give_the_text_of_publishers_that_were_never_seen(labelled: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "texts.jsonl"
    command = [sys.executable, TOOL, *labelled, "--trees", "6", "--folds", "2", "--out", out]
    subprocess.run(command, check=True, capture_output=True)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(rows) == 24
    assert sum("Sentence 3" in row["text"] and "Section" not in row["text"] for row in rows) >= 20
