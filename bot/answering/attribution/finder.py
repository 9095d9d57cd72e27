"""Finds the attributions of a text: the learned tagger proposes, the lexicon classifies, names resolve."""

from bot.answering.attribution.attribution import Attribution
from bot.answering.attribution.cues import Lexicon
from bot.answering.attribution.decode import Frame, add_certain, decode_cues, decode_roles
from bot.answering.attribution.polarity import judge_cue
from bot.answering.attribution.postprocess import mend
from bot.answering.attribution.speakers import resolve_speakers
from bot.answering.attribution.tagger import Tagger
from bot.answering.attribution.tokens import Tokens, tokenize

_LANGUAGE = "en"


def find_attributions(text: str, language: str | None = None) -> list[Attribution]:
    """The attributions of a text, in the order of their cues; offsets count in the text.

    A passage or a whole body: quotes whose speaker stands in the sentence before or after are found within it. Time is
    linear in the text's length, two to four milliseconds for 140 words.

    Args:
        text: one text; nothing outside it is looked at.
        language: ISO 639-1 code of the text; None is taken as English. In other languages nothing is found: tagger and
            lexicon know English only.
    """
    if language is not None and language[:2].lower() != _LANGUAGE:
        return []
    tokens = tokenize(text)
    frames = _frames(tokens)
    speakers = resolve_speakers(tokens, frames)
    lexicon = Lexicon.load()
    return [_attribution(tokens, frame, speaker, lexicon) for frame, speaker in zip(frames, speakers, strict=True)]


def _frames(tokens: Tokens) -> list[Frame]:
    if not len(tokens):
        return []
    tagger, lexicon = Tagger.load(), Lexicon.load()
    inputs = tagger.inputs(tokens)
    hidden = tagger.encode(inputs)
    cues = decode_cues(tagger.cues(hidden), lambda at: lexicon.is_telling(tokens.words, at))
    certain = lexicon.certain_cues(tokens.words)
    cues = add_certain(cues, certain)
    if not cues:
        return []
    roles = tagger.roles(hidden, inputs, cues)
    decoded = [decode_roles(cue, roles[at], len(tokens)) for at, cue in enumerate(cues)]
    return mend(tokens, decoded, set(certain))


def _attribution(tokens: Tokens, frame: Frame, speaker: str | None, lexicon: Lexicon) -> Attribution:
    kind, negated = judge_cue(tokens, *frame.cue, lexicon)
    return Attribution(
        source=tokens.span(*frame.source) if frame.source else None,
        cue=tokens.span(*frame.cue),
        content=tuple(tokens.span(*run) for run in frame.contents),
        cue_class=kind,
        negated=negated,
        speaker=speaker,
    )
