# What admins see: articles, jobs, settings, insights. Escape values before filling them in.
job-add = Adding articles
job-remove = Removing an article
job-reindex = Updating the index
job-undo = Undoing an addition
job-cleanup = Cleaning up
job-of = { $what }, started by { $who }
job-running-here = { $who } is already running a job: { $what }, { $percent } done. Please try again when it is finished; `/corpus status` shows its progress.
job-running-elsewhere = A job for another server is running, { $percent } done. Please try again when it is finished.
job-cancelling = Cancelling; the current step finishes first.
job-cancelled = Cancelled. The articles are as they were before; you can start again at any time.
job-over = That job is already over. `/corpus status` shows the current state.
job-goes-on-in-dm = This takes longer than Discord lets me update this message. I continue in a direct message to you.
job-goes-on-in-log = This takes longer than Discord lets me update this message, and your direct messages are closed. I continue in the log channel.
job-goes-on-in-status = This takes longer than Discord lets me update this message. The job continues; `/corpus status` shows its progress.
button-cancel = Cancel
stage-starting = starting
stage-waiting = waiting for its turn; another server's job is running
stage-fetching = fetching the page
stage-reading = reading
stage-cutting = splitting into passages
stage-embedding = making searchable
rate-texts = { $count ->
    [one] one text per second
   *[other] { $count } texts per second
}
rate-kilobytes = { $count } KB per second
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
add-done = Import finished
add-nothing = Nothing was imported
add-added = { $count ->
    [one] One article added
   *[other] { $count } articles added
}
add-updated = { $count } updated
add-unchanged = { $count } unchanged
add-no-article = Nothing was added.
add-rejected = { $count ->
    [one] One was rejected
   *[other] { $count } were rejected
}
add-warnings = { $count ->
    [one] One warning
   *[other] { $count } warnings
}
upload-wrong-kind = I can't read files of this kind.
upload-kinds = Please attach a file that ends in { $kinds }.
upload-kind-office = Save it as .docx or .odt (Save As in the program that opens it), and attach that.
upload-kind-sheet = Save the sheet as CSV in UTF-8, with a first row that names the columns, such as title, body and date.
upload-kind-print = Save it as PDF, and attach that.
upload-kind-archive = Unpack it, and attach the files. Many articles fit into one file as JSON Lines (.jsonl, .jsonl.gz) or CSV.
upload-kind-email = Save the email as .eml, and attach that.
upload-kind-feed = Give the feed's address to `/corpus feed add` instead.
upload-kind-book = Convert it to EPUB, and attach that.
upload-kind-picture = Run text recognition (OCR) on it, and attach the result as PDF or text.
upload-kind-sound = Save a transcript of it as text (.txt), and attach that.
upload-kind-subtitles = Save its text without numbers and times as .txt, and attach that.
upload-kind-data = Export it as CSV or JSON Lines, and attach that.
upload-kind-page = Open it in a browser, save the page as HTML, and attach that.
upload-kind-markup = Save its text as Markdown (.md) or plain text (.txt), and attach that.
upload-kind-link = Give the page's address as link instead.
upload-too-large = The file is too large: the limit is { $limit } MB. Please split it.
upload-empty = The file is empty. Please attach another.
quota-upload-articles = This file holds { $found } articles; an upload may hold at most { $most }. Please split it.
quota-upload-disk = This file would take { $found } MB with its search index; an upload may take at most { $most } MB. Please split it.
quota-server-articles = This server would have { $found } articles of its own; it may have at most { $most }. Remove some first, or ask my operator for more room.
quota-server-disk = This server's articles would take { $found } MB; they may take at most { $most } MB. Remove some first, or ask my operator for more room.
quota-server-publishers = This server's articles would name { $found } publishers; they may name at most { $most }. Add files that name fewer.
remove-unknown = This server has no such article. Type a few letters of its title and choose it from the list.
removed = Removed: { $title } (no. { $number }). Answers no longer quote it.
list-title = This server's articles
list-count = { $count ->
    [one] One article.
   *[other] { $count } articles.
}
list-words = With “{ $words }” in title or publisher.
list-empty = This server has no articles of its own yet. Add some with `/corpus add`.
list-nothing = None of this server's articles has these words in its title or publisher.
reindexed = The index is up to date.
reindexed-nothing = The index was already up to date.
reindex-too-soon = A full reindex can run once an hour. Please try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}, or leave full out.
corpus-title = Articles and index
corpus-own = **This server's articles:** { $articles } in { $passages } passages.
corpus-shared = **Shared articles:** { $articles } in { $passages } passages.
corpus-newest = Newest: { $day }.
corpus-index-current = The search index is up to date.
corpus-index-old = The search index is older than the articles; `/corpus reindex` updates it.
corpus-index-built = Built on { $day }.
corpus-model = Model: { $model }
corpus-no-job = No job is running.
undo-nothing = There is no addition to undo.
undone = Undone: { $what }.
undone-removed = { $count ->
    [one] one article removed
   *[other] { $count } articles removed
}
undone-restored = { $count ->
    [one] one has its earlier text back
   *[other] { $count } have their earlier text back
}
undone-left = { $count ->
    [one] one was updated since and stays as it is
   *[other] { $count } were updated since and stay as they are
}
undone-gone = its articles were gone already
settings-title = Settings of this server
settings-hint = Bold values were changed. `/settings set` changes a setting, `/settings reset` restores its default.
setting-changed = `{ $name }` is now { $value }.
setting-changed-in = `{ $name }` is now { $value } in { $channel }.
settings-of-channels = Settings of their own: { $channels }. `/settings show` with `channel` shows them.
channel-settings-title = Settings of { $channel }
channel-setting-answers = What I answer here: mentions; commands only (quiet); or every message that is a question (questions)
channel-setting-collection = Which articles I search here: all, the shared ones (shared), or this server's own (own)
channel-setting-publishers = Publishers that alone I quote here; none means all
channel-setting-language = Language of my own texts here: as in the server (server), en or de
channel-setting-quotes = Quotes in an answer, 1 to 5; automatic shows as many as fit a phone
setting-of-server = `{ $name }` is a setting of the whole server: leave the option `channel` out.
setting-of-channel = `{ $name }` is a setting of single channels: choose one with the option `channel`.
setting-unknown = There is no setting “{ $name }”. The settings are { $names }.
setting-unknown-close = There is no setting “{ $name }”. Did you mean `{ $close }`?
setting-unknown-publishers = ⚠️ I have no articles here that are known to be from { $publishers }. Names have to match whole: choose them from the list.
setting-only-shared = Only the shared collection can be hidden: write shared or none.
setting-no-message-content = Discord shows me only messages that mention me, so I would miss the questions there. Ask my operator to set ATTACHE_MESSAGE_CONTENT first.
setting-unknown-channel = I can't see such a channel in this server. Type # and choose one from the list.
setting-bad-flag = `{ $name }` can't be “{ $value }”. Write on or off.
setting-bad-number = `{ $name }` can't be “{ $value }”. Write a number from { $low } to { $high }, or default.
setting-bad-word = `{ $name }` can't be “{ $value }”. Write one of { $words }, or default.
setting-bad-zone = `{ $name }` can't be “{ $value }”. Write a time zone such as Europe/Berlin, America/New_York or UTC.
setting-bad-names = `{ $name }` can't be “{ $value }”. Write at most 100 names of up to 200 characters, with commas between them, or none.
setting-bad-channel = `{ $name }` can't be “{ $value }”. Type # and choose the channel from the list, or write none.
setting-bad-channels = `{ $name }` can't be “{ $value }”. Type # and choose at most 100 channels from the list, with commas between them, or write none.
setting-locked-channel = I can't write in that channel. Let me view it and send messages there, or choose another.
setting-language = Language of my own texts here: auto, en or de
setting-answer-style = Whether answers have frames and colours (rich) or are plain text (plain)
setting-private-by-default = Whether only the asker sees the answer to a command
setting-channels = Channels where I answer questions; none means everywhere
setting-thread-channels = Channels where each answer opens its own thread
setting-hidden-publishers = Publishers that I never quote here
setting-hidden-collections = Collections that I don't search here; only shared can be hidden
setting-questions-per-minute-member = Questions that one member may ask per minute
setting-questions-per-minute-server = Questions that all members together may ask per minute
setting-log-channel = Channel where I post what admins do
setting-keep-days = Days that I keep answers for their buttons and follow-ups
setting-time-zone = Time zone of briefs in this server, such as Europe/Berlin
setting-written-answers = Whether a language model puts answers into sentences, if my operator has set one; only sentences that the quotes prove are shown
setting-count-unanswered = Whether { $insights } lists public questions that found nothing, without names
insights-title = How I am used here
insights-period = { $first } to { $last }
insights-none = Nobody asked anything in this time.
insights-by-day = Questions per day, oldest first; peak: { $most }.
insights-by-week = Questions per week, oldest first; peak: { $most }.
insights-by-month = Questions per 30 days, oldest first; peak: { $most }.
insights-counts = { $asked ->
    [one] One question
   *[other] { $asked } questions
}, { $refused } without an answer ({ $share }).
insights-votes = 👍 { $ups } · 👎 { $downs }
insights-reasons = Why 👎
insights-unanswered = Most asked without an answer
publisher-changed = Publisher changed: { $name }.
