# Was schiefging, in einem Satz, und was man tun kann.
failure-not-allowed = Das darfst du hier nicht.
failure-not-asker = Das kann nur, wer gefragt hat.
failure-not-starter = Abbrechen kann nur, wer es begonnen hat, oder wer diesen Server auch verwaltet.
failure-not-manager = Das kann nur, wer das Recht „Server verwalten“ hat.
failure-not-operator = Was alle Server lesen, können nur die ändern, die mich betreiben.
failure-not-yours = Das kannst du nur mit deinen eigenen Daten.
failure-no-answers-here = Auf diesem Server sind in diesem Kanal keine Antworten erlaubt.
failure-bot-absent = Ich bin auf diesem Server nicht installiert und kann hier nur Befehle beantworten. Damit er eigene Einstellungen und Artikel bekommt, kann mich jemand hinzufügen, der ihn verwaltet: { $link }
failure-gone = Diese Antwort ist nicht mehr gespeichert. Bitte frag noch einmal.
failure-busy = Es warten zu viele Fragen. Bitte frag in einer Minute noch einmal.
failure-unanswered = Das konnte ich gerade nicht ermitteln. Frag gleich noch einmal oder mit anderen Worten.
failure-closing = Ich starte gerade neu und kann keine Fragen annehmen. Bitte frag in einer Minute noch einmal.
failure-storage = Ich komme gerade nicht an meine Artikel. Bitte versuch es später noch einmal; mein Betreiber findet den Grund im Protokoll.
failure-corpus-busy = Meine Artikel werden gerade geändert. Bitte versuch es in einer Minute noch einmal.
failure-server-only = Das geht nur auf einem Server.
failure-old-command = Dieser Befehl hat sich geändert. Lade Discord neu (Strg+R) und versuch es noch einmal.
failure-bad-option = Einer der Werte ist ungültig. Bitte prüf ihn und versuch es noch einmal.
failure-forbidden = Discord lässt mich das nicht tun: Mir fehlt hier eine Berechtigung. Admins finden die Liste in docs/discord.md.
failure-discord = Discord hat gerade eine Störung. Bitte versuch es in einer Minute noch einmal.
failure-too-fast = Du fragst zu schnell. Bitte frag wieder in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
}.
failure-server-too-fast = Auf diesem Server wird schneller gefragt, als seine Admins erlauben. Bitte frag wieder in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
}.
failure-incident = Etwas ist schiefgegangen (Vorfall { $incident }). Bitte versuch es noch einmal; wenn es wieder passiert, nenn meinem Betreiber diese Nummer.
