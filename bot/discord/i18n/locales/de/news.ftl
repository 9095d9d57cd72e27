# Was ein Server sieht, wenn der Bot dazukommt, und neue Artikel in Kanälen. Werte vor dem Einsetzen maskieren.
greeting-title = Hallo! Ich beantworte Fragen aus Nachrichtenartikeln
greeting-how = Erwähn mich ({ $mention }) mit einer Frage in einem Kanal, den ich sehe.
greeting-start = Zum Anfangen
greeting-ask = { $command } stellt eine Frage; die Antwort sehen alle oder nur du
greeting-search = { $command } findet Textstellen in den Artikeln
greeting-help = { $command } zeigt alles, was ich kann
greeting-feed = So bekomme ich Artikel (für alle, die diesen Server verwalten dürfen)
greeting-corpus-add = { $command } nimmt einen Link oder eine Datei
greeting-corpus-feed-add = { $command } folgt einem Feed, etwa dem RSS einer Zeitung
greeting-news-set = { $command } meldet neue Artikel in einem Kanal
greeting-foot = { $settings } zeigt, wo und wie ich antworte. Das schreibe ich nur einmal.
button-greeting = Alle Befehle
news-digest = { $count } neue Artikel
button-news = { $count ->
    [one] Zu diesem Artikel
   *[other] Zu diesen Artikeln
}
news-posted = In dieser Nachricht
news-title = Neue Artikel in Kanälen
news-count = { $count } von höchstens { $most }. `/meldungen beenden` beendet eine davon.
news-none = Noch wird nichts gemeldet. `/meldungen einrichten` wählt einen Kanal.
news-set = Fertig. Neue Artikel werden ab jetzt gemeldet, die schon vorhandenen nicht.
news-changed = Geändert. Eine Option, die du weglässt, hat wieder ihren üblichen Wert.
news-before = Vorher: { $facts }
news-stopped = Beendet. Was gemeldet wurde, bleibt stehen.
news-unknown = So etwas gibt es auf diesem Server nicht zu beenden. Wähl es aus der Liste.
news-too-many = Dieser Server hat schon { $most } davon, mehr geht nicht. `/meldungen beenden` beendet eine.
news-no-everyone = Alle erwähne ich nicht. Wähl eine andere Rolle oder keine.
news-no-words = Bei den Wörtern steht keines. Schreib welche mit Kommas dazwischen, oder lass die Option weg.
news-no-announcements = Nur aus einem Ankündigungskanal lassen sich Nachrichten auf anderen Servern veröffentlichen. Wähl einen solchen Kanal, oder lass die Option weg.
news-role-silent = { $role } wird genannt, aber nicht benachrichtigt: Erlaub allen, die Rolle zu erwähnen, oder mir, alle Rollen zu erwähnen.
news-source-own = alle Artikel dieses Servers
news-source-shared = alle gemeinsamen Artikel
news-source-gone = ein Feed, der entfernt wurde
news-ended = Es kommt nichts mehr. `/meldungen beenden` beendet das.
news-unread = Davon wird nichts gemeldet: Die Einstellungen dieses Servers oder von { $channel } lassen diese Artikel aus.
news-most = { $count ->
    [one] höchstens eine Nachricht pro Stunde
   *[other] höchstens { $count } Nachrichten pro Stunde
}
news-role = erwähnt { $role }
news-words = nur mit: { $words }
news-publishes = wird in Kanälen veröffentlicht, die diesem folgen
news-waiting = { $count ->
    [one] ein Artikel wartet
   *[other] { $count } Artikel warten
}
news-retry = Spätestens am { $day } versuche ich es wieder; was bis dahin kommt, wartet bis zu 7 Tage.
news-problem-gone = Ich finde den Kanal nicht; er wurde gelöscht, oder ich darf ihn nicht sehen.
news-problem-forbidden = Dort darf ich nicht schreiben. Lass mich den Kanal sehen und Nachrichten senden.
news-problem-refused = Discord hat die Nachricht abgelehnt.
news-problem = In { $channel } kann ich keine neuen Artikel melden. { $reason } Neue Artikel warten bis zu 7 Tage; `/meldungen liste` zeigt den Stand, `/meldungen beenden` beendet es. Das sage ich nur einmal.
arrival-passages = { $count ->
    [0] keine Textstellen, darum lässt sich nichts daraus zitieren
    [one] eine Textstelle
   *[other] { $count } Textstellen
}
quota-use = Von seinem Kontingent nutzt dieser Server { $articles } von { $most } Artikeln und { $megabytes } von { $room } MB.
quota-room = Wenn es voll ist, kommt nichts Neues hinzu: Entferne Artikel, oder bitte meinen Betreiber um mehr Platz.
quota-near = Die Artikel dieses Servers nutzen { $percent } % ihres Kontingents: { $articles } von { $most } Artikeln und { $megabytes } von { $room } MB. Ist es voll, kommt nichts Neues dazu. Entfernt Artikel, oder bittet meinen Betreiber um mehr Platz. Das sage ich nur einmal.
feed-came = { $count ->
    [0] Noch ist kein Artikel gekommen
    [one] Ein Artikel ist gekommen
   *[other] { $count } Artikel sind gekommen
}, { $waiting } werden noch abgerufen. Die neuesten:
feed-not-read = Nicht lesbar
button-feed-came = Was gekommen ist
remove-confirm = Diesen Artikel endgültig entfernen?
undo-confirm = Das letzte Hinzufügen rückgängig machen?
undo-removes = { $count ->
    [one] Ein Artikel wird entfernt
   *[other] { $count } Artikel werden entfernt
}
undo-restores = { $count ->
    [one] Ein Artikel bekommt seinen früheren Text zurück
   *[other] { $count } Artikel bekommen ihren früheren Text zurück
}
undo-empty = Seine Artikel sind schon weg. Danach lässt sich das Hinzufügen davor rückgängig machen.
undo-changed = Inzwischen wurde etwas anderes hinzugefügt oder rückgängig gemacht. Bitte nutze `/sammlung rückgängig` noch einmal.
articles-kept = Es wurde nichts entfernt.
button-remove = Entfernen
button-undo = Rückgängig machen
button-keep = Behalten
command-news = meldungen
command-news-description = Neue Artikel in einem Kanal melden lassen
command-news-set = einrichten
command-news-set-description = Neue Artikel in einem Kanal melden, oder ändern, wie
option-news-set-channel = kanal
option-news-set-channel-description = Wo sie gemeldet werden
option-news-set-source = quelle
option-news-set-source-description = Ein Feed, oder alle Artikel dieses Servers oder der gemeinsamen Sammlung
option-news-set-role = rolle
option-news-set-role-description = Rolle, die jede Nachricht erwähnt
option-news-set-words = wörter
option-news-set-words-description = Nur Artikel mit einem dieser Wörter oder Wortfolgen, durch Kommas getrennt
option-news-set-most = höchstens
option-news-set-most-description = Nachrichten pro Stunde; was darüber ist, kommt gesammelt
option-news-set-publish = veröffentlichen
option-news-set-publish-description = Im Ankündigungskanal: auch in den Kanälen, die ihm folgen, auf anderen Servern
command-news-list = liste
command-news-list-description = Zeigen, was wo gemeldet wird und ob es klappt
command-news-stop = beenden
command-news-stop-description = Keine neuen Artikel mehr in einem Kanal melden
option-news-stop-rule = regel
option-news-stop-rule-description = Was beendet wird: aus der Liste wählen
