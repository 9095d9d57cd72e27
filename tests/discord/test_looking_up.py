"""What members see when they look things up: `/search`, `/article`, `/sources`, `/status`."""

import re
from datetime import UTC, datetime

import pytest
from simcord.env import Env

from bot.answering.requoting import QuotedPlace
from bot.discord.features.looking_up import model_name
from bot.discord.page import LONGEST_LAYOUT
from bot.records.asked import Asked, new_token, save
from bot.settings import Settings
from corpus.passages import text_hash
from tests.discord.seen import labels_of, parts, text_of

QUESTION = "Did Arland deny sending rockets to Borduria?"
SECRET = {
    "title": "Secret memo on the harbour wall",
    "url": "https://secret.example/memo",
    "publisher": "Guild Gazette",
    "published_at": "2031-07-09",
    "body": "The harbour wall memo says that Arland's masons will mend the harbour wall in July. "
    "Rockets are not mentioned in the harbour wall memo.",
}
HOSTILE = {
    "title": "@everyone **free** [click](https://evil.example) <@123456789012345678> \u202egnp \u200b# <t:1:R> `x`",
    "url": "https://odd.example/a(b)c?d=<e>",
    "publisher": "# ~~Odd~~ @here || Press",
    "author": "*Nobody* " * 400,
    "published_at": "2024-02-02",
    "body": "Zebras of Quand crossed the @everyone river on **Monday**. They came back on Tuesday with ||gifts||.",
}


class Place:
    """A server with one channel and one member."""

    def __init__(self, env: Env, name: str) -> None:
        self.guild = env.create_guild(name)
        self.channel = self.guild.create_text_channel("general")
        self.member = self.guild.add_member(env.create_user(f"member-of-{name}"))
        self.collection = f"discord-{self.guild.id}"

    async def slash(self, name: str, /, **options: object):
        return await self.member.slash(self.channel, name, **options)

    async def read(self, name: str, /, **options: object) -> str:
        """What the command shows, which must be for the member's eyes only."""
        result = await self.slash(name, **options)
        assert result.ephemeral
        return text_of(result.response)

    async def titles(self, typed: str) -> list[str]:
        return [each["name"] for each in await self.member.autocomplete(self.channel, "article", "title", typed)]


@pytest.fixture
def here(simcord_env: Env) -> Place:
    return Place(simcord_env, "here")


@pytest.fixture
def there(simcord_env: Env) -> Place:
    return Place(simcord_env, "there")


def several(count: int, publisher: str = "Quarry Post", **fields: str) -> list[dict[str, str]]:
    return [
        {
            "title": f"Quarry report number {number}",
            "url": f"https://quarry.example/{number}",
            "publisher": publisher.format(number=number),
            "published_at": f"2024-01-{number % 28 + 1:02}",
            "body": f"The quarry of Stonefield sold {number} blocks of granite. Report {number} of the quarry says so.",
            **fields,
        }
        for number in range(count)
    ]


async def test_a_search_shows_passages_with_their_sources_to_the_asker_alone(here: Place):
    text = await here.read("search", query="rockets for Borduria")
    assert "denied on 5 March 2024 that it had sent rockets" in text
    assert "The Example Courier" in text
    assert "](<https://news.example/arland-rockets#" in text
    assert "@everyone" not in text


async def test_a_search_is_shown_to_all_when_the_asker_wants_it(here: Place):
    result = await here.slash("search", query="rockets", private=False)
    assert not result.ephemeral
    assert "sent rockets" in text_of(here.channel.last_message)


async def test_a_search_stays_private_in_a_channel_where_nothing_is_answered(here: Place, simcord_env: Env):
    other = here.guild.create_text_channel("questions")
    await simcord_env.bot.book.set(here.guild.id, "channels", f"<#{other.id}>")
    assert (await here.slash("search", query="rockets", private=False)).ephemeral


@pytest.mark.parametrize("bounds", [{"until": "2023"}, {"since": "2025"}, {"publisher": "Nobody's Paper"}])
async def test_a_search_keeps_to_its_bounds_and_says_when_nothing_is_left(here: Place, bounds: dict[str, str]):
    text = await here.read("search", query="rockets", **bounds)
    assert "No passage was found" in text
    assert "sent rockets" not in text


async def test_a_search_offers_the_publishers_that_can_be_read(here: Place):
    offered = await here.member.autocomplete(here.channel, "search", "publisher", "courier")
    assert [each["value"] for each in offered] == ["The Example Courier"]


async def test_the_pages_of_a_search_are_turned_by_button_also_after_a_restart(
    here: Place, simcord_env: Env, add_articles, fresh_bot
):
    add_articles(*several(9))
    shown = (await here.slash("search", query="quarry granite blocks")).response
    first = text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    await here.member.click(shown, custom_id=button_id_after(shown, "search"))
    second = text_of(shown)
    assert first != second
    assert not set(re.findall(r"sold \d+ blocks", first)) & set(re.findall(r"sold \d+ blocks", second))
    assert labels_of(shown)[1].startswith("2 of ")


async def test_an_article_shows_what_it_states_and_links_to_it(here: Place, add_articles):
    add_articles({**several(1)[0], "author": "Ada Quill", "title": "Granite prices rise"})
    text = await here.read("article", title="granite prices")
    assert "[Granite prices rise](<https://quarry.example/0>)" in text
    assert "Quarry Post · <t:" in text
    assert "Ada Quill" in text
    assert "One passage" in text
    assert "former" not in text
    assert "No public answer" in text


async def test_an_article_that_was_changed_says_so(here: Place, add_articles):
    add_articles(several(1)[0])
    add_articles({**several(1)[0], "body": "The quarry of Stonefield sold nothing at all, it now says."})
    assert "One former version" in await here.read("article", title="quarry report")


async def test_an_article_is_found_by_number_by_exact_title_and_by_the_nearest_title(here: Place, add_articles):
    add_articles(
        {**several(1)[0], "title": "Bridge opens", "url": "https://a.example/1", "published_at": "2024-01-01"},
        {**several(1)[0], "title": "Bridge opens again", "url": "https://a.example/2", "published_at": "2025-01-01"},
    )
    assert "(<https://a.example/1>)" in await here.read("article", title="bridge  OPENS")
    number = re.search(r"no\. (\d+)", await here.read("article", title="bridge opens again"))[1]
    for typed in (number, f"#{number}", f"no. {number}"):
        assert "(<https://a.example/2>)" in await here.read("article", title=typed)
    nearest = await here.read("article", title="Arland denied the rockets of Borduria")
    assert "comes nearest" in nearest
    assert "Arland denies sending rockets" in nearest


@pytest.mark.parametrize("title", ["zebra crossing", "🙂", "99999", "9" * 300, "%", "' OR 1 --", "**"])
async def test_an_article_that_is_unknown_is_told_in_a_sentence(here: Place, title: str):
    assert "I know no article" in await here.read("article", title=title)


async def test_titles_are_offered_and_what_is_chosen_is_shown(here: Place):
    [choice] = await here.member.autocomplete(here.channel, "article", "title", "borduria rock")
    assert choice["name"].startswith("Arland denies sending rockets to Borduria")
    assert "news.example/arland-rockets" in await here.read("article", title=choice["value"])


async def test_an_article_shows_what_public_answers_of_this_server_cited(here: Place, there: Place):
    await there.slash("ask", question=QUESTION)
    await here.slash("ask", question=QUESTION, private=True)
    assert "No public answer" in await here.read("article", title="arland rockets")
    await here.slash("ask", question=QUESTION)
    await here.slash("ask", question=QUESTION)
    text = await here.read("article", title="arland rockets")
    assert "cited in 2 answers" in text
    assert "“Arland's defence ministry denied on 5 March 2024" in text
    assert "No public answer" in text_of((await here.member.user.slash("article", title="arland rockets")).response)


async def test_cited_passages_fill_pages_that_are_turned_after_a_restart_until_the_article_is_hidden(
    here: Place, simcord_env: Env, add_articles, fresh_bot
):
    sentences = [f"Mason {number} of the quarry cut {number} blocks of granite." for number in range(10, 18)]
    add_articles({**several(1)[0], "body": " ".join(sentences)})
    number = int(re.search(r"no\. (\d+)", await here.read("article", title="quarry report"))[1])
    await simcord_env.bot.records.run(lambda db: save(db, public_answer(here, number, sentences)))
    shown = (await here.slash("article", title="quarry report")).response
    seen = text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    for _ in range(2):
        await here.member.click(shown, custom_id=button_id_after(shown, "article"))
        assert "[Quarry report number 0]" in text_of(shown)
        seen += text_of(shown)
    assert all(f"“{sentence}”" in seen for sentence in sentences)
    await simcord_env.bot.book.set(here.guild.id, "hidden_publishers", "Quarry Post")
    await here.member.click(shown, label="◀")
    assert "not here any more" in text_of(shown)
    assert "granite" not in text_of(shown)


async def test_a_cited_passage_that_was_changed_since_is_not_shown(here: Place, add_articles):
    await here.slash("ask", question=QUESTION)
    add_articles(
        {
            "title": "Arland denies sending rockets to Borduria",
            "url": "https://news.example/arland-rockets",
            "publisher": "The Example Courier",
            "body": "Corrected: Arland's defence ministry said nothing at all about rockets or about Borduria.",
        }
    )
    text = await here.read("article", title="arland rockets")
    assert "denied on 5 March" not in text
    assert "One former version" in text


async def test_the_publishers_are_listed_with_counts_and_dates(here: Place, add_articles):
    add_articles(*several(3), {"title": "Undated", "body": "Nobody knows when this granite was cut, or by whom."})
    text = await here.read("sources")
    lines = text.splitlines()
    assert lines[1].startswith("**Quarry Post** · 3 articles · <t:")
    assert " to <t:" in lines[1]
    assert any(line.startswith("**The Example Courier** · one article · <t:") for line in lines)
    assert "**publisher unknown** · one article · date unknown" in lines
    assert "5 articles in all" in text


async def test_the_publishers_are_listed_with_what_they_are(here: Place, add_articles):
    add_articles(*several(2, "TASS"), {"title": "Granite", "publisher": "DW", "body": "Granite was cut in Stonefield."})
    text = await here.read("sources")
    assert "**TASS** (Russia, state-controlled agency) · 2 articles · <t:" in text
    assert "**DW** (Germany, public broadcaster) · one article" in text


@pytest.mark.usefixtures("in_german")
async def test_the_publishers_are_listed_in_german(here: Place, add_articles):
    add_articles(*several(2, "TASS"), {"title": "Granite", "publisher": "DW", "body": "Granite was cut in Stonefield."})
    text = await here.read("sources")
    assert "**TASS** (Russland, Agentur, staatlich kontrolliert) · " in text
    assert "**DW** (Deutschland, öffentlich-rechtlicher Sender) · " in text


async def test_the_pages_of_publishers_are_turned_by_button_also_after_a_restart(
    here: Place, simcord_env: Env, add_articles, fresh_bot
):
    add_articles(*several(25, publisher="Paper {number}"))
    shown = (await here.slash("sources")).response
    seen = text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    for page in (2, 3, 4):
        result = await here.member.click(shown, custom_id=button_id_after(shown, "publishers"))
        assert result.acknowledged
        assert labels_of(shown)[1] == f"{page} of 4 ▶"
        seen += text_of(shown)
    assert {f"**Paper {number}**" for number in range(25)} <= set(re.findall(r"\*\*Paper \d+\*\*", seen))
    await here.member.click(shown, label="◀")
    assert labels_of(shown)[1] == "3 of 4 ▶"


async def test_the_status_tells_counts_dates_model_and_index(here: Place, add_articles):
    add_articles(*several(2), {"title": "Undated", "body": "Nobody knows when this granite was cut, or by whom."})
    text = await here.read("status")
    assert "4 articles of 2 publishers" in text
    assert "4 passages" in text
    assert "Newest article: <t:1709640000:D>" in text
    assert "One article states no date" in text
    assert "all-MiniLM-L6-v2" in text
    assert re.search(r"Index built: <t:\d+:f>", text)


async def test_a_private_article_shows_in_its_own_server_and_nowhere_else(here: Place, there: Place, add_articles):
    elsewhere = {name: await there.read(name) for name in ("sources", "about")}
    counted = without_times(await there.read("status"))
    add_articles(SECRET, collection=here.collection)
    number = re.search(r"no\. (\d+)", await here.read("article", title="secret memo"))[1]
    assert "Guild Gazette" in await here.read("sources")
    assert "2 articles of 2 publishers" in await here.read("status")
    assert "harbour wall" in await here.read("search", query="harbour wall memo")
    assert any("Secret memo" in title for title in await here.titles("secret"))

    dm = here.member.user
    direct = [text_of((await dm.slash(name, **options)).response) for name, options in look_ups(number)]
    other = [await there.read(name, **options) for name, options in look_ups(number)]
    for text in (*direct, *other):
        assert "harbour wall" not in text.replace("harbour wall memo”", "")
        assert "Guild Gazette" not in text.replace("Only from Guild Gazette.", "")
        assert "2031" not in text
        assert "secret.example" not in text
    assert {name: await there.read(name) for name in elsewhere} == elsewhere
    assert without_times(await there.read("status")) == counted
    assert "One article of one publisher" in text_of((await dm.slash("status")).response)
    assert await there.titles("secret") == await there.titles("harbour") == []
    assert await dm.autocomplete("article", "title", "secret") == []
    assert await there.member.autocomplete(there.channel, "search", "publisher", "Guild") == []


async def test_a_hidden_publisher_is_hidden_everywhere(here: Place, there: Place, simcord_env: Env, add_articles):
    add_articles(*several(1))
    await here.slash("ask", question=QUESTION)
    number = re.search(r"no\. (\d+)", await here.read("article", title="arland rockets"))[1]
    await simcord_env.bot.book.set(here.guild.id, "hidden_publishers", "the example COURIER")
    for name, options in (
        ("search", {"query": "rockets for Borduria"}),
        ("article", {"title": "arland rockets"}),
        ("article", {"title": number}),
        ("sources", {}),
    ):
        text = await here.read(name, **options)
        assert "Example Courier" not in text
        assert "news.example" not in text
    assert "One article of one publisher" in await here.read("status")
    assert await here.titles("arland") == []
    assert await here.member.autocomplete(here.channel, "search", "publisher", "courier") == []
    assert "Example Courier" in await there.read("sources")


async def test_hiding_many_newest_articles_leaves_the_others_to_choose_from(
    here: Place, simcord_env: Env, add_articles
):
    add_articles(*several(60, published_at="2025-01-01"))
    await simcord_env.bot.book.set(here.guild.id, "hidden_publishers", "Quarry Post")
    assert [title.split(" · ")[0] for title in await here.titles("")] == ["Arland denies sending rockets to Borduria"]
    assert "arland-rockets" in await here.read("article", title="r")


async def test_a_server_without_articles_is_told_so(here: Place, simcord_env: Env):
    await simcord_env.bot.book.set(here.guild.id, "hidden_collections", "shared")
    assert "No articles yet" in await here.read("status")
    assert "no articles here" in await here.read("sources")
    assert "I know no article" in await here.read("article", title="arland")
    assert "No passage was found" in await here.read("search", query="rockets")


async def test_hostile_titles_and_publishers_ping_nobody_and_format_nothing(here: Place, add_articles):
    add_articles(HOSTILE)
    shown = [
        await here.read("article", title="everyone free click"),
        await here.read("search", query="zebras of Quand"),
        await here.read("sources"),
    ]
    for text in shown:
        assert not re.search(r"@(everyone|here)", text)
        assert "\u202e" not in text
        assert "<@123" not in text.replace("\\<@", "")
        assert "](https://evil" not in text.replace("\\]", "")
        assert "~~Odd~~" not in text
        assert len(text) <= LONGEST_LAYOUT
    assert "https://odd.example/a%28b%29c?d=%3Ce%3E" in shown[0]


async def test_a_server_that_wants_plain_text_gets_it_with_working_buttons(here: Place, simcord_env: Env, add_articles):
    await simcord_env.bot.book.set(here.guild.id, "answer_style", "plain")
    add_articles(*several(25, publisher="Paper {number}"))
    shown = (await here.slash("sources")).response
    assert "**Paper" in shown.content
    await here.member.click(shown, custom_id=button_id_after(shown, "publishers"))
    assert labels_of(shown)[1] == "2 of 4 ▶"
    assert "**Paper" in shown.content


@pytest.mark.usefixtures("in_german")
async def test_who_reads_german_is_told_in_german(here: Place):
    assert "Stand der Sammlung" in await here.read("status")
    assert "ein Artikel" in await here.read("sources")
    assert "Hier zitiert ihn noch keine" in await here.read("article", title="arland rockets")
    assert "`/suche`" in await here.read("article", title="zebra crossing")
    assert "Eine Stelle" in await here.read("search", query="rockets")


def test_a_model_that_lies_in_a_folder_is_told_by_its_own_name_only():
    told = {
        "all-MiniLM-L6-v2": "all-MiniLM-L6-v2",
        "sentence-transformers/all-mpnet-base-v2": "sentence-transformers/all-mpnet-base-v2",
        "/srv/operator/models/news": "news",
        "./models/news": "news",
        "C:\\models\\news": "news",
    }
    assert {name: model_name(Settings.load(None, model=name)) for name in told} == told


def public_answer(place: Place, article_id: int, sentences: list[str]) -> Asked:
    """An answer that everybody in a server could read, which quoted the sentences of an article's body."""
    body = " ".join(sentences)
    cited = tuple(
        QuotedPlace(article_id, 0, body.index(each), body.index(each) + len(each), text_hash(each))
        for each in sentences
    )
    nothing = {"message_id": None, "since": None, "until": None, "publishers": (), "verdict": "open", "headline": ""}
    return Asked(
        token=new_token(),
        kind="answer",
        user_id=1,
        server_id=place.guild.id,
        channel_id=place.channel.id,
        question="Who cut granite?",
        original="Who cut granite?",
        private=False,
        asked_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        cited=cited,
        **nothing,
    )


def look_ups(number: str) -> list[tuple[str, dict[str, str]]]:
    return [
        ("search", {"query": "harbour wall memo"}),
        ("search", {"query": "masons July", "publisher": "Guild Gazette"}),
        ("search", {"query": "masons July", "since": "2031"}),
        ("article", {"title": "secret memo"}),
        ("article", {"title": number}),
        ("sources", {}),
        ("status", {}),
        ("about", {}),
    ]


def button_id_after(message, verb: str) -> str:
    """The id of the button to the next page."""
    ids = [part["custom_id"] for part in parts(message) if part["type"] == 2 and not part.get("disabled")]
    return max((each for each in ids if each.startswith(f"attache:{verb}:")), key=lambda each: int(each.split(":")[2]))


def without_times(text: str) -> str:
    """The status without the age of the index, which other servers' additions change."""
    return "\n".join(line for line in text.splitlines() if "Index built" not in line)
