"""Which words are the name of a person: not those by which sites, desks, agencies and systems are called."""

import re
from collections.abc import Iterable

from broadsheet.formats.urls import host_of
from broadsheet.stages.extract.page import Page, fold

_SPLIT = re.compile(
    r"\s*(?:;|\||/|,|•|·|\band\b|\bund\b|\bet\b|&|\by\b(?=\s+[A-ZÁÉÍÓÚÑ])|\bim (?:Gespräch|Interview) mit\b"
    r"|\bin conversation with\b|\bmit\b(?=\s+[A-ZÄÖÜ]))\s*"
)
_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|words|story|report|recipe|text|geschrieben|gespeichert|verfasst|erstellt"
    r"|veröffentlicht|publié|escrito|scritto|view all posts|more posts|(?:zeige )?alle beiträge|alle artikel|alles)"
    r"\s+(?:by|von|par|por|da)|by|von|vom|par|por|di|door|af|av|text|autor(?:in|en|innen)?"
    r"(?:/autor)?|auteurs?|authors?|redactor|作者|责任编辑|記者|기자)(?:\b\s*[:：]?\s+|\s*[:：]\s*)",
    re.I,
)
_CODE = re.compile(r"\s*\([^()]{1,12}\)$")  # an author's mark in the house: `Ada Lovelace (al)`
_TITLES = re.compile(
    r"(?:Ph\.?\s?D|M\.?\s?[DAS]|MBA|MPH|RDN?|CSCS|LL\.?[BM]|Jr|Sr|I{2,3}|Esq|B\.?\s?[AS]c?|M\.?\s?Sc|CEO|CFO|CTO|COO)\.?"
)
_GENERIC = frozenset(
    [
        "administrator",
        "administrador",
        "editor",
        "editors",
        "editorial",
        "redaktion",
        "redaction",
        "redazione",
        "redaccion",
        "redacción",
        "rédaction",
        "redactie",
        "staff",
        "webmaster",
        "publisher",
        "author",
        "autor",
        "guest",
        "gast",
        "gastautor",
        "gastbeitrag",
        "anonymous",
        "unknown",
        "user",
        "root",
        "wordpress",
        "correspondent",
        "reporter",
        "desk",
        "newsdesk",
        "news",
        "team",
        "support",
        "info",
        "alle",
        "all",
        "more",
        "mehr",
        "posts",
        "beiträge",
        "artikel",
        "articles",
        "autoren",
        "authors",
        "profile",
        "profil",
        "null",
        "none",
        "undefined",
        "true",
        "false",
        "deleted",
        "agencies",
        "agenturen",
        "share",
        "teilen",
        "follow",
        "kommentar",
        "kommentare",
        "comment",
        "comments",
        "antworten",
        "reply",
        "impressum",
        "kontakt",
        "contact",
        "home",
        "login",
        "note",
    ]
)
_SYSTEM = re.compile(r"admin|webmaster|wordpress|redaktion", re.I)
_DESK = re.compile(r"(?:redaktion|redaktionsteam|newsroom|news desk|editorial team)$", re.I)
_ORGANISATION = re.compile(
    r"\b(?:gmbh|ag|e\.\s?v|inc|ltd|llc|corp|verlag|redaktion|redaktionsteam|news|blog|magazin|magazine|media|medien"
    r"|zeitung|tv|online|team|staff|verein|verband|agentur|agency|press|presse|institut|institute|university"
    r"|universität|stiftung|foundation|ministerium|ministry|portal|radio|journal|group|gruppe|company|editorial|bundes\w+"
    r"|society|association|network|studio|community|partei|kirche|zentrum|center|centre|kreuz|anstalt|amt|\w*amt"
    r"|amis|friends)\b"
    r"|\.(?:com|de|org|net|at|ch|info|fr|it|es|uk)\b",
    re.I,
)
_ADDRESS = re.compile(r"https?:|www\.|@|[<>{}]")
_NO_NAME = re.compile(r"\d\d|[:?!\"“”©]")
_NICK = re.compile(r"[^\W\d_][\w.\-]{1,29}")
_NO_NICK = re.compile(r"blog|news|media|redaktion|team|admin|online", re.I)
_PARTICLES = frozenset((
    "von", "vom", "van", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le", "al", "el", "bin", "ibn",
    "ben", "dos", "das", "do", "e", "y", "zu", "zur", "ter", "ten", "af", "av",
))  # fmt: skip
# Hosts where each name is somebody's own blog, so that who writes is called like the site.
_OF_BLOGS = (
    ".wordpress.com", ".blogspot.com", ".tumblr.com", ".substack.com", ".medium.com", ".github.io", ".typepad.com",
)  # fmt: skip


def stripped(text: str) -> str:
    """Without `by` before and the house's mark behind."""
    return _CODE.sub("", _BY.sub("", fold(text))).strip(" ,;")


def after_by(line: str) -> str | None:
    """What follows the words of a by-line, None where the line does not begin with any."""
    begin = _BY.match(line)
    return line[begin.end() :] if begin else None


def people(values: Iterable[str], page: Page) -> tuple[str, ...]:
    """The names of people in texts that may hold several, each once."""
    names: list[str] = []
    for value in values:
        text = _BY.sub("", fold(value))
        if len(text) <= 300 and not _ADDRESS.search(text):
            parts = (_CODE.sub("", part).strip(" .–—-") for part in _SPLIT.split(text))
            names += [name for name in parts if not _TITLES.fullmatch(name) and is_person(name, page)]
    return tuple(dict.fromkeys(names))


def is_person(name: str, page: Page) -> bool:
    """Whether this may be the name of a person."""
    words = name.split()
    if not 1 <= len(words) <= 6 or not 3 <= len(name) <= 60 or _NO_NAME.search(name):
        return False
    if any(word.casefold().strip(".,") in _GENERIC for word in words) or _ORGANISATION.search(name):
        return False
    if (name[0].islower() and words[0] not in _PARTICLES) or (len(words) == 1 and _SYSTEM.search(name)):
        return False
    if not name[0].isalpha() or is_site(name, page):
        return False
    return not (_is_in_site(name, page) if len(words) == 1 else _is_of_site(words, page))


def is_nick(name: str, page: Page) -> bool:
    """Whether this may be what somebody calls himself, where the page marks it as an author's name."""
    if host_of(page.url).endswith(_OF_BLOGS):
        return bool(_NICK.fullmatch(name)) and name.casefold() not in _GENERIC
    return (
        bool(_NICK.fullmatch(name))
        and name.casefold() not in _GENERIC
        and not _NO_NICK.search(name)
        and not _ORGANISATION.search(name)
        and not is_site(name, page)
    )


def is_full(name: str) -> bool:
    """Whether it is written as a first and a last name: no office and no sentence is."""
    words = name.split()
    return 2 <= len(words) <= 4 and all(w[0].isupper() or w in _PARTICLES for w in words)


def is_own_claim(name: str) -> bool:
    """Whether this may stand as a publisher's own word for who wrote it: no address, no system."""
    if not name or len(name) > 120 or _ADDRESS.search(name) or _SYSTEM.fullmatch(name):
        return False
    return name.casefold() not in _GENERIC


def is_house(name: str, page: Page) -> bool:
    """Whether it is the site or its newsroom."""
    return bool(_DESK.search(name)) or is_site(name, page)


def is_site(name: str, page: Page) -> bool:
    """Whether it is the very name of the site, or its host."""
    key = _key(name)
    return (
        not key
        or key in {_key(site) for site in page.site_names}
        or key == _key(host_of(page.url).removeprefix("www."))
    )


def _is_in_site(name: str, page: Page) -> bool:
    """Whether a single word is a part of the site's name or holds it."""
    key = _key(name)
    sites = [*(_key(site) for site in page.site_names), _key(host_of(page.url).removeprefix("www."))]
    return any(key in site or site in key for site in sites if site)


def _is_of_site(words: list[str], page: Page) -> bool:
    """Whether the site's label in its host stands in capitals or behind an article: `MDR SACHSEN`, `Die FURCHE`."""
    labels = host_of(page.url).removeprefix("www.").split(".")[:-1]
    return any(w.isupper() and len(w) > 2 and w.casefold() in labels for w in words)


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
