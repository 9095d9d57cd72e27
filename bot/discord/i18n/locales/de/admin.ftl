# Was Admins sehen: Artikel, Aufgaben, Einstellungen, Einblicke. Werte vor dem Einsetzen maskieren.
job-add = Artikel hinzufügen
job-remove = Einen Artikel entfernen
job-reindex = Den Index aktualisieren
job-undo = Das letzte Hinzufügen rückgängig machen
job-cleanup = Aufräumen
job-of = { $what }, gestartet von { $who }
job-running-here = { $who } hat schon eine Aufgabe gestartet: { $what }, { $percent } erledigt. Bitte versuch es danach noch einmal; `/sammlung status` zeigt den Fortschritt.
job-running-elsewhere = Gerade läuft eine Aufgabe für einen anderen Server, { $percent } erledigt. Bitte versuch es danach noch einmal.
job-cancelling = Wird abgebrochen; der aktuelle Schritt läuft noch zu Ende.
job-cancelled = Abgebrochen. Die Artikel sind, wie sie vorher waren; du kannst jederzeit neu beginnen.
job-over = Diese Aufgabe ist schon zu Ende. `/sammlung status` zeigt den aktuellen Stand.
job-goes-on-in-dm = Das dauert länger, als Discord mich diese Nachricht ändern lässt. Ich mache in einer Direktnachricht an dich weiter.
job-goes-on-in-log = Das dauert länger, als Discord mich diese Nachricht ändern lässt, und deine Direktnachrichten sind geschlossen. Ich mache im Protokollkanal weiter.
job-goes-on-in-status = Das dauert länger, als Discord mich diese Nachricht ändern lässt. Die Aufgabe läuft weiter; `/sammlung status` zeigt den Fortschritt.
button-cancel = Abbrechen
stage-starting = startet
stage-waiting = wartet, bis es dran ist; gerade läuft eine Aufgabe eines anderen Servers
stage-fetching = ruft die Seite ab
stage-reading = liest
stage-cutting = teilt in Textstellen
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
add-done = Import abgeschlossen
add-nothing = Es wurde nichts importiert
add-added = { $count ->
    [one] Ein Artikel neu
   *[other] { $count } Artikel neu
}
add-updated = { $count } aktualisiert
add-unchanged = { $count } unverändert
add-no-article = Nichts kam hinzu.
add-rejected = { $count ->
    [one] Einer wurde abgelehnt
   *[other] { $count } wurden abgelehnt
}
add-warnings = { $count ->
    [one] Eine Warnung
   *[other] { $count } Warnungen
}
upload-wrong-kind = Dateien dieser Art kann ich nicht lesen.
upload-kinds = Bitte häng eine Datei an, die auf { $kinds } endet.
upload-kind-office = Speichere sie als .docx oder .odt („Speichern unter“ im Programm, das sie öffnet), und häng die an.
upload-kind-sheet = Speichere die Tabelle als CSV in UTF-8, mit einer ersten Zeile, die die Spalten benennt, etwa title, body und date.
upload-kind-print = Speichere sie als PDF, und häng das an.
upload-kind-archive = Entpack sie, und häng die Dateien an. Viele Artikel passen als JSON Lines (.jsonl, .jsonl.gz) oder CSV in eine Datei.
upload-kind-email = Speichere die E-Mail als .eml, und häng die an.
upload-kind-feed = Gib stattdessen die Adresse des Feeds bei `/sammlung feed hinzufügen` an.
upload-kind-book = Wandle das Buch in EPUB um, und häng das an.
upload-kind-picture = Lass eine Texterkennung (OCR) darüberlaufen, und häng das Ergebnis als PDF oder Text an.
upload-kind-sound = Speichere eine Abschrift als Text (.txt), und häng die an.
upload-kind-subtitles = Speichere ihren Text ohne Nummern und Zeiten als .txt, und häng den an.
upload-kind-data = Exportiere sie als CSV oder JSON Lines, und häng das an.
upload-kind-page = Öffne sie in einem Browser, speichere die Seite als HTML, und häng die an.
upload-kind-markup = Speichere ihren Text als Markdown (.md) oder reinen Text (.txt), und häng den an.
upload-kind-link = Gib stattdessen die Adresse der Seite als Link an.
upload-too-large = Die Datei ist zu groß: Die Grenze liegt bei { $limit } MB. Bitte teil sie.
upload-empty = Die Datei ist leer. Bitte häng eine andere an.
quota-upload-articles = Diese Datei enthält { $found } Artikel; auf einmal gehen höchstens { $most }. Bitte teil sie.
quota-upload-disk = Diese Datei würde mit ihrem Suchindex { $found } MB belegen; auf einmal gehen höchstens { $most } MB. Bitte teil sie.
quota-server-articles = Dieser Server hätte dann { $found } eigene Artikel; erlaubt sind höchstens { $most }. Entferne zuerst einige, oder bitte meinen Betreiber um mehr Platz.
quota-server-disk = Die Artikel dieses Servers würden { $found } MB belegen; erlaubt sind höchstens { $most } MB. Entferne zuerst einige, oder bitte meinen Betreiber um mehr Platz.
quota-server-publishers = Die Artikel dieses Servers würden { $found } Herausgeber nennen; erlaubt sind höchstens { $most }. Füge Dateien hinzu, die weniger nennen.
remove-unknown = Einen solchen Artikel hat dieser Server nicht. Tipp ein paar Buchstaben des Titels und wähl ihn aus der Liste.
removed = Entfernt: { $title } (Nr. { $number }). Keine Antwort zitiert ihn mehr.
list-title = Die Artikel dieses Servers
list-count = { $count ->
    [one] Ein Artikel.
   *[other] { $count } Artikel.
}
list-words = Mit „{ $words }“ in Titel oder Herausgeber.
list-empty = Dieser Server hat noch keine eigenen Artikel. Füg welche mit `/sammlung hinzufügen` hinzu.
list-nothing = Keiner der Artikel dieses Servers hat diese Wörter in Titel oder Herausgeber.
reindexed = Der Index ist aktuell.
reindexed-nothing = Der Index war schon aktuell.
reindex-too-soon = Vollständig lässt sich der Index einmal pro Stunde erneuern. Bitte versuch es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
} noch einmal, oder lass die Option weg.
corpus-title = Artikel und Index
corpus-own = **Artikel dieses Servers:** { $articles } in { $passages } Textstellen.
corpus-shared = **Gemeinsame Artikel:** { $articles } in { $passages } Textstellen.
corpus-newest = Neuester: { $day }.
corpus-index-current = Der Suchindex ist aktuell.
corpus-index-old = Der Suchindex ist älter als die Artikel; `/sammlung neu-indizieren` aktualisiert ihn.
corpus-index-built = Erstellt am { $day }.
corpus-model = Modell: { $model }
corpus-no-job = Gerade läuft keine Aufgabe.
undo-nothing = Es gibt kein Hinzufügen, das sich rückgängig machen lässt.
undone = Rückgängig gemacht: { $what }.
undone-removed = { $count ->
    [one] ein Artikel entfernt
   *[other] { $count } Artikel entfernt
}
undone-restored = { $count ->
    [one] einer hat wieder seinen früheren Text
   *[other] { $count } haben wieder ihren früheren Text
}
undone-left = { $count ->
    [one] einer wurde seitdem aktualisiert und bleibt, wie er ist
   *[other] { $count } wurden seitdem aktualisiert und bleiben, wie sie sind
}
undone-gone = die Artikel waren schon weg
settings-title = Einstellungen dieses Servers
settings-hint = Fett ist, was geändert wurde. `/einstellungen ändern` ändert eine Einstellung, `/einstellungen zurücksetzen` setzt sie auf den Standard zurück.
setting-changed = `{ $name }` ist jetzt { $value }.
setting-changed-in = `{ $name }` ist jetzt { $value } in { $channel }.
settings-of-channels = Eigene Einstellungen haben: { $channels }. `/einstellungen zeigen` mit `kanal` zeigt sie.
channel-settings-title = Einstellungen von { $channel }
channel-setting-answers = Was ich hier beantworte: Erwähnungen (mentions), nur Befehle (quiet) oder jede Nachricht, die eine Frage ist (questions)
channel-setting-collection = Welche Artikel ich hier durchsuche: alle (all), die gemeinsamen (shared) oder die eigenen dieses Servers (own)
channel-setting-publishers = Herausgeber, die allein ich hier zitiere; none heißt alle
channel-setting-language = Sprache meiner eigenen Texte hier: wie auf dem Server (server), en oder de
channel-setting-quotes = Zitate je Antwort, 1 bis 5; automatic zeigt so viele, wie auf ein Telefon passen
setting-of-server = `{ $name }` gilt für den ganzen Server: Lass die Option `kanal` weg.
setting-of-channel = `{ $name }` gilt für einzelne Kanäle: Wähl einen mit der Option `kanal`.
setting-unknown = Die Einstellung „{ $name }“ gibt es nicht. Die Einstellungen sind { $names }.
setting-unknown-close = Die Einstellung „{ $name }“ gibt es nicht. Meinst du `{ $close }`?
setting-unknown-publishers = ⚠️ Ich habe hier keine Artikel, die sicher von { $publishers } sind. Namen müssen ganz übereinstimmen: Wähl sie aus der Liste.
setting-only-shared = Nur die gemeinsame Sammlung lässt sich ausblenden: Schreib shared oder none.
setting-no-message-content = Discord zeigt mir nur Nachrichten, die mich erwähnen, darum würde ich die Fragen dort nicht sehen. Bitte zuerst meinen Betreiber, ATTACHE_MESSAGE_CONTENT einzuschalten.
setting-unknown-channel = Einen solchen Kanal sehe ich auf diesem Server nicht. Tipp # und wähl einen aus der Liste.
setting-bad-flag = `{ $name }` kann nicht „{ $value }“ sein. Schreib on oder off.
setting-bad-number = `{ $name }` kann nicht „{ $value }“ sein. Schreib eine Zahl von { $low } bis { $high }, oder default.
setting-bad-word = `{ $name }` kann nicht „{ $value }“ sein. Schreib eines von { $words }, oder default.
setting-bad-zone = `{ $name }` kann nicht „{ $value }“ sein. Schreib eine Zeitzone wie Europe/Berlin, America/New_York oder UTC.
setting-bad-names = `{ $name }` kann nicht „{ $value }“ sein. Schreib höchstens 100 Namen mit je bis zu 200 Zeichen, mit Kommas dazwischen, oder none.
setting-bad-channel = `{ $name }` kann nicht „{ $value }“ sein. Tipp # und wähl den Kanal aus der Liste, oder schreib none.
setting-bad-channels = `{ $name }` kann nicht „{ $value }“ sein. Tipp # und wähl höchstens 100 Kanäle aus der Liste, mit Kommas dazwischen, oder schreib none.
setting-locked-channel = In diesem Kanal darf ich nicht schreiben. Lass mich ihn sehen und dort Nachrichten senden, oder wähl einen anderen.
setting-language = Sprache meiner eigenen Texte hier: auto, en oder de
setting-answer-style = Ob Antworten Rahmen und Farben haben (rich) oder schlichter Text sind (plain)
setting-private-by-default = Ob nur die fragende Person die Antwort auf einen Befehl sieht
setting-channels = Kanäle, in denen ich Fragen beantworte; keine Angabe heißt überall
setting-thread-channels = Kanäle, in denen jede Antwort einen eigenen Thread öffnet
setting-hidden-publishers = Herausgeber, die ich hier nie zitiere
setting-hidden-collections = Sammlungen, die ich hier nicht durchsuche; nur shared lässt sich ausblenden
setting-questions-per-minute-member = Fragen, die ein Mitglied pro Minute stellen darf
setting-questions-per-minute-server = Fragen, die alle Mitglieder zusammen pro Minute stellen dürfen
setting-log-channel = Kanal, in dem ich melde, was Admins tun
setting-keep-days = Tage, die ich Antworten für ihre Knöpfe und Nachfragen aufbewahre
setting-time-zone = Zeitzone der Lageberichte auf diesem Server, etwa Europe/Berlin
setting-written-answers = Ob ein Sprachmodell Antworten in (englische) Sätze fasst, wenn mein Betreiber eines eingestellt hat; gezeigt werden nur Sätze, die die Zitate belegen
setting-count-unanswered = Ob { $insights } öffentliche Fragen ohne Treffer auflistet, ohne Namen
insights-title = So werde ich hier genutzt
insights-period = { $first } bis { $last }
insights-none = In dieser Zeit hat niemand etwas gefragt.
insights-by-day = Fragen pro Tag, älteste zuerst; Spitze: { $most }.
insights-by-week = Fragen pro Woche, älteste zuerst; Spitze: { $most }.
insights-by-month = Fragen pro 30 Tage, älteste zuerst; Spitze: { $most }.
insights-counts = { $asked ->
    [one] Eine Frage
   *[other] { $asked } Fragen
}, davon { $refused } ohne Antwort ({ $share }).
insights-votes = 👍 { $ups } · 👎 { $downs }
insights-reasons = Warum 👎
insights-unanswered = Am häufigsten ohne Antwort gefragt
publisher-changed = Herausgeber geändert: { $name }.
command-corpus = sammlung
command-corpus-description = Die Artikel verwalten, aus denen Fragen beantwortet werden
command-corpus-add = hinzufügen
command-corpus-add-description = Artikel aus einem Link oder einer Datei in die Sammlung dieses Servers aufnehmen
option-corpus-add-link = link
option-corpus-add-link-description = Adresse der Seite eines Artikels
option-corpus-add-file = datei
option-corpus-add-file-description = Text, Webseite, PDF, Word, ODT, EPUB, E-Mail, Tabelle, Archiv: alles, was die Befehlszeile nimmt
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
command-corpus-reindex-description = Den Suchindex aktualisieren
option-corpus-reindex-full = vollständig
option-corpus-reindex-full-description = Auch alle Artikel neu in Textstellen teilen; höchstens einmal pro Stunde
command-corpus-status = status
command-corpus-status-description = Zeigen, wie viele Artikel es gibt, wie alt der Index ist und was gerade läuft
command-corpus-undo = rückgängig
command-corpus-undo-description = Das letzte Hinzufügen dieses Servers rückgängig machen
option-corpus-undo-shared = gemeinsam
option-corpus-undo-shared-description = Das letzte Hinzufügen zur gemeinsamen Sammlung rückgängig machen (nur für Betreiber)
command-settings = einstellungen
command-settings-description = Wählen, wie ich mich auf diesem Server verhalte
command-settings-show = zeigen
command-settings-show-description = Alle Einstellungen dieses Servers oder eines Kanals zeigen
option-settings-show-channel = kanal
option-settings-show-channel-description = Nur die Einstellungen dieses Kanals
command-settings-set = ändern
command-settings-set-description = Eine Einstellung dieses Servers oder eines Kanals ändern
option-settings-set-setting = einstellung
option-settings-set-setting-description = Welche Einstellung
option-settings-set-value = wert
option-settings-set-value-description = Der neue Wert
option-settings-set-channel = kanal
option-settings-set-channel-description = Nur in diesem Kanal
command-settings-reset = zurücksetzen
command-settings-reset-description = Eine Einstellung dieses Servers oder eines Kanals auf den Standard zurücksetzen
option-settings-reset-setting = einstellung
option-settings-reset-setting-description = Welche Einstellung
option-settings-reset-channel = kanal
option-settings-reset-channel-description = Nur in diesem Kanal
command-insights = einblicke
command-insights-description = Zeigen, wie ich auf diesem Server genutzt werde, ohne Namen
option-insights-days = tage
option-insights-days-description = Wie viele Tage zurück; ohne Angabe 30
command-corpus-publisher = herausgeber
command-corpus-publisher-description = Angaben zu einem Herausgeber ändern, für alle Server (nur für Betreiber)
option-corpus-publisher-name = name
option-corpus-publisher-name-description = Sein Name oder seine Domain
option-corpus-publisher-kind = art
option-corpus-publisher-kind-description = Art des Herausgebers
option-corpus-publisher-country = land
option-corpus-publisher-country-description = Zwei Buchstaben nach ISO 3166, etwa QA
option-corpus-publisher-state-controlled = staatlich
option-corpus-publisher-state-controlled-description = Ob ein Staat ihn kontrolliert
option-corpus-publisher-domain = domain
option-corpus-publisher-domain-description = Domain seiner Seiten
option-corpus-publisher-source = quelle
option-corpus-publisher-source-description = Quelle dieser Angaben
