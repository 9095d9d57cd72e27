"""*Check this claim* reads what people forward, and checks several statements one by one."""

import pytest
from simcord.actors import to_discord_message
from simcord.env import Env

from bot.discord.questions.statements import MAX_CLAIMS, complete_statements, statements
from tests.discord.news import attache, news_folder
from tests.discord.places import Place
from tests.discord.screen import button_id, labels_of, parts, text_of

__all__ = ["attache", "news_folder"]
pytestmark = pytest.mark.simcord(settle_timeout=60)

POST = (
    "BREAKING 🚨\n- Ilse Brandt won the presidential election in Norvia.\n- Kurland sank the freighter Marisol!\n"
    "- The queen of Dunlow has bought a lighthouse in Erem.\nWhat do you think? https://x.example/1"
)


async def check(here: Place, message):
    result = await here.member.context_menu(here.channel, "Check this claim", message)
    assert result.ephemeral
    return result.response


def shown_last_claim(shown) -> str:
    """The id of the button to the quotes of the last claim that has some."""
    ids = [part["custom_id"] for part in parts(shown) if part["type"] == 2 and "attache:claim:" in part["custom_id"]]
    return ids[-1]


async def test_several_statements_get_a_verdict_each_and_a_button_to_their_quotes(here: Place):
    shown = await check(here, await here.member.send(here.channel, POST))
    blocks = text_of(shown).split("\n**")
    assert "### Claims in this message" in blocks[0]
    assert "✓ **Supported**: " in blocks[1]
    assert "⚖ **Disputed**: " in blocks[2]
    assert blocks[3].splitlines()[1] == "– Not in my articles"
    assert "What do you think" not in text_of(shown)
    assert labels_of(shown)[:2] == ["1", "2"]
    quotes = await here.member.click(shown, custom_id=button_id(shown, "claim"))
    assert quotes.ephemeral
    assert "Claim: Ilse Brandt won" in text_of(quotes.response)
    assert "> “Ilse Brandt won" in text_of(quotes.response)


async def test_one_statement_gets_its_quotes_at_once(here: Place):
    shown = await check(here, await here.member.send(here.channel, "Ilse Brandt won the presidential election!"))
    assert "### Supported: " in text_of(shown)


async def test_a_forwarded_message_is_read(here: Place, simcord_env: Env):
    elsewhere = here.guild.create_text_channel("elsewhere")
    told = await here.member.send(elsewhere, "Kurland sank the freighter Marisol on Sunday night.")
    shown = await check(here, await here.member.forward(told, here.channel))
    assert "Claim: Kurland sank the freighter Marisol" in text_of(shown)


async def test_an_embed_and_a_text_file_are_read(here: Place, simcord_env: Env):
    embed = {
        "title": "Belmar and Tessen signed a treaty on the Drava",
        "description": "Insurers resumed cover for ships.",
    }
    made = simcord_env.backend.create_message(here.channel.id, here.member.id, "look", embeds=[embed])
    linked = to_discord_message(simcord_env, made)
    text = text_of(await check(here, linked))
    assert "Belmar and Tessen signed" in text
    assert "Insurers resumed cover" in text
    file = ("notes.txt", b"Norvia sent a field hospital to Tessen.\nIlse Brandt won the election.")
    attached = await here.member.send(here.channel, "", attachments=[file, ("picture.png", b"\x89PNG")])
    text = text_of(await check(here, attached))
    assert "Norvia sent a field hospital" in text
    assert "Ilse Brandt won the election" in text


async def test_a_statement_that_goes_on_is_read_with_the_one_before_it(here: Place):
    post = "Ilse Brandt won the presidential election in Norvia. She takes office on 12 June."
    shown = await check(here, await here.member.send(here.channel, post))
    assert "**2** · She takes office on 12 June.\n-# Understood as: Ilse Brandt takes office on 12 June" in text_of(
        shown
    )
    quotes = await here.member.click(shown, custom_id=shown_last_claim(shown))
    assert "Ilse Brandt takes office" in text_of(quotes.response)


async def test_statements_in_another_language_get_no_verdict(here: Place):
    post = "Kurland hat den Frachter Marisol versenkt. Ilse Brandt hat die Wahl in Norvia gewonnen."
    text = text_of(await check(here, await here.member.send(here.channel, post)))
    assert text.count("? Not settled by my articles") == 2


async def test_a_post_of_another_bot_is_read(here: Place, simcord_env: Env):
    told = {
        "type": 10,
        "content": "## Ilse Brandt won the presidential election in Norvia.\n-# Wire · <t:1746100800:D>",
    }
    components = [{"type": 17, "components": [told]}]
    made = simcord_env.backend.create_message(here.channel.id, here.member.id, "", components=components, flags=1 << 15)
    assert "### Supported: " in text_of(await check(here, to_discord_message(simcord_env, made)))


async def test_a_message_that_claims_nothing_says_so(here: Place):
    large = ("notes.txt", b"Norvia sent a field hospital. " * 5_000)
    for sent in (("https://a.example 🙂", []), ("", [large])):
        text = text_of(await check(here, await here.member.send(here.channel, sent[0], attachments=sent[1])))
        assert "no text that I can check" in text
        assert ".txt files of up to 100 KB" in text


async def test_a_long_message_is_checked_as_far_as_the_bound(here: Place):
    long = "\n".join(f"The harbour of Erem sold {number} red boats." for number in range(10, 10 + MAX_CLAIMS + 3))
    text = text_of(await check(here, await here.member.send(here.channel, long)))
    assert text.count("Not in my articles") == MAX_CLAIMS
    assert "3 more statements were not checked" in text


def test_statements_are_whole_sentences_each_once():
    text = [
        "> Kurland denied it on Monday. Wow! Did it?\n1. Kurland denied it on Monday.",
        "**Vestria** said so on <@1> TV.",
    ]
    assert statements(text) == ["Kurland denied it on Monday.", "Vestria said so on TV."]


@pytest.mark.parametrize(
    ("post", "stated"),
    [
        ("#BREAKING #Norvia Ilse Brandt wins election!! #vote 🗳️", ["Ilse Brandt wins election!!"]),
        ("#Norvia votes for #Brandt in record numbers", ["Norvia votes for Brandt in record numbers"]),
        ("Kurland sank the #Marisol near Salis. #war #news", ["Kurland sank the Marisol near Salis."]),
        ("🧵 1/ Kurland sank a freighter.\n(2/7) Forty sailors were lost.", ["Kurland sank a freighter.",
                                                                           "Forty sailors were lost."]),
        ("3/4 of the voters came. 24/7 talks go on.", ["3/4 of the voters came.", "24/7 talks go on."]),
        ("[Divers find shells](https://x.example/a_b) on the Marisol", ["Divers find shells on the Marisol"]),
        ("## Kurland sank a freighter\n-# says it is from Radio Quill", ["Kurland sank a freighter"]),
        ("US #1 in exports of grain", ["US #1 in exports of grain"]),
    ],
)  # fmt: skip
def test_statements_are_read_as_people_post_them(post: str, stated: list[str]):
    assert statements([post]) == stated


@pytest.mark.parametrize(
    ("before", "said", "read"),
    [
        ("Vestria and Kurland agreed to a truce at sea.", "It lasts ten days.", "The truce at sea lasts ten days"),
        ("Ilse Brandt won in Norvia.", "Her rival conceded.", "The rival of Ilse Brandt conceded"),
        ("Belmar and Tessen signed a treaty.", "They talked for years.", "Belmar and Tessen talked for years"),
        ("Kurland sank the freighter.", "It was on Sunday night.", None),
        ("Turnout in Norvia was high.", "They voted for Brandt.", None),
        ("Norvia voted on Thursday.", "She won by far.", None),
        ("Vestria and Kurland agreed to a truce.", "This is outrageous.", None),
        ("Vestria and Kurland agreed to a truce.", "Both navies left.", None),
    ],
)
def test_what_a_statement_goes_on_from_is_named_only_where_that_is_plain(before: str, said: str, read: str | None):
    assert complete_statements([before, said]) == [before, read or said]
