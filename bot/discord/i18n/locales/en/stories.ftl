# Stories, coverage, timelines, and pages about countries and people. Escape values before filling them in.
story-counts = { $articles ->
    [one] One article
   *[other] { $articles } articles
}, { $publishers ->
    [one] one independent publisher
   *[other] { $publishers } independent publishers
}
story-since = { $counts }, since { $day }
story-of-day = { $counts }, { $day }
story-of-answer = Story: { $articles } articles, since { $day }
story-of-answer-undated = Story: { $articles } articles
story-of-hit = Story no. { $number }: { $story }
story-number = no. { $number }
story-merged-from = No. { $number } was merged into this story.
story-copy-of = copy of no. { $number }
story-none = I found no story for that. { $story } without anything lists the latest ones.
stories-title = Stories
stories-none = No two articles that I read here tell of one event yet.
button-story = The story
button-coverage = Who reports it
button-timeline = Timeline
story-merged = The server’s own articles of story { $number } are part of story { $into } now. What comes in later joins the articles that it is most like.
story-split = They are story { $created } now, apart from story { $number }. What comes in later joins the articles that it is most like.
coverage-first = First to report: { $publisher }
coverage-no-first = Who was first, the dates don’t tell.
coverage-by = Reported by
coverage-by-states = Reported by state-controlled publishers
coverage-silent = Published in these days, but not on it
coverage-copies = only copies of { $publishers }
coverage-some-copies = { $count ->
    [one] one copied from { $publishers }
   *[other] { $count } copied from { $publishers }
}
coverage-states = state-controlled { $count }
coverage-alt = A chart of when { $publishers ->
    [one] one publisher
   *[other] { $publishers } publishers
} reported, from { $first } to { $last }. The text above says the same.
chart-copied = copy
chart-new = new to you
chart-states = State-controlled
chart-silent = Nothing in these days
chart-unknown = unknown
statement-reported = reported
statement-claimed = claimed
statement-denied = denied
statement-confirmed = confirmed
statement-unconfirmed = left open
statement-changed = changed later
timeline-title = What was said, and when
timeline-none = My articles hold no answer to that, so there is nothing to put in order. Try other words.
timeline-new = 🆕 new to you
timeline-before = Until its publisher changed it: “{ $text }”
timeline-events = Tells of { $dates }
timeline-dates = In bold: the day of publication.
timeline-since-visit = { $count ->
    [0] Nothing new
    [one] One new statement
   *[other] { $count } new statements
} since your last visit on { $day }.
timeline-alt = A chart of { $count ->
    [one] one statement
   *[other] { $count } statements
} by { $publishers ->
    [one] one publisher
   *[other] { $publishers } publishers
}, from { $first } to { $last }. The text above says the same.
about-name-none = No article that I read here names “{ $name }”.
about-name-articles = { $count ->
    [one] From the one article nearest to the name
   *[other] From the { $count } articles nearest to the name
}
about-name-stories = Latest stories
about-name-said = Who says what
about-name-denied = Denied
about-name-publishers = Reported by { $publishers }
