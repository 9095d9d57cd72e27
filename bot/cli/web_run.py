"""Run `attache web`; apart from its options, since it imports everything that answers, and Datasette."""

from importlib.util import find_spec

from bot.cli.context import Context
from bot.ops.log import configure_logging
from bot.service.attache import Attache
from bot.service.process_memory import share_arenas
from bot.service.stories import group_now
from corpus.errors import AttacheError


def run_web(
    shared: Context, host: str, port: int, collections: tuple[str, ...], *, feeds: bool, servers: tuple[int, ...]
) -> None:
    """Serve the page until it is stopped.

    Raises:
        AttacheError: Datasette is not installed, or the port can't be opened.
        BadSettings: others could reach the page, and no token protects it.
        BadInput: a collection has no articles.
    """
    if find_spec("datasette") is None:
        raise AttacheError(
            "The page needs Datasette, which isn't installed.", "Run `pip install '.[web]'` in Attaché's folder."
        )
    from bot.web.server import check_collections, check_exposure, serve  # noqa: PLC0415 - needs the extra
    from bot.web.shown import Shown  # noqa: PLC0415 - needs the extra

    # Before the first thread.
    share_arenas()
    settings = shared.settings
    token = check_exposure(settings, host)
    configure_logging(settings.log_format)
    with Attache(settings, notify=shared.notify) as attache:
        attache.open()
        group_now(settings, attache.embedder)
        shown = Shown(check_collections(settings, collections), feeds, servers, token, settings.web_url)
        serve(attache, shown, host, port, lambda address: shared.notify(f"Open {address}/ (Ctrl+C stops it)."))
