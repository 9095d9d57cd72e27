"""The kind of a question, read as the service reads it: by its words and its vector."""

from functools import cache

from bot.answering.question.kind import QuestionKind, question_kind
from index.embedding.embedder import packaged_embedder
from index.search.query import strip_time_words


@cache
def kind_of(question: str) -> QuestionKind:
    """Return a question's kind, with the packaged model's vector as the composer makes it."""
    return question_kind(question, packaged_embedder().encode([strip_time_words(question)])[0])
