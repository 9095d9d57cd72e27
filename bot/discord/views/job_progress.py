"""The page of a running job: progress bar, rate, time left, and a button to cancel it."""

import time

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.workers.jobs import Job, Progress

# Characters of the bar; with the percentage it fits a line on a phone.
_BAR_WIDTH = 16


def progress_page(job: Job, phrases: Phrases) -> Page:
    """Return the progress of a job, with a Cancel button where it can be cancelled."""
    buttons = [PersistentButton.make("cancel", job.id, label=phrases.say("button-cancel"))]
    return Page(
        [f"### {phrases.say(f'job-{job.kind}')}", progress_text(job, phrases)],
        buttons if job.can_cancel and not job.is_cancelled else (),
    )


def progress_text(job: Job, phrases: Phrases) -> str:
    """Return the bar, and below it stage, rate and time left where they are known."""
    progress = job.progress
    bar = f"`{bar_text(progress.share)}` {progress.share:.0%}"
    if job.is_cancelled:
        return f"{bar}\n-# {phrases.say('job-cancelling')}"
    return f"{bar}\n-# {' · '.join(_facts(progress, time.monotonic(), phrases))}"


def bar_text(share: float) -> str:
    """Return `████████░░░░░░░░` for 0.5."""
    filled = round(share * _BAR_WIDTH)
    return "█" * filled + "░" * (_BAR_WIDTH - filled)


def _facts(progress: Progress, now: float, phrases: Phrases) -> list[str]:
    facts = [phrases.say(f"stage-{progress.stage}")]
    rate = progress.rate(now)
    if progress.stage == "embedding" and rate > 0:
        facts.append(phrases.say("rate-texts", count=max(1, round(rate))))
    elif progress.stage == "reading" and rate > 0:
        facts.append(phrases.say("rate-kilobytes", count=max(1, round(rate / 1000))))
    left = progress.seconds_left(now)
    if left is not None:
        facts.append(_left(left, phrases))
    return facts


def _left(seconds: float, phrases: Phrases) -> str:
    if seconds < 90:
        return phrases.say("left-seconds", count=max(1, round(seconds)))
    return phrases.say("left-minutes", count=round(seconds / 60))
