# Ereignisse, wer über sie berichtet, Zeitleisten, Länder und Personen.
story-counts = { $articles ->
    [one] Ein Artikel
   *[other] { $articles } Artikel
}, { $publishers ->
    [one] ein unabhängiger Herausgeber
   *[other] { $publishers } unabhängige Herausgeber
}
story-since = { $counts }, seit { $day }
story-of-day = { $counts }, { $day }
story-of-answer = Ereignis: { $articles } Artikel, seit { $day }
story-of-answer-undated = Ereignis: { $articles } Artikel
story-of-hit = Ereignis Nr. { $number }: { $story }
story-number = Nr. { $number }
story-merged-from = Nr. { $number } gehört jetzt zu diesem Ereignis.
story-copy-of = Abdruck von Nr. { $number }
story-none = Dazu habe ich kein Ereignis gefunden. { $story } ohne Angabe zeigt die neuesten.
stories-title = Ereignisse
stories-none = Noch berichten keine zwei Artikel, die ich hier lese, über dasselbe Ereignis.
button-story = Das Ereignis
button-coverage = Wer berichtet
button-timeline = Zeitleiste
story-merged = Die eigenen Artikel des Servers aus Ereignis { $number } gehören jetzt zu Ereignis { $into }. Was später kommt, kommt zu den Artikeln, denen es am meisten gleicht.
story-split = Sie sind jetzt Ereignis { $created }, getrennt von Ereignis { $number }. Was später kommt, kommt zu den Artikeln, denen es am meisten gleicht.
coverage-first = Zuerst berichtet: { $publisher }
coverage-no-first = Wer zuerst berichtet hat, verraten die Daten nicht.
coverage-by = Berichtet haben
coverage-by-states = Berichtet haben, staatlich gelenkt
coverage-silent = In diesen Tagen erschienen, aber nicht darüber
coverage-copies = nur Abdrucke von { $publishers }
coverage-some-copies = { $count ->
    [one] einer abgedruckt von { $publishers }
   *[other] { $count } abgedruckt von { $publishers }
}
coverage-states = staatlich gelenkt { $count }
coverage-alt = Ein Schaubild, wann { $publishers ->
    [one] ein Herausgeber
   *[other] { $publishers } Herausgeber
} berichtet haben, von { $first } bis { $last }. Der Text darüber sagt dasselbe.
chart-copied = Abdruck
chart-new = neu für dich
chart-states = Staatlich gelenkt
chart-silent = In diesen Tagen nichts
chart-unknown = unbekannt
statement-reported = berichtet
statement-claimed = behauptet
statement-denied = bestritten
statement-confirmed = bestätigt
statement-unconfirmed = offen gelassen
statement-changed = später geändert
timeline-title = Was wann gesagt wurde
timeline-none = Meine Artikel beantworten das nicht, also gibt es nichts zu ordnen. Versuch es mit anderen Worten.
timeline-new = 🆕 neu für dich
timeline-before = Bis der Herausgeber es änderte: „{ $text }“
timeline-events = Erzählt von { $dates }
timeline-dates = Fett: der Tag der Veröffentlichung.
timeline-since-visit = { $count ->
    [0] Nichts Neues
    [one] Eine neue Aussage
   *[other] { $count } neue Aussagen
} seit deinem letzten Besuch am { $day }.
timeline-alt = Ein Schaubild mit { $count ->
    [one] einer Aussage
   *[other] { $count } Aussagen
} von { $publishers ->
    [one] einem Herausgeber
   *[other] { $publishers } Herausgebern
}, vom { $first } bis zum { $last }. Der Text darüber sagt dasselbe.
about-name-none = Kein Artikel, den ich hier lese, nennt „{ $name }“.
about-name-articles = { $count ->
    [one] Aus dem einen Artikel, der dem Namen am nächsten ist
   *[other] Aus den { $count } Artikeln, die dem Namen am nächsten sind
}
about-name-stories = Neueste Ereignisse
about-name-said = Wer was sagt
about-name-denied = Bestritten
about-name-publishers = Berichtet von { $publishers }
command-story = ereignis
command-story-description = Die Artikel über ein Ereignis: die neuesten, oder eines nach Nummer oder Worten.
option-story-about = worüber
option-story-about-description = Nummer des Ereignisses oder Worte; leer für die neuesten
command-coverage = berichte
command-coverage-description = Wer über ein Ereignis berichtet und wer nicht, wer zuerst, und wer von wem abdruckt.
option-coverage-about = worüber
option-coverage-about-description = Nummer des Ereignisses oder Worte
command-timeline = zeitleiste
command-timeline-description = Was zu einer Frage wann gesagt wurde: berichtet, behauptet, bestritten, bestätigt.
option-timeline-question = frage
option-timeline-question-description = Die Frage
option-timeline-since = seit
option-timeline-since-description = Nur Artikel ab diesem Tag, etwa 2024-09-09 oder last week
option-timeline-until = bis
option-timeline-until-description = Nur Artikel bis zu diesem Tag
command-about-country = über-land
command-about-country-description = Ein Land, eine Gruppe oder Person: Ereignisse, wer was sagt, Streit, Herausgeber.
option-about-country-name = name
option-about-country-name-description = Ein Land, eine Gruppe wie die NATO, oder eine Person
command-stories = ereignisse
command-stories-description = Ereignisse der eigenen Artikel dieses Servers zusammenlegen und trennen
command-stories-merge = zusammenlegen
command-stories-merge-description = Die eigenen Artikel eines Ereignisses für immer zu einem anderen legen
option-stories-merge-number = nummer
option-stories-merge-number-description = Nummer des Ereignisses, wie in /ereignis
option-stories-merge-into = ziel
option-stories-merge-into-description = Nummer des Ereignisses, zu dem sie kommen
command-stories-split = trennen
command-stories-split-description = Eigene Artikel für immer aus einem Ereignis in ein neues legen
option-stories-split-number = nummer
option-stories-split-number-description = Nummer des Ereignisses, wie in /ereignis
option-stories-split-articles = artikel
option-stories-split-articles-description = Die Nummern der Artikel, etwa 12 17
