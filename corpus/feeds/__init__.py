"""Keeps the corpus current from lists of articles: feeds and sitemaps, polled politely."""
