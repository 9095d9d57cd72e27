"""Replies to follow-ups that ask about the last answer itself: further quotes, speakers, sources, dates."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot.answering.answer import Answer, Evidence, Verdict
from bot.answering.cited_places import place_of
from bot.answering.question.follow_up import ResolvedQuestion, resolve_follow_up
from bot.answering.question.follow_up_acts import FollowUpAct
from bot.discord.questions.ask_flow import AskFlow, Question
from bot.discord.questions.search_flow import SearchFlow
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.page import Delivery, Page
from bot.discord.views.follow_ups import choice_page, dates_page, quote_buttons, speakers_page
from bot.discord.views.hits import sources_page
from bot.discord.views.page_links import NO_LINKS, PageLinks
from bot.discord.workers.answer_queue import AnswerQueue
from bot.records.asked import AskedQuestion
from bot.service.open_work import reload_quotes
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

# Further quotes in one reply, and for which other quotes are looked up at most.
MORE_QUOTES = 3
MAX_QUOTES = 40


class FollowUpFlow:
    """Understands follow-ups against the last question and what its answer quoted, and replies to those about it."""

    def __init__(
        self, queue: AnswerQueue, ask_flow: AskFlow, search_flow: SearchFlow, links: PageLinks = NO_LINKS
    ) -> None:
        self._queue = queue
        self._ask_flow = ask_flow
        self._search_flow = search_flow
        self._links = links

    async def resolve(self, text: str, earlier: AskedQuestion, scope: Scope) -> ResolvedQuestion:
        """Complete a follow-up from the earlier question and the quotes of its answer.

        Raises:
            AttacheError: the articles can't be read now.
        """
        quotes = await self.reload(earlier, scope)
        return resolve_follow_up(text, earlier.question, [each.quote.text for each in quotes])

    async def reload(self, asked: AskedQuestion, scope: Scope) -> list[Evidence]:
        """Return the quotes of a stored answer that may still be shown, without speakers; raise as `resolve` does."""
        if not asked.cited:
            return []
        filters = scope.filters()
        work = partial(reload_quotes, places=asked.cited, filters=filters)
        return await self._queue.run(work, account=scope.account)

    async def answer_again(self, asked: AskedQuestion, scope: Scope, quotes: int | None = None) -> Answer:
        """Return a stored question's answer as of when it was asked; mostly it is cached. Raise as `resolve` does."""
        filters = scope.filters(Bounds.from_record(asked.since, asked.until, asked.publishers))
        # As it was asked, so that "last week" is the same week.
        moment = datetime.fromisoformat(asked.asked_at)
        return await self._queue.ask(asked.question, filters, moment, quotes, account=scope.account)

    async def with_speakers(self, asked: AskedQuestion, evidence: list[Evidence], scope: Scope) -> list[Evidence]:
        """Return the quotes with speakers and stances, which are not stored: the question is answered again."""
        try:
            # Further quotes were chosen after those that were seen before.
            most = MAX_QUOTES if len(asked.seen) > len(asked.cited) else None
            answer = await self.answer_again(asked, scope, most)
        except AttacheError as failure:
            log.info("quotes without speakers", failure=type(failure).__name__)
            return evidence
        told = {place_of(each.quote): each for each in answer.evidence}
        return [told.get(place_of(each.quote), each) for each in evidence]

    async def reply(
        self, resolved: ResolvedQuestion, earlier: AskedQuestion, asking: Question, scope: Scope, delivery: Delivery
    ) -> Answer | None:
        """Reply to a follow-up that asks for no answer of its own; return the answer if there was one after all.

        Args:
            resolved: what it wants.
            earlier: the answer that it is about.
            asking: the follow-up as written.
            scope: who asks and where.
            delivery: where the reply goes.

        Raises:
            AttacheError: the articles can't be read now.
        """
        about = _about(earlier, asking, scope)
        match resolved.act:
            case FollowUpAct.CHOOSE:
                await self._ask_flow.show_about(
                    replace(about, offered=resolved.readings),
                    lambda token: choice_page(token, resolved.readings, scope.phrases),
                    scope,
                    delivery,
                )
            case FollowUpAct.MORE:
                return await self._show_more(earlier, asking, scope, delivery)
            case FollowUpAct.SHORT:
                answer = await self.answer_again(earlier, scope)
                brief = replace(scope, channel=scope.channel.model_copy(update={"quotes": 1}))
                await self._ask_flow.show(answer, _again(earlier, asking), brief, delivery)
                return answer
            case FollowUpAct.SOURCES if quotes := await self.reload(earlier, scope):
                gone = len(earlier.cited) - len(quotes)

                def sources(token: str) -> Page:
                    page = sources_page(quotes, 0, ("sources", token), gone, scope.phrases, self._links)
                    return replace(page, buttons=[*quote_buttons(len(quotes), token, scope.phrases), *page.buttons])

                await self._ask_flow.show_about(about, sources, scope, delivery)
            case _:
                answer = await self.answer_again(earlier, scope)
                if answer.is_refusal:
                    await self._ask_flow.show(answer, _again(earlier, asking), scope, delivery)
                    return answer
                page = dates_page if resolved.act is FollowUpAct.DATES else speakers_page
                await self._ask_flow.show_about(
                    about, lambda token: page(answer, token, scope.phrases), scope, delivery
                )
        return None

    async def _show_more(
        self, earlier: AskedQuestion, asking: Question, scope: Scope, delivery: Delivery
    ) -> Answer | None:
        """Show the next quotes that this conversation has not shown; without any, the nearest other articles."""
        seen = set(earlier.seen)
        most = min(MAX_QUOTES, len(earlier.cited) + len(seen) + MORE_QUOTES)
        answer = await self.answer_again(earlier, scope, most)
        new = [each for each in answer.evidence if (each.quote.article_id, each.quote.start) not in seen]
        if new or answer.is_refusal:
            if new:
                # They give no verdict of their own, and leave none open.
                answer = replace(answer, evidence=tuple(new[:MORE_QUOTES]), verdict=Verdict.OPEN, proposition=None)
            question = replace(_again(earlier, asking), is_more=bool(new), seen=earlier.seen)
            await self._ask_flow.show(answer, question, scope, delivery)
            return answer
        quotes = [each.quote.text for each in await self.reload(earlier, scope)]
        # What was shown before is no news: quotes, and passages of such a page.
        excluded = {place.article_id for place in earlier.cited} | {article_id for article_id, _ in seen}
        page, hits = await self._search_flow.similar_page("no-more-quotes", earlier.question, quotes, excluded, scope)
        shown = tuple((hit.article.id, hit.passage.start) for hit in hits)
        about = replace(_about(earlier, asking, scope), seen=(*earlier.seen, *shown))
        await self._ask_flow.show_about(about, lambda _token: page, scope, delivery)
        return None


def _about(earlier: AskedQuestion, asking: Question, scope: Scope) -> AskedQuestion:
    """Return the record of a page about an earlier answer, which belongs to the message that asked for the page."""
    return replace(earlier, original=asking.original, question_id=asking.message_id, user_id=scope.user_id, offered=())


def _again(earlier: AskedQuestion, asking: Question) -> Question:
    """Return the earlier question, asked by a follow-up."""
    bounds = Bounds.from_record(earlier.since, earlier.until, earlier.publishers)
    return replace(asking, text=earlier.question, bounds=bounds, is_completed=True, private=earlier.private)
