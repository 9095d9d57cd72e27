"""smoke"""
import pytest
from simcord.env import Env
QUESTION = "Did Arland deny sending rockets to Borduria?"
async def test_smoke(simcord_env: Env):
    env = simcord_env
    guild = env.create_guild(); alice = guild.add_member(env.create_user("alice")); bob = guild.add_member(env.create_user("bob"))
    ch = guild.create_text_channel("general")
    await alice.send(ch, f"<@{env.bot.user.id}> {QUESTION}")
    m = ch.last_message
    print(env.transcript())
    import json
    r = await alice.slash(ch, "ask", question=QUESTION)
    print(json.dumps(r.response.components, indent=1)[:1500])
    for label in ("All 2 quotes","Quote", "Source", "More like this"):
        try:
            x = await bob.click(m, label=label)
            print(label, x.ephemeral, json.dumps(x.response.components)[:600])
        except Exception as e: print(label, repr(e)[:200])
    x = await alice.slash(ch, "ask", question="Who won the cup in Zembla?", since="2025")
    print(json.dumps(x.response.components, indent=1)[:1500])
