# What admins see of feeds. Values in braces are escaped before they are filled in.
feed-added = Added: { $name }. It lists { $count ->
    [one] one entry
   *[other] { $count } entries
} now; the articles come within minutes.
feed-removed = Removed: { $name }. The articles that came from it stay.
feed-paused = Paused: { $name }. No more articles come from it until you go on with `/corpus feed pause` and resume.
feed-resumed = { $name } is read again.
feed-unknown = This server has no such feed; type a few letters of its title, then choose it from the list.
feed-too-many = This server has { $most ->
    [one] one feed
   *[other] { $most } feeds
} already, which is the most; please remove one first.
feeds-title = This server's feeds
feeds-count = { $count } of { $most } feeds.
feeds-none = This server has no feeds yet; `/corpus feed add` takes one.
feed-every = Looked at about every { $minutes } minutes.
feed-entries = { $count ->
    [one] One entry.
   *[other] { $count } entries.
}
feed-state-new = Not read yet.
feed-state-in-order = In order.
feed-state-failing = The last attempt failed.
feed-state-circuit-open = It failed again and again and is tried once a day.
feed-state-paused = Paused.
