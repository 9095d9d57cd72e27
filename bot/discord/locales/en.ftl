# Words of the interface. Values in braces are filled in; they are escaped before.
not-found = The corpus does not know: nothing in it answers this question.
understood-as = Understood as: { $question }
newest-evidence = Newest evidence: { $day } ({ $ago })
newest-evidence-undated = The quoted articles state no date.
searched = Searched { $articles ->
    [0] no articles
    [one] one article
   *[other] { $articles } articles
}, the newest of { $last }.
searched-undated = Searched { $articles ->
    [0] no articles
    [one] one article
   *[other] { $articles } articles
}.
filters = Only { $filters }.
only-publisher = from { $publisher }
since-day = since { $day }
until-day = until { $day }
try-other-words = Other words may help: names, places, what happened. `/sources` lists what I have read.
try-without-filters = Without the filters, or in other words, there may be an answer.
in-queue = Many are asking right now. You are number { $place } in the queue; the answer will appear here.
ask-something = Ask me something, such as: Did Iran deny the missile reports?
ask-elsewhere = I answer questions in { $channels }.
no-claim = That message has no text that I could check.
thanks = Thank you. That helps to make the answers better.
thanks-reason = Thank you. The people who run this server's corpus can read your reason, without your name.

button-quotes = { $count ->
    [one] Quote
   *[other] All { $count } quotes
}
button-sources = { $count ->
    [one] Source
   *[other] { $count } sources
}
button-more = More like this
button-share = Share
button-without-filters = Without filters
button-before = ◀
button-after = { $page } of { $pages } ▶
reason-title = What was wrong?
reason-label = Wrong quote, wrong answer, out of date …

quotes-title = All quotes
quotes-gone = { $count ->
    [one] One quote is
   *[other] { $count } quotes are
} no longer shown: the article was removed or changed, or is hidden here.
sources-title = Sources
more-title = More like this
nothing-similar = Nothing else in the corpus is like this.
search-title = “{ $query }”
search-count = { $count ->
    [one] One passage.
   *[other] { $count } passages.
}
search-nothing = No passage was found.
article-number = no. { $number }
publisher-unknown = publisher unknown
own-brief = { $publisher } (a brief by this project, no news report)
date-unknown = date unknown
untitled = (untitled)

failure-not-allowed = You may not do that here.
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
