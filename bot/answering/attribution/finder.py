"""Finds the attributions of a text: the tagger proposes, the lexicon classifies, names resolve."""

from functools import cache, lru_cache

from threadpoolctl import ThreadpoolController

from bot.answering.attribution.attribution import AttributionSpans
from bot.answering.attribution.cues import Lexicon
from bot.answering.attribution.decode import Frame, add_certain, decode_cues, decode_roles
from bot.answering.attribution.polarity import classify_cue
from bot.answering.attribution.postprocess import repair_frames
from bot.answering.attribution.speakers import resolve_speakers
from bot.answering.attribution.tagger import Tagger
from bot.answering.attribution.tokens import Tokens, tokenize

# Cached texts, a few KB each: tagging is the costliest step of a quote, and similar questions quote the same news.
CACHED_TEXTS = 1024
_LANGUAGE = "en"


@lru_cache(maxsize=CACHED_TEXTS)
def cached_attributions(text: str, language: str | None = None) -> tuple[AttributionSpans, ...]:
    """Return what `find_attributions` does. It depends on nothing else, so servers may share the cache."""
    # The tagger's matrices are so small that splitting them over threads costs ten times what it saves.
    with _threads().limit(limits=1, user_api="blas"):
        return tuple(find_attributions(text, language))


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def find_attributions(text: str, language: str | None = None) -> list[AttributionSpans]:
    """Return the attributions of a passage or a whole body, in the order of their cues.

    Time is linear in the text's length, two to four milliseconds for 140 words.

    Args:
        text: one text; speakers are resolved within it only.
        language: ISO 639-1 code; None means English. Other languages return nothing: tagger and lexicon are English.
    """
    if language is not None and language[:2].lower() != _LANGUAGE:
        return []
    tokens = tokenize(text)
    lexicon = Lexicon.load()
    frames = _find_frames(tokens, lexicon)
    found = []
    for frame, speaker in zip(frames, resolve_speakers(tokens, frames), strict=True):
        cue_class, negated = classify_cue(tokens, *frame.cue, lexicon)
        found.append(
            AttributionSpans(
                source=tokens.span(*frame.source) if frame.source else None,
                cue=tokens.span(*frame.cue),
                content=tuple(tokens.span(*run) for run in frame.contents),
                cue_class=cue_class,
                negated=negated,
                speaker=speaker,
            )
        )
    return found


def _find_frames(tokens: Tokens, lexicon: Lexicon) -> list[Frame]:
    if not len(tokens):
        return []
    tagger = Tagger.load()
    inputs = tagger.inputs(tokens)
    hidden = tagger.encode(inputs)
    certain = lexicon.certain_cues(tokens.words)
    cues = add_certain(
        decode_cues(tagger.cues(hidden), lambda token: lexicon.is_strong_cue(tokens.words, token)), certain
    )
    if not cues:
        return []
    roles = tagger.roles(hidden, inputs, cues)
    frames = [decode_roles(cue, role, len(tokens)) for cue, role in zip(cues, roles, strict=True)]
    return repair_frames(tokens, frames, set(certain))
