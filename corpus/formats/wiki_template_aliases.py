"""The names that common wiki templates have in wikis of other languages."""

# Local names in lower case, by the English name of a template that reads its parameters in the same way. Names in angle
# brackets are no templates, but ways to show one: a date in the wiki's language, a number with its unit, a quotation in
# the line, a name that has no article yet, a century, a link with the text that it shows behind its targets.
DATE, UNIT, INLINE_QUOTE, UNTRANSLATED = "<date>", "<unit>", "<inline quote>", "<untranslated>"
CENTURY, CENTURIES, LABELLED = "<century>", "<centuries>", "<labelled>"
_NAMES: dict[str, dict[str, str]] = {
    "de": {
        "quote": "zitat|zitat-de|zitat-en",
        "nowrap": "nowrap|unicode|kapitälchen|polytonisch|hochgestellt nur text|farbe text",
        "lang": "lang|farblink",
        "frac": "bruch",
        "sort": "sortkey|sortkeyname",
        UNIT: "höhe",
        DATE: "datum",
        "cn": "anker|hauptartikel|siehe auch|belege fehlen|belege|internetquelle|literatur|commonscat|normdaten"
        "|coordinate|begriffsklärungshinweis|überarbeiten|lückenhaft|veraltet|quellen|0|absatz|wann|wer",
    },
    "fr": {
        INLINE_QUOTE: "citation|guillemets|cita|citation étrangère",
        "quote": "citation bloc|cita bloc|citationbloc",
        UNIT: "unité|unite|nombre|nb|heure",
        DATE: "date|date-|date sport|date naissance|date de naissance|date décès|date de décès",
        "nowrap": "nobr|nobr romains|abréviation|abréviation discrète|abrd|refnec|référence nécessaire|refsou|petit"
        "|page h'|passage promotionnel|citation nécessaire|pas clair",
        "lang": "langue|japonais|lang",
        CENTURY: "s|s-|siècle",
        CENTURIES: "s2|s2-",
        "ill": "lien",
        "sup": "exp|exposant",
        "sub": "ind|indice",
        "cn": "article détaillé|article connexe|voir|voir homonymes|portail|palette|coord|note|références|ouvrage"
        "|lien web|article|lien brisé|quand|qui|lequel|où|infobox|à sourcer|source insuffisante|légende plume|ébauche",
    },
    "es": {
        "quote": "cita|cita textual",
        UNIT: "unidad",
        DATE: "fecha|fecha de inicio|fecha de nacimiento|fecha de fallecimiento",
        "convert": "convertir",
        "nowrap": "esd|versalita|nowrap",
        "ill": "enlace sin traducir",
        "cn": "cita requerida|ap|vt|véase también|véase|harvnp|harvsp|listaref|control de autoridades|coord|obra citada"
        "|cita web|cita libro|cita noticia|cita publicación|cuándo|quién|añadir referencias|bandera|ficha|otros usos",
    },
    "ru": {
        "quote": "цитата|врезка с цитатой|начало цитаты с текстом",
        "num": "число|num|формат числа",
        DATE: "дата|date|дата начала|дата рождения|дата смерти",
        "nowrap": "s|nobr|нет переноса|флагификация|флаг страны|comment|подсказка|comm",
        UNTRANSLATED: "нп|нп1|нп2|нп3|нп4|нп5|не переведено|не переведено 2|не переведено 3|не переведено 5|iw",
        "mdash": "тире",
        "cn": "нет аи|источник?|когда|кто|кто?|где|уточнить|см. также|основная статья|примечания|флаг|координаты"
        "|карточка|нет источников|rq|rp|переход|книга|статья|cite web|викисклад|перенаправление|значения",
    },
    "it": {
        "quote": "citazione|quote",
        UNIT: "m|unità",
        "cn": "senza fonte|chiarire|vedi anche|nota disambigua|portale|interprogetto|cita web|cita news|cita libro|cita"
        "|controllo di autorità|quando|chi",
    },
    "pt": {
        "quote": "citação|quote2",
        "num": "fmtn",
        DATE: "dtext|dtlink",
        "cn": "carece de fontes|citar web|citar jornal|citar livro|referências|artigo principal|vertambém|quando|quem"
        "|portal3|controle de autoridade",
    },
    "pl": {
        "quote": "cytat",
        "cn": "fakt|kto|kiedy|odn|przypisy|osobny artykuł|zobacz też|cytuj|cytuj stronę|kontrola autorytatywna",
    },
    "nl": {"quote": "citaat", "cn": "bron?|feit|wanneer|wie|zie hoofdartikel|citeer web|appendix"},
    "uk": {
        "quote": "цитата",
        "num": "число|num",
        "nowrap": "nobr|s",
        UNTRANSLATED: "не перекладено|нп",
        "cn": "джерело?|джерело|коли|хто|уточнити|див. також|основна стаття|примітки|флаг",
    },
    "ja": {
        "ill": "仮リンク",
        "nowrap": "読み仮名|ruby|ルビ",
        "quote": "引用",
        "cn": "要出典|いつ|誰|誰2|出典の明記|脚注ヘルプ|refnest|要出典範囲",
    },
    "zh": {LABELLED: "link-en|link-ja|link-de|link-fr|link-ru|link-ko|le", "cn": "來源請求|来源请求|何時|何时|誰|谁"},
    "ar": {"ill": "وإو", "cn": "مصدر؟|مرجع ويب|استشهاد ويب|بوابة|مفصلة|انظر أيضا|متى|مراجع"},
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
