# What admins see: the corpus, long work, settings, insights. Values in braces are escaped before they are filled in.
job-add = Adding articles
job-remove = Removing an article
job-reindex = Bringing the index up to date
job-undo = Taking an addition back
job-cleanup = Tidying up
job-of = { $what }, begun by { $who }
job-running-here = { $who } has work under way already: { $what }, { $percent } done. Please try again when it is over; `/corpus status` shows how far it is.
job-running-elsewhere = Work for another server is under way, { $percent } done. Please try again when it is over.
job-cancelling = Cancelling; the present step is finished first.
job-cancelled = Cancelled. The articles are as they were before; start it again whenever you like.
job-over = That work is over already. `/corpus status` shows how things are.
job-goes-on-in-dm = This takes longer than Discord lets me write here. It goes on in a direct message to you.
job-goes-on-in-log = This takes longer than Discord lets me write here, and your direct messages are closed. It goes on in the log channel.
job-goes-on-in-status = This takes longer than Discord lets me write here. It goes on; `/corpus status` shows how far it is.
button-cancel = Cancel
stage-starting = beginning
stage-fetching = fetching the page
stage-reading = reading
stage-cutting = cutting into passages
stage-embedding = making searchable
rate-texts = { $count ->
    [one] one text a second
   *[other] { $count } texts a second
}
rate-kilobytes = { $count } KB a second
left-seconds = { $count ->
    [one] one second left
   *[other] { $count } seconds left
}
left-minutes = { $count ->
    [one] one minute left
   *[other] { $count } minutes left
}
and-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
log-act = { $who } · `/{ $act }` · { $details }
add-needs-one = Give either a link or a file.
add-needs-bot = I can keep articles only for servers that I am a member of; please invite me with the bot scope first.
add-done = The articles are in
add-nothing = Nothing was taken in
add-counts = { $added ->
    [one] One article added
   *[other] { $added } articles added
}, { $updated } updated, { $unchanged } unchanged.
add-rejected = { $count ->
    [one] One was rejected
   *[other] { $count } were rejected
}
add-warnings = { $count ->
    [one] One note
   *[other] { $count } notes
}
upload-wrong-kind = This kind of file can't be read; please attach one that ends in { $kinds }.
upload-too-large = The file is too large: at most { $limit } MB are taken in. Please split it.
upload-empty = The file is empty; please attach another.
remove-unknown = This server has no such article; type a few letters of its title, then choose it from the list.
removed = Removed: { $title } (no. { $number }). It is in no answer any more.
list-title = This server's articles
list-count = { $count ->
    [one] One article.
   *[other] { $count } articles.
}
list-words = With “{ $words }” in title or publisher.
list-empty = This server has no articles of its own yet; `/corpus add` takes some in.
list-nothing = None of this server's articles has these words in its title or publisher.
reindexed = The index is up to date.
reindexed-nothing = The index was up to date already; nothing had to be done.
reindex-too-soon = A full reindex is possible once an hour; please try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}, or leave full out.
corpus-title = The corpus
corpus-own = **This server's articles:** { $articles } in { $passages } passages.
corpus-shared = **Shared articles:** { $articles } in { $passages } passages.
corpus-newest = The newest is of { $day }.
corpus-index-current = The search index is up to date.
corpus-index-old = The search index is older than the articles; `/corpus reindex` brings it up to date.
corpus-index-built = Built on { $day }.
corpus-model = Model: { $model }
corpus-no-job = No work is under way.
undo-nothing = There is no addition that could be taken back.
undone = Taken back: { $removed ->
    [one] one article removed
   *[other] { $removed } articles removed
}, { $restored } with the former text again.
undone-but = Taken back: { $removed ->
    [one] one article removed
   *[other] { $removed } articles removed
}, { $restored } with the former text again. { $left ->
    [one] One was updated since and stays
   *[other] { $left } were updated since and stay
} as it is.
settings-title = Settings of this server
settings-hint = Bold values were changed. `/settings set` changes one, `/settings reset` sets it back.
setting-changed = `{ $name }` is now { $value }.
setting-only-shared = Only the collection shared can be hidden: write shared, or none.
setting-no-message-content = Discord shows me only messages that mention me, so I would see no questions there; ask my operator to set ATTACHE_MESSAGE_CONTENT first.
setting-unknown-channel = This server has no such channel that I can see; type # and choose one from the list.
setting-locked-channel = I may not write in that channel; let me see it and send messages there, or choose another.
setting-language = Language of the bot's own words here: auto, en or de
setting-answer-style = Whether answers have frames and colours (rich) or are plain text (plain)
setting-private-by-default = Whether only the asker sees the answer to a command
setting-channels = Channels where questions are answered; none chosen means everywhere
setting-question-channels = Channels where every message that is a question is answered
setting-thread-channels = Channels where an answer opens a thread of its own
setting-hidden-publishers = Publishers that are never quoted here
setting-hidden-collections = Collections that are not searched here; only shared can be hidden
setting-questions-per-minute-member = Questions that one member may ask a minute
setting-questions-per-minute-server = Questions that all together may ask a minute
setting-log-channel = Channel where the acts of admins are told
setting-keep-days = Days that answers are kept for their buttons and follow-ups
setting-count-unanswered = Whether public questions that found nothing are listed in { $insights }, without names
insights-title = How the bot is used here
insights-period = { $first } to { $last }
insights-none = Nobody has asked anything in this time.
insights-by-day = Questions a day, oldest first; at most { $most }.
insights-by-week = Questions a week, oldest first; at most { $most }.
insights-by-month = Questions in 30 days each, oldest first; at most { $most }.
insights-counts = { $asked ->
    [one] One question
   *[other] { $asked } questions
}, { $refused } of them without an answer ({ $share }).
insights-votes = 👍 { $ups } · 👎 { $downs }
insights-reasons = Why 👎
insights-unanswered = Asked most, and nothing found
publisher-changed = From now on: { $name }.
