# Look-ups: articles, publishers, counts; help and what is kept. Values in braces are escaped before they are filled in.
article-none = I know no article like “{ $title }”. { $search } looks through the texts, too.
article-gone = That article is not here any more: it was removed, or is hidden here.
article-nearest = No title says “{ $title }”. This one comes nearest.
article-author = By { $author }
article-language = Language: { $language }
article-language-not-judged = Language: { $language }; found and quoted, but not judged
article-passages = { $count ->
    [one] One passage
   *[other] { $count } passages
} to search
article-versions = { $count ->
    [one] One former version: the publisher changed
   *[other] { $count } former versions: the publisher changed
} the text
article-copies = { $count ->
    [one] One copy: { $copies }
   *[other] { $count } copies: { $copies }
}
also-in = Also in: { $copies }
copies-more = and { $count } more
button-edits = { $count ->
    [one] The edit
   *[other] { $count } edits
}
button-article = The article
edit-seen = Seen { $when }:
edit-no-words = no change of words.
edit-silent = The article's own date stayed the same: a silent edit.
edit-headline = The headline changed: “{ $before }” → “{ $after }”
edit-added = { $count ->
    [one] A sentence was added: “{ $text }”
   *[other] { $count } sentences were added: “{ $text }”
}
edit-removed = { $count ->
    [one] A sentence was removed: “{ $text }”
   *[other] { $count } sentences were removed: “{ $text }”
}
edit-moved = Moved: “{ $text }”
edit-in = { $words } in: “{ $text }”
edit-changed = “{ $before }” became “{ $after }”
edit-word-added = “{ $after }” was added
edit-word-changed = “{ $before }” became “{ $after }”
edit-word-removed = “{ $before }” was removed
edit-more = { $count ->
    [one] And one more change.
   *[other] And { $count } more changes.
}
edit-partial = Only the beginnings of these long texts were compared.
article-no-link = The article states no address.
article-cited = What answers here cited
article-not-cited = No public answer in this place cites it yet.
article-answers = cited in { $count ->
    [one] one answer
   *[other] { $count } answers
}
article-open-there = open at this place
article-long-passage = A passage too long to show here.
publishers-title = What I have read
publishers-none = Nothing yet: there are no articles here.
publishers-count = { $count ->
    [one] One publisher
   *[other] { $count } publishers
}, { $articles ->
    [one] one article
   *[other] { $articles } articles
} in all.
publisher-articles = { $count ->
    [one] one article
   *[other] { $count } articles
}
from-to = { $first } to { $last }
status-title = State of the corpus
holdings = { $articles ->
    [0] No articles
    [one] One article
   *[other] { $articles } articles
} { $articles ->
    [0] yet
   *[other] { $publishers ->
        [0] without a publisher
        [one] of one publisher
       *[other] of { $publishers } publishers
    }
}
status-passages = { $count ->
    [one] One passage
   *[other] { $count } passages
} to search
status-newest = Newest article: { $day } ({ $ago })
status-oldest = Oldest article: { $day }
status-undated = { $count ->
    [one] One article states
   *[other] { $count } articles state
} no date
status-model = Search model: { $model }
status-index = Index built: { $when } ({ $ago })
status-no-index = The index is not built yet.
help-title = How to ask me
help-what = I answer questions about world affairs from news articles: word for word, with publisher, date and link. Where the articles say nothing, I say so.
help-how = Mention me ({ $mention }) with a question, or write to me in a direct message. Reply to an answer to ask further.
help-how-commands = Ask me with the commands below.
help-example = Did Iran deny the missile reports?
help-menus = Right-click a message (on a phone: hold it), then Apps: { $menus }
help-admin = For people who may manage this server
about-title = Attaché
about-what = I answer questions about world affairs from a collection of articles. I quote them word for word, say who published them and when, and say when they don’t know. I write no news of my own.
about-version = Version { $version }
about-newest = Newest article: { $day }
about-docs = Documentation
about-more = How to ask: { $help } · What I keep: { $privacy }
privacy-title = What I keep
privacy-reads = I read a message only when it is meant for me: a mention, a direct message, a reply to one of my answers, a command, a menu on a message.
privacy-channels = In { $channels } I also read every message, and answer those that are questions.
and-more = { $names } and { $count } more
privacy-answers = Questions and answers in this server, for their buttons and follow-ups, with the votes on them: { $days ->
    [one] one day
   *[other] { $days } days
}.
privacy-direct = Questions and answers in direct messages: { $days } days.
privacy-unanswered = Public questions that found nothing, without who asked: { $days } days; admins can list them.
privacy-unanswered-off = Questions that found nothing are not listed here.
privacy-counts = How many questions there were a day: { $days } days.
privacy-acts = What admins did here: { $days } days.
privacy-removed = When I am removed from a server, all of it goes { $days } days later.
privacy-export = { $command } sends you all that I keep about you.
privacy-delete = { $command } deletes it at once.
privacy-not-kept = I keep Discord’s numbers for people, channels and servers, no names. What you ask is not written to the log. Private answers are shown to nobody else.
data-export = { $count ->
    [one] One record
   *[other] { $count } records
} about you. Only you see this message; the file is yours to keep.
data-none = I keep nothing about you. The file says just that.
data-confirm-title = Delete what I keep about you?
data-confirm = Your questions in every server and in direct messages go, with the votes on them, and your own votes. Buttons under those answers stop working. This can’t be undone.
data-confirm-first = { $command } hands it out to you before.
button-delete-data = Delete it all
button-keep-data = Keep it
data-kept = Nothing was deleted.
data-deleted = { $count ->
    [0] There was nothing to delete.
    [one] Deleted: one record.
   *[other] Deleted: { $count } records.
}
data-stays-acts = { $count ->
    [one] One record of what you did as an admin stays
   *[other] { $count } records of what you did as an admin stay
} with the servers, for { $days } days after the act.
data-stays = Numbers a day and questions that found nothing don’t say whose they are, and go when their time is over. The messages in Discord are Discord’s: delete them there.
