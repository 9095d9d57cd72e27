# What went wrong, in one sentence with what to do next.
failure-not-allowed = You may not do that here.
failure-bot-absent = I am no member of this server, only my commands are here, so it can have no settings and articles of its own. Somebody who may manage it can add me: { $link }
failure-gone = That answer is no longer kept. Please ask again.
failure-busy = Too many questions are waiting already. Please ask again in a minute.
failure-closing = I am restarting and take no questions right now. Please ask again in a minute.
failure-storage = I can't reach my articles right now. Please try again later; my operator finds the reason in the log.
failure-corpus-busy = The corpus is being changed right now. Please try again in a minute.
failure-server-only = That works only in a server.
failure-old-command = That command has changed. Reload Discord (Ctrl+R), and try again.
failure-bad-option = One of the values can't be used. Please check it, and try again.
failure-forbidden = Discord does not let me do that here: I lack a permission. An admin can look into docs/discord.md.
failure-discord = Discord itself has a problem right now. Please try again in a minute.
failure-too-fast = You are asking faster than this server allows. Please ask again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
failure-server-too-fast = This server is asking faster than its admins allow. Please ask again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
failure-incident = Something went wrong that should not have (incident { $incident }). Please try again; the incident's number helps my operator to find out why.
