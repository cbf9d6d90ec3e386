"""Templates compiled for a site give what Jinja gives, whatever is worked out before and whatever is put in place."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from broadsheet.stages.publish.site.compiled import SiteTemplates

HOSTILE = "<b>&amp; \"two\" 'three'</b>"
PARTS = """
{% macro mark(c) -%}<i>{{ c.letter }}</i>{%- endmacro %}
{% macro chip(c, size="small") -%}<span class="{{ size }}">{{ mark(c) }}{{ c.name }}</span>{%- endmacro %}
{% macro time(at, today) -%}<time>{{ w("at", when=at) }}{% if today %} today{% endif %}</time>{%- endmacro %}
{% macro deep(c, n) -%}{{ n }}{% if n %}{{ deep(c, n - 1) }}{% endif %}{{ chip(c) }}{%- endmacro %}
{% macro title() -%}{{ heading }}{%- endmacro %}
{% macro folded(label) -%}<details>{{ label }}{{ caller() }}</details>{%- endmacro %}
{% macro set_within(c) -%}{% set name = c.name ~ "!" %}{{ name }}{% for x in (1, 2) %}{{ x }}{{ mark(c) }}{% endfor %}
{%- endmacro %}
"""
BASE = """<title>{% block title %}{{ site.title }}{% endblock %}</title>{{ w("skip") }}
{% for topic in topics %}<a href="{{ at(topic.path) }}"{% if here == topic.path %} aria-current{% endif %}>{{ topic.name }}</a>{% endfor %}
{% if site.description %}{{ site.description }}{% elif here %}{{ here }}{% else %}nothing{% endif %}
<main>{% block main %}{% endblock %}</main>{{ w("skip")|replace("k", "c") }}{{ "a" ~ site.title }}"""
PAGES = {
    "plain": '{{ p.chip(chip) }}|{{ p.chip(chip, "large") }}|{{ p.chip(size=words, c=chip) }}',
    "nested": "{{ p.time(words, true) }}{{ p.time(words, false) }}{{ p.set_within(chip) }}{{ p.deep(chip, 7) }}",
    "loops": "{% for c in chips %}{{ loop.index }}{{ p.chip(c) }}{{ p.mark(c) }}{% else %}none{% endfor %}",
    "own": "{% macro row(c) %}<li>{{ p.chip(c) }}{{ words }}</li>{% endmacro %}{{ row(chip) }}{{ row(chip) }}",
    "call": "{% call p.folded(words) %}{{ p.mark(chip) }}{{ words }}{% endcall %}",
    "kept": "{% set kept = p.chip(chip) %}{{ kept }}{{ kept|length }}{{ p.mark(chip) ~ words }}",
    "shadowed": "{% for w in chips %}{{ w.name }}{{ p.mark(w) }}{% endfor %}{% set at = words %}{{ at }}",
    "means": "{% set heading = 'other' %}{{ p.title() }}{{ heading }}",
    "args": "{{ w('n', n=3) }}{{ w('who', who=words) }}{{ at('x y/' ~ words) }}{{ w.listed(words, w('skip')) }}",
    "markup": "{{ markup }}{{ p.chip(markup_chip) }}{{ words|e }}{{ markup ~ words }}{{ number }}{{ none }}",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    title: str = HOSTILE
    description: str = ""


class Said:
    """Words of a site, with what no template should let through."""

    def __call__(self, key: str, **values: object) -> str:
        return f"{key}<{','.join(f'{k}={v}' for k, v in values.items())}>"

    def listed(self, *items: str) -> str:
        return ", ".join(items)


TOPICS = tuple(SimpleNamespace(name=f"T&{n}", path=f"topics/{n}/") for n in range(3))
KNOWN: dict[str, Any] = {"w": Said(), "at": lambda path: f"/{path}", "site": Site(), "topics": TOPICS}
CHIP = SimpleNamespace(name=HOSTILE, letter="<")
VALUES: dict[str, Any] = {
    "chip": CHIP, "chips": [CHIP, SimpleNamespace(name="b", letter="'")], "words": HOSTILE, "here": "topics/1/",
    "markup": Markup("<b>bold</b>"), "markup_chip": SimpleNamespace(name=Markup("<u>"), letter="x"), "number": 7,
    "heading": "H<",
}  # fmt: skip


def sources() -> dict[str, str]:
    heads = '{% extends "frame.html" %}{% import "parts.html" as p %}{% block main %}'
    pages = {f"{name}.html": heads + body + "{% endblock %}" for name, body in PAGES.items()}
    return {"frame.html": BASE, "parts.html": PARTS, **pages}


def ours(site: Site | None = None) -> SiteTemplates:
    known = KNOWN | {"site": site or Site()}
    templates = SiteTemplates(known, identity=f"test {site!r}")
    templates.globals["heading"] = None
    templates.loader = DictLoader(sources())
    return templates


def jinjas(site: Site | None = None) -> Environment:
    environment = Environment(
        loader=DictLoader(sources()), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.globals.update(KNOWN | {"site": site or Site()}, heading=None)
    return environment


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("site", [Site(), Site("B", "said <of> it")])
def test_a_page_is_what_jinja_gives(name: str, site: Site) -> None:
    expected = jinjas(site).get_template(f"{name}.html").render(VALUES)
    assert ours(site).get_template(f"{name}.html").render(VALUES) == expected


@pytest.mark.parametrize("body", ["{{ p.chip(chip) }}", "{{ p.chip(chip) ~ words }}", "{{ p.time(words, true) }}"])
def test_a_template_that_stands_for_itself_gives_the_same_without_imports_that_it_does_not_need(body: str) -> None:
    alone = {"alone.html": '{% import "parts.html" as p %}' + body, "parts.html": PARTS}
    pages = []
    for templates in (jinjas(), ours(Site(body))):
        templates.loader = DictLoader(alone)
        pages.append(templates.get_template("alone.html").render(VALUES))
    assert pages[0] == pages[1]
    assert templates.loader is not None
    code = templates.compile(alone["alone.html"], "alone.html", raw=True)
    assert ("get_template" in code) == ("~" in body)


def test_what_is_known_is_worked_out_before() -> None:
    templates = ours()
    assert templates.loader is not None
    code = templates.compile(templates.loader.get_source(templates, "frame.html")[0], "frame.html", raw=True)
    assert "skip&lt;&gt;" in code
    assert "T&amp;2" in code
    assert "/topics/0/" in code


def test_what_is_not_there_is_told_on_the_page_that_wants_it() -> None:
    templates = ours()
    templates.loader = DictLoader({"one.html": "{% if false %}{{ site.nothing }}{% endif %}{{ w.nothing }}"})
    template = templates.get_template("one.html")
    with pytest.raises(UndefinedError):
        template.render()


@given(st.text() | st.integers() | st.none() | st.booleans() | st.floats() | st.text().map(Markup))
def test_values_are_escaped_as_markupsafe_escapes_them(value: object) -> None:
    assert SiteTemplates.escaped(value) == escape(value)
