# Antworten, Suchen und ihre Knöpfe. Werte vor dem Einsetzen maskieren.
not-found = In meinen Artikeln habe ich dazu keine Antwort gefunden.
understood-as = Verstanden als: { $question }
stance-asserts = ✓ { $speaker } sagt es
stance-denies = ✗ { $speaker } bestreitet es
stance-unconfirmed = ? { $speaker } lässt es offen
stance-neutral = · { $speaker }
says = { $speaker }
claim = Behauptung: { $claim }
claim-yes = Gestützt
claim-no = Widersprochen
claim-disputed = Umstritten
claim-not-found = In meinen Artikeln habe ich nichts gefunden, das dies stützt oder ihm widerspricht.
publishers = { $dependent ->
    [0] { $publishers } voneinander unabhängige Herausgeber
   *[other] { $publishers } Herausgeber, davon { $independent } voneinander unabhängig
}.
newest-evidence = Neuester Beleg: { $day } ({ $ago })
newest-evidence-undated = Die zitierten Artikel haben kein Datum.
searched = { $articles ->
    [one] 1 Artikel
   *[other] { $articles } Artikel
} durchsucht (neuester: { $last }).
searched-undated = { $articles ->
    [0] Keine Artikel zum Durchsuchen
    [one] 1 Artikel durchsucht
   *[other] { $articles } Artikel durchsucht
}.
filters = Filter: { $filters }.
filters-match-nothing = Kein Artikel passt zu deinen Filtern: { $filters }.
only-publisher = von { $publisher }
since-day = seit { $day }
until-day = bis { $day }
try-other-words = Versuch es mit anderen Worten: Namen, Orten, Ereignissen. { $sources } zeigt, was ich gelesen habe.
try-without-filters = Versuch es ohne die Filter oder mit anderen Worten.
in-queue = Gerade fragen viele. Du bist Nummer { $place } in der Warteschlange; deine Antwort erscheint hier.
ask-something = Stell mir eine Frage, zum Beispiel: Did Iran deny the missile reports?
ask-elsewhere = Ich beantworte Fragen in { $channels }.
no-claim = Diese Nachricht hat keinen Text, den ich prüfen kann.
shared = Unten geteilt.
shared-already = Du hast diese Antwort schon geteilt. Wenn du sie hier nicht siehst, frag noch einmal.
thanks = Danke. Das hilft, die Antworten zu verbessern.
thanks-reason = Danke. Die Admins dieses Servers können deinen Grund lesen, aber nicht, wer ihn geschrieben hat.
button-quotes = { $count ->
    [one] Zitat
   *[other] Alle { $count } Zitate
}
button-sources = { $count ->
    [one] Quelle
   *[other] { $count } Quellen
}
button-more = Mehr dazu
button-share = Teilen
button-without-filters = Ohne Filter
button-before = ◀
button-after = { $page } von { $pages } ▶
reason-title = Was war falsch?
reason-label = Falsches Zitat, falsche Antwort, veraltet …
quotes-title = Alle Zitate
quotes-gone = { $count ->
    [one] Ein Zitat wird
   *[other] { $count } Zitate werden
} nicht mehr gezeigt: Der Artikel wurde entfernt, geändert oder hier ausgeblendet.
quote-too-long = (Dieses Zitat ist zu lang für die Anzeige; es steht im Artikel.)
sources-title = Quellen
more-title = Mehr dazu
nothing-similar = In meinen Artikeln habe ich sonst nichts Ähnliches gefunden.
search-title = „{ $query }“
search-count = { $count ->
    [one] Eine Textstelle.
   *[other] { $count } Textstellen.
}
search-nothing = Keine Textstelle gefunden.
article-number = Nr. { $number }
publisher-unknown = Herausgeber unbekannt
publishers-unknown = { $articles ->
    [one] Artikel: Herausgeber unbekannt.
   *[other] { $count ->
        [one] Einer von { $articles } Artikeln: Herausgeber unbekannt.
       *[other] { $count } von { $articles } Artikeln: Herausgeber unbekannt.
    }
}
the-article = der Artikel
own-brief = { $publisher }, kein Nachrichtenbericht
excerpt = { $publisher }, Auszug
claimed-publisher = gibt an, von { $publisher } zu sein
carried-by = { $publisher }, verbreitet von { $site }
date-ahead = nennt ein Datum in der Zukunft
date-unknown = Datum unbekannt
untitled = (ohne Titel)
kind-agency = Agentur
kind-newspaper = Zeitung
kind-magazine = Magazin
kind-broadcaster = Sender
kind-public-broadcaster = öffentlich-rechtlicher Sender
kind-government-funded = staatlich finanzierter Sender
kind-think-tank = Denkfabrik
kind-government = Regierung
kind-organisation = zwischenstaatliche Organisation
kind-other = Herausgeber
state-controlled = { $kind }, staatlich kontrolliert
command-ask = frag
command-ask-description = Stell eine Frage; die Antwort zitiert Artikel und nennt die Quellen.
option-ask-question = frage
option-ask-question-description = Deine Frage
option-ask-since = seit
option-ask-since-description = Nur Artikel ab diesem Tag, etwa 2024-09-09 oder last week
option-ask-until = bis
option-ask-until-description = Nur Artikel bis zu diesem Tag
option-ask-publisher = herausgeber
option-ask-publisher-description = Nur Artikel dieses Herausgebers
option-ask-private = privat
option-ask-private-description = Die Antwort nur mir zeigen
command-check-this-claim = Behauptung prüfen
command-find-sources = Quellen suchen
