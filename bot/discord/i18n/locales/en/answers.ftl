# Answers, searches and their buttons. Escape values before filling them in.
not-found = I found nothing in my articles that answers this.
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
claim-not-found = I found nothing in my articles that supports or contradicts this.
publishers = { $dependent ->
    [0] { $publishers } independent publishers
   *[other] { $publishers } publishers, { $independent } of them independent
}.
newest-evidence = Newest evidence: { $day } ({ $ago })
newest-evidence-undated = The quoted articles have no date.
searched = Searched { $articles ->
    [one] 1 article
   *[other] { $articles } articles
} (newest: { $last }).
searched-undated = { $articles ->
    [0] No articles to search
    [one] Searched 1 article
   *[other] Searched { $articles } articles
}.
filters = Filters: { $filters }.
filters-match-nothing = No articles match your filters: { $filters }.
only-publisher = from { $publisher }
since-day = since { $day }
until-day = until { $day }
try-other-words = Try other words: names, places, what happened. { $sources } lists what I have read.
try-without-filters = Try again without the filters or in other words.
in-queue = Many people are asking right now. You are number { $place } in the queue; your answer will appear here.
ask-something = Ask me a question, such as: Did Iran deny the missile reports?
ask-elsewhere = I answer questions in { $channels }.
no-claim = That message has no text that I can check.
shared = Shared below.
shared-already = You have already shared that answer. If you can't see it here, ask again.
thanks = Thank you. That helps to improve the answers.
thanks-reason = Thank you. The admins of this server can read your reason, but not who wrote it.
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
} no longer shown: the article was removed, changed or hidden here.
quote-too-long = (This quote is too long to show here; open the article to read it.)
sources-title = Sources
more-title = More like this
nothing-similar = I found nothing else like this in my articles.
search-title = “{ $query }”
search-count = { $count ->
    [one] One passage.
   *[other] { $count } passages.
}
search-nothing = No passages found.
article-number = no. { $number }
publisher-unknown = publisher unknown
publishers-unknown = { $articles ->
    [one] Article: publisher unknown.
   *[other] { $count ->
        [one] One of { $articles } articles: publisher unknown.
       *[other] { $count } of { $articles } articles: publisher unknown.
    }
}
the-article = the article
own-brief = { $publisher }, not a news report
excerpt = { $publisher }, excerpt
claimed-publisher = says it is from { $publisher }
carried-by = { $publisher }, carried by { $site }
date-ahead = states a date in the future
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
kind-organisation = intergovernmental organisation
kind-other = publisher
state-controlled = state-controlled { $kind }
