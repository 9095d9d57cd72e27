"""*Check this claim* reads what people forward, and checks several statements one by one."""

import pytest
from simcord.actors import to_discord_message
from simcord.env import Env

from bot.discord.questions.statements import MAX_CLAIMS, statements
from tests.discord.news import attache, news_folder
from tests.discord.places import Place
from tests.discord.screen import button_id, labels_of, text_of

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


async def test_a_message_that_claims_nothing_says_so(here: Place):
    assert "no text that I can check" in text_of(
        await check(here, await here.member.send(here.channel, "https://a.example 🙂"))
    )


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
