"""Texts in Project Fluent's format: those that all front ends share, in `locales`, and a front end's own."""

from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

SHARED = "bot.render"


def fluent_bundle(language: str, *packages: str) -> FluentBundle:
    """Return the texts of one language in the folders `locales` of these packages."""
    # Isolation marks are hidden characters, which escaped text must not have.
    bundle = FluentBundle([language], use_isolating=False)
    for package in packages:
        for file in sorted(files(package).joinpath("locales", language).iterdir(), key=lambda file: file.name):
            bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
