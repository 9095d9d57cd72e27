# Watched questions. Escape values before filling them in.
button-watch = 🔔 Watch
button-watches = What I watch
button-watch-stop = Stop watching
button-watch-keep = Go on
button-watch-here = Tell me in this channel
button-watch-direct = Tell me directly
watch-begun = 🔔 You watch: **{ $question }**
watch-known = 🔔 You watch this already: **{ $question }**
watch-now = Now: { $answer }
watch-tells-direct = changes come by direct message
watch-tells-here = changes are told in { $channel }, with your name
watch-digest = { $count } watched answers changed
watch-verdict = **{ $before } → { $after }**
watch-denial = **New denial**
watch-speaker = **Somebody new is quoted**
watch-number = **New number: { $number }**
watch-more = and { $count } more; ask again to see them
watch-unchanged = Nothing has changed for { $days } days. Shall I go on? Without an answer I stop in { $more } days.
watch-is-open = There are quotes on it
watch-is-not-found = No article answers it
watch-title = What you watch
watch-count = { $count } of at most { $most }. `/watch remove` ends one.
watch-none = You watch nothing yet. Press 🔔 below an answer.
watch-since = since { $day }
watch-pace = At most { $count ->
    [one] one message
   *[other] { $count } messages
} in 24 hours.
watch-quiet = Quiet from { $from } to { $until } ({ $zone }).
watch-pace-set = Done. { $pace }
watch-bad-hours = I can’t read those hours. Write two full hours, such as 22-7, or none.
watch-bad-zone = I know no such time zone. Write one such as Europe/Berlin, America/New_York or UTC.
watch-stopped = Stopped. I tell you no more of it.
watch-kept = Good, I go on.
watch-unknown = You watch nothing like that. `/watch list` shows what you watch.
watch-off = Watching is switched off here.
watch-too-many = You already watch { $most } questions, the maximum. `/watch remove` ends one.
watch-server-full = The members of this server already watch { $most } questions, the maximum.
watch-not-here = I can’t tell you in this channel. I tell you by direct message.
watch-problem-direct = I can’t write to you. Allow direct messages from members of a server that we share, or have me tell you in a channel.
watch-problem-gone = I can’t find the channel; it was deleted, or I may not see it.
watch-problem-forbidden = I may not write in the channel any more.
