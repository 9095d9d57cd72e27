"""The article store: reads, cleans, de-duplicates and stores articles, and cuts them into passages."""
