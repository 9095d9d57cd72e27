"""Links from Discord to the web page for looking around, where the operator has one."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.discord.i18n.phrases import Phrases
from corpus.article import SHARED_COLLECTION


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Makes links to the page at an address; none without one, and none to what only one server reads."""

    url: str = ""

    def article(self, number: int, collection: str, phrases: Phrases) -> str:
        """Return ` · [open on the page](<…>)` for an article, or nothing."""
        return self._link(f"article/{number}", (collection,), phrases)

    def story(self, number: int, collections: Iterable[str], phrases: Phrases, view: str = "") -> str:
        """Return the same for a story with articles of these collections; `view` is a page of it, as `/coverage`."""
        return self._link(f"story/{number}{view}", collections, phrases)

    def about(self, name: str, collections: Iterable[str], phrases: Phrases) -> str:
        """Return the same for a country, group or person that articles of these collections name."""
        return self._link(f"about?{urlencode({'q': name})}", collections, phrases)

    def _link(self, path: str, collections: Iterable[str], phrases: Phrases) -> str:
        if not self.url or SHARED_COLLECTION not in collections:
            return ""
        return f" · [{phrases.say('open-on-page')}](<{self.url}/{path}>)"


NO_LINKS = PageLinks()
