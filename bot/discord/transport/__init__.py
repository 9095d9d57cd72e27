"""Connections to Discord: gateway, retries, and how a message is sent or edited."""
