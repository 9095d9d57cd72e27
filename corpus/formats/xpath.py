"""Compiles XPath expressions once, instead of for each page."""

from collections.abc import Callable
from typing import Any

from lxml import etree, html


def compile_path(expression: str) -> Callable[[html.HtmlElement], Any]:
    """Return a function that gives what an expression finds from an element, as `element.xpath` does."""
    return etree.XPath(expression)
