"""Run `attache brief` and `attache briefs`; apart from their options, since it imports what answers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import typer
from rich.text import Text

from bot.cli.context import Context, ExitCode
from bot.render.brief_documents import Edition, brief_mail
from bot.render.brief_words import brief_shape, rule_words, rules_shape, show_brief, show_rules
from bot.render.envelope import shape
from bot.service import brief_rules as service
from bot.service.attache import Attache
from bot.service.written_answers import required_writer
from corpus.errors import BadInput
from corpus.timestamps import utc_text
from index.filters import Filters


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a brief is sent, as people write it; `weekday` is empty for every day."""

    at: str
    zone: str
    weekday: str


def run_brief(shared: Context, filters: Filters, days: int, eml: Path | None, *, write: bool, as_json: bool) -> None:
    """Show a brief: of the days that the filters name, else of what came in during the last days."""
    writer = required_writer(shared.settings) if write else None
    now = datetime.now(UTC)
    span = (filters.since or date.min, filters.until or now.date()) if filters.since or filters.until else None
    if span and span[0] > span[1]:
        raise BadInput("The last day is before the first.", "Swap the two dates.")
    with Attache(shared.settings, notify=shared.notify) as attache:
        attache.open()
        found = service.brief_now(attache, filters, now, days=days, span=span)
        if writer is not None:
            found = service.written_brief(attache, writer, found, now, filters)
    if eml is not None:
        _save(eml, brief_mail(Edition(0, int(now.timestamp()), utc_text(now), found), *_addresses(shared)).as_bytes())
        shared.notify(f"Written to {eml}.")
    if as_json:
        shared.print_json(brief_shape(found))
    else:
        show_brief(shared.out, found)


def add_rule(
    shared: Context,
    way: str,
    target: str,
    schedule: Schedule,
    collections: list[str],
    *,
    says_empty: bool,
    as_json: bool,
) -> None:
    """Store where a brief goes and when."""
    rule = service.add_rule(
        shared.settings,
        service.make_rule(
            way, target, schedule.at, schedule.zone, schedule.weekday, collections, says_empty=says_empty
        ),
    )
    if as_json:
        shared.print_json(rules_shape([rule]))
    else:
        shared.out.print(Text(f"Brief {rule.id}: {rule_words(rule)}."))
        shared.out.print("It tells what comes in from now on.")


def list_rules(shared: Context, *, as_json: bool) -> None:
    """List the operator's briefs."""
    found = service.read_rules(shared.settings)
    if as_json:
        shared.print_json(rules_shape(found))
    else:
        show_rules(shared.out, found)


def remove_rule(shared: Context, number: int, *, as_json: bool) -> None:
    """Remove one of the operator's briefs."""
    service.drop_rule(shared.settings, number)
    if as_json:
        shared.print_json(shape("brief_removal", {"removed": number}))
    else:
        shared.out.print(f"Brief {number} is sent no more.")


def send_due(shared: Context, *, as_json: bool) -> None:
    """Send what is due.

    Raises:
        typer.Exit: something could not be sent.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        sent = service.send_now(attache)
    if as_json:
        outcome = [{"brief": each.rule.id, "is_empty": each.is_empty, "problem": each.problem or None} for each in sent]
        shared.print_json(shape("briefs_sent", {"sent": outcome}))
    else:
        for each in sent:
            done = f"not sent: {each.problem}" if each.problem else "nothing to tell" if each.is_empty else "sent"
            shared.out.print(Text(f"Brief {each.rule.id}: {done}"))
        if not sent:
            shared.out.print("Nothing is due.")
    if any(each.problem for each in sent):
        raise typer.Exit(ExitCode.FAILURE)


def _addresses(shared: Context) -> tuple[str, str]:
    sender = shared.settings.mail_from or "attache@localhost"
    return sender, sender


def _save(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BadInput(f"The file {path} can't be written ({error.strerror}).", "Choose another.") from error
