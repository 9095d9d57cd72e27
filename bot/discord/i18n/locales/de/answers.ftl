# Antworten, Suchen und ihre Knöpfe.
not-found = Die Sammlung weiß es nicht: Kein Artikel darin beantwortet diese Frage.
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
claim-not-found = Nicht in der Sammlung: Nichts darin sagt es oder bestreitet es.
publishers = { $publishers } Herausgeber, davon { $independent } voneinander unabhängig.
newest-evidence = Neuester Beleg: { $day } ({ $ago })
newest-evidence-undated = Die zitierten Artikel nennen kein Datum.
searched = Durchsucht: { $articles ->
    [0] keine Artikel
    [one] ein Artikel
   *[other] { $articles } Artikel
}, der neueste vom { $last }.
searched-undated = Durchsucht: { $articles ->
    [0] keine Artikel
    [one] ein Artikel
   *[other] { $articles } Artikel
}.
filters = Nur { $filters }.
only-publisher = von { $publisher }
since-day = seit { $day }
until-day = bis { $day }
try-other-words = Andere Worte helfen vielleicht: Namen, Orte, was geschah. { $sources } zeigt, was ich gelesen habe.
try-without-filters = Ohne die Filter oder mit anderen Worten gibt es vielleicht eine Antwort.
in-queue = Gerade fragen viele. Du bist Nummer { $place } in der Schlange; die Antwort erscheint hier.
ask-something = Frag mich etwas, zum Beispiel: Did Iran deny the missile reports?
ask-elsewhere = Fragen beantworte ich in { $channels }.
no-claim = Diese Nachricht hat keinen Text, den ich prüfen könnte.
shared = Unten geteilt.
shared-already = Diese Antwort hast du schon geteilt. Ist sie hier nicht zu sehen, frag noch einmal.
thanks = Danke. Das hilft, die Antworten besser zu machen.
thanks-reason = Danke. Wer die Sammlung dieses Servers betreut, kann den Grund lesen, ohne deinen Namen.
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
} nicht mehr gezeigt: Der Artikel wurde entfernt oder geändert, oder er ist hier ausgeblendet.
quote-too-long = (Das Zitat ist zu lang für diese Anzeige; es steht im Artikel.)
sources-title = Quellen
more-title = Mehr dazu
nothing-similar = Sonst ist nichts in der Sammlung dem ähnlich.
search-title = „{ $query }“
search-count = { $count ->
    [one] Eine Stelle.
   *[other] { $count } Stellen.
}
search-nothing = Keine Stelle gefunden.
article-number = Nr. { $number }
publisher-unknown = Herausgeber unbekannt
own-brief = { $publisher }, kein Nachrichtenbericht
excerpt = { $publisher }, Auszug
date-unknown = Datum unbekannt
untitled = (ohne Titel)
command-ask = frag
command-ask-description = Stell eine Frage; die Antwort zitiert Artikel und nennt ihre Quellen.
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
kind-agency = Agentur
kind-newspaper = Zeitung
kind-magazine = Magazin
kind-broadcaster = Sender
kind-public-broadcaster = öffentlich-rechtlicher Sender
kind-government-funded = staatlich finanzierter Sender
kind-think-tank = Denkfabrik
kind-government = Regierung
kind-organisation = Organisation von Staaten
kind-other = Herausgeber
state-controlled = { $kind }, staatlich kontrolliert
