"""Says what to do with kinds of files that nothing reads."""

# By kind: the suffixes, and what to do. Discord's words for it are the phrases `upload-kind-KIND`.
_KINDS = {
    "office": (
        ".doc .docm .dot .rtf .pages .wpd .wps .wri .odm .hwp .gdoc",
        "Save it as .docx or .odt (Save As in the program that opens it).",
    ),
    "sheet": (
        ".xls .xlsx .xlsm .xlsb .ods .fods .numbers .gsheet",
        "Save the sheet as CSV in UTF-8, with a first row that names the columns, such as title, body and date.",
    ),
    "print": (".ppt .pptx .odp .key .gslides .djvu .ps .eps .xps .oxps", "Save it as PDF."),
    "archive": (
        ".zip .7z .rar .tar .tgz .tar.gz .tbz2 .tar.bz2 .tar.xz .txz .gz .bz2 .xz .zst",
        "Unpack it, and ingest the folder.",
    ),
    "email": (".msg .pst .ost .emlx .mbx .oft", "Save the email as .eml."),
    "feed": (".rss .atom .opml .rdf", "Add the feed's address instead: attache feeds add LINK."),
    "book": (".mobi .azw .azw3 .kfx .fb2 .lit .chm", "Convert it to EPUB."),
    "picture": (
        ".jpg .jpeg .png .gif .tif .tiff .bmp .webp .heic .avif",
        "Run text recognition (OCR) on it, and save the result as PDF or text.",
    ),
    "sound": (".mp3 .mp4 .m4a .wav .ogg .opus .flac .mkv .webm .mov .avi", "Save a transcript of it as text (.txt)."),
    "subtitles": (".srt .vtt .sub .ass .ssa .sbv .ttml", "Save its text without numbers and times as .txt."),
    "data": (
        ".sqlite .sqlite3 .db .mdb .accdb .parquet .feather .arrow .pkl .dta .sav",
        "Export it as CSV or JSON Lines.",
    ),
    "page": (".webarchive .maff", "Open it in a browser, and save the page as HTML."),
    "markup": (".tex .rst .adoc .org .textile", "Save its text as Markdown (.md) or plain text (.txt)."),
    "link": (".url .webloc .lnk", "Ingest the page's address itself."),
}
_BY_SUFFIX = {suffix: kind for kind, (suffixes, _hint) in _KINDS.items() for suffix in suffixes.split()}
UNREAD_KINDS = tuple(_KINDS)


def unread_kind(name: str) -> str | None:
    """Return the kind of a file that nothing reads, by its name; None for kinds that are not known."""
    lowered = name.lower()
    return next((kind for suffix, kind in _BY_SUFFIX.items() if lowered.endswith(suffix)), None)


def unread_hint(name: str) -> str | None:
    """Return what to do with a file that nothing reads, by its name; None for kinds that are not known."""
    kind = unread_kind(name)
    return _KINDS[kind][1] if kind else None
