"""The real models: what means the same is near, what can't be read is like nothing, and nothing makes them fall."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.adapters.embedding.opening import open_embedder
from broadsheet.ports import Embedder

REPORTS = [
    "Cracks stop all turbines in the sound. The operator shut its farm down after an alarm at the third machine",
    "Tidal farm at a standstill as blades are found cracked. Every turbine was halted when one gave an alarm",
    "Salmon spawn above the old weir for the first time in a century. Biologists counted two hundred fish",
    "Weir's new fish ladder works: salmon are back upstream. About two hundred were seen, biologists say",
    "Village votes to buy a fifth of the power station. The islanders take a loan of six million",
]

ABROAD = {
    "de": "Risse in den Rotorblättern: Alle Turbinen im Sund stehen still. Der Betreiber schaltete nach einem Alarm ab",
    "fr": "Des fissures arrêtent toutes les turbines du détroit. L'exploitant a tout coupé après une alarme",
    "es": "Las grietas paran todas las turbinas del estrecho. La empresa detuvo el parque tras una alarma",
    "pt": "Fissuras param todas as turbinas do estreito. A operadora desligou o parque depois de um alarme",
    "it": "Crepe nelle pale fermano tutte le turbine dello stretto. Il gestore ha spento l'impianto dopo un allarme",
    "nl": "Scheuren leggen alle turbines in de zeestraat stil. De exploitant schakelde het park na een alarm uit",
    "ru": "Трещины остановили все турбины в проливе. Оператор отключил станцию после сигнала тревоги",
    "ja": "羽根に亀裂、海峡のタービンすべて停止 警報を受け運営会社が発電所を止める",
    "zh": "叶片出现裂缝,海峡内所有涡轮机停运,运营商在警报后关闭了电站",
    "ko": "날개 균열로 해협의 터빈 모두 정지, 운영사는 경보 뒤 발전 단지를 멈췄다",
    "ar": "شقوق توقف جميع التوربينات في المضيق والشركة المشغلة تغلق المحطة بعد إنذار",
}


WEEK = {
    "Risse in Petrel 3, 5 und 7: Turbinen im Merrow Sound stehen still": 0,
    "212 Lachse laichen wieder oberhalb von Arlec": 1,
    "Kuramine Electric: Größte Turbine Japans dreht sich unter der Brücke": 2,
    "倉峰海峡の潮流発電が営業運転開始 出力4メガワット、国内最大": 2,
    "英諸島の第6回入札、11事業に412メガワット 落札価格は118ポンド": 3,
}
ENGLISH_WEEK = [
    "Cracked blades on Petrel 5 and 7 stop whole tidal array",
    "Salmon spawn above Arlec for the first time in 60 years",
    "Japan's largest tidal turbine begins work under Kuramine bridge",
    "Sixth tidal auction: eleven projects share 412 megawatts",
    "Last gap in wall of Sarn tidal lagoon is closed",
    "Ulvsund tidal turbine comes through second winter of ice",
    "Storm Petra closes ports and lifts tidal output to a record",
    "New ferry Skua crosses on the tide's own power",
    "Grey seals steer clear of turning tidal rotors, study finds",
]


def test_the_sample_weeks_german_and_japanese_titles_find_the_english_ones(multilingual: Embedder) -> None:
    near = multilingual.embed(list(WEEK)) @ multilingual.embed(ENGLISH_WEEK).T
    assert list(near.argmax(axis=1)) == list(WEEK.values())


def test_reports_of_one_thing_are_nearest(model: Embedder) -> None:
    alike = model.embed(REPORTS) @ model.embed(REPORTS).T
    np.fill_diagonal(alike, -1)
    assert list(alike.argmax(axis=1)[:4]) == [1, 0, 3, 2]


@pytest.mark.parametrize("language", ABROAD)
def test_a_report_in_another_language_finds_the_english_one(multilingual: Embedder, language: str) -> None:
    near = (multilingual.embed([ABROAD[language]]) @ multilingual.embed(REPORTS).T)[0]
    assert near[:2].min() > near[2:].max() + 0.2
    assert near[0] > 0.5


def test_what_can_not_be_read_is_like_nothing(model: Embedder) -> None:
    unreadable = ["", "   ", "2026", "🙂🙂", "\0", "उत्तरी तट के पास भूकंप, हजारों लोगों ने घर छोड़े", "რუსთაველის გამზირი"]
    assert not model.embed(unreadable).any()


def test_the_english_model_leaves_other_languages_alone() -> None:
    english = open_embedder("english")
    assert english is not None
    assert not english.embed([ABROAD["ru"], ABROAD["ja"], ABROAD["zh"], ABROAD["ar"], ABROAD["de"]]).any()


def test_a_row_does_not_depend_on_the_others(model: Embedder) -> None:
    together = model.embed([*REPORTS, *ABROAD.values()])
    alone = np.concatenate([model.embed([text]) for text in [*REPORTS, *ABROAD.values()]])
    assert np.abs(together - alone).max() < 1e-3
    assert np.array_equal(model.embed(REPORTS), model.embed(REPORTS))


def test_no_text_at_all(model: Embedder) -> None:
    assert model.embed([]).shape == (0, model.dimensions)


def test_two_megabytes_are_read_as_their_beginning(model: Embedder) -> None:
    begin = REPORTS[0] + ". " + "The rest of a very long report goes on and on. " * 30
    rows = model.embed([begin, begin + "and on. " * 260_000])
    assert np.allclose(rows[0], rows[1])


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=200), max_size=4))
def test_any_text_gives_a_row(model: Embedder, texts: list[str]) -> None:
    rows = model.embed(texts)
    assert rows.shape == (len(texts), model.dimensions)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert all(length == 0 or abs(length - 1) < 1e-4 for length in lengths)


@pytest.mark.parametrize(
    "text",
    ["\ud800 lone surrogate", "\udfff" * 50, "a\0b\0c", "مرحبا " * 20, "👩‍👩‍👧‍👦 family " * 9, "e\u0301" * 5000, "\u202eright to left", "\u200b" * 900 + "x"],
)  # fmt: skip
def test_odd_texts_give_a_row(model: Embedder, text: str) -> None:
    assert np.isfinite(model.embed([text, "An ordinary headline of the day"])).all()
