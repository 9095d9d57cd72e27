# Nachschlagen: Artikel, Herausgeber, Zahlen; Hilfe und Datenschutz. Werte vor dem Einsetzen maskieren.
article-none = Einen Artikel wie „{ $title }“ habe ich nicht. { $search } durchsucht auch die Texte.
article-gone = Diesen Artikel gibt es hier nicht mehr: Er wurde entfernt oder hier ausgeblendet.
article-nearest = Kein Titel enthält „{ $title }“. Dieser Artikel kommt dem am nächsten.
article-author = Von { $author }
article-language = Sprache: { $language }
article-language-not-judged = Sprache: { $language }; wird gefunden und zitiert, zählt aber nicht für Ja oder Nein
article-passages = { $count ->
    [one] Eine durchsuchbare Textstelle
   *[other] { $count } durchsuchbare Textstellen
}
article-versions = { $count ->
    [one] Eine frühere Fassung: vom Herausgeber
   *[other] { $count } frühere Fassungen: vom Herausgeber
} geändert
article-copies = { $count ->
    [one] Eine Kopie: { $copies }
   *[other] { $count } Kopien: { $copies }
}
also-in = Auch in: { $copies }
copies-more = und { $count } weitere
button-edits = { $count ->
    [one] Eine Änderung
   *[other] { $count } Änderungen
}
button-article = Zum Artikel
edit-seen = Gesehen { $when }:
edit-no-words = kein Wort geändert.
edit-silent = Eine stille Änderung: Das Datum des Artikels blieb dasselbe.
edit-headline = Die Überschrift wurde geändert: „{ $before }“ → „{ $after }“
edit-added = { $count ->
    [one] Ein Satz kam hinzu: „{ $text }“
   *[other] { $count } Sätze kamen hinzu: „{ $text }“
}
edit-removed = { $count ->
    [one] Ein Satz fiel weg: „{ $text }“
   *[other] { $count } Sätze fielen weg: „{ $text }“
}
edit-moved = Verschoben: „{ $text }“
edit-in = { $words } in: „{ $text }“
edit-changed = Aus „{ $before }“ wurde „{ $after }“
edit-word-added = „{ $after }“ kam hinzu
edit-word-changed = aus „{ $before }“ wurde „{ $after }“
edit-word-removed = „{ $before }“ fiel weg
edit-more = { $count ->
    [one] Und eine weitere Änderung.
   *[other] Und { $count } weitere Änderungen.
}
edit-fact-number = Zahl: „{ $before }“ → „{ $after }“
edit-fact-date = Datum: „{ $before }“ → „{ $after }“
edit-fact-name = Name: „{ $before }“ → „{ $after }“
edit-fact-negated = Jetzt verneint: „{ $after }“
edit-fact-not-negated = Nicht mehr verneint: „{ $before }“
edit-partial = Diese Texte sind lang, darum wurde nur ihr Anfang verglichen.
article-no-link = Der Artikel nennt keinen Link.
article-cited = In Antworten hier zitiert
article-not-cited = Noch zitiert ihn hier keine öffentliche Antwort.
article-answers = zitiert in { $count ->
    [one] einer Antwort
   *[other] { $count } Antworten
}
article-open-there = an dieser Stelle öffnen
open-on-page = auf der Seite öffnen
article-long-passage = Diese Textstelle ist zu lang für die Anzeige.
publishers-title = Was ich gelesen habe
publishers-none = Noch nichts: Hier gibt es keine Artikel.
publishers-count = { $count ->
    [one] Ein Herausgeber
   *[other] { $count } Herausgeber
}, zusammen { $articles ->
    [one] ein Artikel
   *[other] { $articles } Artikel
}.
publisher-articles = { $count ->
    [one] ein Artikel
   *[other] { $count } Artikel
}
from-to = { $first } bis { $last }
status-title = Die Artikel, die ich habe
holdings = { $articles ->
    [0] Noch keine Artikel
    [one] Ein Artikel
   *[other] { $articles } Artikel
}{ $articles ->
    [0] {""}
   *[other] { $publishers ->
        [0] {" "}ohne Herausgeber
        [one] {" "}von einem Herausgeber
       *[other] {" "}von { $publishers } Herausgebern
    }
}
status-passages = { $count ->
    [one] Eine durchsuchbare Textstelle
   *[other] { $count } durchsuchbare Textstellen
}
status-newest = Neuester Artikel: { $day } ({ $ago })
status-oldest = Ältester Artikel: { $day }
status-undated = { $count ->
    [one] Ein Artikel hat
   *[other] { $count } Artikel haben
} kein Datum
status-model = Suchmodell: { $model }
status-index = Index erstellt: { $when } ({ $ago })
status-no-index = Der Suchindex ist noch nicht erstellt.
help-how = Erwähne mich ({ $mention }) mit einer Frage oder schreib mir eine Direktnachricht. Antworte auf eine Antwort, um nachzufragen.
help-how-direct = Schreib mir hier eine Frage. Schreib noch einmal, um nachzufragen.
help-how-commands = Frag mich mit den folgenden Befehlen.
help-menus = Rechtsklick auf eine Nachricht (am Handy: gedrückt halten), dann Apps: { $menus }
help-admin = Für alle, die diesen Server verwalten dürfen
about-title = Attaché
about-what = Ich beantworte Fragen zum Weltgeschehen aus den Artikeln, die ich habe. Ich zitiere sie wörtlich, nenne Herausgeber und Datum und sage es, wenn sie keine Antwort enthalten. Eigene Nachrichten schreibe ich nicht.
about-version = Version { $version }
about-newest = Neuester Artikel: { $day }
about-docs = Dokumentation
about-more = So fragst du: { $help } · Was ich speichere: { $privacy }
privacy-reads = Ich lese eine Nachricht nur, wenn sie für mich bestimmt ist: eine Erwähnung, eine Direktnachricht, eine Antwort auf eine meiner Antworten, eine Nachricht in einem Thread, den ich eröffnet habe, ein Befehl oder eine Nachricht, für die du eine meiner Menüaktionen wählst.
privacy-channels = Diese Kanäle lese ich ganz und beantworte die Fragen darin: { $channels }.
privacy-answers = Fragen und Antworten auf diesem Server, für ihre Knöpfe und für Nachfragen, samt den Bewertungen: { $days ->
    [one] einen Tag
   *[other] { $days } Tage
}.
privacy-direct = Fragen und Antworten in Direktnachrichten: { $days } Tage.
privacy-unanswered = Öffentliche Fragen ohne Treffer, ohne den Namen der Fragenden: { $days } Tage; Admins können sie sehen.
privacy-unanswered-off = Fragen ohne Treffer werden hier nicht aufgelistet.
privacy-counts = Die Zahl der Fragen pro Tag: { $days } Tage.
privacy-acts = Was Admins hier getan haben: { $days } Tage.
privacy-removed = Wenn ich von einem Server entfernt werde, wird all das { $days } Tage später gelöscht.
privacy-export = { $command } schickt dir alles, was ich über dich speichere.
privacy-delete = { $command } löscht deine Fragen, Antworten und Bewertungen sofort.
privacy-not-kept = Ich speichere Discords ID-Nummern von Personen, Kanälen und Servern, aber keine Namen. Deine Fragen stehen nicht im Protokoll. Deine privaten Antworten sieht sonst niemand.
data-export = { $count ->
    [one] Ein Eintrag
   *[other] { $count } Einträge
} über dich. Nur du siehst diese Nachricht; die Datei gehört dir.
data-none = Ich speichere nichts über dich. Genau das steht in der Datei.
data-confirm-title = Löschen, was ich über dich speichere?
data-confirm = Das löscht deine Fragen auf allen Servern und in Direktnachrichten, die Bewertungen dazu und deine eigenen Bewertungen. Die Knöpfe unter diesen Antworten gehen dann nicht mehr. Das lässt sich nicht rückgängig machen.
data-confirm-first = { $command } gibt dir vorher eine Kopie.
button-delete-data = Alles löschen
button-keep-data = Behalten
data-kept = Es wurde nichts gelöscht.
data-deleted = { $count ->
    [0] Es gab nichts zu löschen.
    [one] Gelöscht: ein Eintrag.
   *[other] Gelöscht: { $count } Einträge.
}
data-stays-acts = { $count ->
    [one] Ein Eintrag darüber, was du als Admin getan hast, bleibt beim Server
   *[other] { $count } Einträge darüber, was du als Admin getan hast, bleiben bei den Servern
}, bis { $days } Tage vorbei sind.
data-stays = Die Zahlen pro Tag und die Fragen ohne Treffer verraten nicht, wer gefragt hat; sie bleiben, bis ihre Frist abläuft. Die Nachrichten gehören Discord: Lösch sie dort.
command-search = suche
command-search-description = Durchsuch die Artikel und zeig die Textstellen, die am besten passen.
option-search-query = worte
option-search-query-description = Wonach du suchst
option-search-since = seit
option-search-since-description = Nur Artikel ab diesem Tag, etwa 2024-09-09 oder last week
option-search-until = bis
option-search-until-description = Nur Artikel bis zu diesem Tag
option-search-publisher = herausgeber
option-search-publisher-description = Nur Artikel dieses Herausgebers
option-search-private = privat
option-search-private-description = Das Ergebnis nur mir zeigen (Standard)
command-article = artikel
command-article-description = Sieh dir einen Artikel an: seine Angaben und was Antworten daraus zitiert haben.
option-article-title = titel
option-article-title-description = Worte aus dem Titel, oder die Nummer
command-sources = quellen
command-sources-description = Welche Herausgeber ich gelesen habe, wie viele Artikel und aus welcher Zeit.
command-status = stand
command-status-description = Wie viel ich gelesen habe, wie neu es ist und mit welchem Modell ich suche.
command-help = hilfe
command-help-description = Was ich kann und wie du mich fragst.
command-about = über
command-about-description = Was ich bin, welche Version und was ich lese.
command-privacy = datenschutz
command-privacy-description = Was ich über dich speichere und wie lange.
command-my-data = meine-daten
command-my-data-description = Was ich über dich speichere: holen oder löschen.
command-my-data-export = holen
command-my-data-export-description = Schickt dir eine Datei mit allem, was ich über dich speichere; nur du siehst sie.
command-my-data-delete = löschen
command-my-data-delete-description = Löscht, was ich über dich speichere, nach einer Rückfrage.
article-cited-in = Neueste Antworten, die ihn zitieren: { $links }
button-passages = Weiterlesen
passages-title = Absätze
button-page = Seite …
page-title = Zu einer Seite springen
page-label = Seite, 1 bis { $pages }
page-unknown = Diese Seite gibt es nicht. Bitte gib eine Zahl von 1 bis { $pages } an.
