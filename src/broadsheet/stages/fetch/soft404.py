"""Pages that are not there although the server says 200: an error page, or the front page in place of the article."""

import re
from html import unescape
from urllib.parse import urlsplit

from broadsheet.stages.fetch.visible import visible_text

_LONGEST = 256 * 1024
_HEAD = 64 * 1024
_LITTLE_TEXT = 2_500
_TITLE = re.compile(r"<title[^>]{0,500}>(.{1,300}?)</title", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<h1[^>]{0,500}>(.{1,300}?)</h1", re.IGNORECASE | re.DOTALL)
_SAYS_SO = re.compile(
    r"^(?:(?:oops|sorry|uh[- ]oh)[!.,]* *)?"
    r"(?:(?:http )?(?:error|fehler|erreur|errore|erro|fout|fel|feil)?[ :-]*404\b"
    r"|(?:the |this |that |your )?(?:requested )?(?:page|content|article|story|document|file)"
    r"(?: (?:that )?you (?:requested|are looking for|were looking for))?"
    r" (?:was |is |could |can |has |does )?"
    r"(?:not (?:be )?(?:found|available|exist)|n[o']t be found|been removed|doesn.t exist|unavailable)"
    r"|(?:we )?(?:couldn.t|can.t|could not|cannot) find (?:that|this|the) (?:page|article)|not found$"
    r"|(?:die )?(?:angeforderte )?seite (?:wurde )?nicht gefunden|seite existiert nicht"
    r"|(?:la )?page (?:demandée )?(?:est )?(?:introuvable|non trouvée|n.existe pas)"
    r"|(?:la )?página (?:solicitada )?no (?:encontrada|existe|disponible)|no se (?:ha )?encontr(?:ó|ado) la página"
    r"|(?:a )?página não (?:foi )?encontrada|pagina non trovata|(?:de )?pagina niet gevonden"
    r"|sidan (?:kunde inte hittas|hittades inte)|siden (?:ble|blev) ikke (?:funnet|fundet)|sivua ei löytynyt"
    r"|nie znaleziono strony|strona nie (?:została )?znaleziona|stránka (?:nebyla )?nenalezena"
    r"|страница не найдена|сторінку не знайдено|sayfa bulunamadı|ページが見つかりません|找不到(?:网页|頁面|页面)"
    r"|页面不存在|페이지를 찾을 수 없습니다|الصفحة غير موجودة|הדף לא נמצא)",
    re.IGNORECASE,
)


def soft_404(url: str, final_url: str, body: bytes) -> str | None:
    """Why the page at `url`, which came with a success from `final_url`, is not there; None where nothing says so.

    Sure signs only: a deep address that leads to the front page of its site, or a page without much text that begins
    with the words of an error page.
    """
    if _depth(url) > 0 and _depth(final_url) == 0 and _bare_host(url) == _bare_host(final_url):
        return "leads to the front page"
    if len(body) > _LONGEST:
        return None
    text = body.decode("utf-8", "replace")
    words = next((w for w in (_words(_TITLE, text), _words(_HEADING, text)) if _SAYS_SO.match(w)), None)
    if words is None or len(visible_text(text)) > _LITTLE_TEXT:
        return None
    return f"says {words[:80]!r}, though with a success"


def _words(place: re.Pattern[str], text: str) -> str:
    found = place.search(text, 0, _HEAD)
    return unescape(visible_text(found[1])) if found else ""


def _depth(url: str) -> int:
    """How many parts the path has; a query counts as one."""
    parts = urlsplit(url)
    return len([part for part in parts.path.split("/") if part and not part.startswith("index.")]) + bool(parts.query)


def _bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
