"""`/corpus`: add, remove, list and reindex articles, undo the last addition, cancel a job."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._admin import Admin, admin_command, admin_group, record_action
from bot.discord.cogs._autocomplete import article_choices, chosen_number, publisher_choices
from bot.discord.cogs._private_reply import reply_in_place
from bot.discord.cogs._uploads import LONGEST_NAME, check_kind, check_upload, saved_upload
from bot.discord.errors import NotAllowed, Refused
from bot.discord.i18n.phrases import Phrases, phrases_for
from bot.discord.scope import LONGEST_PUBLISHER, SERVER_PREFIX, server_collection, server_id_of
from bot.discord.transport.page import Page, text_page
from bot.discord.views.corpus import (
    ARTICLES_ON_A_PAGE,
    Came,
    CorpusState,
    added_page,
    list_page,
    remove_page,
    status_page,
    undo_page,
    undone_text,
)
from bot.discord.views.escape import brief, escape, visible
from bot.discord.workers import job_actions
from bot.discord.workers.jobs import Job, JobCancelled, JobRunning
from bot.records import audit
from bot.service.arrivals import articles_in, read_arrivals
from bot.service.ingest import Addition, UndoResult
from bot.service.links import display_link
from bot.service.lookups import article_in_collection, article_page, find_article, has_all_vectors, index_built_at
from bot.service.quotas import QuotaReached, check_room, collection_load, quota_use
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION, ArticleFacts
from corpus.catalog import corpus_facts
from corpus.errors import AttacheError
from corpus.ingest import IngestOptions, IngestReport
from corpus.publishers.directory import Publishers
from index.filters import Filters

Show = Callable[[Page], Awaitable[None]]

LONGEST_LINK = 2000
# Files downloaded at the same time, each of which is in memory until it is saved.
MAX_DOWNLOADS = 2
# Part of the page buttons' custom_id, which has room for 70 characters.
LONGEST_WORDS = 60
# A full reindex processes the articles of all servers.
FULL_INTERVAL = timedelta(hours=1)
FULL_ACTION = "corpus reindex full"
# Articles that are named after an addition and before an undo; there is room for fewer.
MAX_NAMED = 20
# Recorded for additions to the shared collection: operators undo them from any server.
NO_SERVER = 0


class Corpus(commands.Cog):
    """The commands for a server's own articles, and for operators those of the shared collection."""

    corpus = admin_group("corpus", "Manage the articles that questions are answered from")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._downloads = asyncio.Semaphore(MAX_DOWNLOADS)
        bot.button_handlers |= {
            "cancel": self.cancel,
            "corpus-list": self.turn_list,
            "remove-article": self.remove_confirmed,
            "undo-addition": self.undo_confirmed,
            "keep-articles": self.keep,
        }

    @corpus.command(description="Add articles to this server's collection, from a link or a file")
    @app_commands.describe(
        link="Address of an article's page",
        file="Text, web page, PDF, Word, ODT, EPUB, e-mail, table, archive: all that the command line takes",
        publisher="Publisher of articles that don't state one",
        shared="Add to the collection that all servers read (operators only)",
    )
    async def add(
        self,
        interaction: discord.Interaction[AttacheBot],
        link: app_commands.Range[str, 1, LONGEST_LINK] | None = None,
        file: discord.Attachment | None = None,
        publisher: app_commands.Range[str, 1, LONGEST_PUBLISHER] | None = None,
        shared: bool = False,
    ) -> None:
        """Add a file or a link, and make it searchable."""
        async with admin_command(self.bot, interaction) as admin:
            collection, server_id = self._target(admin, shared=shared)
            if (link is None) == (file is None):
                raise Refused(admin.scope.phrases.say("add-needs-one"))
            self.bot.jobs.check_free(admin.server_id)
            max_bytes = self.bot.settings.max_article_mb * 1024 * 1024
            async with AsyncExitStack() as stack:
                source: Path | str = link or ""
                base: Path | None = None
                if file is not None:
                    check_upload(file, max_bytes, admin.scope.phrases)
                    source = await stack.enter_async_context(saved_upload(file, self._downloads))
                    await asyncio.to_thread(check_kind, source, admin.scope.phrases)
                    base = source.parent
                await self._check_room(admin, collection, source)
                name = (visible(publisher) or None) if publisher else None
                options = IngestOptions(collection, name, max_bytes, base, is_vouched=False)
                label = file.filename if file else display_link(link or "")
                await self._add(admin, source, options, brief(label, LONGEST_NAME), server_id)

    @add.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer known publishers."""
        return await safe_choices(publisher_choices(interaction, typed))

    async def _check_room(self, admin: Admin, collection: str, source: Path | str) -> None:
        """Check the quotas before the job waits for its turn.

        Raises:
            Refused: one would be exceeded.
        """
        with _quota_errors(admin.scope.phrases):
            await asyncio.to_thread(check_room, self.bot.settings, collection, source)

    async def _add(self, admin: Admin, source: Path | str, options: IngestOptions, name: str, server_id: int) -> None:
        embedder, settings = self.bot.jobs.embedder, self.bot.settings
        action = "corpus add" if server_id else "corpus add shared"
        is_shared = options.collection == SHARED_COLLECTION
        job = Job("add", admin.scope.user_id, admin.server_id, is_shared=is_shared, waits=True)

        async def save(added: job_actions.Added) -> None:
            """Store what an undo needs before another job can start, or the undo would hit the addition before."""
            changes, user_id = added.addition, admin.scope.user_id

            def store(db: Database) -> None:
                audit.record_addition(db, server_id, user_id, added.finished_at, changes.added, changes.updated)

            if changes.added or changes.updated:
                await self.bot.records.run(store)

        try:
            with _quota_errors(admin.scope.phrases):
                work = partial(job_actions.run_add, settings, embedder, source, options)
                added = await admin.run_steps(job, work, save)
        except JobRunning:
            raise
        except AttacheError as error:
            await record_action(
                admin, action, f"{name}: {'cancelled' if isinstance(error, JobCancelled) else 'failed'}"
            )
            raise
        await record_action(admin, action, f"{name}: {_counts(added.report)}")
        ids = [*added.addition.added, *added.addition.updated]
        came = await self.bot.corpus_reader.run(_came(ids, self.bot.settings, options.collection))
        await admin.show(added_page(added.report, came, admin.scope.phrases))

    @corpus.command(description="Remove one of this server's articles for good")
    @app_commands.describe(
        article="Title or publisher, then choose from the list",
        shared="Remove from the collection that all servers read (operators only)",
    )
    async def remove(
        self,
        interaction: discord.Interaction[AttacheBot],
        article: app_commands.Range[str, 1, 100],
        shared: bool = False,
    ) -> None:
        """Name the article and ask for confirmation."""
        async with admin_command(self.bot, interaction) as admin:
            collection, _server_id = self._target(admin, shared=shared)
            facts = await self._article(admin, await self._number(article, collection), collection)
            came = await self.bot.corpus_reader.run(_came([facts.id]))
            await admin.show(
                remove_page(came.arrivals[0], came.publishers, str(facts.id), int(shared), admin.scope.phrases)
            )

    async def remove_confirmed(self, interaction: discord.Interaction[AttacheBot], article: str, shared: int) -> None:
        """Remove an article."""
        async with admin_command(self.bot, interaction, in_place=True) as admin:
            collection, server_id = self._target(admin, shared=bool(shared))
            facts = await self._article(admin, article, collection)
            settings, embedder = self.bot.settings, self.bot.jobs.embedder
            job = Job("remove", admin.scope.user_id, admin.server_id, can_cancel=False, waits=True)
            await admin.run_job(job, lambda _job: job_actions.run_remove(settings, embedder, facts))
            title = brief(facts.title or facts.origin, 100)
            await record_action(
                admin, "corpus remove" if server_id else "corpus remove shared", f"no. {facts.id}, {title}"
            )
            await admin.say("removed", title=escape(title), number=str(facts.id))

    async def keep(self, interaction: discord.Interaction[AttacheBot], _argument: str, _page: int) -> None:
        """Remove nothing."""
        await (await reply_in_place(self.bot, interaction)).say("articles-kept")

    @remove.autocomplete("article")
    async def complete_article(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the server's own articles, or to operators the shared ones."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, server_id = await self.bot.admin_scope(interaction)
            shared = bool(getattr(interaction.namespace, "shared", False))
            if shared and scope.user_id not in self.bot.settings.operators:
                return []
            return await article_choices(
                interaction, typed, (SHARED_COLLECTION if shared else server_collection(server_id),)
            )

        return await safe_choices(choices())

    async def _number(self, text: str, collection: str) -> str:
        """Return the number of the article that somebody names who didn't choose from the list."""
        if text.isdigit():
            return text
        filters = Filters(collections=(collection,))
        found = await self.bot.corpus_reader.run(lambda db: find_article(db, filters, text))
        return text if found is None else str(found)

    async def _article(self, admin: Admin, text: str, collection: str) -> ArticleFacts:
        number = chosen_number(text)
        facts = await self.bot.corpus_reader.run(lambda db: article_in_collection(db, number, collection))
        if facts is None:
            raise Refused(admin.scope.phrases.say("remove-unknown"))
        return facts

    @corpus.command(name="list", description="List this server's own articles")
    @app_commands.describe(words="Only articles with these words in title or publisher")
    async def show_list(
        self, interaction: discord.Interaction[AttacheBot], words: app_commands.Range[str, 1, LONGEST_WORDS] = ""
    ) -> None:
        """Show the first page of the server's own articles."""
        async with admin_command(self.bot, interaction) as admin:
            await self._show_list(admin.server_id, visible(words), 0, admin.show, admin.scope.phrases)

    async def turn_list(self, interaction: discord.Interaction[AttacheBot], words: str, page: int) -> None:
        """Show another page of the list."""
        scope, server_id = await self.bot.admin_scope(interaction)
        reply = await reply_in_place(self.bot, interaction)
        await self._show_list(server_id, words, page, reply.show, scope.phrases)

    async def _show_list(self, server_id: int, words: str, page: int, show: Show, phrases: Phrases) -> None:
        collection = server_collection(server_id)
        found, known = await self.bot.corpus_reader.run(
            lambda db: (article_page(db, collection, words, page, ARTICLES_ON_A_PAGE), Publishers(db))
        )
        await show(list_page(found.articles, words, found.page, found.count, "corpus-list", phrases, known))

    @corpus.command(description="Bring the search index up to date")
    @app_commands.describe(full="Also cut every article into passages again; at most once an hour")
    async def reindex(self, interaction: discord.Interaction[AttacheBot], full: bool = False) -> None:
        """Embed missing texts and build the next index, while questions are answered from the present one."""
        async with admin_command(self.bot, interaction) as admin:
            self.bot.jobs.check_free(admin.server_id)
            if full:
                await self._check_full(admin)
            await record_action(admin, FULL_ACTION if full else "corpus reindex", "begun")
            settings, embedder = self.bot.settings, self.bot.jobs.embedder
            job = Job("reindex", admin.scope.user_id, admin.server_id, waits=True)
            report = await admin.run_steps(
                job, lambda job: job_actions.run_reindex_in_steps(settings, embedder, job, full=full)
            )
            await admin.say("reindexed" if report.built else "reindexed-nothing")

    async def _check_full(self, admin: Admin) -> None:
        last = await self.bot.records.read(lambda db: audit.last_time(db, admin.server_id, FULL_ACTION))
        since = datetime.now(UTC) - datetime.fromisoformat(last) if last else FULL_INTERVAL
        # Negative if the clock has been set back; then the limit does not apply.
        if timedelta(0) <= since < FULL_INTERVAL:
            minutes = -(-(FULL_INTERVAL - since).seconds // 60)
            raise Refused(admin.scope.phrases.say("reindex-too-soon", minutes=minutes))

    @corpus.command(description="Show how many articles there are, how old the index is, and which job is running")
    async def status(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the state of the articles that this server reads."""
        async with admin_command(self.bot, interaction) as admin:
            server_id, jobs = admin.server_id, self.bot.jobs.all
            ours = next((job for job in jobs if job.server_id == server_id), None)
            is_ours, running = ours is not None, ours or next(iter(jobs), None)
            model, settings = self.bot.jobs.embedder.fingerprint, self.bot.settings

            def read(db: Database) -> CorpusState:
                own, shared = (corpus_facts(db, (name,)) for name in (server_collection(server_id), SHARED_COLLECTION))
                built = index_built_at(settings, db)
                is_current = built is not None and has_all_vectors(db, model)
                use = quota_use(settings, collection_load(db, server_collection(server_id)))
                return CorpusState(own, shared, is_current, built, model, running, is_ours, use)

            await admin.show(status_page(await self.bot.corpus_reader.run(read), admin.scope.phrases))

    @corpus.command(description="Undo this server's last addition")
    @app_commands.describe(shared="Undo the last addition to the shared collection (operators only)")
    async def undo(self, interaction: discord.Interaction[AttacheBot], shared: bool = False) -> None:
        """Name the articles of the last addition and ask for confirmation."""
        async with admin_command(self.bot, interaction) as admin:
            collection, server_id = self._target(admin, shared=shared)
            last = await self._last_addition(admin, server_id)

            def read(db: Database) -> tuple[Came, Came]:
                removed = articles_in(db, last.added, collection)
                updated = [each for each in dict.fromkeys(last.updated) if each not in last.added]
                return _came(removed)(db), _came(articles_in(db, updated, collection))(db)

            removed, restored = await self.bot.corpus_reader.run(read)
            await admin.show(undo_page(removed, restored, str(last.id), int(shared), admin.scope.phrases))

    async def undo_confirmed(self, interaction: discord.Interaction[AttacheBot], number: str, shared: int) -> None:
        """Remove the articles that the last addition added, and restore the text of those that it updated."""
        async with admin_command(self.bot, interaction, in_place=True) as admin:
            collection, server_id = self._target(admin, shared=bool(shared))
            self.bot.jobs.check_free(admin.server_id)
            last = await self._last_addition(admin, server_id)
            if str(last.id) != number:
                raise Refused(admin.scope.phrases.say("undo-changed"))
            settings, embedder = self.bot.settings, self.bot.jobs.embedder
            addition = Addition(collection, last.added, last.updated)
            job = Job("undo", admin.scope.user_id, admin.server_id, can_cancel=False, waits=True)

            async def delete_record(_result: UndoResult) -> None:
                await self.bot.records.run(lambda db: audit.forget_addition(db, last.id))

            undo = partial(job_actions.run_undo, settings, embedder, addition, last.at)
            result = await admin.run_job(job, undo, delete_record)
            counts = f"{result.removed} removed, {result.restored} restored, {result.left} left"
            await record_action(admin, "corpus undo" if server_id else "corpus undo shared", counts)
            await admin.show(text_page(undone_text(result, admin.scope.phrases)))

    async def _last_addition(self, admin: Admin, server_id: int) -> audit.Addition:
        last = await self.bot.records.read(lambda db: audit.last_addition(db, server_id))
        if last is None:
            raise Refused(admin.scope.phrases.say("undo-nothing"))
        return last

    async def cancel(self, interaction: discord.Interaction[AttacheBot], job_id: str, _page: int) -> None:
        """Cancel the job that a message shows; allowed to the user who started it and to admins of its server."""
        job = next((job for job in self.bot.jobs.all if job.id == job_id), None)
        phrases = phrases_for(interaction.locale)
        if job is None:
            await self.bot.reply_privately(interaction, phrases.say("job-over"))
            return
        is_admin = server_id_of(interaction) == job.server_id and interaction.permissions.manage_guild
        # Direct messages have no permissions; there only the user who started the job has the button.
        is_own = interaction.guild_id is None and interaction.user.id == job.user_id
        if not (is_admin or is_own):
            raise NotAllowed("not-starter")
        job.cancel()
        await self.bot.reply_privately(interaction, phrases.say("job-cancelling"))

    def _target(self, admin: Admin, *, shared: bool) -> tuple[str, int]:
        """Return the collection to change, and the server to record its additions for."""
        if not shared:
            return server_collection(admin.server_id), admin.server_id
        admin.check_operator()
        return SHARED_COLLECTION, NO_SERVER


def _came(ids: Sequence[int], settings: Settings | None = None, collection: str = "") -> Callable[[Database], Came]:
    """Return a look-up of articles; with settings, also of how much of its quotas a server's collection uses."""

    def read(db: Database) -> Came:
        is_limited = settings is not None and collection.startswith(SERVER_PREFIX)
        use = quota_use(settings, collection_load(db, collection)) if settings is not None and is_limited else None
        return Came(read_arrivals(db, ids[:MAX_NAMED]), len(ids), Publishers(db), use)

    return read


@contextmanager
def _quota_errors(phrases: Phrases) -> Iterator[None]:
    """Say in the admin's language which quota an addition would exceed."""
    try:
        yield
    except QuotaReached as error:
        raise Refused(phrases.say(f"quota-{error.quota}", found=error.found, most=error.most)) from error


def _counts(report: IngestReport) -> str:
    """Summarise an addition for the audit log, which is in English only."""
    return (
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {len(report.rejected)} rejected"
    )
