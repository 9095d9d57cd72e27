# What a server sees when the bot joins, and new articles that are posted to channels. Escape values before filling them in.
greeting-title = Hello! I answer questions from news articles
greeting-how = Mention me ({ $mention }) with a question in any channel that I can see.
greeting-start = To start
greeting-ask = { $command } asks a question; the answer can be for everybody or only for you
greeting-search = { $command } finds passages in the articles
greeting-help = { $command } shows everything I can do
greeting-feed = To give me articles (for people who may manage this server)
greeting-corpus-add = { $command } takes a link or a file
greeting-corpus-feed-add = { $command } follows a feed, such as a newspaper's RSS
greeting-news-set = { $command } posts new articles to a channel
greeting-foot = { $settings } shows where and how I answer. I write this only once.
button-greeting = All commands
news-digest = { $count } new articles
button-news = { $count ->
    [one] About this article
   *[other] About these articles
}
news-posted = In this message
news-title = New articles in channels
news-count = { $count } of at most { $most }. `/news stop` ends one.
news-none = Nothing is posted yet. `/news set` chooses a channel.
news-set = Done. New articles are posted from now on; those that are there already are not.
news-changed = Changed. An option that you leave out has its usual value again.
news-before = Before: { $facts }
news-stopped = Stopped. What was posted stays.
news-unknown = This server has nothing like that to stop. Choose it from the list.
news-too-many = This server already has { $most } of these, the maximum. `/news stop` ends one.
news-no-everyone = I don't mention everyone. Choose another role, or none.
news-no-words = There is no word in words. Write some with commas between them, or leave the option out.
news-no-announcements = Only messages in an announcement channel can be published to other servers. Choose such a channel, or leave publish out.
news-role-silent = { $role } is shown, but not notified: allow everybody to mention the role, or allow me to mention all roles.
news-source-own = all articles of this server
news-source-shared = all shared articles
news-source-gone = a feed that was removed
news-ended = Nothing more comes. `/news stop` ends this.
news-unread = Nothing of it is posted: the settings of this server or of { $channel } leave these articles out.
news-most = { $count ->
    [one] at most one message an hour
   *[other] at most { $count } messages an hour
}
news-role = mentions { $role }
news-words = only with: { $words }
news-publishes = published to channels that follow
news-waiting = { $count ->
    [one] one article waits
   *[other] { $count } articles wait
}
news-retry = I try again on { $day } at the latest; what comes in meanwhile waits for up to 7 days.
news-problem-gone = I can't find the channel; it was deleted, or I may not see it.
news-problem-forbidden = I may not write there. Let me view the channel and send messages.
news-problem-refused = Discord refused the message.
news-problem = I can't post new articles in { $channel }. { $reason } New articles wait for up to 7 days; `/news list` shows the state, `/news stop` ends it. I say this only once.
arrival-passages = { $count ->
    [0] no passages, so nothing of it can be quoted
    [one] one passage
   *[other] { $count } passages
}
quota-use = Of its quota this server uses { $articles } of { $most } articles and { $megabytes } of { $room } MB.
quota-room = When it is full, nothing new comes in: remove articles, or ask my operator for more room.
quota-near = This server's articles use { $percent }% of their quota: { $articles } of { $most } articles and { $megabytes } of { $room } MB. When it is full, nothing new comes in. Remove articles, or ask my operator for more room. I say this only once.
feed-came = { $count ->
    [0] No article has come in yet
    [one] One article has come in
   *[other] { $count } articles have come in
}, { $waiting } still to be fetched. The newest:
feed-not-read = Could not be read
button-feed-came = What has come in
remove-confirm = Remove this article for good?
undo-confirm = Undo the last addition?
undo-removes = { $count ->
    [one] One article is removed
   *[other] { $count } articles are removed
}
undo-restores = { $count ->
    [one] One article gets its earlier text back
   *[other] { $count } articles get their earlier text back
}
undo-empty = Its articles are gone already. After this, the addition before it can be undone.
undo-changed = Something else was added or undone meanwhile. Please use `/corpus undo` again.
articles-kept = Nothing was removed.
button-remove = Remove it
button-undo = Undo
button-keep = Keep
