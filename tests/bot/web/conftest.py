"""Fixtures of the page's tests, where the extra that it needs is installed; without it, each file says why it skips."""

from importlib.util import find_spec

if find_spec("datasette"):
    from tests.bot.web.harness import opened, web_data

    __all__ = ["opened", "web_data"]
