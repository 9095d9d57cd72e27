"""Tells from a message alone whether it is meant for the bot, and what it asks."""

import re

import discord

from bot.answering.question.kind import LONGEST_QUESTION

# Not the messages that Discord itself posts, such as about pins or new members.
QUESTION_TYPES = (discord.MessageType.default, discord.MessageType.reply)


def is_from_person(message: discord.Message) -> bool:
    """Return whether a person wrote a message, in a direct message or in a server that is known."""
    is_human = not message.author.bot and message.webhook_id is None and message.type in QUESTION_TYPES
    # In an unknown server: not a direct message, where everything is a question.
    return is_human and (message.guild is not None or isinstance(message.channel, discord.DMChannel))


def mentions(message: discord.Message, bot_id: int) -> bool:
    """Return whether a message mentions the bot itself; @everyone and roles don't count."""
    return any(user.id == bot_id for user in message.mentions)


def replied_to(message: discord.Message) -> int | None:
    """Return who wrote the message that this one replies to; None if it is no reply, or that message is gone."""
    original = message.reference.resolved if message.reference else None
    return original.author.id if isinstance(original, discord.Message) else None


def is_for_others(message: discord.Message, bot_id: int) -> bool:
    """Return whether a message replies to somebody else, or mentions them."""
    return replied_to(message) not in {None, bot_id} or any(user.id != bot_id for user in message.mentions)


def is_own_thread(channel: object, bot_id: int) -> bool:
    """Return whether the bot opened this thread."""
    return isinstance(channel, discord.Thread) and channel.owner_id == bot_id


def question_text(message: discord.Message, bot_id: int) -> str:
    """Return what a message asks, without mentions of the bot; of a forum's post, the title and the first message."""
    text = re.sub(rf"<@!?{bot_id}>", " ", message.content).strip()
    if not is_post(message):
        return text
    assert isinstance(message.channel, discord.Thread)
    title = message.channel.name.strip()
    if text.endswith("?") and "?" not in title:
        # In one sentence, so that "Did they deny that?" is asked about the title.
        return cut_question(f"{text.rstrip('? ')}: {title}?")
    return cut_question(f"{title}{'.' if text and title[-1:].isalnum() else ''} {text}".strip())


def is_post(message: discord.Message) -> bool:
    """Return whether a message is the first of a forum's post: it has the post's id."""
    channel = message.channel
    if not isinstance(channel, discord.Thread) or channel.id != message.id:
        return False
    return isinstance(channel.parent, discord.ForumChannel)


def cut_question(text: str) -> str:
    """Return a text that is short enough for a question, cut at the end of a sentence."""
    if len(text) <= LONGEST_QUESTION:
        return text
    head = text[:LONGEST_QUESTION]
    end = max(head.rfind(". "), head.rfind("! "), head.rfind("? "))
    return head[: end + 1] if end > 0 else head
