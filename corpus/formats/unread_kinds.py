"""Says what to do with kinds of files that nothing reads."""

_OFFICE = "Save it as .docx or .odt (Save As in the program that opens it)."
_SHEET = "Save the sheet as CSV in UTF-8, with a first row that names the columns, such as title, body and date."
_SLIDES = "Save it as PDF."
_ARCHIVE = "Unpack it, and ingest the folder."
_EMAIL = "Save the email as .eml."
_FEED = "Add the feed's address instead: attache feeds add LINK."
_BOOK = "Convert it to EPUB."
_PICTURE = "Run text recognition (OCR) on it, and save the result as PDF or text."
_SOUND = "Save a transcript of it as text (.txt)."
_SUBTITLES = "Save its text without numbers and times as .txt."
_DATA = "Export it as CSV or JSON Lines."

_HINTS = {
    ".doc .docm .dot .rtf .pages .wpd .wps .wri .odm .hwp .gdoc": _OFFICE,
    ".xls .xlsx .xlsm .xlsb .ods .fods .numbers .gsheet": _SHEET,
    ".ppt .pptx .odp .key .gslides": _SLIDES,
    ".zip .7z .rar .tar .tgz .tar.gz .tbz2 .tar.bz2 .tar.xz .txz .gz .bz2 .xz .zst": _ARCHIVE,
    ".msg .pst .ost .emlx .mbx .oft": _EMAIL,
    ".rss .atom .opml .rdf": _FEED,
    ".mobi .azw .azw3 .kfx .fb2 .lit .chm": _BOOK,
    ".djvu .ps .eps .xps .oxps": _SLIDES,
    ".jpg .jpeg .png .gif .tif .tiff .bmp .webp .heic .avif": _PICTURE,
    ".mp3 .mp4 .m4a .wav .ogg .opus .flac .mkv .webm .mov .avi": _SOUND,
    ".srt .vtt .sub .ass .ssa .sbv .ttml": _SUBTITLES,
    ".sqlite .sqlite3 .db .mdb .accdb .parquet .feather .arrow .pkl .dta .sav": _DATA,
    ".webarchive .maff": "Open it in a browser, and save the page as HTML.",
    ".tex .rst .adoc .org .textile": "Save its text as Markdown (.md) or plain text (.txt).",
    ".url .webloc .lnk": "Ingest the page's address itself.",
}
_BY_SUFFIX = {suffix: hint for suffixes, hint in _HINTS.items() for suffix in suffixes.split()}


def unread_hint(name: str) -> str | None:
    """Return what to do with a file that nothing reads, by its name; None for kinds that are not known."""
    lowered = name.lower()
    return next((hint for suffix, hint in _BY_SUFFIX.items() if lowered.endswith(suffix)), None)
