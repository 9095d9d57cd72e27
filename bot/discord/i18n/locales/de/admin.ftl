# Was Admins sehen: die Sammlung, lange Arbeiten, Einstellungen, Einblicke.
job-add = Artikel hinzufügen
job-remove = Einen Artikel entfernen
job-reindex = Den Index erneuern
job-undo = Das letzte Hinzufügen zurücknehmen
job-cleanup = Aufräumen
job-of = { $what }, begonnen von { $who }
job-running-here = { $who } lässt schon etwas laufen: { $what }, { $percent } geschafft. Bitte versuch es danach noch einmal; `/sammlung status` zeigt, wie weit es ist.
job-running-elsewhere = Gerade läuft eine Arbeit für einen anderen Server, { $percent } sind geschafft. Bitte versuch es danach noch einmal.
job-cancelling = Wird abgebrochen; der jetzige Schritt wird noch fertig.
job-cancelled = Abgebrochen. Die Artikel sind, wie sie vorher waren; du kannst jederzeit neu beginnen.
job-over = Diese Arbeit ist schon zu Ende. `/sammlung status` zeigt, wie es steht.
job-goes-on-in-dm = Das dauert länger, als Discord mich hier schreiben lässt. Es geht in einer Direktnachricht an dich weiter.
job-goes-on-in-log = Das dauert länger, als Discord mich hier schreiben lässt, und deine Direktnachrichten sind geschlossen. Es geht im Protokollkanal weiter.
job-goes-on-in-status = Das dauert länger, als Discord mich hier schreiben lässt. Es läuft weiter; `/sammlung status` zeigt, wie weit es ist.
button-cancel = Abbrechen
stage-starting = beginnt
stage-fetching = holt die Seite
stage-reading = liest
stage-cutting = teilt in Abschnitte
stage-embedding = macht durchsuchbar
rate-texts = { $count ->
    [one] ein Text pro Sekunde
   *[other] { $count } Texte pro Sekunde
}
rate-kilobytes = { $count } KB pro Sekunde
left-seconds = noch { $count ->
    [one] eine Sekunde
   *[other] { $count } Sekunden
}
left-minutes = noch { $count ->
    [one] eine Minute
   *[other] { $count } Minuten
}
and-more = { $count ->
    [one] und noch eins
   *[other] und { $count } weitere
}
log-act = { $who } · `/{ $act }` · { $details }
add-needs-one = Gib entweder einen Link oder eine Datei an.
add-needs-bot = Artikel kann ich nur für Server aufbewahren, in denen ich Mitglied bin; bitte lade mich zuerst als Bot ein.
add-done = Die Artikel sind aufgenommen
add-nothing = Es wurde nichts aufgenommen
add-counts = { $added ->
    [one] Ein Artikel neu
   *[other] { $added } Artikel neu
}, { $updated } aktualisiert, { $unchanged } unverändert.
add-rejected = { $count ->
    [one] Abgelehnt wurde einer
   *[other] Abgelehnt wurden { $count }
}
add-warnings = { $count ->
    [one] Ein Hinweis
   *[other] { $count } Hinweise
}
upload-wrong-kind = Solche Dateien kann ich nicht lesen; bitte häng eine an, die auf { $kinds } endet.
upload-too-large = Die Datei ist zu groß: Mehr als { $limit } MB nehme ich nicht auf. Bitte teil sie.
upload-empty = Die Datei ist leer; bitte häng eine andere an.
remove-unknown = Einen solchen Artikel hat dieser Server nicht; tipp ein paar Buchstaben des Titels und wähl ihn aus der Liste.
removed = Entfernt: { $title } (Nr. { $number }). Er kommt in keiner Antwort mehr vor.
list-title = Die Artikel dieses Servers
list-count = { $count ->
    [one] Ein Artikel.
   *[other] { $count } Artikel.
}
list-words = Mit „{ $words }“ in Titel oder Herausgeber.
list-empty = Dieser Server hat noch keine eigenen Artikel; `/sammlung hinzufügen` nimmt welche auf.
list-nothing = Keiner der Artikel dieses Servers hat diese Wörter in Titel oder Herausgeber.
reindexed = Der Index ist auf dem neuesten Stand.
reindexed-nothing = Der Index war schon auf dem neuesten Stand; es war nichts zu tun.
reindex-too-soon = Ganz erneuern lässt sich der Index einmal in der Stunde; bitte versuch es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
} noch einmal, oder lass die Option weg.
corpus-title = Die Sammlung
corpus-own = **Artikel dieses Servers:** { $articles } in { $passages } Abschnitten.
corpus-shared = **Gemeinsame Artikel:** { $articles } in { $passages } Abschnitten.
corpus-newest = Der neueste ist vom { $day }.
corpus-index-current = Der Suchindex ist auf dem neuesten Stand.
corpus-index-old = Der Suchindex ist älter als die Artikel; `/sammlung neu-indizieren` erneuert ihn.
corpus-index-built = Gebaut am { $day }.
corpus-model = Modell: { $model }
corpus-no-job = Gerade läuft keine Arbeit.
undo-nothing = Es gibt nichts, das sich zurücknehmen ließe.
undone = Zurückgenommen: { $removed ->
    [one] ein Artikel entfernt
   *[other] { $removed } Artikel entfernt
}, { $restored } wieder mit dem früheren Text.
undone-but = Zurückgenommen: { $removed ->
    [one] ein Artikel entfernt
   *[other] { $removed } Artikel entfernt
}, { $restored } wieder mit dem früheren Text. { $left ->
    [one] Einer wurde seither aktualisiert und bleibt
   *[other] { $left } wurden seither aktualisiert und bleiben
}, wie er ist.
settings-title = Einstellungen dieses Servers
settings-hint = Fett ist, was geändert wurde. `/einstellungen ändern` ändert eine Einstellung, `/einstellungen zurücksetzen` stellt sie zurück.
setting-changed = `{ $name }` ist jetzt { $value }.
setting-only-shared = Ausblenden lässt sich nur die gemeinsame Sammlung: Schreib shared oder none.
setting-no-message-content = Discord zeigt mir nur Nachrichten, die mich erwähnen, also sähe ich dort keine Fragen; bitte lass meinen Betreiber zuerst ATTACHE_MESSAGE_CONTENT einschalten.
setting-unknown-channel = Einen solchen Kanal sehe ich in diesem Server nicht; tipp # und wähl einen aus der Liste.
setting-locked-channel = In diesem Kanal darf ich nicht schreiben; lass mich ihn sehen und Nachrichten senden, oder wähl einen anderen.
setting-language = Sprache der Worte des Bots hier: auto, en oder de
setting-answer-style = Ob Antworten Rahmen und Farben haben (rich) oder schlichter Text sind (plain)
setting-private-by-default = Ob die Antwort auf einen Befehl nur sieht, wer fragt
setting-channels = Kanäle, in denen Fragen beantwortet werden; keiner gewählt heißt überall
setting-question-channels = Kanäle, in denen jede Nachricht beantwortet wird, die eine Frage ist
setting-thread-channels = Kanäle, in denen eine Antwort einen eigenen Thread öffnet
setting-hidden-publishers = Herausgeber, die hier nie zitiert werden
setting-hidden-collections = Sammlungen, die hier nicht durchsucht werden; ausblenden lässt sich nur shared
setting-questions-per-minute-member = Fragen, die ein Mitglied in der Minute stellen darf
setting-questions-per-minute-server = Fragen, die alle zusammen in der Minute stellen dürfen
setting-log-channel = Kanal, in dem steht, was Admins tun
setting-keep-days = Tage, die Antworten für ihre Knöpfe und Nachfragen aufbewahrt werden
setting-count-unanswered = Ob öffentliche Fragen, zu denen nichts gefunden wurde, in { $insights } stehen, ohne Namen
insights-title = So wird der Bot hier genutzt
insights-period = { $first } bis { $last }
insights-none = In dieser Zeit hat niemand etwas gefragt.
insights-by-day = Fragen am Tag, älteste zuerst; höchstens { $most }.
insights-by-week = Fragen in der Woche, älteste zuerst; höchstens { $most }.
insights-by-month = Fragen in je 30 Tagen, älteste zuerst; höchstens { $most }.
insights-counts = { $asked ->
    [one] Eine Frage
   *[other] { $asked } Fragen
}, davon { $refused } ohne Antwort ({ $share }).
insights-votes = 👍 { $ups } · 👎 { $downs }
insights-reasons = Warum 👎
insights-unanswered = Am häufigsten gefragt und nichts gefunden
command-corpus = sammlung
command-corpus-description = Die Artikel verwalten, aus denen Fragen beantwortet werden
command-corpus-add = hinzufügen
command-corpus-add-description = Artikel in die Sammlung dieses Servers aufnehmen, aus einem Link oder einer Datei
option-corpus-add-link = link
option-corpus-add-link-description = Adresse der Seite eines Artikels
option-corpus-add-file = datei
option-corpus-add-file-description = Eine Datei, die auf .md, .txt, .html oder .jsonl endet
option-corpus-add-publisher = herausgeber
option-corpus-add-publisher-description = Herausgeber der Artikel, die selbst keinen nennen
option-corpus-add-shared = gemeinsam
option-corpus-add-shared-description = In die Sammlung aufnehmen, die alle Server lesen (nur für Betreiber)
command-corpus-remove = entfernen
command-corpus-remove-description = Einen Artikel dieses Servers endgültig entfernen
option-corpus-remove-article = artikel
option-corpus-remove-article-description = Titel oder Herausgeber tippen, dann aus der Liste wählen
option-corpus-remove-shared = gemeinsam
option-corpus-remove-shared-description = Aus der Sammlung entfernen, die alle Server lesen (nur für Betreiber)
command-corpus-list = liste
command-corpus-list-description = Die eigenen Artikel dieses Servers auflisten
option-corpus-list-words = wörter
option-corpus-list-words-description = Nur Artikel mit diesen Wörtern in Titel oder Herausgeber
command-corpus-reindex = neu-indizieren
command-corpus-reindex-description = Den Suchindex auf den neuesten Stand bringen
option-corpus-reindex-full = vollständig
option-corpus-reindex-full-description = Auch alle Artikel neu in Abschnitte teilen; höchstens einmal in der Stunde
command-corpus-status = status
command-corpus-status-description = Zeigen, wie viele Artikel es gibt, wie alt der Index ist und was gerade läuft
command-corpus-undo = rückgängig
command-corpus-undo-description = Das letzte Hinzufügen dieses Servers zurücknehmen
option-corpus-undo-shared = gemeinsam
option-corpus-undo-shared-description = Das letzte Hinzufügen zur gemeinsamen Sammlung zurücknehmen (nur für Betreiber)
command-settings = einstellungen
command-settings-description = Wählen, wie sich der Bot in diesem Server verhält
command-settings-show = zeigen
command-settings-show-description = Alle Einstellungen dieses Servers zeigen
command-settings-set = ändern
command-settings-set-description = Eine Einstellung dieses Servers ändern
option-settings-set-setting = einstellung
option-settings-set-setting-description = Welche Einstellung
option-settings-set-value = wert
option-settings-set-value-description = Der neue Wert
command-settings-reset = zurücksetzen
command-settings-reset-description = Eine Einstellung dieses Servers auf den Standard zurücksetzen
option-settings-reset-setting = einstellung
option-settings-reset-setting-description = Welche Einstellung
command-insights = einblicke
command-insights-description = Zeigen, wie der Bot in diesem Server genutzt wird, ohne Namen
option-insights-days = tage
option-insights-days-description = Wie viele Tage zurück; ohne Angabe 30
publisher-changed = Von nun an: { $name }.
command-corpus-publisher = herausgeber
command-corpus-publisher-description = Ändern, was in allen Servern über einen Herausgeber gesagt wird (nur Betreiber)
option-corpus-publisher-name = name
option-corpus-publisher-name-description = Sein Name oder seine Domain
option-corpus-publisher-kind = art
option-corpus-publisher-kind-description = Was er ist
option-corpus-publisher-country = land
option-corpus-publisher-country-description = Zwei Buchstaben nach ISO 3166, etwa QA
option-corpus-publisher-state-controlled = staatlich
option-corpus-publisher-state-controlled-description = Ob ein Staat ihn kontrolliert
option-corpus-publisher-domain = domain
option-corpus-publisher-domain-description = Domain seiner Seiten
option-corpus-publisher-source = quelle
option-corpus-publisher-source-description = Wo das steht
