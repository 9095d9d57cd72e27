"""Reads and embeds archives on a Ray cluster; this process alone stores what comes back."""
