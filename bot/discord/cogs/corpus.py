"""`/corpus`: admins add, remove, list and reindex articles, undo the last addition, and cancel what takes long."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot, completions
from bot.discord.cogs._admin import Admin, administering, note_act
from bot.discord.cogs._autocomplete import article_choices, publisher_choices
from bot.discord.cogs._private_reply import page_turned
from bot.discord.cogs._uploads import check_upload, saved_upload, shown_name
from bot.discord.errors import NotAllowed
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import LONGEST_PUBLISHER, interaction_server, server_collection
from bot.discord.transport.page import Page
from bot.discord.views.corpus import ARTICLES_ON_A_PAGE, CorpusState, added_page, list_page, status_page
from bot.discord.views.escape import brief, escape, visible
from bot.discord.workers import job_actions as works
from bot.discord.workers.jobs import Job, JobCancelled, JobRunning
from bot.records import audit
from bot.service.ingest import Addition, TakenBack
from corpus.article import SHARED_COLLECTION, ArticleFacts
from corpus.articles import Articles
from corpus.catalog import corpus_facts, count_articles, list_articles
from corpus.errors import AttacheError, BadInput
from corpus.fetch.target import shown_link
from corpus.ingest import IngestOptions, IngestReport
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations

Show = Callable[[Page], Awaitable[None]]

LONGEST_LINK = 2000
# They stand in the id of the buttons that turn pages, which has room for 70 characters.
LONGEST_WORDS = 60
# A full reindex works through everybody's articles.
FULL_EVERY = timedelta(hours=1)
FULL_ACT = "corpus reindex full"
# Additions to the shared collection belong to no server: operators undo them from anywhere.
NO_SERVER = 0


class Corpus(commands.Cog):
    """What admins do with their server's articles, and operators with everybody's."""

    corpus = app_commands.Group(
        name="corpus",
        description="Manage the articles that questions are answered from",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.presses |= {"cancel": self.cancel, "corpus-list": self.turn_list}

    @corpus.command(description="Add articles to this server's collection, from a link or a file")
    @app_commands.describe(
        link="Address of an article's page",
        file="A .md, .txt, .html or .jsonl file",
        publisher="Publisher of articles that state none",
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
        """Takes a file or a link in, and makes it searchable."""
        async with administering(self.bot, interaction) as admin:
            collection, key = self._place(admin, shared=shared)
            if (link is None) == (file is None):
                raise BadInput(admin.scope.phrases.say("add-needs-one"))
            if self.bot.get_guild(admin.server_id) is None:
                # Nobody would tell us when the server removes the bot, and its articles would stay for ever.
                raise BadInput(admin.scope.phrases.say("add-needs-bot"))
            self.bot.jobs.check_free(admin.server_id)
            max_bytes = self.bot.settings.max_article_mb * 1024 * 1024
            async with AsyncExitStack() as stack:
                source: Path | str = link or ""
                base: Path | None = None
                if file is not None:
                    check_upload(file, max_bytes, admin.scope.phrases)
                    source = await stack.enter_async_context(saved_upload(file))
                    base = source.parent
                options = IngestOptions(collection, _clean(publisher), max_bytes, base)
                name = file.filename if file else shown_link(link or "")
                await self._add(admin, source, options, shown_name(name), key)

    @add.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Publishers that are known already."""
        return await completions(publisher_choices(interaction, typed))

    async def _add(self, admin: Admin, source: Path | str, options: IngestOptions, name: str, key: int) -> None:
        embedder, settings = self.bot.jobs.embedder, self.bot.settings
        act = "corpus add" if key else "corpus add shared"
        job = Job("add", admin.scope.user_id, admin.server_id, is_shared=options.collection == SHARED_COLLECTION)

        async def keep(added: works.Added) -> None:
            """What undoing it needs; an undo before that would take back the addition before."""
            changed, user_id = added.addition, admin.scope.user_id

            def store(db: Database) -> None:
                audit.record_addition(db, key, user_id, added.at, changed.added, changed.updated)

            if changed.added or changed.updated:
                await self.bot.records.run(store)

        try:
            added = await admin.follow(job, partial(works.add, settings, embedder, source, options), keep)
        except JobRunning:
            raise
        except AttacheError as error:
            await note_act(admin, act, f"{name}: {'cancelled' if isinstance(error, JobCancelled) else 'failed'}")
            raise
        await note_act(admin, act, f"{name}: {_counts(added.report)}")
        await admin.show(added_page(added.report, admin.scope.phrases))

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
        """Removes an article of the server's own collection."""
        async with administering(self.bot, interaction) as admin:
            collection, key = self._place(admin, shared=shared)
            facts = await self._own_article(admin, article, collection)
            settings, embedder = self.bot.settings, self.bot.jobs.embedder
            job = Job("remove", admin.scope.user_id, admin.server_id, can_cancel=False)
            await admin.follow(job, lambda _job: works.take_out(settings, embedder, facts))
            title = brief(facts.title or facts.origin, 100)
            await note_act(admin, "corpus remove" if key else "corpus remove shared", f"no. {facts.id}, {title}")
            await admin.say("removed", title=escape(title), number=str(facts.id))

    @remove.autocomplete("article")
    async def complete_article(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """The server's own articles; shared ones for operators alone."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, server_id = await self.bot.admin_scope(interaction)
            shared = bool(getattr(interaction.namespace, "shared", False))
            if shared and scope.user_id not in self.bot.settings.operators:
                return []
            return await article_choices(
                interaction, typed, (SHARED_COLLECTION if shared else server_collection(server_id),)
            )

        return await completions(choices())

    async def _own_article(self, admin: Admin, text: str, collection: str) -> ArticleFacts:
        """The article with a number, if it is of the collection; of others not even that they exist is told."""
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
        facts = (await self.bot.shelves.run(lambda db: Articles(db).facts([number]))).get(number)
        if facts is None or facts.collection != collection:
            raise BadInput(admin.scope.phrases.say("remove-unknown"))
        return facts

    @corpus.command(name="list", description="List this server's own articles")
    @app_commands.describe(words="Only articles with these words in title or publisher")
    async def show_list(
        self, interaction: discord.Interaction[AttacheBot], words: app_commands.Range[str, 1, LONGEST_WORDS] = ""
    ) -> None:
        """Shows the first page of the server's own articles."""
        async with administering(self.bot, interaction) as admin:
            await self._show_list(admin.server_id, visible(words), 0, admin.show, admin.scope.phrases)

    async def turn_list(self, interaction: discord.Interaction[AttacheBot], words: str, page: int) -> None:
        """Turns to another page of the list."""
        scope, server_id = await self.bot.admin_scope(interaction)
        visit = await page_turned(self.bot, interaction)
        await self._show_list(server_id, words, page, visit.show, scope.phrases)

    async def _show_list(self, server_id: int, words: str, page: int, show: Show, phrases: Phrases) -> None:
        within = (server_collection(server_id),)

        def read(db: Database) -> tuple[int, int, list[ArticleFacts]]:
            count = count_articles(db, within, words=words)
            # Articles may have been removed since the button was made.
            place = max(0, min(page, -(-count // ARTICLES_ON_A_PAGE) - 1))
            ids = list_articles(db, within, words=words, limit=ARTICLES_ON_A_PAGE, offset=place * ARTICLES_ON_A_PAGE)
            facts = Articles(db).facts(ids)
            return count, place, [facts[article_id] for article_id in ids]

        count, place, articles = await self.bot.shelves.run(read)
        await show(list_page(articles, words, place, count, "corpus-list", phrases))

    @corpus.command(description="Bring the search index up to date")
    @app_commands.describe(full="Also cut every article into passages again; at most once an hour")
    async def reindex(self, interaction: discord.Interaction[AttacheBot], full: bool = False) -> None:
        """Embeds what lacks a vector and builds the next index; questions are answered from the one before."""
        async with administering(self.bot, interaction) as admin:
            self.bot.jobs.check_free(admin.server_id)
            act = FULL_ACT if full else "corpus reindex"
            if full:
                await self._check_full(admin)
            await note_act(admin, act, "begun")
            settings, embedder = self.bot.settings, self.bot.jobs.embedder
            job = Job("reindex", admin.scope.user_id, admin.server_id)
            report = await admin.follow(job, lambda job: works.bring_up_to_date(settings, embedder, full=full, job=job))
            await admin.say("reindexed" if report.built else "reindexed-nothing")

    async def _check_full(self, admin: Admin) -> None:
        last = await self.bot.records.read(lambda db: audit.last_time(db, admin.server_id, FULL_ACT))
        since = datetime.now(UTC) - datetime.fromisoformat(last) if last else FULL_EVERY
        # A last time that is still to come was noted by a clock that has been set back.
        if timedelta(0) <= since < FULL_EVERY:
            minutes = -(-(FULL_EVERY - since).seconds // 60)
            raise BadInput(admin.scope.phrases.say("reindex-too-soon", minutes=minutes))

    @corpus.command(description="Show how many articles there are, how old the index is, and what is under way")
    async def status(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows the state of what this server reads."""
        async with administering(self.bot, interaction) as admin:
            server_id, running = admin.server_id, self.bot.jobs.current
            is_ours = running is not None and running.server_id == server_id
            model, data_dir = self.bot.jobs.embedder.fingerprint, self.bot.settings.data_dir

            def read(db: Database) -> CorpusState:
                own, shared = (corpus_facts(db, (name,)) for name in (server_collection(server_id), SHARED_COLLECTION))
                manifest = Generations(data_dir).live_manifest()
                built = manifest.created_at if manifest else None
                is_current = built is not None and Embeddings(db, model).missing() == 0
                return CorpusState(own, shared, is_current, built, model, running, is_ours)

            await admin.show(status_page(await self.bot.shelves.run(read), admin.scope.phrases))

    @corpus.command(description="Take this server's last addition back")
    @app_commands.describe(shared="Take back the last addition to the shared collection (operators only)")
    async def undo(self, interaction: discord.Interaction[AttacheBot], shared: bool = False) -> None:
        """Removes what the last addition added, and gives what it updated its former text back."""
        async with administering(self.bot, interaction) as admin:
            collection, key = self._place(admin, shared=shared)
            self.bot.jobs.check_free(admin.server_id)
            last = await self.bot.records.read(lambda db: audit.last_addition(db, key))
            if last is None:
                raise BadInput(admin.scope.phrases.say("undo-nothing"))
            settings, embedder = self.bot.settings, self.bot.jobs.embedder
            addition = Addition(collection, last.added, last.updated)
            job = Job("undo", admin.scope.user_id, admin.server_id, can_cancel=False)

            async def forget(_taken: TakenBack) -> None:
                await self.bot.records.run(lambda db: audit.forget_addition(db, last.id))

            taken = await admin.follow(job, partial(works.undo, settings, embedder, addition, last.at), forget)
            told = f"{taken.removed} removed, {taken.restored} restored, {taken.left} left"
            await note_act(admin, "corpus undo" if key else "corpus undo shared", told)
            counts = {"removed": taken.removed, "restored": taken.restored}
            await admin.say("undone-but" if taken.left else "undone", **counts, left=taken.left)

    async def cancel(self, interaction: discord.Interaction[AttacheBot], job_id: str, _page: int) -> None:
        """Cancels the work that a message shows; whoever began it may, and admins of the same server."""
        job, phrases = self.bot.jobs.current, self.bot.phrases(interaction)
        if job is None or job.id != job_id:
            await self.bot.tell(interaction, phrases.say("job-over"))
            return
        is_admin = interaction_server(interaction) == job.server_id and interaction.permissions.manage_guild
        # In a direct message only whoever began it has the button, and there are no permissions to look at.
        is_own = interaction.guild_id is None and interaction.user.id == job.user_id
        if not (is_admin or is_own):
            raise NotAllowed("Only whoever began it, or another admin of the server, can cancel it.")
        job.cancel()
        await self.bot.tell(interaction, phrases.say("job-cancelling"))

    def _place(self, admin: Admin, *, shared: bool) -> tuple[str, int]:
        """The collection that is changed, and the server that its additions are kept for."""
        if not shared:
            return server_collection(admin.server_id), admin.server_id
        admin.check_operator()
        return SHARED_COLLECTION, NO_SERVER


def _clean(publisher: str | None) -> str | None:
    return (visible(publisher) or None) if publisher else None


def _counts(report: IngestReport) -> str:
    """For the audit, which is in one language."""
    return (
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {len(report.rejected)} rejected"
    )
