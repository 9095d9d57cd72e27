# Lageberichte: was neu ist, auf Wunsch oder regelmäßig im Kanal. Werte vor dem Einsetzen maskieren.
button-brief = Alles zeigen
brief-title = Was neu ist
brief-counts = { $articles ->
    [one] ein neuer Artikel
   *[other] { $articles } neue Artikel
}, { $publishers ->
    [one] ein unabhängiger Herausgeber
   *[other] { $publishers } unabhängige Herausgeber
}
brief-new = { $articles ->
    [one] ein neuer Artikel
   *[other] { $articles } neue Artikel
}, { $publishers ->
    [one] ein unabhängiger Herausgeber
   *[other] { $publishers } unabhängige Herausgeber
}
brief-empty = Es gibt nichts zu berichten.
brief-pages = Die erste von { $count } Seiten.
brief-topics = Beobachtete Antworten, die sich geändert haben
brief-opened = Neu umstritten
brief-settled = Nicht mehr umstritten
brief-stories = Die wichtigsten Ereignisse
brief-denials = Bestritten oder zurückgewiesen
brief-edits = Von Herausgebern geändert, ohne neues Datum
brief-rules-title = Lageberichte in Kanälen
brief-count = { $count } von höchstens { $most }. `/lageberichte beenden` beendet einen.
brief-none = Noch kommt kein Lagebericht. `/lageberichte einrichten` wählt einen Kanal.
brief-set = Erledigt. Der nächste Lagebericht erzählt, was ab jetzt kommt.
brief-stopped = Beendet. Was schon da steht, bleibt.
brief-unknown = Einen solchen Lagebericht hat dieser Server nicht. Wähl ihn aus der Liste.
brief-too-many = Dieser Server hat schon { $most } davon, mehr geht nicht. `/lageberichte beenden` beendet einen.
brief-bad-time = Diese Uhrzeit kann ich nicht lesen. Schreib eine wie 07:00 oder 19:30.
brief-bad-day = Diesen Tag kann ich nicht lesen. Schreib einen Wochentag wie Montag, oder lass ihn weg für jeden Tag.
brief-says-empty = sagt auch, wenn es nichts zu berichten gibt
brief-every-day = jeden Tag
brief-day-0 = montags
brief-day-1 = dienstags
brief-day-2 = mittwochs
brief-day-3 = donnerstags
brief-day-4 = freitags
brief-day-5 = samstags
brief-day-6 = sonntags
brief-when = { $day } um { $time } ({ $zone })
brief-problem = Den Lagebericht kann ich in { $channel } nicht zeigen. { $reason } Der nächste, den ich zeigen kann, erzählt auch, was in diesem gestanden hätte; `/lageberichte liste` zeigt den Stand. Das sage ich nur einmal.

command-brief = lagebericht
command-brief-description = Was neu ist: beobachtete Antworten, Ereignisse, Streitpunkte, stille Korrekturen.
option-brief-days = tage
option-brief-days-description = Wie viele Tage zurück; sonst einer
command-briefs = lageberichte
command-briefs-description = Regelmäßig in einem Kanal berichten, was neu ist
command-briefs-set = einrichten
command-briefs-set-description = Jeden Tag oder jede Woche in einem Kanal berichten, oder ändern, wann
option-briefs-set-channel = kanal
option-briefs-set-channel-description = Wo berichtet wird
option-briefs-set-time = uhrzeit
option-briefs-set-time-description = Ortszeit, etwa 07:00; wo, sagt die Einstellung time_zone
option-briefs-set-day = tag
option-briefs-set-day-description = Nur an diesem Wochentag, etwa Montag
option-briefs-set-empty = leere
option-briefs-set-empty-description = In einer Zeile sagen, wenn es nichts zu berichten gibt; sonst kommt dann nichts
command-briefs-list = liste
command-briefs-list-description = Zeigen, wo und wann berichtet wird und ob es klappt
command-briefs-stop = beenden
command-briefs-stop-description = In einem Kanal nicht mehr berichten
option-briefs-stop-rule = regel
option-briefs-stop-rule-description = Was beendet wird: aus der Liste wählen
