# E-Mails. Was in beiden Teilen einer Nachricht steht, Text und HTML, ist für den Text in Zeilen umbrochen.

month-january = Januar
month-february = Februar
month-march = März
month-april = April
month-may = Mai
month-june = Juni
month-july = Juli
month-august = August
month-september = September
month-october = Oktober
month-november = November
month-december = Dezember
date = { $day }. { $month } { $year }
instant = { $date }, { $time } UTC
in-days = { $n ->
    [0] heute
    [1] morgen
   *[other] in { $n } Tagen
}
days-ago = { $n ->
    [0] heute
    [1] gestern
   *[other] vor { $n } Tagen
}
ended-when = { $when }
mail-header = { $brand } · Konto { $account }
mail-account = Konto { $account }
mail-client-id = Client-ID
mail-secret = Secret
mail-certificate = Zertifikat
mail-what-to-do = Was zu tun ist
mail-stop = Diese E-Mails abbestellen
mail-why-contact =
    Sie erhalten diese E-Mail, weil Sie Kontakt für Clients des Kontos
    { $account } sind. { $brand } sendet nie ein Secret per E-Mail und fragt
    nie nach einem.
mail-why-member =
    Sie erhalten diese E-Mail, weil Sie die Clients des Kontos { $account }
    verwalten dürfen. { $brand } sendet nie ein Secret per E-Mail und fragt
    nie nach einem.

# Der Code zum Anmelden.

mail-code-subject = Ihr Anmeldecode für { $client }
mail-code-application-of = { $client } ist eine Anwendung von { $account }.
mail-code-use =
    Geben Sie den Code auf der Seite von { $host } ein, die danach fragt.
    Er gilt einmal, { $minutes } Minuten lang und nur in dem Browser, der ihn
    angefordert hat. Von mehreren Codes gilt nur der neueste.
mail-code-secrecy =
    Niemand wird Sie jemals nach diesem Code fragen, weder per E-Mail noch im
    Chat oder am Telefon. Wer ihn hat, kann sich als Sie anmelden.
mail-code-source =
    Er wurde von { $source } angefordert, { $instant }.
    Wenn Sie das nicht waren, müssen Sie nichts tun: Ohne den Code geschieht nichts.
mail-code-unknown-source = einer unbekannten Adresse

# Der gespeicherte Wert eines Secrets ist verschwunden.

mail-missing-subject = Gespeichertes Secret von „{ $client }“ ist verschwunden
mail-missing-open = Client öffnen
mail-missing-gone-one =
    Der gespeicherte Wert dieses Secrets ist aus Secrets Manager verschwunden.
    Das geschieht, wenn secret_storage des Clients in kurzer Zeit hin und her
    geändert wird oder wenn jemand den Wert dort löscht.
mail-missing-gone-all =
    Die gespeicherten Werte dieser Secrets sind aus Secrets Manager verschwunden.
    Das geschieht, wenn secret_storage des Clients in kurzer Zeit hin und her
    geändert wird oder wenn jemand die Werte dort löscht.
mail-missing-works-one =
    Das Secret selbst gilt weiter: Ein Programm, das es hat, erhält Tokens wie
    bisher. Was es aus Secrets Manager liest, findet nichts, und { $brand } kann
    es nicht noch einmal zeigen.
mail-missing-works-all =
    Die Secrets selbst gelten weiter: Ein Programm, das eines hat, erhält Tokens
    wie bisher. Was es aus Secrets Manager liest, findet nichts, und { $brand }
    kann es nicht noch einmal zeigen.
mail-missing-add = Erstellen Sie ein neues Secret für den Client. Es wird wieder gespeichert.
mail-missing-check = Prüfen Sie, ob die Programme funktionieren, die es aus Secrets Manager lesen.
mail-missing-revoke = Widerrufen Sie das alte.
mail-missing-why-contact =
    Sie erhalten diese E-Mail einmal, weil Sie Kontakt für diesen Client des Kontos
    { $account } sind. { $brand } sendet nie ein Secret per E-Mail und fragt
    nie nach einem.
mail-missing-why-member =
    Sie erhalten diese E-Mail einmal, weil Sie die Clients des Kontos
    { $account } verwalten dürfen. { $brand } sendet nie ein Secret per E-Mail
    und fragt nie nach einem.
