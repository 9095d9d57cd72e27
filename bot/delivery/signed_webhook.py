"""Posts JSON to a webhook, signed as Standard Webhooks asks (github.com/standard-webhooks/standard-webhooks)."""

import base64
import hashlib
import hmac
import time
from dataclasses import replace

import httpx

from bot.delivery.errors import NotDelivered
from bot.service.links import fetch_options
from bot.settings import BadSettings, Settings
from corpus.errors import AttacheError
from corpus.fetch.deadline import Deadline
from corpus.fetch.download import USER_AGENT
from corpus.fetch.link_check import parse_link
from corpus.fetch.transport import PinnedTransport

TIMEOUT_S = 20.0


def check_webhook(settings: Settings) -> None:
    """Check that what is posted can be signed.

    Raises:
        BadSettings: there is no secret.
    """
    if not settings.webhook_secret.get_secret_value():
        raise BadSettings(
            "No secret is set to sign webhooks with.", "Set ATTACHE_WEBHOOK_SECRET to at least 16 random characters."
        )


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature`: HMAC-SHA256 over id, time in seconds and body."""
    signed = b".".join((key.encode(), str(timestamp).encode(), body))
    return f"v1,{base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()}"


def post_signed(address: str, key: str, body: bytes, settings: Settings) -> None:
    """Post JSON to an address; redirects are not followed.

    Args:
        address: http or https, on the public web or in ATTACHE_ALLOWED_HOSTS.
        key: sent as `webhook-id`; the same for the same document, so that a receiver can drop it the second time.
        body: the document.
        settings: have the secret and the allowed hosts.

    Raises:
        BadSettings: there is no secret.
        NotDelivered: the answer was no 2xx, or there was none.
    """
    check_webhook(settings)
    now = int(time.time())
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": key,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(settings.webhook_secret.get_secret_value(), key, now, body),
    }
    options = replace(fetch_options(settings), timeout_s=TIMEOUT_S)
    context = options.ssl_context or httpx.create_ssl_context(trust_env=False)
    try:
        link = parse_link(address, options.allowed)
        transport = PinnedTransport(options, Deadline.after(TIMEOUT_S), context)
        # Nobody reads what it says, however much that is.
        with (
            httpx.Client(transport=transport, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", link, content=body, headers=headers) as response,
        ):
            status = response.status_code
    except AttacheError as error:
        raise NotDelivered(f"The webhook was not reached: {error.message}", error.hint) from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise NotDelivered(f"The webhook did not answer ({type(error).__name__}).", "Check its address.") from error
    if not 200 <= status < 300:
        raise NotDelivered(f"The webhook answered {status}.", "Check its address and its log.")
