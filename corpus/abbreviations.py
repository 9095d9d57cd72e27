"""Tells the full stop of an abbreviation from one that ends a sentence, where sentencex takes it for an end."""

import re
from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Abbreviations before a name or number that sentencex 1.0.32 does not know, by language. One in small letters may also
# begin with a capital; one with a capital counts only as written: "Sec. Lund", but "wait a sec".
_ENGLISH = _set(
    """Ald Alh Amb approx Assoc Atty Barr Bde Bn Cdr Cllr Cmdt Cmsgt Comdt Comm Commr Const Cpt Cst Dep dep't Dir Div
    Engr excl Flt fmr Ft gov't govt incl int'l Intl Ldr Mmes Mohd Muhd nat'l Natl Ofc Ofcr Pte Regt Ret ret
    Secy Shri Smt Spc Sqn Govs Ssgt Ste Sub-Lt Treas Wg"""
)
_GERMAN = _set(
    """abzgl allg bes betr bspw Bundesreg Dipl ehem einschl exkl Fa geb gegr gem gest ggfs Hl Hptm Hrsg Ing inkl insb
    insbes jur Oberstlt Obst Obstlt Red stellv Tsd ungef verh verst vorm zzgl"""
)
_CYRILLIC = _set(
    """адм англ араб букв бул вице-адм вул вып г-жа г-н ген гл греч губ д-р дер див дир др зав зам засл заст изд им инж
    исп кап капит кн контр-адм корп корр куб лат лейт мл наб напр нар нач нед нпр обл оз ок пл подполк полк пом пос пред
    підполк
    през преп прибл пров просп проф ред респ рис св сен серж сов сокр ст стр т.е т.к т.н т.о табл тзв член-корр ім"""
)
_FRENCH = _set(
    "adj amb av boul brig cap cdt Cie cmdt col Dr gal gén lt M maj Me Mes Mgr Mlle Mlles Mme Mmes Pr prof St Ste Sté"
)
_SPANISH = _set(
    """Alm aprox Cía Cmdte Cnel Contralmte Dip Dña Dª Excma Fr Hna Hno Ilmo Mons Pbro Pdta Pdte Pres Profa Pte Rvdo Sen
    Gral Sgto Tcnel Tte Vicealmte"""
)
_PORTUGUESE = _set("Alm aprox Av Cap Cel Cia Cmte Dep Des Exma Gal Gov Ilmo Min núm Pe Pres Profa Srta Sta Ten")
_ITALIAN = _set("amb amm cap ecc min on ten")
_DUTCH = _set("adm burg d.w.z jhr kap kol lt luit maj mevr o.a")
_POLISH = _set(
    """abp adm al art bp bryg Dr gen gm hab im inż kard kmdr kpt ks m.in mec Mec Min mjr nadkom o.o pil podkom ppor ppłk
    prez płk r red rr tj tzw w Wg Woj św"""
)
_TURKISH = _set("A.Ş Alb Alm Av Bkz Bnb Bul Bşk Cad Doç Gör Hz Korg Mah Org Sn Sok Tuğg Tümg Uzm vb Yb Yrd Öğr Şti")
_NORDIC = _set("bl.a dvs f.d f.eks gen kapt kl maj obs s.k t.ex")
_CZECH = _set("arch brig kap kpt mj mjr npor odst plk pplk")
_INDONESIAN = _set("Bpk Brigjen Hj Ir Irjen Jend Jl Kab Kapt Kol Kombes Komjen Letjen Letkol Mayjen Sdr")
_VIETNAMESE = _set("BS GS Ng PGS ThS TP Tp TS")
_HUNGARIAN = _set("dr id ifj özv pl prof szt vö")
_ROMANIAN = _set("av cca dl dna dr d-l d-na ex gen Sf sf str Str")
_GREEK = _set("Αγ αντ βλ γεν δρ Δρ κ κα κκ π.χ στρ Η.Π.Α")
_FINNISH = _set("esim ev kenr ltn mm ns prof")
_DEVANAGARI = _set("इं एड कु जन डा डॉ न्या पं प्रो ब्रि मो रु ले श्री सु स्व")
_BENGALI = _set("অধ্যা অ্যাড ড ডা প্রো মু মো মোঃ")
# "Named for", where the name stands in the genitive; else it is a pronoun.
_NAMED_FOR = {
    "им": re.compile(r"(?:[^\W\d_]|\w+(?:а|я|ы|и|ого|его|ой|ей|ых|их))$"),
    "im": re.compile(r"(?:[^\W\d_]|\w+(?:a|i|y|ego|ej|ich|ych))$"),
}
_CYRILLIC_LANGUAGES = ("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky")
_ABBREVIATIONS: Mapping[str, frozenset[str]] = {
    "en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH, "ca": _SPANISH, "gl": _SPANISH, "pt": _PORTUGUESE,
    "it": _ITALIAN, "nl": _DUTCH, "af": _DUTCH, "pl": _POLISH, "tr": _TURKISH, "az": _TURKISH, "sv": _NORDIC,
    "da": _NORDIC, "no": _NORDIC, "cs": _CZECH, "sk": _CZECH, "id": _INDONESIAN, "ms": _INDONESIAN,
    "vi": _VIETNAMESE, "hi": _DEVANAGARI, "mr": _DEVANAGARI, "ne": _DEVANAGARI, "bn": _BENGALI,
    "hu": _HUNGARIAN, "ro": _ROMANIAN, "el": _GREEK, "fi": _FINNISH,
    **dict.fromkeys(_CYRILLIC_LANGUAGES, _CYRILLIC),
}  # fmt: skip
# Before a number.
_CYRILLIC_NUMBERED = _set("абз вып гл рис ст табл")
_NUMBERED: Mapping[str, frozenset[str]] = {
    "en": _set("approx chap circa est figs para paras secs sect tel vol vols"),
    "es": _set("aprox art cap núm pág"),
    "fr": _set("art env n° no num p"),
    "hi": _set("पृ रु सं"),
    "hu": _set("kb"),
    "it": _set("art num pag pagg"),
    "pl": _set("art godz nr ok pkt poz str ust"),
    "pt": _set("aprox art cap núm pág"),
    "sv": _set("ca kl nr"),
    **dict.fromkeys(_CYRILLIC_LANGUAGES, _CYRILLIC_NUMBERED),
}
# Words that begin a sentence rather than a name.
STARTERS: Mapping[str, frozenset[str]] = {
    "en": _set(
        """The A He She It They We I You This That These Those There When While After Before If In On At For With By
        From To As And But Or Although Though However Meanwhile Its His Her Their Our My Your What Who
        Where Why How Some Many Most Both Not No Now Then Also According Asked Since Until Because Yet
        Still Despite During Under Over About Others Such Each Every Few Several Nobody Nothing None
        Everyone Everybody Someone Somebody Anyone Neither Either Another Other Only Even Just Once Later
        Earlier Today Yesterday Tomorrow Instead Perhaps Maybe Between Among Within Without Against Across
        Whether Would Could Should Will Can Is Are Was Were Has Have Had Do Does Did One Two Three Four
        Five Six Seven Eight Nine Ten Dozens Hundreds Thousands Millions Officials Residents Witnesses
        Authorities Soldiers Rebels Protesters Lawmakers Critics Experts Analysts Diplomats Reporters
        Workers Investigators Prosecutors Negotiators Rescuers"""
    ),
    "de": _set(
        """Der Die Das Den Dem Des Ein Eine Einen Einem Er Sie Es Wir Ich Ihr Man Dies Diese Dieser Dieses Dann Danach
        Doch Aber Und Oder Auch Am Im In An Auf Aus Bei Bis Für Mit Nach Seit Von Vor Zu Zum Zur Während
        Wenn Als Weil Da Dort Hier Jetzt Nun So Was Wer Wie Wo Warum Nicht Kein Keine Seine Ihre Nur Noch
        Damit Dabei Dazu Denn Niemand Nichts Jemand Alle Alles Viele Einige Manche Andere Beide Jeder Jede
        Jedes Ob Ohne Gegen Unter Über Durch Zwischen Heute Gestern Morgen Später Zuvor Zudem Außerdem
        Allerdings Jedoch Trotz Laut Zwei Drei Dutzende Hunderte Tausende Sind Ist Hat Wird"""
    ),
    "ru": _set(
        """Он Она Оно Они Мы Я Вы Ты Это Этот Эта Эти Тот Та То Те В Во На По С Со К Ко Из От До За Для При О Об И А
        Но Или Как Когда Если Что Кто Где Почему Так Там Тогда Затем Потом После Также Однако Его Её Ее Их
        Не Ни Все Всё Никто Ничто Каждый Многие Некоторые Другие Ранее Позже Сейчас Теперь Сегодня Вчера
        Завтра Уже Ещё Еще Между Среди Без Под Над Через После Перед Вместо Согласно Хотя Пока Поэтому
        Кроме Только Даже Вскоре Власти Эксперты Очевидцы Жители Чиновники Сообщается Напомним"""
    ),
    "fr": _set(
        """Le La Les Un Une Des Il Elle Ils Elles On Nous Vous Je Ce Cet Cette Ces Mais Et Ou Dans En À Au Aux Pour
        Personne Rien Chacun Chaque Tous Toutes Certains D'autres Son Sa Ses Leur Leurs Après Avant Depuis
        Pendant Selon Avec Sans Sous Sur Entre Par Puis Alors Quand Lorsque Si Comme Cependant Toutefois
        Hier Demain Aujourd'hui Ni Ne C'est Ceux Celui Celle"""
    ),
    "es": _set(
        """El La Los Las Un Una Él Ella Ellos Nosotros Yo Esto Este Esta Estos Pero Y O En Para Por Con Según No Se
        Nadie Nada Todos Todas Algunos Algunas Muchos Muchas Otros Otras Cada Cuando Mientras Aunque Además
        Ayer Hoy Mañana Después Antes Desde Entre Hasta Sin Sobre Tras Durante Su Sus Al A Ante Contra Como
        Si También Tampoco Ahora Luego Entonces Sin"""
    ),
    "it": _set("Il Lo La I Gli Le Un Una Lui Lei Loro Noi Io Questo Questa Ma E O In Per Con Secondo Non Si"),
    "pt": _set(
        """O A Os As Um Uma Ele Ela Eles Nós Eu Isto Este Esta Mas E Ou Em Para Por Com Segundo Não No Na Ninguém Nada
        Todos Todas Alguns Algumas Muitos Muitas Outros Outras Cada Quando Enquanto Embora Além Ontem Hoje
        Amanhã Depois Antes Desde Entre Até Sem Sobre Após Durante Seu Sua Seus Suas Ao Como Se Também
        Agora"""
    ),
    "tr": _set(
        """Bu Bunlar Bunun Şu O Onlar Ben Biz Siz Bir Ama Ancak Fakat Ve Veya Ayrıca Sonra Daha Önce Dün Bugün Yarın
        Şimdi Kimse Hiç Her Bazı Birçok Çok Tüm Eğer Ne Neden Nasıl Kim Çünkü İki Üç"""
    ),
    "uk": _set(
        """Він Вона Воно Вони Ми Я Ви Ти Це Цей Ця Ці Той Та Те Ті В У На По З Із Зі До Від За Для При Про І Й А Але Або
        Як Коли Якщо Що Хто Де Чому Так Там Тоді Потім Після Також Однак Проте Його Її Їх Їхній Не Ні Усі Всі Все Ніхто
        Ніщо Кожен Багато Деякі Інші Раніше Пізніше Зараз Тепер Сьогодні Вчора Учора Завтра Вже Уже Ще Між Серед Без
        Під Над Через Перед Замість Згідно Хоча Поки Тому Крім Лише Навіть Влада Експерти Очевидці Мешканці"""
    ),
    "nl": _set("De Het Een Hij Zij Ze Wij We Ik Dit Dat Deze Die Maar En Of In Op Voor Met Volgens Niet Er"),
    "pl": _set("On Ona Ono Oni One My Ja To Ten Ta Te Ale I Lub W We Na Po Do Z Ze Dla Według Nie Jak Gdy Kiedy"),
}
# Ends of sentences that sentencex takes for abbreviations: a word that is none, one that ends a list or an amount
# whatever follows, or any other before a word that begins a sentence.
_CAPITAL = "[A-ZÀ-ÖØ-ÞŒŞİĞА-ЯЁІЇЄҐ]"
_AMOUNT = "(?<=\\d[ \u00a0])"
_ENDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (("me|no|ill|art|miss|May|Ida|OK|ID|SEC|DC|LA|CT|AL|PA|etc", rf"(?:{_CAPITAL}|[a-z][A-Z])[\w'’]*"),
           ("U\\.S|U\\.K|U\\.N|E\\.U|D\\.C|Inc|Ltd|Corp|Co|Jr|Sr|bn|mn|tn", "en")),
    "de": (("usw|etc|Art", rf"{_CAPITAL}\w*"), ("Mio|Mrd|Mill|Tsd|[nv]\\. ?Chr|ü\\. ?d\\. ?M|vorm|nachm", "de")),
    "fr": (("etc", rf"{_CAPITAL}\w*"), (r"[aA]v\. J\.-C|apr\. J\.-C", "fr")),
    "es": (("etc", rf"{_CAPITAL}\w*"), (r"EE\. ?UU|[ad]\. ?C|[ap]\. ?m", "es")),
    "it": (("ecc", rf"{_CAPITAL}\w*"),),
    "pt": (("etc", rf"{_CAPITAL}\w*"), (r"[ad]\. ?C", "pt")),
    "tr": (("vb|vs|vd", rf"{_CAPITAL}\w*"), (r"A\.Ş|Ltd\. Şti|M\.[ÖS]", "tr")),
    "ru": ((rf"(?:и|і) др|т\. ?[дп]|руб|чел|долл|{_AMOUNT}(?:тыс|млн|млрд)", rf"{_CAPITAL}\w*"), ("гг?|др|вв?", "ru")),
    "uk": ((rf"та ін|т\. ?[дп]|грн|{_AMOUNT}(?:тис|млн|млрд)", rf"{_CAPITAL}\w*"), ("рр?|ін|ст", "uk")),
    # The library has English abbreviations in Swedish and Norwegian, where they are everyday words ("she", "out").
    "sv": ((rf"art|del|det|ens|hon|jul|kan|me|min|ord|rev|sen|ut|{_AMOUNT}maj", rf"{_CAPITAL}\w*"),),
    **dict.fromkeys(("no", "nb", "nn"), (("art|del|det|jul|kan|min|ord|rev|sen|ut", rf"{_CAPITAL}\w*"),)),
    "da": (("del|form|nat|ned|nord|part|port|rest|ti|to|tv|var|vær", rf"{_CAPITAL}\w*"),),
    # Without capitals, a conjunction before a verb tells.
    "ar": ((r"\d+ ?(?:ق\.م|م|هـ|ص|كم|كلم)", "و[اأتقنيكفدرصبحخذ]\\w{2,}"),),
}  # fmt: skip
_WORD_FOLLOWS = {
    language: [
        (words, "|".join(STARTERS[following]) if following in STARTERS else following) for words, following in pairs
    ]
    for language, pairs in _ENDS.items()
}
# Matches from the abbreviation up to the next sentence.
MISSED_ENDS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(
        "|".join(rf"\b(?:{words})\.[\"”’»“]*\s+(?=[“\"‘„«]?(?:{following})\b)" for words, following in pairs)
    )
    for language, pairs in _WORD_FOLLOWS.items()
}
# Where an abbreviation may end a sentence before one of these. In others it is a title: "M. Le Pen".
_GUARDED = {
    **{language: STARTERS[language] for language in ("en", "de", "pl")},
    **dict.fromkeys(_CYRILLIC_LANGUAGES, STARTERS["ru"]),
    "uk": STARTERS["uk"],
}
# Abbreviations of years and centuries, after a number.
_OF_YEARS = _set("r rr w")
_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\.)"
_TIME = _set("a.m p.m")
_AFTER_TIME = re.compile(
    rf"{_WEEKDAY}|{_MONTH}|(?:New Year['’]s|Christmas|Easter|Thanksgiving)\s+(?:Eve|Day|Sunday|Monday)\b"
    r"|(?:[A-Z]{1,2}[SD]?T|GMT|UTC|MSK|EES?T|CES?T|AE[SD]T|NZ[SD]T)\b"
    r"|(?:Eastern|Central|Mountain|Pacific)(?=[,.;)]|\s+(?:on|and|in|at|to|or)\b|$)"
    r"|[A-Z][a-z]+\s+(?:(?:[Ss]tandard|[Dd]aylight|[Ss]ummer|[Ww]inter|[Mm]ean)\s+)?[Tt]ime\b"
)
_DAY = _set("Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun")
_AFTER_DAY = re.compile(rf"{_MONTH}|(?:Morning|Afternoon|Evening|Night)\b")
_UNITS = _set("bn bln mn mln tn trn trln bil mil mio mrd млн млрд трлн тыс")
_AFTER_UNIT = re.compile(
    r"(?:USD?|EUR|GBP|JPY|CNY|RMB|CHF|RUB|UAH|INR|PKR|KRW|TRY|BRL|ZAR|NGN|AED|SAR|ILS|AUD|CAD|NZD|SEK|NOK|DKK|PLN|HUF"
    r"|CZK|SGD|HKD|TWD|U\.S\.|Dollars?|Euros?|Pounds?|Yen|Yuan|Rupees?|Rou?bles?|Rubel|Francs?|Franken|Pesos?|Reais|Lira"
    r"|Rials?|Riyals?|Dinars?|Dirhams?|Naira|Shillings?|Kronor|Kroner|Tonnen|Barrel|Евро|Долларов|Рублей|Гривен|США)\b"
    rf"|{_WEEKDAY}"
)
_STATES = _set(
    """Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn
    Tex Vt Va Wash Wis Wyo"""
)
_AFTER_STATE = re.compile(r"(?:Gov|Lt|Sen|Sens|Rep|Reps|Atty|Sec)\.|(?:Governor|Attorney General|Mayor)\b")
# "Im 21. Jahrhundert", but not "es waren 12. Dann".
_ORDINAL = re.compile(
    r"\b(?:[aAiI]m|[dD](?:er|ie|as|en|em|es)|[zZ]u[mr]|[vV]om|[bB]eim|ins|bis|seit|und|oder|sein\w*|ihr\w*)\s+\d{1,2}\.$"
)
# A letter or two to three of them ("م", "أ.د", "ا.ف.ب") of a script without capitals: Arabic or Hebrew.
_LONE_LETTERS = re.compile(r"[\u05d0-\u05ea\u0620-\u06d3]\u0640?\u200d?(?:\.[\u05d0-\u05ea\u0620-\u06d3]\u0640?)*")
_AFTER_NUMBER = re.compile(r"\d\s*\S+\.$")
_ARABIC_DAY = re.compile(r"(?:يوم\s+)?(?:ال)?(?:[اإ]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة|سبت|[أا]حد)\b")
# All words above in small letters, by language: most sentences end with none of them.
_KNOWN: Mapping[str, frozenset[str]] = {
    language: frozenset(
        word.lower() for known in (own, _NUMBERED.get(language, ()), _TIME, _DAY, _UNITS, _STATES) for word in known
    )
    for language, own in {"": frozenset[str](), **_ABBREVIATIONS}.items()
}
# Characters of the longest abbreviation of several parts.
_TAIL = 24
_WORD_BEFORE = re.compile(r"[^\s(\[{“„«\"‘/—–]+$")
# Written together with the next word: "l'on. Lind".
_ELISION = re.compile(r"(?:d|l|all|dall|dell|nell|qu|sull)['’](?=\w)", re.IGNORECASE)
# Thai has full stops in abbreviations only, but translated text may end its sentences with them.
_THAI = re.compile(r"(?:^|[^\u0e00-\u0e7f])[\u0e00-\u0e7f]{1,5}\.$")
_WORD_AFTER = re.compile(r"[^\W_][\w'’-]*")


# English abbreviations in small letters that neither sentencex nor the lists above have, since seldom a name follows.
_SMALL_ABBREVIATIONS = _set(
    """abbr abbrev addr admin anon appl arch attn avail biol brit cent chap chem circ coll commr comp conf cont contd
    corr diam dict dist educ elec equiv geog geol hist illus info inst intl intro jour lang lieut misc obit orig para
    pers phil poss pref prob publ refd refs repr resp retd secs spec subj subsp supp suppl surr tech temp topog trad
    trans transl univ vars"""
)
_SMALL_WORD = re.compile(r"(?:^|(?<!www\.)[\s(“\"‘])([a-z]{4,})\.$")


def ends_before_small_letter(before: str, language: str) -> bool:
    """Return whether a full stop ends a sentence though a small letter follows, as in transcripts: "he left. they ...".

    Only where an English word in small letters stands before it. Of 150 such words in 20 MB of web pages two were
    abbreviations. `before` ends with the full stop.
    """
    match = _SMALL_WORD.search(before) if language == "en" else None
    return match is not None and match[1] not in _SMALL_ABBREVIATIONS and match[1] not in _KNOWN["en"]


def is_abbreviated(before: str, after: str, language: str) -> bool:
    """Return whether a full stop belongs to an abbreviation, so that the sentence goes on after it.

    Args:
        before: what ends with the full stop; its last 40 characters are enough.
        after: what follows, without leading white space; its first 40 characters are enough.
        language: ISO 639-1 code.
    """
    last = before[before.rfind(" ") + 1 : -1]
    if len(last) > 1 and last.isalpha() and last.isascii() and last.lower() not in _KNOWN.get(language, _KNOWN[""]):
        return False
    found = _WORD_BEFORE.search(before) if before.endswith(".") else None
    if found is None or len(found[0]) == 1:
        return False
    if "\u0e00" <= before[-2] <= "\u0e7f" and _THAI.search(before):
        return True
    word = _ELISION.sub("", found[0][:-1], count=1)
    if (ends := MISSED_ENDS.get(language)) is not None:
        tail = before[-_TAIL:]
        if any(match.end() == len(tail) + 1 for match in ends.finditer(f"{tail} {after}")):
            return False
    # What follows may be in parentheses: "Amb. (ret.) Lena Quist" is one name.
    following = _WORD_AFTER.match(after.removeprefix("("))
    return following is not None and _goes_on(before, word, after, following[0], language)


def _goes_on(before: str, word: str, after: str, following: str, language: str) -> bool:
    if _LONE_LETTERS.fullmatch(word):
        # After a number it is a unit or an era, which may end a sentence.
        return not _AFTER_NUMBER.search(before) or bool(_ARABIC_DAY.match(after))
    if after[0].isdigit():
        return word.lower() in _NUMBERED.get(language, ())
    return (
        _is_listed(before, word, following, language)
        or _is_initial(before, word, following, language)
        or _takes(word, after)
        or (language == "de" and following not in STARTERS["de"] and bool(_ORDINAL.search(before)))
    )


def _is_listed(before: str, word: str, following: str, language: str) -> bool:
    known = _ABBREVIATIONS.get(language, frozenset())
    # "т. е." is written with and without a space.
    spaced = "".join(before.split()[-2:])[:-1]
    # "Dipl.-Ing.", "ген.-лейт."
    word = word.rpartition(".-")[2]
    is_known = {word, word.lower() if word[1:].islower() else word, spaced} & known
    if not is_known and not ("." in word and all(part in known for part in word.split("."))):
        return False
    if word in _OF_YEARS and not _AFTER_NUMBER.search(before):
        return False
    if following in _GUARDED.get(language, ()):
        return False
    return word not in _NAMED_FOR or bool(_NAMED_FOR[word].match(following))


def _is_initial(before: str, word: str, following: str, language: str) -> bool:
    """Recognize the initial of a name before another part of the name; sentencex knows English ones itself."""
    # "J.-P. Roc", "Jean-P. Roc", but "av. J.-C." is an era.
    last = word.rpartition("-")[2] if word != "J.-C" else ""
    if language == "en" or len(last) != 1 or not last.isupper() or not following[0].isupper():
        return False
    earlier = before.split()[:-1]
    if not earlier:
        return True
    if language in STARTERS:
        return following not in STARTERS[language]
    return earlier[-1][0].isupper()


def _takes(word: str, after: str) -> bool:
    """Return whether the next words belong to a time of day, a day of the week, a unit or a state."""
    if word.lower() in _TIME:
        return bool(_AFTER_TIME.match(after))
    if word in _DAY:
        return bool(_AFTER_DAY.match(after))
    if word.lower() in _UNITS or word.lower().lstrip("$€£0123456789.,") in _UNITS:
        return bool(_AFTER_UNIT.match(after))
    return word in _STATES and bool(_AFTER_STATE.match(after))
