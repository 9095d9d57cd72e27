# What admins see of feeds. Escape values before filling them in.
feed-added = Added: { $name }. It lists { $count ->
    [one] one entry; its article arrives
   *[other] { $count } entries; their articles arrive
} within minutes.
feed-known = This server has this feed already, and it stays as it is: { $name }. It lists:
feed-removed = Removed: { $name }. Its articles stay.
feed-paused = Paused: { $name }. It brings no new articles until you run `/corpus feed pause` with `resume`.
feed-resumed = Resumed: { $name }.
feed-unknown = This server has no such feed. Type a few letters of its title and choose it from the list.
feed-too-many = This server already has { $most ->
    [one] one feed
   *[other] { $most } feeds
}, the maximum. Please remove one first.
feeds-title = This server's feeds
feeds-count = { $count } of { $most } feeds.
feeds-none = This server has no feeds yet. Add one with `/corpus feed add`.
feed-every = Checked about every { $minutes } minutes.
feed-entries = { $count ->
    [one] One entry.
   *[other] { $count } entries.
}
feed-state-new = Not read yet.
feed-state-in-order = Working.
feed-state-failing = The last attempt failed.
feed-state-circuit-open = It keeps failing, so I try it only once a day.
feed-state-paused = Paused.
