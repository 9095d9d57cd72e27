# Answers, searches and their buttons. Escape values before filling them in.
not-found = I found nothing in my articles that answers this.
not-found-nearest = I found nothing that answers this; closest articles:
verdict-yes = Yes
verdict-no = No
verdict-disputed = Disputed
headline-verdict = { $verdict }: { $reason }.
headline-open = What { $articles ->
    [one] one of my articles says:
   *[other] { $articles } of my articles say:
}
headline-unsettled = My articles don't settle this. What { $articles ->
    [one] one of them says:
   *[other] { $articles } of them say:
}
headline-for = according to { $names }
headline-side-for = yes according to { $names }
headline-side-against = no according to { $names }
headline-denied = { $speaker } denied it
headline-denied-by = denied by { $speaker }
headline-confirmed = { $speaker } confirmed it
headline-claimed = a text that says it is from { $publisher }
headline-an-article = an article
others = { $count ->
    [one] one other
   *[other] { $count } others
}
understood-as = Understood as: { $question }
mark-asserts = ✓
mark-denies = ✗
mark-neutral = ·
stance-asserts = ✓ according to { $speaker }
stance-denies = ✗ denied by { $speaker }
stance-neutral = · { $speaker }
says = { $speaker }
claim = Claim: { $claim }
claim-yes = Supported
claim-no = Contradicted
claim-disputed = Disputed
claim-not-found = I found nothing in my articles that supports or contradicts this.
claim-not-found-nearest = I found nothing that supports or contradicts this; closest articles:
publishers = { $dependent ->
    [0] { $publishers } independent publishers
   *[other] { $publishers } publishers, { $independent } independent
}
written-by = Sentences by the model { $model }, each proven by the quotes it names
one-sided-publisher = All quotes are from one publisher
one-sided-state = All quotes are from publishers that one state controls
one-sided-speaker = All quotes tell what one side says
newest-evidence = Newest: { $ago }
newest-evidence-undated = Articles without a date
searched = { $articles ->
    [0] No articles to search
    [one] 1 article searched
   *[other] { $articles } articles searched
}
filters-match-nothing = No articles match: { $filters }
only-publisher = only { $publisher }
since-day = since { $day }
until-day = until { $day }
try-other-words = Try other words: names, places, what happened. { $sources } lists what I have read.
try-without-filters = There is an answer without the filters.
note-no-articles-from = I have no articles from { $publisher }
note-undated = Some of the quoted articles state no date, so they may be older than the others
note-dated-ahead = A quoted article states a date in the future, so it counts as undated
note-read-by-words = I read questions in English; in other languages I look for names, numbers and the same words, and give no verdict
note-articles-in-other-language = These articles are in another language than your question: I looked for its names and numbers only, and give no verdict. Ask in English for more
in-queue = Many people are asking right now. You are number { $place } in the queue; your answer will appear here.
ask-something = Ask me a question, such as: Did Iran deny the missile reports?
links-unread = I can't open links here. Paste the sentence that you wonder about, or use { $menu } on a message that has it; admins add articles with { $add }.
typed-command = { $command } works only when you pick it from the list that Discord opens when you type a slash. To ask me something, write your question after my name.
question-too-long = That is longer than a question: I read up to { $limit } characters. Ask about one thing, or use { $menu } on the message to have its statements checked one by one.
talk-thanks = You're welcome!
talk-greeting = Hello! Ask me something about world affairs, such as: Did Iran deny the missile reports?
talk-farewell = Goodbye! I'm here when you have a question.
talk-emoji = 🙂 Ask me something about world affairs, such as: Did Iran deny the missile reports?
talk-other = I only answer questions about world affairs, from the articles I have. Try: Did Iran deny the missile reports?
talk-guide = { $help } lists everything I can do.
go-on-in-thread = Mention me ({ $mention }) to ask more in this thread.
reply-with-mention = I can't read replies that don't mention me. To go on, mention me ({ $mention }) or turn the mention on when you reply.
publisher-not-here = In this channel I only quote { $publishers }. Leave the publisher out, or ask in another channel.
ask-elsewhere = I answer questions in { $channels }.
claim-hidden = I can't read that message: Discord shows it to me only if it mentions me. Use { $menu } on it: press it long or right-click it, then Apps.
which-answer = What is that about? Reply to one of my answers to go on from it, or ask me the whole question, with names.
no-claim = That message has no text that I can check. I read its text, embeds, what it forwards, and attached .txt files of up to { $kilobytes } KB.
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
button-find = Search for this
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
    [one] One passage is near.
   *[other] { $count } passages are near.
}
search-count-many = More than { $count } passages are near; here are the nearest.
search-nothing = No passages found that are near to this.
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
kind-satire = satire
kind-other = publisher
state-controlled = state-controlled { $kind }
state-mark = { $publisher } (state-controlled)
more-quotes = More on this:
no-more-quotes = I have no further quotes on this; close passages:
speakers-title = On whose word
dates-title = By date
dates-of-articles = The dates are those of the articles.
which-reading = Which do you mean?
suggest-next = Ask next:
suggest-why = Why did that happen?
suggest-when = When did that happen?
suggest-said = What does { $name } say?
suggest-also = { $name }
suggest-who = Who is { $name }?
claims-title = Claims in this message
claims-none-found = Not in my articles
claims-unsettled = Not settled by my articles
claims-more = { $count ->
    [one] One more statement was not checked: I check { $most } of a message.
   *[other] { $count } more statements were not checked: I check { $most } of a message.
}
claims-details = The numbers open the quotes of a claim.
