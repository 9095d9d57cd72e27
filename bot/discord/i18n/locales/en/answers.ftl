# Answers, searches and their buttons. Values in braces are escaped before they are filled in.
not-found = The corpus does not know: nothing in it answers this question.
understood-as = Understood as: { $question }
stance-asserts = ✓ { $speaker } says so
stance-denies = ✗ { $speaker } denies it
stance-unconfirmed = ? { $speaker } leaves it open
stance-neutral = · { $speaker }
says = { $speaker }
claim = Claim: { $claim }
claim-yes = Supported
claim-no = Contradicted
claim-disputed = Disputed
claim-not-found = Not in the corpus: nothing in it says so or denies it.
publishers = { $publishers } publishers, { $independent } of them independent of each other.
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
try-other-words = Other words may help: names, places, what happened. { $sources } lists what I have read.
try-without-filters = Without the filters, or in other words, there may be an answer.
in-queue = Many are asking right now. You are number { $place } in the queue; the answer will appear here.
ask-something = Ask me something, such as: Did Iran deny the missile reports?
ask-elsewhere = I answer questions in { $channels }.
no-claim = That message has no text that I could check.
shared = Shared below.
shared-already = You have shared that answer. If it can't be seen here, ask again.
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
quote-too-long = (The quote is too long to be shown here; the article holds it.)
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
own-brief = { $publisher }, not a news report
excerpt = { $publisher }, excerpt
date-unknown = date unknown
untitled = (untitled)
kind-agency = agency
kind-newspaper = newspaper
kind-magazine = magazine
kind-broadcaster = broadcaster
kind-public-broadcaster = public broadcaster
kind-government-funded = government-funded broadcaster
kind-think-tank = think tank
kind-government = government
kind-organisation = organisation of states
kind-other = publisher
state-controlled = state-controlled { $kind }
