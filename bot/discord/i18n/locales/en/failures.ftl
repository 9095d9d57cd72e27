# What went wrong, in one sentence, and what to do next.
failure-not-allowed = You may not do that here.
failure-not-asker = Only the person who asked can do that.
failure-not-starter = Only the person who started it, or another admin of this server, can cancel it.
failure-not-manager = Only people with the permission Manage Server can do that.
failure-not-operator = Only the people who run me can change what all servers read.
failure-not-yours = You can only do that with your own data.
failure-no-answers-here = This server doesn't allow answers in this channel.
failure-bot-absent = I'm not installed in this server, so I can only answer slash commands here. To give it settings and articles of its own, someone who manages it can add me: { $link }
failure-gone = That answer is no longer kept. Please ask again.
failure-busy = Too many questions are waiting. Please ask again in a minute.
failure-unanswered = I couldn't work that out just now. Ask again in a moment, or in other words.
failure-closing = I am restarting and can't take questions right now. Please ask again in a minute.
failure-storage = I can't reach my articles right now. Please try again later; my operator can find the reason in the log.
failure-corpus-busy = My articles are being changed right now. Please try again in a minute.
failure-server-only = This only works in a server.
failure-old-command = This command has changed. Reload Discord (Ctrl+R) and try again.
failure-bad-option = One of the values is not valid. Please check it and try again.
failure-forbidden = Discord does not let me do that: I lack a permission here. An admin can find the list in docs/discord.md.
failure-discord = Discord has a problem right now. Please try again in a minute.
failure-too-fast = You are asking too fast. Please ask again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
failure-server-too-fast = This server is asking faster than its admins allow. Please ask again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
failure-incident = Something went wrong (incident { $incident }). Please try again; if it happens again, give my operator that number.
