"""What Discord takes as components: buttons, menus, layouts and modals, by the documented limits."""

from collections.abc import Iterator
from typing import Any

from tests.wire.refusals import Form

# discord.com/developers/docs/components/reference
ROW, BUTTON, SELECT, TEXT_INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 12, 13, 14, 17, 18
SELECTS = (3, 5, 6, 7, 8)
LAYOUT_TOP = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
IN_CONTAINER = LAYOUT_TOP - {CONTAINER}
MOST_COMPONENTS = 40
MOST_TEXT = 4000


def every(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, those inside others and accessories included."""
    for each in components:
        yield each
        yield from every(each.get("components") or [])
        if each.get("accessory"):
            yield each["accessory"]
        if isinstance(each.get("component"), dict):
            yield from every([each["component"]])


def check_components(form: Form, components: object, *, is_layout: bool, files: set[str]) -> None:
    """Checks the components of a message.

    Args:
        form: takes what is wrong.
        components: as they came.
        is_layout: whether the message has the flag of components v2.
        files: names that come with the message; a file component must name one of them.
    """
    top = form.count(("components",), components, MOST_COMPONENTS if is_layout else 5)
    for place, each in enumerate(top):
        allowed = LAYOUT_TOP if is_layout else {ROW}
        _check(form, ("components", place), each, allowed, files)
    _check_sums(form, top, is_layout=is_layout)


def _check_sums(form: Form, top: list[dict[str, Any]], *, is_layout: bool) -> None:
    found = list(every(top))
    ids = [each["custom_id"] for each in found if "custom_id" in each]
    for double in {each for each in ids if ids.count(each) > 1}:
        form.error(
            ("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", f"Component custom id cannot be duplicated {double}"
        )
    if not is_layout:
        return
    if len(found) > MOST_COMPONENTS:
        form.error(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The message has too many components")
    if sum(len(each.get("content") or "") for each in found if each.get("type") == TEXT) > MOST_TEXT:
        form.error(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The text is too long")


def _check(form: Form, path: tuple[Any, ...], each: object, allowed: set[int], files: set[str]) -> None:
    if not isinstance(each, dict) or each.get("type") not in allowed:
        choices = ", ".join(map(str, sorted(allowed)))
        form.error((*path, "type"), "BASE_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
        return
    kind = each["type"]
    if kind == ROW:
        _check_row(form, path, each, files)
    elif kind == BUTTON:
        _check_button(form, path, each)
    elif kind in SELECTS:
        _check_select(form, path, each)
    elif kind == TEXT:
        form.length((*path, "content"), each.get("content"), MOST_TEXT, 1)
    elif kind == GALLERY:
        form.count((*path, "items"), each.get("items"), 10, 1)
    elif kind in (SECTION, CONTAINER):
        _check_box(form, path, each, files)
    elif kind == FILE:
        url = str((each.get("file") or {}).get("url", ""))
        if not url.startswith("attachment://") or url.removeprefix("attachment://") not in files:
            form.error((*path, "file"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"Not found: {url}")


def _check_box(form: Form, path: tuple[Any, ...], box: dict[str, Any], files: set[str]) -> None:
    is_section = box["type"] == SECTION
    most, allowed = (3, {TEXT}) if is_section else (MOST_COMPONENTS, IN_CONTAINER)
    for place, inner in enumerate(form.count((*path, "components"), box.get("components"), most, 1)):
        _check(form, (*path, "components", place), inner, allowed, files)
    if is_section:
        _check(form, (*path, "accessory"), box.get("accessory"), {BUTTON, THUMBNAIL}, files)


def _check_row(form: Form, path: tuple[Any, ...], row: dict[str, Any], files: set[str]) -> None:
    inner = form.count((*path, "components"), row.get("components"), 5, 1)
    menus = [each for each in inner if isinstance(each, dict) and each.get("type") in SELECTS]
    if menus and len(inner) > 1:
        form.error((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A menu fills its row")
    for place, each in enumerate(inner):
        _check(form, (*path, "components", place), each, {BUTTON, *SELECTS}, files)


def _check_button(form: Form, path: tuple[Any, ...], button: dict[str, Any]) -> None:
    style = button.get("style")
    if style not in range(1, 7):
        form.error((*path, "style"), "BASE_TYPE_CHOICES", 'Value of field "style" must be one of (1, 2, 3, 4, 5, 6).')
    form.length((*path, "label"), button.get("label"), 80)
    if style == 5:
        form.length((*path, "url"), button.get("url"), 512, 1)
        if "custom_id" in button:
            form.error((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_FORBIDDEN", "A link has no custom id")
        if not str(button.get("url", "")).startswith(("https://", "http://", "discord://")):
            form.error((*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').")
    elif style != 6:
        form.length((*path, "custom_id"), button.get("custom_id"), 100, 1)
    if style != 6 and not button.get("label") and not button.get("emoji"):
        form.error(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button has a label or an emoji")


def _check_select(form: Form, path: tuple[Any, ...], menu: dict[str, Any]) -> None:
    form.length((*path, "custom_id"), menu.get("custom_id"), 100, 1)
    form.length((*path, "placeholder"), menu.get("placeholder"), 150)
    if menu["type"] != SELECT:
        return
    options = form.count((*path, "options"), menu.get("options"), 25, 1)
    for place, option in enumerate(options):
        where = (*path, "options", place)
        form.length((*where, "label"), option.get("label"), 100, 1)
        form.length((*where, "value"), option.get("value"), 100, 1)
        form.length((*where, "description"), option.get("description"), 100)
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        form.error((*path, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Values differ")


def check_modal(form: Form, modal: dict[str, Any]) -> None:
    """Checks the data of a modal."""
    form.length(("data", "title"), modal.get("title"), 45, 1)
    form.length(("data", "custom_id"), modal.get("custom_id"), 100, 1)
    for place, each in enumerate(form.count(("data", "components"), modal.get("components"), 5, 1)):
        path = ("data", "components", place)
        if each.get("type") not in (ROW, LABEL, TEXT):
            form.error((*path, "type"), "BASE_TYPE_CHOICES", 'Value of field "type" must be one of (1, 10, 18).')
        if each.get("type") == LABEL:
            form.length((*path, "label"), each.get("label"), 45, 1)
            form.length((*path, "description"), each.get("description"), 100)
        for inner in every([each]):
            if inner.get("type") == TEXT_INPUT:
                form.length((*path, "component", "custom_id"), inner.get("custom_id"), 100, 1)
                form.length((*path, "component", "placeholder"), inner.get("placeholder"), 100)
                form.length((*path, "component", "value"), inner.get("value"), 4000)
