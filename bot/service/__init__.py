"""What every front end calls: answers, look-ups, ingest, feeds, backup, checks."""
