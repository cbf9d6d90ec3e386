"""Walls: answers that are there to keep robots out. They are named, and never climbed.

A page that merely uses such a service (its script, a captcha beside the comments) is no wall: unless the status or a
header says so, a mark counts only on a page that says next to nothing else.
"""

import re
from collections.abc import Mapping

from broadsheet.stages.fetch.visible import visible_text

LOOKED_AT = 64 * 1024
"""So much of a body is looked at. A challenge is short; what is longer than this is a page."""
_LITTLE_TEXT = 1_500

_BY_STATUS = {
    401: "HTTP 401, it wants a login",
    402: "HTTP 402, it wants to be paid",
    403: "HTTP 403, it forbids us to read it",
    407: "HTTP 407, it wants a login",
    429: "HTTP 429, it had too many requests",
    451: "HTTP 451, the law forbids it",
}
_BY_HEADER = (
    ("cf-mitigated", "", "a challenge of Cloudflare"),
    ("x-datadome", "protected", "a challenge of DataDome"),
    ("x-dd-b", "", "a challenge of DataDome"),
    ("x-amzn-waf-action", "", "a challenge of AWS WAF"),
    ("x-vercel-mitigated", "", "a challenge of Vercel"),
    ("x-kpsdk-ct", "", "a challenge of Kasada"),
    ("x-px-block", "", "a challenge of HUMAN"),
)
# On an error these headers say only who answered.
_BY_SERVER = (
    ("akamaighost", "Akamai"),
    ("cloudflare", "Cloudflare"),
    ("sucuri", "Sucuri"),
    ("ddos-guard", "DDoS-Guard"),
)
_MARKS = {
    b"_cf_chl_opt": "Cloudflare",
    b"cf-browser-verification": "Cloudflare",
    b"challenge-error-text": "Cloudflare",
    b"captcha-delivery.com": "DataDome",
    b"_incapsula_resource": "Imperva",
    b"incapsula incident id": "Imperva",
    b"errors.edgesuite.net": "Akamai",
    b"sec-if-cpt-container": "Akamai",
    b"reference&#32;&#35;": "Akamai",
    b"px-captcha": "HUMAN",
    b"awswafintegration": "AWS WAF",
    b"anubis_challenge": "Anubis",
    b"/.within.website/x/cmd/anubis": "Anubis",
    b"sucuri website firewall": "Sucuri",
    b"ddos-guard": "DDoS-Guard",
    b"captcha": "a captcha",
    b"challenges.cloudflare.com/turnstile": "a captcha",
    b"geetest": "a captcha",
}
"""Words of such pages, in small letters; the last ones stand on other pages too."""
_NO_PAGE = (b"<?xml", b"<rss", b"<feed", b"<rdf", b"{", b"[")
_TITLES = re.compile(
    rb"<title[^>]{0,500}>\s*(?:just a moment|attention required|pardon our interruption|access denied"
    rb"|one moment, please|are you a (?:robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human|human verification"
    rb"|security check|robot check|making sure you(?:'|&#39;|&#x27;)?re not a bot|checking your browser"
    rb"|bot verification)[\s.!?]*[<|-]"
)
_CHALLENGED = frozenset({200, 202, 401, 403, 405, 406, 429, 503})


def wall_before(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Who keeps us out with this answer, and how; None where nobody does.

    `headers` have lower-case names; of `body` the beginning is enough, for answers that are no success too.
    """
    if status in _CHALLENGED and (who := _challenge(status, headers, body)):
        return who
    if status == 403 and (who := _server(headers)):
        return f"{_BY_STATUS[status]} (so says {who})"
    return _BY_STATUS.get(status)


def _challenge(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    for name, value, who in _BY_HEADER:
        if name in headers and headers[name].lower().startswith(value):
            return who
    if len(body) >= LOOKED_AT or b"<" not in body or body.lstrip()[:5].lower().startswith(_NO_PAGE):
        return None
    small = body.lower()
    named = next((who for mark, who in _MARKS.items() if mark in small), None)
    titled = _TITLES.search(small) is not None
    # A captcha stands on many a page that hides nothing.
    if not titled and (named is None or (named == "a captcha" and status == 200)):
        return None
    if len(visible_text(body.decode("latin-1"))) > _LITTLE_TEXT:
        return None
    return "a captcha" if named == "a captcha" else f"a challenge of {named}" if named else "a challenge"


def _server(headers: Mapping[str, str]) -> str | None:
    said = headers.get("server", "").lower()
    return next((who for mark, who in _BY_SERVER if mark in said), None)
