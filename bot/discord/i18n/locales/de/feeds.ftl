# Was Admins von Feeds sehen. Werte in Klammern sind geschützt, bevor sie eingesetzt werden.
feed-added = Aufgenommen: { $name }. Darin { $count ->
    [one] steht jetzt ein Eintrag
   *[other] stehen jetzt { $count } Einträge
}; die Artikel kommen in den nächsten Minuten.
feed-removed = Entfernt: { $name }. Die Artikel daraus bleiben.
feed-paused = Angehalten: { $name }. Es kommen keine Artikel mehr daraus, bis du ihn mit `/sammlung feed anhalten` fortsetzt.
feed-resumed = { $name } wird wieder gelesen.
feed-unknown = Einen solchen Feed hat dieser Server nicht; tipp ein paar Buchstaben des Titels und wähl ihn aus der Liste.
feed-too-many = Dieser Server hat schon { $most ->
    [one] einen Feed
   *[other] { $most } Feeds
}, mehr gehen nicht; bitte entfern zuerst einen.
feeds-title = Die Feeds dieses Servers
feeds-count = { $count } von { $most } Feeds.
feeds-none = Dieser Server hat noch keine Feeds; `/sammlung feed hinzufügen` nimmt einen auf.
feed-every = Wird etwa alle { $minutes } Minuten angesehen.
feed-entries = { $count ->
    [one] Ein Eintrag.
   *[other] { $count } Einträge.
}
feed-state-new = Noch nicht gelesen.
feed-state-in-order = In Ordnung.
feed-state-failing = Der letzte Versuch ist gescheitert.
feed-state-circuit-open = Er ist immer wieder gescheitert und wird einmal am Tag versucht.
feed-state-paused = Angehalten.
command-corpus-feed = feed
command-corpus-feed-description = Die Feeds verwalten, aus denen die Artikel dieses Servers kommen
command-corpus-feed-add = hinzufügen
command-corpus-feed-add-description = Einen Feed aufnehmen, dessen Artikel in die Sammlung dieses Servers kommen
option-corpus-feed-add-link = link
option-corpus-feed-add-link-description = Adresse eines RSS-, Atom- oder JSON-Feeds, einer Sitemap oder einer Seite mit Feed
option-corpus-feed-add-publisher = herausgeber
option-corpus-feed-add-publisher-description = Herausgeber von Artikeln, die keinen angeben
command-corpus-feed-list = liste
command-corpus-feed-list-description = Die Feeds dieses Servers auflisten, und wie es um sie steht
command-corpus-feed-remove = entfernen
command-corpus-feed-remove-description = Einen Feed dieses Servers entfernen; seine Artikel bleiben
option-corpus-feed-remove-feed = feed
option-corpus-feed-remove-feed-description = Titel oder Adresse tippen, dann aus der Liste wählen
command-corpus-feed-pause = anhalten
command-corpus-feed-pause-description = Keine Artikel mehr aus einem Feed holen, oder damit fortfahren
option-corpus-feed-pause-feed = feed
option-corpus-feed-pause-feed-description = Titel oder Adresse tippen, dann aus der Liste wählen
option-corpus-feed-pause-resume = fortsetzen
option-corpus-feed-pause-resume-description = Mit einem angehaltenen Feed fortfahren
command-corpus-feed-check = prüfen
command-corpus-feed-check-description = Einen Feed ansehen und zeigen, was darin steht; gespeichert wird nichts
option-corpus-feed-check-feed = feed
option-corpus-feed-check-feed-description = Titel oder Adresse tippen, dann aus der Liste wählen
