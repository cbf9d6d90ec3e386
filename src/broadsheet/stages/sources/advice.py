"""What a finding says to people, and what they can do: one sentence each."""

from broadsheet.model.vitals import Finding, Trouble

_WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.SILENT: (
        "nothing new for longer than ever; its longest pause was {span}",
        "Look at its site: if there is news there, the feed is broken or has another address",
    ),
    Trouble.SLOW: ("answers only after {said} seconds", "Nothing, if it passes; else tell its webmaster"),
    Trouble.LOST_DATES: ("entries lost their dates", "Times are now those at which we see them; tell its webmaster"),
    Trouble.LOST_TITLES: ("entries lost their titles", "Tell its webmaster, or look for another feed of the site"),
    Trouble.LOST_LINKS: ("entries lost their links", "Nothing can be read without; look for another feed of the site"),
    Trouble.LOST_TEXTS: ("entries lost their texts", "Pages are read all the same; nothing, if those can be had"),
    Trouble.LOST_AUTHORS: ("entries lost their authors", "Nothing, if the pages name them"),
    Trouble.LOST_IMAGES: ("entries lost their images", "Nothing, if the pages have some"),
    Trouble.EMPTIED: ("lists hardly anything any more ({said} entries)", "Look for another feed of the site"),
    Trouble.NO_FEED: ("answers with something that is no feed: {said}", "Open it in a browser; change its url"),
    Trouble.PARKED: ("its domain is for sale", "Remove it, or find its new address"),
    Trouble.REPLACED: ("is another feed than before: name and entries", "Look whether it is still what you want"),
    Trouble.MOVED: ("has moved for good to {said}", "Change its url in [[sources]]"),
    Trouble.GONE: ("is gone for good: {said}", "Remove it, or find its new address"),
    Trouble.MISSING: ("is not there: {said}", "Open it in a browser; if it moved, change its url"),
    Trouble.BLOCKED: (
        "keeps us out: {said}",
        "Write to its webmaster; set contact in [fetch], that they can write to you",
    ),
    Trouble.THROTTLED: ("wants to be asked less: {said}", "Lower polls_per_day in [fetch]; it is asked when it allows"),
    Trouble.CERTIFICATE: ("has no valid certificate: {said}", "Tell its webmaster; it is not read until then"),
    Trouble.CERTIFICATE_ENDS: ("its certificate ends on {said}", "Tell its webmaster before it does"),
    Trouble.FAILING: ("fails: {said}", "Wait, it is asked again; if it lasts, open it in a browser"),
    Trouble.GARBLED: ("titles arrive in broken letters", "Tell its webmaster: it says another encoding than it uses"),
    Trouble.FUTURE: ("{said} entries are dated in the future", "They count from when we see them; tell its webmaster"),
    Trouble.SAME_DATES: ("all entries have one date", "Times are no longer its own; tell its webmaster"),
    Trouble.CHURN: ("all ids are new at every poll", "Nothing: entries are known again by their addresses"),
    Trouble.STALE: ("serves an older copy, {said} entries behind", "Wait; a cache before it is stuck"),
}


def words_on(finding: Finding) -> str:
    """What is wrong, as the end of a sentence that begins with the source's name."""
    return _WORDS[finding.trouble][0].format(said=finding.said or "?", span=_span(finding.said))


def advice_on(finding: Finding) -> str:
    """What to do."""
    return _WORDS[finding.trouble][1]


def _span(seconds: str) -> str:
    """`4 days` or `7 hours`, of seconds as text."""
    hours = int(seconds) / 3600 if seconds.isdecimal() else 0
    amount, unit = (round(hours / 24), "day") if hours >= 48 else (max(1, round(hours)), "hour")
    return f"{amount} {unit}{'' if amount == 1 else 's'}"
