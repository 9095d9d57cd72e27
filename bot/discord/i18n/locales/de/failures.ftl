# Was schiefging, in einem Satz, mit dem nächsten Schritt.
failure-not-allowed = Das darfst du hier nicht.
failure-bot-absent = Ich bin kein Mitglied dieses Servers, nur meine Befehle sind hier; darum kann er keine eigenen Einstellungen und Artikel haben. Wer ihn verwaltet, kann mich hinzufügen: { $link }
failure-gone = Diese Antwort ist nicht mehr gespeichert. Bitte frag noch einmal.
failure-busy = Es warten schon zu viele Fragen. Bitte frag in einer Minute noch einmal.
failure-closing = Ich starte gerade neu und nehme keine Fragen an. Bitte frag in einer Minute noch einmal.
failure-storage = Ich komme gerade nicht an meine Artikel. Bitte versuch es später; mein Betreiber findet den Grund im Protokoll.
failure-corpus-busy = Die Sammlung wird gerade geändert. Bitte versuch es in einer Minute noch einmal.
failure-server-only = Das geht nur in einem Server.
failure-old-command = Dieser Befehl hat sich geändert. Lade Discord neu (Strg+R) und versuch es noch einmal.
failure-bad-option = Einer der Werte ist nicht brauchbar. Bitte prüf ihn und versuch es noch einmal.
failure-forbidden = Discord lässt mich das hier nicht tun: Mir fehlt ein Recht. Wer den Server verwaltet, findet mehr in docs/discord.md.
failure-discord = Discord selbst hat gerade eine Störung. Bitte versuch es in einer Minute noch einmal.
failure-too-fast = Du fragst schneller, als dieser Server erlaubt. Bitte frag wieder in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
}.
failure-server-too-fast = Dieser Server fragt schneller, als seine Verwaltung erlaubt. Bitte frag wieder in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
}.
failure-incident = Etwas ist schiefgegangen, das nicht schiefgehen sollte (Vorfall { $incident }). Bitte versuch es noch einmal; mit der Nummer findet mein Betreiber den Grund.
