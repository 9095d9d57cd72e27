# Was Admins von Feeds sehen. Werte vor dem Einsetzen maskieren.
feed-added = Hinzugefügt: { $name }. Der Feed enthält { $count ->
    [one] einen Eintrag; der Artikel kommt
   *[other] { $count } Einträge; die Artikel kommen
} in den nächsten Minuten.
feed-known = Diesen Feed hat der Server schon, und er bleibt, wie er ist: { $name }. Er enthält:
feed-removed = Entfernt: { $name }. Seine Artikel bleiben.
feed-paused = Angehalten: { $name }. Er bringt keine neuen Artikel, bis du ihn mit `/sammlung feed anhalten` und `fortsetzen` wieder startest.
feed-resumed = Fortgesetzt: { $name }.
feed-unknown = Einen solchen Feed hat dieser Server nicht. Tipp ein paar Buchstaben des Titels und wähl ihn aus der Liste.
feed-too-many = Dieser Server hat schon { $most ->
    [one] einen Feed
   *[other] { $most } Feeds
}, mehr geht nicht. Bitte entfern zuerst einen.
feeds-title = Die Feeds dieses Servers
feeds-count = { $count } von { $most } Feeds.
feeds-none = Dieser Server hat noch keine Feeds. Füg einen mit `/sammlung feed hinzufügen` hinzu.
feed-every = Wird etwa alle { $minutes } Minuten abgerufen.
feed-entries = { $count ->
    [one] Ein Eintrag.
   *[other] { $count } Einträge.
}
feed-state-new = Noch nicht gelesen.
feed-state-in-order = In Ordnung.
feed-state-failing = Der letzte Versuch ist gescheitert.
feed-state-circuit-open = Der Abruf scheitert immer wieder, darum versuche ich es nur einmal am Tag.
feed-state-paused = Angehalten.
command-corpus-feed = feed
command-corpus-feed-description = Die Feeds verwalten, aus denen die Artikel dieses Servers kommen
command-corpus-feed-add = hinzufügen
command-corpus-feed-add-description = Einen Feed hinzufügen, dessen Artikel in die Sammlung dieses Servers kommen
option-corpus-feed-add-link = link
option-corpus-feed-add-link-description = Adresse eines RSS-, Atom- oder JSON-Feeds, einer Sitemap oder einer Seite mit Feed
option-corpus-feed-add-publisher = herausgeber
option-corpus-feed-add-publisher-description = Herausgeber von Artikeln, die keinen angeben
command-corpus-feed-list = liste
command-corpus-feed-list-description = Die Feeds dieses Servers und ihren Zustand auflisten
command-corpus-feed-remove = entfernen
command-corpus-feed-remove-description = Einen Feed dieses Servers entfernen; seine Artikel bleiben
option-corpus-feed-remove-feed = feed
option-corpus-feed-remove-feed-description = Titel oder Adresse tippen, dann aus der Liste wählen
command-corpus-feed-pause = anhalten
command-corpus-feed-pause-description = Einen Feed anhalten oder fortsetzen
option-corpus-feed-pause-feed = feed
option-corpus-feed-pause-feed-description = Titel oder Adresse tippen, dann aus der Liste wählen
option-corpus-feed-pause-resume = fortsetzen
option-corpus-feed-pause-resume-description = Einen angehaltenen Feed fortsetzen
command-corpus-feed-check = prüfen
command-corpus-feed-check-description = Einen Feed abrufen und zeigen, was darin steht, ohne etwas zu speichern
option-corpus-feed-check-feed = feed
option-corpus-feed-check-feed-description = Titel oder Adresse tippen, dann aus der Liste wählen
