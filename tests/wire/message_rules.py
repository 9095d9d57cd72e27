"""What Discord takes as a message, by the documented limits."""

from typing import Any

from tests.wire.component_rules import check_components
from tests.wire.refusals import Form, Refused

# discord.com/developers/docs/resources/message, "Message flags" and "Create message".
CROSSPOSTED, EPHEMERAL, LOADING, HAS_THREAD, LAYOUT = 1 << 0, 1 << 6, 1 << 7, 1 << 5, 1 << 15
LONGEST_CONTENT = 2000
MOST_EMBEDS, MOST_EMBED_TEXT, MOST_FIELDS = 10, 6000, 25
MOST_FILES = 10
EMBED_TEXTS = (("title", 256), ("description", 4096))
MENTION_KINDS = {"roles", "users", "everyone"}


def check_message(payload: dict[str, Any], files: set[str], *, was_layout: bool = False, is_edit: bool = False) -> None:
    """Checks a message that is sent or changed.

    Args:
        payload: the JSON body.
        files: names of what comes with it, or stays attached.
        was_layout: whether the message that is changed is in components v2 already.
        is_edit: whether a message is changed.

    Raises:
        Refused: it is none that Discord takes.
    """
    form = Form()
    is_layout = was_layout or bool(int(payload.get("flags") or 0) & LAYOUT)
    form.length(("content",), payload.get("content"), LONGEST_CONTENT)
    form.length(("nonce",), None if payload.get("nonce") is None else str(payload["nonce"]), 25)
    _check_embeds(form, payload.get("embeds"))
    _check_mentions(form, payload.get("allowed_mentions"))
    check_components(form, payload.get("components"), is_layout=is_layout, files=files)
    form.count(("attachments",), payload.get("attachments"), MOST_FILES)
    if is_layout:
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if payload.get(name):
                form.error(
                    (name,),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    form.check()
    has_something = any(payload.get(name) for name in ("content", "embeds", "components", "sticker_ids", "poll"))
    if not is_edit and not has_something and not files:
        raise Refused(50006)


def _check_embeds(form: Form, embeds: object) -> None:
    whole = 0
    for place, embed in enumerate(form.count(("embeds",), embeds, MOST_EMBEDS)):
        path = ("embeds", place)
        texts = [(name, embed.get(name), most) for name, most in EMBED_TEXTS]
        texts.append(("footer", (embed.get("footer") or {}).get("text"), 2048))
        texts.append(("author", (embed.get("author") or {}).get("name"), 256))
        for number, each in enumerate(form.count((*path, "fields"), embed.get("fields"), MOST_FIELDS)):
            texts.append((f"fields.{number}.name", each.get("name"), 256))
            texts.append((f"fields.{number}.value", each.get("value"), 1024))
        for name, text, most in texts:
            form.length((*path, name), text, most)
            whole += len(text or "")
    if whole > MOST_EMBED_TEXT:
        form.error(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}")


def _check_mentions(form: Form, allowed: object) -> None:
    if not isinstance(allowed, dict):
        return
    parse = allowed.get("parse") or []
    for place, kind in enumerate(parse):
        if kind not in MENTION_KINDS:
            form.error(("allowed_mentions", "parse", place), "BASE_TYPE_CHOICES", f"{kind} is none of {MENTION_KINDS}")
    for kind in ("users", "roles"):
        listed = form.count(("allowed_mentions", kind), allowed.get(kind), 100)
        if listed and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.error(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
