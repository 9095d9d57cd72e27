"""Worker threads beside the event loop: answers, look-ups and long jobs."""
