# Antworten, Suchen und ihre Knöpfe. Werte vor dem Einsetzen maskieren.
not-found = In meinen Artikeln habe ich dazu keine Antwort gefunden.
not-found-nearest = Ich habe keine Antwort darauf gefunden; am nächsten kommen:
verdict-yes = Ja
verdict-no = Nein
verdict-disputed = Umstritten
headline-verdict = { $verdict }: { $reason }.
headline-open = Das { $articles ->
    [one] steht in einem meiner Artikel:
   *[other] steht in { $articles } meiner Artikel:
}
headline-unsettled = Meine Artikel klären das nicht. Das { $articles ->
    [one] steht in einem davon:
   *[other] steht in { $articles } davon:
}
headline-for = laut { $names }
headline-side-for = ja laut { $names }
headline-side-against = nein laut { $names }
headline-denied = { $speaker } bestreitet es
headline-denied-by = bestritten von { $speaker }
headline-confirmed = { $speaker } bestätigt es
headline-claimed = einem Text, der angibt, von { $publisher } zu sein
headline-an-article = einem Artikel
others = { $count ->
    [one] noch jemand
   *[other] { $count } weitere
}
understood-as = Verstanden als: { $question }
mark-asserts = ✓
mark-denies = ✗
mark-neutral = ·
stance-asserts = ✓ gesagt von { $speaker }
stance-denies = ✗ bestritten von { $speaker }
stance-neutral = · { $speaker }
says = { $speaker }
claim = Behauptung: { $claim }
claim-yes = Gestützt
claim-no = Widersprochen
claim-disputed = Umstritten
claim-not-found = In meinen Artikeln habe ich nichts gefunden, das dies stützt oder ihm widerspricht.
claim-not-found-nearest = Ich habe nichts gefunden, das dies stützt oder ihm widerspricht; am nächsten kommen:
publishers = { $dependent ->
    [0] { $publishers } unabhängige Herausgeber
   *[other] { $publishers } Herausgeber, davon { $independent } unabhängig
}
written-by = Sätze vom Modell { $model }, jeder durch die genannten Zitate belegt
one-sided-publisher = Alle Zitate stammen von einem Herausgeber
one-sided-state = Alle Zitate stammen von Herausgebern, die ein Staat kontrolliert
one-sided-speaker = Alle Zitate geben wieder, was eine Seite sagt
newest-evidence = Stand: { $ago }
newest-evidence-undated = Artikel ohne Datum
searched = { $articles ->
    [0] Keine Artikel zum Durchsuchen
    [one] 1 Artikel durchsucht
   *[other] { $articles } Artikel durchsucht
}
filters-match-nothing = Kein Artikel passt zu: { $filters }
only-publisher = nur { $publisher }
since-day = seit { $day }
until-day = bis { $day }
try-other-words = Versuch es mit anderen Worten: Namen, Orten, Ereignissen. { $sources } zeigt, was ich gelesen habe.
try-without-filters = Ohne die Filter gibt es eine Antwort.
note-no-articles-from = Von { $publisher } habe ich keine Artikel
note-undated = Einige der zitierten Artikel nennen kein Datum, sie können also älter sein als die anderen
note-dated-ahead = Ein zitierter Artikel nennt ein Datum in der Zukunft und gilt darum als undatiert
note-read-by-words = Richtig verstehe ich nur Fragen auf Englisch; in anderen Sprachen suche ich nach Namen, Zahlen und denselben Wörtern und urteile nicht
note-articles-in-other-language = Diese Artikel sind in einer anderen Sprache als deine Frage: Ich habe nur nach ihren Namen und Zahlen gesucht und urteile nicht. Frag auf Englisch, dann verstehe ich mehr
in-queue = Gerade fragen viele. Du bist Nummer { $place } in der Warteschlange; deine Antwort erscheint hier.
ask-something = Stell mir eine Frage, zum Beispiel: Did Iran deny the missile reports?
links-unread = Links kann ich hier nicht öffnen. Füg den Satz ein, um den es geht, oder nimm { $menu } bei einer Nachricht, in der er steht; Admins fügen Artikel mit { $add } hinzu.
typed-command = { $command } wirkt nur, wenn du es aus der Liste wählst, die Discord nach einem Schrägstrich öffnet. Um mich etwas zu fragen, schreib deine Frage hinter meinen Namen.
question-too-long = Das ist länger als eine Frage: Ich lese bis zu { $limit } Zeichen. Frag nach einer Sache, oder nimm { $menu } bei der Nachricht, um ihre Aussagen einzeln zu prüfen.
talk-thanks = Gern geschehen!
talk-greeting = Hallo! Frag mich etwas zum Weltgeschehen, zum Beispiel: Did Iran deny the missile reports?
talk-farewell = Bis bald! Ich bin hier, wenn du eine Frage hast.
talk-emoji = 🙂 Frag mich etwas zum Weltgeschehen, zum Beispiel: Did Iran deny the missile reports?
talk-other = Ich beantworte nur Fragen zum Weltgeschehen, aus den Artikeln, die ich habe. Versuch: Did Iran deny the missile reports?
talk-guide = { $help } zeigt alles, was ich kann.
go-on-in-thread = Erwähn mich ({ $mention }), um in diesem Thread weiterzufragen.
reply-with-mention = Antworten, die mich nicht erwähnen, kann ich nicht lesen. Um weiterzufragen, erwähn mich ({ $mention }) oder schalt beim Antworten die Erwähnung ein.
publisher-not-here = In diesem Kanal zitiere ich nur { $publishers }. Lass den Herausgeber weg oder frag in einem anderen Kanal.
ask-elsewhere = Ich beantworte Fragen in { $channels }.
claim-hidden = Diese Nachricht kann ich nicht lesen: Discord zeigt sie mir nur, wenn sie mich erwähnt. Nimm { $menu } dafür: lange darauf drücken oder rechtsklicken, dann Apps.
which-answer = Worum geht es? Antworte auf eine meiner Antworten, um daran anzuknüpfen, oder stell mir die ganze Frage, mit Namen.
no-claim = Diese Nachricht hat keinen Text, den ich prüfen kann. Ich lese Text, Einbettungen, Weitergeleitetes und angehängte .txt-Dateien bis { $kilobytes } KB.
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
button-find = Danach suchen
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
    [one] Eine Textstelle kommt dem nahe.
   *[other] { $count } Textstellen kommen dem nahe.
}
search-count-many = Mehr als { $count } Textstellen kommen dem nahe; hier sind die nächsten.
search-nothing = Keine Textstelle gefunden, die dem nahekommt.
article-number = Nr. { $number }
publisher-unknown = Herausgeber unbekannt
publishers-unknown = { $articles ->
    [one] Artikel: Herausgeber unbekannt.
   *[other] { $count ->
        [one] Einer von { $articles } Artikeln: Herausgeber unbekannt.
       *[other] { $count } von { $articles } Artikeln: Herausgeber unbekannt.
    }
}
the-article = dem Artikel
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
kind-satire = Satire
kind-other = Herausgeber
state-controlled = { $kind }, staatlich kontrolliert
state-mark = { $publisher } (staatlich kontrolliert)
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
more-quotes = Mehr dazu:
no-more-quotes = Weitere Zitate habe ich dazu nicht; am nächsten kommen:
speakers-title = Auf wessen Wort
dates-title = Nach Datum
dates-of-articles = Die Daten sind die der Artikel.
which-reading = Was meinst du?
suggest-next = Weiterfragen:
suggest-why = Warum ist das passiert?
suggest-when = Wann ist das passiert?
suggest-said = Was sagt { $name }?
suggest-also = { $name }
suggest-who = Wer ist { $name }?
claims-title = Behauptungen in dieser Nachricht
claims-none-found = Nicht in meinen Artikeln
claims-unsettled = Von meinen Artikeln nicht geklärt
claims-more = { $count ->
    [one] Eine weitere Aussage wurde nicht geprüft: Von einer Nachricht prüfe ich { $most }.
   *[other] { $count } weitere Aussagen wurden nicht geprüft: Von einer Nachricht prüfe ich { $most }.
}
claims-details = Die Nummern öffnen die Zitate zu einer Behauptung.
