"""Recognizes text around an article: page furniture, credits, tables, footers and author biographies."""

import re
from functools import lru_cache
from itertools import chain

# Longer lines are never page furniture. Every search below is linear in the line's length.
_MAX_LENGTH = 600
_MAX_BIOGRAPHY = 1_500

_NAME = r"[A-Z][\w.'’-]*"
_NAMES = rf"{_NAME}(?: {_NAME}){{1,3}}"

_AGENCY = (
    r"AP|AFP|UPI|Reuters|(?:the )?associated press|the AP|agence france-presse|bloomberg(?: news)?|xinhua"
    r"|CNN(?: business)?|BBC(?: news)?|USA TODAY(?: sports| network)?"
)

# Patterns for whole lines, ignoring case.
_LINES = (
    rf"[-–— ]*(?:{_AGENCY})[-–—. ]*",
    r"special (?:to|for) (?:the )?[\w. ]{2,40}",
    r"from (?:staff|[\w ]{2,30}network) (?:and wire )?reports|staff reports?",
    r"(?:advertise?ment|advert|ad|up next|skip ad|(?:sponsored|promoted|paid)(?: content| post)?)[ :.]*",
    r"(?:story|article|content) continues (?:below|after)[\w ]{0,40}[.:]?",
    r"\(?click here\b.{0,120}",
    r"(?:read|show|see|view|load|learn|find out) (?:more|all|(?:the )?full (?:story|article))[ .:…>»→]*",
    r"(?:also|must|further) read(?:ing)?[ :.]*",
    r"(?:subscribe|sign up|log in|donate|share|print|comments?|listen|watch|related)(?: now| here)?[ .:!]*",
    r"share (?:this|on|via|with)\b.{0,60}",
    r"[\d.,]+ ?[km]? (?:shares?|likes?|views?|comments?|retweets?|replies|followers|reactions)",
    r"(?:updated? )?\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?(?: ?\(?[A-Z]{2,4}\)?)?[ :.]*",
    r"\d+ (?:min(?:ute)?s?|hours?|days?) (?:read|ago)",
    r"(?:video ad feedback|now playing)\b.{0,200}",
    r"(?:this is a )?developing story.{0,80}",
    r"(?:view|read|open|see) (?:it|(?:this|the) (?:e-?mail|newsletter|message)) in (?:your|a) (?:web )?browser.{0,80}",
    r"(?:having )?trouble (?:viewing|reading) this (?:e-?mail|newsletter|message)\b.{0,120}",
    r"(?:to )?unsubscribe(?: here| from (?:this|our|these)\b.{0,80})?[ .:|!]*",
)

# Patterns for whole lines, respecting case: datelines and names.
_NAME_LINES = (
    rf"(?:{_NAME},? ){{0,5}}\(?(?:CNN(?: Business)?|AP|Reuters|AFP)\)? ?[—–-]",
    rf"(?:By|BY) {_NAME}(?:,? (?:and )?{_NAME}){{1,7}}(?: ?[|•·,] ?.{{0,60}})?",
    rf"[-–—]{{1,2}} ?{_NAMES}(?:,? USA TODAY)?",
    rf"{_NAMES} on (?:Twitter|X|Instagram|Facebook) ?[:@].{{0,60}}",
)

# Patterns for the beginning of a line.
_LABELS = (
    r"(?:read|see|learn)(?: also| more| next)?|also (?:read|see|watch)"
    r"|more(?: (?:on|from|about|in) [\w ]{1,30})?"
    r"|related(?: \w+)?|recommended|you may (?:also )?like|don['’]t miss|in pictures"
    r"|watch(?: (?:live|now|more))?"
    r"|listen(?: now)?|podcasts?|gallery|(?:just )?for subscribers|live updates|newsletter"
    r"|(?:photo|image|picture|video|graphic|illustration|cover)s?(?: (?:credits?|by|courtesy of|from))?"
)
_CREDITS = (
    r"contributing|contributors?|(?:additional )?reporting by|edited by|editing by|written by|compiled by"
    r"|translated by|with (?:inputs?|files|reporting) from|contact|e-?mail|phone|tel"
)
_WORK = r"(?:article|story|piece|post|column|essay|transcript)"
_DONE = r"(?:published|appeared|updated|corrected|amended|edited|republished|translated|produced)"
_MAILED = r"(?:newsletters?|e-?mails?|alerts?|podcasts?|briefings?|channel|updates|inbox)"
_CONSENT = r"(?:you (?:agree|accept|consent|acknowledge)|privacy policy|terms of (?:use|service))"
_BEGINNINGS = (
    # A label before a long sentence may be prose, hence the lookahead.
    rf"(?!.{{160,}}[.!”\"]$)(?:{_LABELS}) ?:",
    rf"(?:{_CREDITS}) ?:",
    r"\(?(?:additional )?reporting by\b",
    r"(?:sign up|subscribe) (?:here|now|today)\b",
    rf"(?:sign up|subscribe) (?:for|to) (?:[\w'’-]+ ){{0,6}}{_MAILED}\b",
    r"get (?:the (?:latest|day['’]s)|all the latest|more) (?:[\w-]+ ){0,3}(?:news|stories|headlines|updates)\b",
    r"get our (?:[\w'’-]+ ){0,4}(?:newsletters?|apps?|podcasts?|alerts)\b",
    r"you(?:['’]re| are) receiving this (?:e-?mail|newsletter|message|because)\b",
    r"you (?:have )?received this (?:e-?mail|newsletter|message) because\b",
    r"follow (?:us|me|him|her|them)\b|(?:join|like|find|contact|reach) us (?:on|at|via)\b",
    r"(?:contact|reach|e-?mail) (?:me|him|her|them) (?:on|at|via)\b",
    r"(?:follow|tweet) (?:[\w.'’-]+ ){1,8}on (?:twitter|x\b|facebook|instagram|threads|linkedin)",
    r"(?:contact|reach|e-?mail|follow|tweet) [^!?@]{1,80}@",
    r"(?:download|get|try) (?:the|our)\b.{0,60}\bapps?\b",
    r"support (?:local|quality|independent) journalism",
    r"thank you for (?:supporting our|reading|subscribing|signing up)",
    rf"this {_WORK}(?: \w+)? (?:was|has been|is|first|originally)(?: \w+)? {_DONE}\b",
    r"(?:originally|first) (?:published|posted|appeared) (?:on|at|in|by|as)\b",
    r"(?:last )?(?:updated|modified) ?:|last (?:updated|modified) on |editor['’]?s?['’]? note ?:",
    r"(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4}))",
    r"(?:we|this (?:site|website)) uses? cookies|(?:accept|manage|reject)(?: all)? cookies",
    rf"by (?:continuing|clicking|subscribing|submitting)\b.{{0,80}}\b{_CONSENT}\b",
    r"\(?(?:photo|image|picture|illustration) (?:by|credit|courtesy)\b",
    r"the (?:views|opinions) expressed (?:in|by|here|are)\b.{0,80}\b(?:authors?|writers?|contributors?|columnists?)\b",
    r"purchases you make|prices were accurate|as an amazon associate",
    r"we may (?:earn|receive) (?:a )?commission",
)

_RIGHTS = re.compile(r"all rights reserved")
_CAPTION = re.compile(r"\((?:photo|image|picture|ap photo|file photo)(?: by|:| courtesy|/)")
_OFFER = re.compile(
    r"\b(?:your|our) (?:[\w-]+ ){0,4}(?:newsletters?|inbox)\b"
    r"|\b(?:sign up|subscribe to|delivered|join us|get our)\b.*\b(?:newsletters?|inbox)\b"
    r"|\b(?:newsletters?|inbox)\b.*\b(?:sign up|subscribe to|delivered|join us)\b"
)
_SIGN_UP = re.compile(r"\bsign up (?:here|now|today)\b")
# Three letters before it, or an initial: more would be tried from each letter of a line.
_THANKS = re.compile(
    r"(?:(?<=[^.!?]{3})|(?<=[ .][a-z]\.)) contributed (?:reporting )?to this (?:report|story|article)"
    r"(?:\.| .{0,200})?$"
)
# Patterns for the inside of a lowercased line, each with a word that it needs: `in` is ten times as fast as a search.
_INSIDE = (
    ("rights reserved", _RIGHTS), ("newsletter", _OFFER), ("inbox", _OFFER), ("sign up", _SIGN_UP),
    (" contributed ", _THANKS),
)  # fmt: skip
_MAX_CAPTION = 250
# A picture credit at the end of a line, without a full stop.
_CREDIT = re.compile(
    r"(?:getty(?: images)?|\bafp|\bepa|shutterstock|ap photo|/(?:ap|reuters|cnn|usa today[\w ]{0,20})"
    r"|via (?:ap|reuters)"
    r"|zuma press|alamy|istock|courtesy photo|file photo)\)?$",
    re.IGNORECASE,
)
# USA Today and others write links as "Topic:Headline of the other article", without a space or a full stop.
_GLUED_LINK = re.compile(r"[^.!?:|]{2,60}[^\W\d][’'”\"?]?:[^\W_a-z]")
_FULL_STOPS = (".", "!", "。", "！", "۔", "।")
_URL = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_TABLE_RULE = re.compile(r"[\s|:+=-]+")
_SHARING = frozenset({
    "share", "tweet", "email", "e-mail", "print", "facebook", "twitter", "x", "whatsapp", "telegram",
    "linkedin", "copy", "link", "reddit", "pinterest", "pin", "save", "comment", "comments", "messenger",
    "flipboard", "instagram", "youtube", "|", ",", "·", "•",
})  # fmt: skip
_JOINING = frozenset(("and", "|", "&", "-", "–", ","))

_LINE, _NAME_LINE = re.compile("|".join(_LINES), re.IGNORECASE), re.compile("|".join(_NAME_LINES))
_BEGINS = re.compile("|".join(_BEGINNINGS), re.IGNORECASE)

_ROLE = (
    r"(?:expert|reporter|journalist|correspondent|columnist|editor|writer|analyst|commentator|contributor|author"
    r"|researcher|scholar|fellow|professor|lecturer|producer|bureau chief|historian|blogger|freelancer)"
)
# "Jane Doe is an expert in", "The author was a senior fellow at": a name, a role, and its field.
_IS_ROLE = re.compile(
    rf"(?:{_NAMES}|(?:The|This) (?:author|writer)) (?:is|was|has been|works as|writes as) "
    rf"(?:an?|the|our)? ?(?:[\w'’&.-]+,? ){{0,7}}?{_ROLE}s?"
    r"(?:,? (?:and [\w-]+ ){0,2}(?:in|on|of|at|for|with|covering|who|based|focus)|\.$)"
)
_COVERS = re.compile(rf"(?:{_NAMES}|(?:The|This) (?:author|writer)) (?:covers|reports on|writes (?:about|on|for)) ")
_EXPERIENCE = re.compile(
    r"With (?:over |more than |nearly |almost )?(?:[\w-]+ )?(?:years|decades) of (?:[\w-]+ )?experience\b",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"(?:His|Her|Their) (?:work|writing|articles|reporting|commitment|expertise|columns?"
    r"|(?:latest|most recent) book)\b"
    r"|(?:He|She|They) (?:is|are|was) (?:also )?(?:an?|the) (?:[\w-]+ ){0,4}"
    r"(?:author|expert|journalist|reporter|fellow)\b"
    r"|(?:He|She) (?:has written for|writes for|previously (?:worked|reported|covered)|holds an? "
    r"|lives in |tweets )"
    r"|(?:[\w.'’-]+ ){1,4}(?:is the author of|\bcan be (?:reached|contacted|followed))"
    r"|(?:Follow|Contact|Reach|Email|E-mail|Tweet) (?:him|her|them|[\w.'’-]+) (?:on|at|via)\b"
    r"|(?:Follow|Contact|Reach|Email|E-mail|Tweet) [^!?]{1,80}"
    r"(?:@|\bon (?:Twitter|X|Facebook|Instagram|LinkedIn)\b)"
)
# Longer lines contain more than a footer.
_MAX_FOOTER_WORDS = 60
# Quotations, speech verbs and dates: a line with one may belong to the report, however often it recurs. Single
# quotation marks are left out because they are also apostrophes.
_REPORTS = re.compile(
    r"[“”„«»\"]|\b(?:said|says|told|denied|denies|confirmed|announced|according to|claimed)\b"
    r"|\b(?:19|20)\d\d\b|\b\d{1,2}\.\d{1,2}\."
    r"|\b(?:January|February|March|April|June|July|August|September|October|November|December"
    r"|Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec|Januar|Februar|März|Juni|Juli|Oktober|Dezember)\.? \d"
    r"|\b\d{1,2}\.? (?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b"
    r"|\b(?:on|last|next|this) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:yesterday|today|tomorrow)\b(?!['’])"
)
# A page addressing its readers or naming itself. "You" and "we" alone are not enough: reports address readers, too.
_PAGE = re.compile(
    r"\bnewsletters?\b|\bpodcast\b|\bsubscri(?:be|ption)\b|\bsign up\b|\bsigned up\b|\bclick here\b|\bhere\s*>+"
    r"|https?://|\bwww\.|[\w.+-]@[\w-]+\.\w|[\w-]\.(?:com|org|net|co\.uk|de|fr)\b|(?:^|[\s(])@\w{3,}"
    r"|\bfollow (?:us|\w+ on|@)"
    r"|\b(?:twitter|facebook|instagram|tiktok|whatsapp|telegram)\b.{0,80}\b(?:follow|join|channel)\b"
    r"|\bcontent partner\b|\bsupported (?:in (?:whole|part) )?by (?:a |an )?(?:grants?|donations?)\b"
    r"|\bmade possible (?:in part )?by\b|\bearn (?:us )?.{0,30}\bcommission\b|\b(?:privacy|cookie) policy\b"
    r"|\bterms of (?:use|service)\b|\b(?:your|the) (?:data|details|information) (?:you|in this way)\b|©|\bcopyright\b"
    r"|\ball rights reserved\b|\b(?:this|after) ad\b|\bdownload (?:the|our)\b|\bour (?:app|website|free|daily|weekly)\b"
    r"|\b(?:story|article|report|headline)s? (?:was|were|ha(?:s|ve) been) (?:first |originally )?(?:updated|published)"
    r"|\bnewsroom\b|\babonn(?:ieren|iert|ez|ement)\b|\binscrivez\b|\bsuscr[ií]b\w+\b|\biscriviti\b|\bdatenschutz\w*\b"
    r"|\balle rechte vorbehalten\b|\btous droits réservés\b|\bfolgen sie uns\b|\bsuivez-nous\b|\bsíguenos\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?][\"'”’)]*\s*(?=[A-Z])")
_SPEECH = re.compile(r"[“”\"]|\b(?:said|told|added)\b")
_WORK_TITLE = re.compile(r"\b(?:of|books?|novel|titled|called|podcast|newsletter)\s+[“\"][^”\"]{1,120}[”\"]")


def is_table_row(text: str) -> bool:
    """Return whether a line is a row of a table drawn with pipes, or the rule under its header."""
    bars = text.count("|")
    if not bars:
        return False
    if bars == 1:
        return len(text) <= 120 and not text.endswith((".", "!", "?"))
    return len(text) <= 300 * bars or bool(_TABLE_RULE.fullmatch(text))


# Each line is judged twice: when its article is cleaned and when it is cut.
@lru_cache(maxsize=2_000)
def is_boilerplate(text: str) -> bool:
    """Return whether a line belongs to the page rather than the article: an advert, credit, time stamp or link."""
    if not any(map(str.isalnum, text)):
        return True
    if len(text) > _MAX_LENGTH:
        return False
    if (
        _LINE.fullmatch(text)
        or _NAME_LINE.fullmatch(text)
        or _BEGINS.match(text)
        or _is_only_links(text)
        or _is_glued_link(text)
        or _is_caption(text)
    ):
        return True
    lowered = text.lower()
    return any(pattern.search(lowered) for word, pattern in _INSIDE if word in lowered)


def may_be_footer(text: str) -> bool:
    """Return whether a line could recur under every article: short, without speech, without a date."""
    return len(text) <= _MAX_LENGTH and 2 <= len(text.split()) <= _MAX_FOOTER_WORDS and not _REPORTS.search(text)


def addresses_readers(text: str) -> bool:
    """Return whether a page addresses its readers or names itself in a line: newsletters, addresses, rights."""
    return bool(_PAGE.search(text))


def _is_only_links(text: str) -> bool:
    """Return whether a line has only urls, hashtags or names of share buttons."""
    first = text.split(maxsplit=1)[0]
    if not (_begins_link(first) or first in _JOINING or first.lower() in _SHARING):
        # As nearly all lines.
        return False
    words = text.split()
    if words[0].lower() in _SHARING:
        return len(words) > 1 and all(word.lower() in _SHARING for word in words)
    kept = (word for word in words if word not in _JOINING)
    first = next(kept, "")
    if first.startswith("#"):
        return len(first) > 1 and all(word.startswith("#") and len(word) > 1 for word in kept)
    return all(_URL.match(word.lstrip("(<[")) for word in chain((first,), kept))


def _begins_link(word: str) -> bool:
    return word.startswith("#") or _URL.match(word.lstrip("(<[")) is not None


def _is_caption(text: str) -> bool:
    """Recognize a picture's caption by the credit in it, or after it without a full stop."""
    if text[-1] in '.!?”"':
        return False
    if "(" in text and len(text) <= _MAX_CAPTION and _CAPTION.search(text.lower()):
        return True
    return bool(_CREDIT.search(text[-60:]))


def _is_glued_link(text: str) -> bool:
    return len(text) <= 200 and bool(_GLUED_LINK.match(text)) and not text.rstrip("\"'”’)」』").endswith(_FULL_STOPS)


def is_biography(text: str) -> bool:
    """Return whether a closing paragraph is about the author rather than the news."""
    return len(text) <= _MAX_BIOGRAPHY and _begins_biography(text)


def biography_start(text: str) -> int:
    """Return the offset of the author's biography at the end of a paragraph, else `len(text)`."""
    floor = max(0, len(text) - _MAX_BIOGRAPHY)
    for match in _SENTENCE.finditer(text, floor):
        if _begins_biography(text[match.end() :]):
            return match.end()
    return len(text)


def _begins_biography(text: str) -> bool:
    """Judge by the first sentence. A biography has no quotations; news about such a person has."""
    if _SPEECH.search(_WORK_TITLE.sub(" ", text)):
        return False
    return any(p.match(text) for p in (_IS_ROLE, _COVERS, _EXPERIENCE, _CREDENTIALS))
