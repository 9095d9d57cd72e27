"""Stories: the articles on one event, grouped as they come in."""
