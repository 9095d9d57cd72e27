# Nachschlagen: Artikel, Herausgeber, Zahlen; Hilfe und was gespeichert wird.
article-none = Ich kenne keinen Artikel wie „{ $title }“. { $search } sieht auch in den Texten nach.
article-gone = Diesen Artikel gibt es hier nicht mehr: Er wurde entfernt oder ist hier ausgeblendet.
article-nearest = Kein Titel lautet „{ $title }“. Dieser kommt dem am nächsten.
article-author = Von { $author }
article-language = Sprache: { $language }
article-language-not-judged = Sprache: { $language }; wird gefunden und zitiert, aber nicht beurteilt
article-passages = { $count ->
    [one] Eine Stelle
   *[other] { $count } Stellen
} zum Durchsuchen
article-versions = { $count ->
    [one] Eine frühere Fassung: Der Herausgeber hat den Text
   *[other] { $count } frühere Fassungen: Der Herausgeber hat den Text
} geändert
article-copies = { $count ->
    [one] Eine Kopie: { $copies }
   *[other] { $count } Kopien: { $copies }
}
also-in = Auch in: { $copies }
copies-more = und { $count } weitere
button-edits = { $count ->
    [one] Die Änderung
   *[other] { $count } Änderungen
}
button-article = Zum Artikel
edit-seen = Gesehen { $when }:
edit-no-words = kein Wort geändert.
edit-silent = Das Datum des Artikels blieb dasselbe: eine stille Änderung.
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
edit-partial = Von diesen langen Texten wurde nur der Anfang verglichen.
article-no-link = Der Artikel nennt keine Adresse.
article-cited = Was Antworten hier zitiert haben
article-not-cited = Hier zitiert ihn noch keine öffentliche Antwort.
article-answers = zitiert in { $count ->
    [one] einer Antwort
   *[other] { $count } Antworten
}
article-open-there = an dieser Stelle öffnen
article-long-passage = Eine Stelle, die zu lang ist, um sie hier zu zeigen.
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
status-title = Stand der Sammlung
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
    [one] Eine Stelle
   *[other] { $count } Stellen
} zum Durchsuchen
status-newest = Neuester Artikel: { $day } ({ $ago })
status-oldest = Ältester Artikel: { $day }
status-undated = { $count ->
    [one] Ein Artikel nennt
   *[other] { $count } Artikel nennen
} kein Datum
status-model = Suchmodell: { $model }
status-index = Index gebaut: { $when } ({ $ago })
status-no-index = Der Index ist noch nicht gebaut.
help-title = So fragst du mich
help-what = Ich beantworte Fragen zum Weltgeschehen aus Nachrichtenartikeln: wörtlich, mit Herausgeber, Datum und Link. Sagen die Artikel nichts dazu, dann sage ich das.
help-how = Erwähne mich ({ $mention }) mit einer Frage oder schreib mir eine Direktnachricht. Antworte auf eine Antwort, um weiterzufragen.
help-how-commands = Frag mich mit den Befehlen hier unten.
help-example = Did Iran deny the missile reports?
help-menus = Rechtsklick auf eine Nachricht (am Telefon: gedrückt halten), dann Apps: { $menus }
help-admin = Für alle, die diesen Server verwalten dürfen
about-title = Attaché
about-what = Ich beantworte Fragen zum Weltgeschehen aus einer Sammlung von Artikeln. Ich zitiere sie wörtlich, nenne Herausgeber und Datum, und sage es, wenn sie etwas nicht wissen. Eigene Nachrichten schreibe ich nicht.
about-version = Version { $version }
about-newest = Neuester Artikel: { $day }
about-docs = Dokumentation
about-more = So fragst du: { $help } · Was ich speichere: { $privacy }
privacy-title = Was ich speichere
privacy-reads = Ich lese eine Nachricht nur, wenn sie mir gilt: eine Erwähnung, eine Direktnachricht, eine Antwort auf eine meiner Antworten, ein Befehl, ein Menü an einer Nachricht.
privacy-channels = In { $channels } lese ich auch jede andere Nachricht und beantworte die, die Fragen sind.
and-more = { $names } und { $count } weiteren
privacy-answers = Fragen und Antworten auf diesem Server, für ihre Knöpfe und für Nachfragen, mit den Bewertungen: { $days ->
    [one] einen Tag
   *[other] { $days } Tage
}.
privacy-direct = Fragen und Antworten in Direktnachrichten: { $days } Tage.
privacy-unanswered = Öffentliche Fragen, zu denen nichts zu finden war, ohne zu sagen, wer gefragt hat: { $days } Tage; Admins können sie sehen.
privacy-unanswered-off = Fragen, zu denen nichts zu finden war, werden hier nicht gesammelt.
privacy-counts = Wie viele Fragen es am Tag gab: { $days } Tage.
privacy-acts = Was Admins hier getan haben: { $days } Tage.
privacy-removed = Werde ich von einem Server entfernt, dann wird all das { $days } Tage später gelöscht.
privacy-export = { $command } schickt dir alles, was ich über dich speichere.
privacy-delete = { $command } löscht es sofort.
privacy-not-kept = Ich speichere Discords Nummern für Menschen, Kanäle und Server, keine Namen. Was du fragst, steht nicht im Protokoll. Private Antworten sieht sonst niemand.
data-export = { $count ->
    [one] Ein Eintrag
   *[other] { $count } Einträge
} über dich. Nur du siehst diese Nachricht; die Datei gehört dir.
data-none = Ich speichere nichts über dich. Genau das steht in der Datei.
data-confirm-title = Löschen, was ich über dich speichere?
data-confirm = Gelöscht werden deine Fragen auf allen Servern und in Direktnachrichten, mit den Bewertungen dazu, und deine eigenen Bewertungen. Die Knöpfe unter diesen Antworten gehen dann nicht mehr. Das lässt sich nicht rückgängig machen.
data-confirm-first = { $command } gibt dir vorher alles in die Hand.
button-delete-data = Alles löschen
button-keep-data = Behalten
data-kept = Es wurde nichts gelöscht.
data-deleted = { $count ->
    [0] Es gab nichts zu löschen.
    [one] Gelöscht: ein Eintrag.
   *[other] Gelöscht: { $count } Einträge.
}
data-stays-acts = { $count ->
    [one] Ein Eintrag darüber, was du als Admin getan hast, bleibt
   *[other] { $count } Einträge darüber, was du als Admin getan hast, bleiben
} bei den Servern, bis { $days } Tage vorbei sind.
data-stays = Die Zahlen je Tag und die Fragen ohne Treffer sagen nicht, von wem sie sind, und verschwinden, wenn ihre Zeit um ist. Die Nachrichten in Discord gehören Discord: Lösch sie dort.
command-search = suche
command-search-description = Durchsuch die Artikel; zeigt die Stellen, die am besten passen.
option-search-query = worte
option-search-query-description = Wonach du suchst
option-search-since = seit
option-search-since-description = Nur Artikel ab diesem Tag, etwa 2024-09-09 oder last week
option-search-until = bis
option-search-until-description = Nur Artikel bis zu diesem Tag
option-search-publisher = herausgeber
option-search-publisher-description = Nur Artikel dieses Herausgebers
option-search-private = privat
option-search-private-description = Die Stellen nur mir zeigen; so ist es, wenn du nichts anderes wählst
command-article = artikel
command-article-description = Sieh dir einen Artikel an: was er über sich sagt und was Antworten daraus zitiert haben.
option-article-title = titel
option-article-title-description = Worte aus dem Titel, oder die Nummer
command-sources = quellen
command-sources-description = Die Herausgeber, die ich gelesen habe, mit wie viel und aus welcher Zeit.
command-status = stand
command-status-description = Wie viel ich gelesen habe, wie neu es ist, und mit welchem Modell ich suche.
command-help = hilfe
command-help-description = Was ich kann, und wie du mich fragst.
command-about = über
command-about-description = Was ich bin, in welcher Version, und was ich lese.
command-privacy = datenschutz
command-privacy-description = Was ich über dich speichere, und wie lange.
command-my-data = meine-daten
command-my-data-description = Was ich über dich speichere: holen oder löschen.
command-my-data-export = holen
command-my-data-export-description = Schickt dir eine Datei mit allem, was ich über dich speichere; nur du siehst sie.
command-my-data-delete = löschen
command-my-data-delete-description = Löscht, was ich über dich speichere, nach einer Rückfrage.
