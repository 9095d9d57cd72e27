"""Sends an e-mail: through a command such as sendmail, or over SMTP."""

import shlex
import smtplib
import ssl
import subprocess
from email.message import EmailMessage

from bot.delivery.errors import NotDelivered
from bot.server_addresses import MailServer
from bot.settings import BadSettings, Settings

# Seconds for the command, and for each answer of a mail server.
COMMAND_TIMEOUT_S, SMTP_TIMEOUT_S = 60.0, 30.0
_LONGEST_REASON = 200


def check_mail(settings: Settings) -> None:
    """Check that mail can be sent.

    Raises:
        BadSettings: a setting is missing.
    """
    if not settings.mail_from:
        raise BadSettings("No sender is set for e-mail.", "Set ATTACHE_MAIL_FROM, such as attache@example.org.")
    if not settings.mail_command.strip() and settings.mail_server is None:
        raise BadSettings(
            "No way to send e-mail is set.",
            "Set ATTACHE_MAIL_COMMAND, such as /usr/sbin/sendmail -t -i, or ATTACHE_SMTP_URL.",
        )


def send_mail(message: EmailMessage, settings: Settings) -> None:
    """Hand an e-mail to the command of the settings, else to their mail server.

    Raises:
        BadSettings: neither is set, or the command can't be read.
        NotDelivered: it was not taken.
    """
    check_mail(settings)
    server = settings.mail_server
    if settings.mail_command.strip() or server is None:
        _hand_over(message, settings.mail_command)
    else:
        _transmit(message, server)


def _hand_over(message: EmailMessage, command: str) -> None:
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise BadSettings(f"ATTACHE_MAIL_COMMAND can't be read ({error}).", "Check its quotation marks.") from error
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            arguments, input=message.as_bytes(), capture_output=True, timeout=COMMAND_TIMEOUT_S, check=False
        )
    except OSError as error:
        raise NotDelivered(
            f"The mail command {arguments[0]} can't be run ({error.strerror}).", "Check ATTACHE_MAIL_COMMAND."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise NotDelivered(f"The mail command {arguments[0]} took too long.", "Run it by hand to see why.") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:_LONGEST_REASON]
        raise NotDelivered(
            f"The mail command {arguments[0]} failed with exit code {done.returncode}{f': {said}' if said else ''}.",
            "Run it by hand to see why.",
        )


def _transmit(message: EmailMessage, server: MailServer) -> None:
    context = ssl.create_default_context()
    try:
        if server.is_tls:
            client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SMTP_TIMEOUT_S, context=context)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=SMTP_TIMEOUT_S)
        with client:
            client.ehlo()
            if not server.is_tls and client.has_extn("starttls"):
                client.starttls(context=context)
                client.ehlo()
            elif not server.is_tls and server.user:
                raise NotDelivered(
                    f"The mail server {server.host} offers no encryption, so the password is not sent to it.",
                    "Use smtps://, or leave name and password out.",
                )
            if server.user:
                client.login(server.user, server.password)
            client.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered(
            f"The mail server {server.host} refused name or password.", "Check ATTACHE_SMTP_URL."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise NotDelivered(f"The mail server {server.host} refused the recipient.", "Check the address.") from error
    except smtplib.SMTPException as error:
        raise NotDelivered(
            f"The mail server {server.host} did not take the e-mail ({type(error).__name__}).",
            "Look at its log, and check ATTACHE_SMTP_URL and ATTACHE_MAIL_FROM.",
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NotDelivered(
            f"The mail server {server.host} can't be reached ({reason}).", "Check ATTACHE_SMTP_URL."
        ) from error
