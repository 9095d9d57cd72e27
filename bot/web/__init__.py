"""The web page for looking: Datasette over what may be shown, with pages of our own around it."""
