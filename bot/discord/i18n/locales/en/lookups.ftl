# Look-ups: articles, publishers, counts; help and privacy. Escape values before filling them in.
article-none = I have no article like “{ $title }”. { $search } also searches the texts.
article-gone = That article is no longer here: it was removed or hidden here.
article-nearest = No title contains “{ $title }”. This article is the closest.
article-author = By { $author }
article-language = Language: { $language }
article-language-not-judged = Language: { $language }; found and quoted, but not used to decide yes or no
article-passages = { $count ->
    [one] One searchable passage
   *[other] { $count } searchable passages
}
article-versions = { $count ->
    [one] One earlier version: the publisher changed
   *[other] { $count } earlier versions: the publisher changed
} the text
article-copies = { $count ->
    [one] One copy: { $copies }
   *[other] { $count } copies: { $copies }
}
also-in = Also in: { $copies }
copies-more = and { $count } more
button-edits = { $count ->
    [one] One edit
   *[other] { $count } edits
}
button-article = Back to the article
edit-seen = Seen { $when }:
edit-no-words = no words changed.
edit-silent = A silent edit: the article's own date stayed the same.
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
edit-fact-number = Number: “{ $before }” → “{ $after }”
edit-fact-date = Date: “{ $before }” → “{ $after }”
edit-fact-name = Name: “{ $before }” → “{ $after }”
edit-fact-negated = Negated now: “{ $after }”
edit-fact-not-negated = Not negated any more: “{ $before }”
edit-partial = These texts are long, so only their beginnings were compared.
article-no-link = The article gives no link.
article-cited = Cited in answers here
article-not-cited = No public answer here cites it yet.
article-answers = cited in { $count ->
    [one] one answer
   *[other] { $count } answers
}
article-open-there = open at this passage
open-on-page = open on the page
article-long-passage = This passage is too long to show here.
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
status-title = The articles I have
holdings = { $articles ->
    [0] No articles
    [one] One article
   *[other] { $articles } articles
} { $articles ->
    [0] yet
   *[other] { $publishers ->
        [0] without a publisher
        [one] from one publisher
       *[other] from { $publishers } publishers
    }
}
status-passages = { $count ->
    [one] One searchable passage
   *[other] { $count } searchable passages
}
status-newest = Newest article: { $day } ({ $ago })
status-oldest = Oldest article: { $day }
status-undated = { $count ->
    [one] One article has
   *[other] { $count } articles have
} no date
status-model = Search model: { $model }
status-index = Index built: { $when } ({ $ago })
status-no-index = The search index is not built yet.
help-how = Mention me ({ $mention }) with a question, or send me a direct message. Reply to an answer to ask a follow-up question.
help-how-direct = Send me a question here. Write again to ask a follow-up question.
help-how-commands = Ask me with the commands below.
help-menus = Right-click a message (on a phone: hold it), then Apps: { $menus }
help-admin = For people who may manage this server
about-title = Attaché
about-what = I answer questions about world affairs from the articles I have. I quote them word for word, say who published them and when, and tell you when they don't have the answer. I write no news of my own.
about-version = Version { $version }
about-newest = Newest article: { $day }
about-docs = Documentation
about-more = How to ask: { $help } · What I keep: { $privacy }
privacy-reads = I read a message only when it is meant for me: a mention, a direct message, a reply to one of my answers, a message in a thread that I opened, a command, or a message that you choose one of my menu actions for.
privacy-channels = In { $channels } I also read every message, and answer those that are questions.
privacy-answers = Questions and answers in this server, for their buttons and follow-ups, and the votes on them: { $days ->
    [one] one day
   *[other] { $days } days
}.
privacy-direct = Questions and answers in direct messages: { $days } days.
privacy-unanswered = Public questions that found nothing, without who asked: { $days } days; admins can list them.
privacy-unanswered-off = Questions that found nothing are not listed here.
privacy-counts = The number of questions per day: { $days } days.
privacy-acts = What admins did here: { $days } days.
privacy-removed = If I am removed from a server, all of this is deleted { $days } days later.
privacy-export = { $command } sends you everything I keep about you.
privacy-delete = { $command } deletes your questions, answers and votes at once.
privacy-not-kept = I keep Discord's ID numbers for people, channels and servers, but no names. Your questions are not written to the log. Nobody else sees your private answers.
data-export = { $count ->
    [one] One record
   *[other] { $count } records
} about you. Only you can see this message; the file is yours to keep.
data-none = I keep nothing about you. The file says just that.
data-confirm-title = Delete what I keep about you?
data-confirm = This deletes your questions in every server and in direct messages, the votes on them, and your own votes. The buttons under those answers stop working. This can't be undone.
data-confirm-first = { $command } gives you a copy first.
button-delete-data = Delete it all
button-keep-data = Keep it
data-kept = Nothing was deleted.
data-deleted = { $count ->
    [0] There was nothing to delete.
    [one] Deleted: one record.
   *[other] Deleted: { $count } records.
}
data-stays-acts = { $count ->
    [one] One record of what you did as an admin stays with the server
   *[other] { $count } records of what you did as an admin stay with the servers
} until { $days } days after it happened.
data-stays = Daily counts and questions that found nothing don't say who asked, so they stay until their time is up. The messages belong to Discord: delete them there.
article-cited-in = Newest answers that cite it: { $links }
button-passages = Read on
passages-title = Passages
button-page = Page …
page-title = Jump to a page
page-label = Page, 1 to { $pages }
page-unknown = There is no such page. Please give a number from 1 to { $pages }.
