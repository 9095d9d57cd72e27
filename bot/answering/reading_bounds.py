"""Bounds how much of each hit is read for an answer: older data folders hold passages and titles of any length."""

from dataclasses import replace

from corpus.sentences import split_sentences
from index.search.retriever import Hit

# Characters of a passage: the longest of 89,000 passages of news has 2,179. Reading forty passages of this length takes
# the only answering thread half a second at most.
MAX_PASSAGE = 3_000
MAX_TITLE = 500


def bound_hit(hit: Hit) -> Hit:
    """Return a hit whose passage has at most MAX_PASSAGE characters, all of whole sentences, and a title to match."""
    passage, article = hit.passage, hit.article
    if len(passage.text) > MAX_PASSAGE:
        # The last sentence may be cut; a sentence is much shorter than the bound, so there are others.
        end = split_sentences(passage.text, 0, MAX_PASSAGE, article.language)[-2].end
        passage = replace(passage, text=passage.text[:end], end=passage.start + end)
    if article.title and len(article.title) > MAX_TITLE:
        article = replace(article, title=article.title[:MAX_TITLE])
    return hit if passage is hit.passage and article is hit.article else replace(hit, passage=passage, article=article)
