"""The names that common wiki templates have in wikis of other languages."""

# Local names in lower case, by the English name of a template that reads its parameters in the same way. Names in angle
# brackets are no templates, but ways to show one: a date in the wiki's language, a time of day, a number with its unit,
# a height, a quotation in the line, a name that has no article yet, centuries before and after Christ, a link with the
# text that it shows behind its targets, text or a space that no line may end in, text that an editor's mark is around,
# and an editor's mark that may have text of the article in it. The names were checked against bots, converters and
# tests of others that read these wikis; what could not be checked and shows text is left out.
DATE, HOUR, UNIT, HEIGHT, INLINE_QUOTE = "<date>", "<hour>", "<unit>", "<height>", "<inline quote>"
UNTRANSLATED, CENTURY, CENTURY_BC, CENTURIES, LABELLED = (
    "<untranslated>", "<century>", "<century bc>", "<centuries>", "<labelled>",
)  # fmt: skip
UNBROKEN, MARKED, DOUBT = "<unbroken>", "<marked>", "<doubt>"
_NAMES: dict[str, dict[str, str]] = {
    "de": {
        "quote": "zitat|zitat-de|zitat-en",
        "nowrap": "nowrap|unicode|kapitälchen|polytonisch",
        "lang": "lang",
        "frac": "bruch",
        "sort": "sortkey",
        "sortname": "sortkeyname",
        HEIGHT: "höhe",
        DATE: "datum",
        DOUBT: "wann|wer",
        "cn": "anker|hauptartikel|siehe auch|belege fehlen|belege|internetquelle|literatur|commonscat|normdaten"
        "|coordinate|begriffsklärungshinweis|überarbeiten|lückenhaft|veraltet|quellen|absatz|personendaten",
    },
    "fr": {
        INLINE_QUOTE: "citation|guillemets|cita|citation étrangère",
        "quote": "citation bloc|cita bloc|citationbloc",
        UNIT: "unité|unite|nombre|nb|tmp",
        HOUR: "heure",
        DATE: "date|date-|date sport|date naissance|date de naissance|date de naissance-|date décès"
        "|date de décès|date de décès-",
        "nowrap": "nobr|nobr romains|abréviation|abréviation discrète|abrd|refsou|petit|page h'",
        MARKED: "refnec|référence nécessaire|citation nécessaire|quand|passage promotionnel|pas clair",
        DOUBT: "qui|lequel|où|à sourcer|source insuffisante",
        "lang": "langue|lang",
        "nihongo": "japonais",
        CENTURY: "s|s-|siècle",
        CENTURY_BC: "-s|-s-",
        CENTURIES: "s2|s2-",
        "ill": "lien",
        "sup": "exp|exposant",
        "sub": "ind|indice",
        "cn": "article détaillé|article connexe|voir|voir homonymes|portail|palette|coord|note|références|ouvrage"
        "|lien web|article|lien brisé|infobox|légende plume|ébauche",
    },
    "es": {
        "quote": "cita|cita textual",
        UNIT: "unidad",
        DATE: "fecha|fecha de inicio|fecha de nacimiento|fecha de fallecimiento",
        "convert": "convertir",
        "nowrap": "versalita|nowrap",
        UNBROKEN: "esd",
        DOUBT: "cita requerida|cr|cuándo|quién",
        "cn": "ap|vt|véase también|véase|harvnp|harvsp|listaref|control de autoridades|coord|obra citada|cita web"
        "|cita libro|cita noticia|cita publicación|añadir referencias|bandera|ficha|otros usos",
    },
    "ru": {
        "quote": "цитата|врезка с цитатой",
        "num": "число|num|формат числа",
        DATE: "дата|date|дата начала|дата рождения|дата смерти",
        "nowrap": "s|nobr|нет переноса|флагификация|флаг страны|comment|подсказка|comm",
        "nihongo": "нихонго",
        UNTRANSLATED: "нп|нп1|нп2|нп3|нп4|нп5|не переведено|не переведено 2|не переведено 3|не переведено 5|iw",
        "mdash": "тире",
        DOUBT: "нет аи|источник?|когда|когда?|кто|кто?|что|что?|чего|где|уточнить",
        "cn": "см. также|смотри также|основная статья|примечания|флаг|координаты|карточка|нет источников|rq|rp|переход"
        "|книга|статья|cite web|викисклад|перенаправление|значения|якорь|начало цитаты|конец цитаты",
    },
    "it": {
        "quote": "citazione|quote|q",
        "val": "m",
        MARKED: "citazione necessaria|senza fonte|citation needed|fact|sf|cn",
        DOUBT: "chiarire|non chiaro|da chiarire|quando|chi",
        "cn": "vedi anche|nota disambigua|portale|interprogetto|cita web|cita news|cita libro|cita|cita testo"
        "|cita pubblicazione|controllo di autorità|f|c|p|nn|s|w|stub|bandiera",
    },
    "pt": {
        "quote": "citação|quote2",
        UNIT: "fmtn",
        DATE: "dtext|dtlink",
        "nihongo": "japonês",
        DOUBT: "carece de fontes|carece de fontes2|quando|quem",
        "cn": "sem fontes|citar web|citar jornal|citar livro|citar periódico|referências|artigo principal|vertambém"
        "|portal3|controle de autoridade|bandeira",
    },
    "pl": {
        "quote": "cytat",
        "ill": "link-interwiki",
        "lang": "w języku",
        DOUBT: "fakt|kto|kiedy",
        "cn": "odn|przypisy|osobny artykuł|zobacz też|cytuj|cytuj stronę|cytuj książkę|cytuj pismo"
        "|kontrola autorytatywna|państwo|flaga",
    },
    "nl": {
        "quote": "citaat",
        "cn": "bron?|feit|zie hoofdartikel|zie ook|citeer web|citeer boek|citeer journal|appendix",
        DOUBT: "wanneer|wie",
    },
    "uk": {
        "quote": "цитата",
        "num": "число|num",
        "nowrap": "nobr|s",
        UNTRANSLATED: "не перекладено|нп|нп5|iw|iw2",
        DOUBT: "джерело?|джерело|коли|хто|уточнити",
        "cn": "див. також|основна стаття|основна|примітки|флаг|прапорець",
    },
    "ja": {
        "ill": "仮リンク",
        "nowrap": "読み仮名|ruby|ルビ",
        "quote": "引用",
        MARKED: "要出典範囲",
        DOUBT: "要出典|いつ|誰|誰2",
        "cn": "出典の明記|脚注ヘルプ|refnest",
    },
    "zh": {
        LABELLED: "le|ilh|internal link helper|"
        "link-ar|link-cs|link-da|link-de|link-en|link-es|link-fa|link-fi|link-fr|link-he|link-hu|link-id|link-it"
        "|link-ja|link-ko|link-nl|link-no|link-pl|link-pt|link-ro|link-ru|link-sv|link-th|link-tr|link-uk|link-vi",
        "ill": "liw|ill2|多語言連結|多语言链接",
        "lang": "tsl|translink",
        DOUBT: "來源請求|来源请求|何時|何时|誰|谁",
    },
    "ar": {
        "ill": "وإو",
        DOUBT: "مصدر؟|متى",
        "cn": "مرجع ويب|استشهاد ويب|استشهاد بكتاب|بوابة|مفصلة|انظر أيضا|مراجع",
    },
}  # fmt: skip
_ALIASES = {
    language: {name: english for english, names in by_name.items() for name in names.split("|")}
    for language, by_name in _NAMES.items()
}


def english_name(name: str, language: str) -> str:
    """Return the English name, or the way of showing, for a template's name in lower case; the name itself if unknown.

    Args:
        name: as the wiki writes it.
        language: of the wiki, such as `de`.
    """
    return _ALIASES.get(language.partition("-")[0], {}).get(name, name)
