# Briefs: what is new, shown on request or posted. Escape values before filling them in.
button-brief = Show all of it
brief-title = What is new
brief-counts = { $articles ->
    [one] one new article
   *[other] { $articles } new articles
}, { $publishers ->
    [one] one independent publisher
   *[other] { $publishers } independent publishers
}
brief-new = { $articles ->
    [one] one new article
   *[other] { $articles } new articles
}, { $publishers ->
    [one] one independent publisher
   *[other] { $publishers } independent publishers
}
brief-empty = There is nothing to tell.
brief-pages = The first of { $count } pages.
brief-topics = Watched answers that changed
brief-opened = Disputes opened
brief-settled = Disputes settled
brief-stories = Top stories
brief-denials = Denied or rejected
brief-edits = Changed by publishers without a new date
brief-rules-title = Briefs in channels
brief-count = { $count } of at most { $most }. `/briefs stop` ends one.
brief-none = No brief is posted yet. `/briefs set` chooses a channel.
brief-set = Done. The next brief tells what comes in from now on.
brief-stopped = Stopped. What was posted stays.
brief-unknown = This server has no such brief to stop. Choose it from the list.
brief-too-many = This server already has { $most } of these, the maximum. `/briefs stop` ends one.
brief-bad-time = I can’t read that time. Write one such as 07:00 or 19:30.
brief-bad-day = I can’t read that day. Write a day of the week such as Monday, or leave it out for every day.
brief-says-empty = also says when there is nothing to tell
brief-every-day = every day
brief-day-0 = on Mondays
brief-day-1 = on Tuesdays
brief-day-2 = on Wednesdays
brief-day-3 = on Thursdays
brief-day-4 = on Fridays
brief-day-5 = on Saturdays
brief-day-6 = on Sundays
brief-when = { $day } at { $time } ({ $zone })
brief-problem = I can’t post the brief in { $channel }. { $reason } The next one that I can post tells what this one would have told; `/briefs list` shows the state. I say this only once.
