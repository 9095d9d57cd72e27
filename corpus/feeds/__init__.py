"""Feeds and sitemaps: polled politely, their new articles ingested."""
