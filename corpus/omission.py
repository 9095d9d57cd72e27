"""The mark for words that a reader could not take from its source."""

# No news has these brackets. `corpus.passages` leaves out the sentence: it may say something else without the words.
OMITTED = "⟦omitted⟧"
