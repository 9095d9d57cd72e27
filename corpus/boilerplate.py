"""What surrounds the text of an article: lines of the page, credits, tables, and words about the author."""

import re
from functools import lru_cache
from itertools import chain

# Nothing longer is furniture of a page. Every search below is linear in the line, and the bound keeps it
# short.
_MAX_LENGTH = 600
_MAX_BIOGRAPHY = 1_500

_NAME = r"[A-Z][\w.'’-]*"
_NAMES = rf"{_NAME}(?: {_NAME}){{1,3}}"

_AGENCY = (
    r"AP|AFP|UPI|Reuters|(?:the )?associated press|the AP|agence france-presse|bloomberg(?: news)?|xinhua"
    r"|CNN(?: business)?|BBC(?: news)?|USA TODAY(?: sports| network)?"
)

# The whole line is this, in any case of letters.
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
)

# The same, where capitals matter: datelines that stand alone, names that do.
_NAME_LINES = (
    rf"(?:{_NAME},? ){{0,5}}\(?(?:CNN(?: Business)?|AP|Reuters|AFP)\)? ?[—–-]",
    rf"(?:By|BY) {_NAME}(?:,? (?:and )?{_NAME}){{1,7}}(?: ?[|•·,] ?.{{0,60}})?",
    rf"[-–—]{{1,2}} ?{_NAMES}(?:,? USA TODAY)?",
    rf"{_NAMES} on (?:Twitter|X|Instagram|Facebook) ?[:@].{{0,60}}",
)

# The line begins with this. Labels of a few words stand over long sentences now and then, hence the look
# ahead.
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
    rf"(?!.{{160,}}[.!”\"]$)(?:{_LABELS}) ?:",
    rf"(?:{_CREDITS}) ?:",
    r"\(?(?:additional )?reporting by\b",
    r"(?:sign up|subscribe) (?:here|now|today)\b",
    rf"(?:sign up|subscribe) (?:for|to) (?:[\w'’-]+ ){{0,6}}{_MAILED}\b",
    r"get (?:the (?:latest|day['’]s)|all the latest|more) (?:[\w-]+ ){0,3}(?:news|stories|headlines|updates)\b",
    r"get our (?:[\w'’-]+ ){0,4}(?:newsletters?|apps?|podcasts?|alerts)\b",
    r"follow (?:us|me|him|her|them)\b|(?:join|like|find|contact|reach) us (?:on|at|via)\b",
    r"(?:contact|reach|e-?mail) (?:me|him|her|them) (?:on|at|via)\b",
    r"(?:follow|tweet) (?:[\w.'’-]+ ){1,8}on (?:twitter|x\b|facebook|instagram|threads|linkedin)",
    r"(?:contact|reach|e-?mail|follow|tweet) [^!?@]{1,80}@",
    r"(?:download|get|try) (?:the|our)\b.{0,60}\bapps?\b",
    r"support (?:local|quality|independent) journalism",
    r"thank you for (?:supporting our|reading|subscribing|signing up)",
    rf"this {_WORK}(?: \w+)? (?:was|has been|is|first|originally)(?: \w+)? {_DONE}\b",
    r"(?:originally|first) (?:published|posted|appeared) (?:on|at|in|by|as)\b",
    r"(?:last )?updated ?:|editor['’]?s?['’]? note ?:",
    r"(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4}))",
    r"(?:we|this (?:site|website)) uses? cookies|(?:accept|manage|reject)(?: all)? cookies",
    rf"by (?:continuing|clicking|subscribing|submitting)\b.{{0,80}}\b{_CONSENT}\b",
    r"\(?(?:photo|image|picture|illustration) (?:by|credit|courtesy)\b",
    r"the (?:views|opinions) expressed (?:in|by|here|are)\b.{0,80}\b(?:authors?|writers?|contributors?|columnists?)\b",
    r"purchases you make|prices were accurate|as an amazon associate",
    r"we may (?:earn|receive) (?:a )?commission",
)

# The line has one of these words, in small letters, and what the search behind them finds: words first, since
# looking for a word is ten times as fast as a search.
_RIGHTS = re.compile(r"all rights reserved")
_CAPTION = re.compile(r"\((?:photo|image|picture|ap photo|file photo)(?: by|:| courtesy|/)")
_OFFER = re.compile(
    r"\b(?:your|our) (?:[\w-]+ ){0,4}(?:newsletters?|inbox)\b"
    r"|\b(?:sign up|subscribe to|delivered|join us|get our)\b.*\b(?:newsletters?|inbox)\b"
    r"|\b(?:newsletters?|inbox)\b.*\b(?:sign up|subscribe to|delivered|join us)\b"
)
_SIGN_UP = re.compile(r"\bsign up (?:here|now|today)\b")
_THANKS = re.compile(
    r"(?:[^.!?]|(?<=\b[a-z])\.){3,200} contributed (?:reporting )?to this (?:report|story|article)"
    r"(?:\.| .{0,200})?$"
)
_INSIDE = (
    ("rights reserved", _RIGHTS), ("newsletter", _OFFER), ("inbox", _OFFER), ("sign up", _SIGN_UP),
    (" contributed ", _THANKS),
)  # fmt: skip
_MAX_CAPTION = 250
# The line ends with whose picture it is: no full stop behind it.
_CREDIT = re.compile(
    r"(?:getty(?: images)?|\bafp|\bepa|shutterstock|ap photo|/(?:ap|reuters|cnn|usa today[\w ]{0,20})"
    r"|via (?:ap|reuters)"
    r"|zuma press|alamy|istock|courtesy photo|file photo)\)?$",
    re.IGNORECASE,
)
# USA Today and others set links as "Topic:Headline of the other article", without a space and without an end.
_GLUED_LINK = re.compile(r"[^.!?:|]{2,60}[^\W\d][’'”\"?]?:[^\W_a-z]")
_URL = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)
_TABLE_RULE = re.compile(r"[\s|:+=-]+")
_SHARING = frozenset({
    "share", "tweet", "email", "e-mail", "print", "facebook", "twitter", "x", "whatsapp", "telegram",
    "linkedin", "copy", "link", "reddit", "pinterest", "pin", "save", "comment", "comments", "messenger",
    "flipboard", "instagram", "youtube", "|", ",", "·", "•",
})  # fmt: skip
_JOINING = frozenset(("and", "|", "&", "-", "–", ","))

_WHOLE = (re.compile("|".join(_LINES), re.IGNORECASE), re.compile("|".join(_NAME_LINES)))
_BEGINS = re.compile("|".join(_BEGINNINGS), re.IGNORECASE)

_ROLE = (
    r"(?:expert|reporter|journalist|correspondent|columnist|editor|writer|analyst|commentator|contributor|author"
    r"|researcher|scholar|fellow|professor|lecturer|producer|bureau chief|historian|blogger|freelancer)"
)
# "Jane Doe is an expert in", "The author was a senior fellow at": a name, a role, and what it is a role in.
_IS_ROLE = re.compile(
    rf"(?:{_NAMES}|(?:The|This) (?:author|writer)) (?:is|was|has been|works as|writes as) "
    rf"(?:an?|the|our)? ?(?:[\w'’&.-]+,? ){{0,7}}?{_ROLE}s?"
    r"(?:,? (?:and [\w-]+ ){0,2}(?:in|on|of|at|for|with|covering|who|based|focus)|\.$)",
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
# Words of a footer; longer ones hold something else, too.
_MOST_FOOTER_WORDS = 60
# Signs of speech, of what somebody said and of when: a line that has one may be part of the report, however often it
# comes back. Single quotation marks are left out: they are apostrophes, too.
_REPORTS = re.compile(
    r"[“”„«»\"]|\b(?:said|says|told|denied|denies|confirmed|announced|according to|claimed)\b"
    r"|\b(?:19|20)\d\d\b|\b\d{1,2}\.\d{1,2}\."
    r"|\b(?:January|February|March|April|June|July|August|September|October|November|December"
    r"|Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec|Januar|Februar|März|Juni|Juli|Oktober|Dezember)\.? \d"
    r"|\b\d{1,2}\.? (?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b"
    r"|\b(?:on|last|next|this) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:yesterday|today|tomorrow)\b(?!['’])",
)
# What a page says to its readers, or about itself. "You" and "we" alone don't tell: reports address readers, too.
_PAGE = re.compile(
    r"\bnewsletters?\b|\bpodcast\b|\bsubscri(?:be|ption)\b|\bsign up\b|\bsigned up\b|\bclick here\b|\bhere\s*>+"
    r"|https?://|\bwww\.|[\w.+-]+@[\w-]+\.\w|\b[\w-]+\.(?:com|org|net|co\.uk|de|fr)\b|(?:^|[\s(])@\w{3,}"
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
    """Tell a row of a table drawn with pipes, or the rule under its head."""
    bars = text.count("|")
    if not bars:
        return False
    if bars == 1:
        return len(text) <= 120 and not text.endswith((".", "!", "?"))
    return len(text) <= 300 * bars or bool(_TABLE_RULE.fullmatch(text))


# An article's lines are judged when it is cleaned and again when it is cut.
@lru_cache(maxsize=2_000)
def is_boilerplate(text: str) -> bool:
    """Tell a line that belongs to the page and not to the article: adverts, credits, stamps, links."""
    if not any(map(str.isalnum, text)):
        return True
    if len(text) > _MAX_LENGTH:
        return False
    return (
        any(pattern.fullmatch(text) for pattern in _WHOLE)
        or bool(_BEGINS.match(text))
        or _is_only_links(text)
        or _is_glued_link(text)
        or _is_caption(text)
        or _has_offer(text.lower())
    )


def may_be_footer(text: str) -> bool:
    """Tell a line that could stand under every article: short, without speech, without a date."""
    return 2 <= len(text.split()) <= _MOST_FOOTER_WORDS and len(text) <= _MAX_LENGTH and not _REPORTS.search(text)


def addresses_readers(text: str) -> bool:
    """Tell a line in which the page speaks to its readers or about itself: newsletters, addresses, rights, partners."""
    return bool(_PAGE.search(text))


def _is_only_links(text: str) -> bool:
    """Tell a line of addresses, of hashtags or of names of buttons."""
    words = text.split()
    if words[0].lower() in _SHARING:
        return len(words) > 1 and all(word.lower() in _SHARING for word in words)
    kept = (word for word in words if word not in _JOINING)
    first = next(kept, "")
    if first.startswith("#"):
        return len(first) > 1 and all(word.startswith("#") and len(word) > 1 for word in kept)
    return all(_URL.match(word.lstrip("(<[")) for word in chain((first,), kept))


def _is_caption(text: str) -> bool:
    """Tell the caption of a picture by the credit in it, or behind it without a full stop."""
    if text[-1] in '.!?”"':
        return False
    if "(" in text and len(text) <= _MAX_CAPTION and _CAPTION.search(text.lower()):
        return True
    return bool(_CREDIT.search(text[-60:]))


def _has_offer(lowered: str) -> bool:
    return any(word in lowered and pattern.search(lowered) for word, pattern in _INSIDE)


def _is_glued_link(text: str) -> bool:
    return len(text) <= 200 and bool(_GLUED_LINK.match(text)) and not text.rstrip("\"'”’)").endswith((".", "!"))


def is_biography(text: str) -> bool:
    """Tell a closing paragraph about the author rather than about the news."""
    return len(text) <= _MAX_BIOGRAPHY and _begins_biography(text)


def biography_start(text: str) -> int:
    """Return where words about the author begin at the end of a paragraph, else `len(text)`."""
    floor = max(0, len(text) - _MAX_BIOGRAPHY)
    for match in _SENTENCE.finditer(text, floor):
        if _begins_biography(text[match.end() :]):
            return match.end()
    return len(text)


def _begins_biography(text: str) -> bool:
    """Judge by the first sentence; news about such people quotes them, a biography does not."""
    if _SPEECH.search(_WORK_TITLE.sub(" ", text)):
        return False
    return any(p.match(text) for p in (_IS_ROLE, _COVERS, _EXPERIENCE, _CREDENTIALS))
