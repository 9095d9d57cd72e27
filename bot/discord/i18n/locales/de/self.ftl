# Was der Bot in Discord hinzufügt, wenn er nach sich gefragt wird (`bot/render/locales`).
self-sources-foot = { $sources } listet alle Herausgeber auf, und welche ein Staat kontrolliert. Admins fügen mit { $feed } und { $add } weitere hinzu.
self-freshness-foot = Was noch nicht in diesen Artikeln steht, weiß ich nicht. { $brief } zeigt, was neu ist; { $status } sagt mehr.
self-news-foot = { $brief } zeigt, was sich zuletzt geändert hat, { $story } die Ereignisse, über die mehrere berichten. Oder frag mich nach einem davon.
self-trust-foot = { $sources } sagt, welche Herausgeber ein Staat kontrolliert. 👎 unter einer Antwort meldet einen Fehler.
self-maker-foot = { $about } sagt mehr. Um mich anderswo zu haben, öffne mein Profil: Wenn mein Betreiber es erlaubt, steht dort *App hinzufügen*. 👎 unter einer Antwort meldet einen Fehler.
self-tasks-can = Was ich kann: eine Frage zum Weltgeschehen beantworten, die Aussagen einer Nachricht prüfen ({ $menu }) und zeigen, was neu ist ({ $brief }).
self-privacy-foot = { $privacy } sagt alles dazu. { $export } schickt dir, was ich über dich speichere, { $delete } löscht es.
self-languages-foot = Admins wählen meine Sprache mit { $settings } (`language`).
self-setup-admins = Wer den Server verwalten darf, nutzt diese Befehle:
self-setup-feed = { $command } folgt einem Feed, etwa dem RSS einer Zeitung; { $add } nimmt einen Link oder eine Datei
self-setup-news = { $command } postet neue Artikel in einen Kanal, { $briefs } täglich oder wöchentlich einen Überblick
self-setup-settings = { $command } legt fest, wo und wie ich antworte und welche Herausgeber ich verberge; mit `answers` = `quiet` und einem Kanal beantworte ich dort nur Befehle
self-setup-remove = { $command } entfernt einen Artikel, { $feed } einen Feed
self-setup-foot = Alle können eine Frage beobachten (🔔 unter der Antwort), ihre eigene Antwort löschen (🗑️) und mit { $ask } privat fragen. { $help } listet den Rest auf.
