# Pages of the operator.

nav-operator = Betreiber
operator-area = Betreiber
nav-operator-apis = APIs
operator-service = Dienst
confirm-typed-wrong = Das ist es nicht. Es wurde nichts geändert.
form-sent-before = Dieses Formular wurde schon einmal mit anderem Inhalt gesendet, und das wurde ausgeführt. Jetzt wurde nichts ausgeführt. Was Sie eingegeben haben, steht noch da: Senden Sie es noch einmal, um auch das auszuführen.
changed-save-again = Es wurde nichts gespeichert. Was Sie ausgefüllt haben, steht noch hier, für den jetzigen Stand: Prüfen Sie es und speichern Sie noch einmal.
done-created = Angelegt.
done-administrator-invited = Angelegt. Der Administrator hat eine Einladung bekommen.
done-administrator-not-invited = Angelegt. Die Einladung konnte nicht verschickt werden: Laden Sie den Administrator bei den Mitgliedern des Kontos noch einmal ein.
done-saved = Gespeichert.
done-removed = Entfernt.

## APIs
apis-empty-title = Es gibt noch keine APIs
apis-empty = Eine API ist das, wofür Tokens gelten: Sie hat eine Audience und Rechte, die sagen, was ein Client darf.
apis-full = Es gibt so viele APIs, wie es geben kann, oder sie sind zusammen so groß, wie sie sein dürfen. Löschen Sie eine, die niemand nutzt.
api-new = Neue API
api-edit = Ändern
api-access = Welche Konten
api-for-all = alle
api-for-entitled = freigeschaltete
api-for-all-hint = Jedes Konto darf sie nutzen, bis auf eingeschränkte Rechte.
api-for-entitled-hint = Nur Konten, die Sie dafür freischalten, dürfen sie nutzen.
api-example = Für das Konto { $account } lautet sie { $audience }
api-name-hint = Der Name, unter dem Ihre Kunden sie kennen.
api-id-hint = Buchstaben, Ziffern, Punkte, Binde- und Unterstriche. Sie ändert sich nie und wird nie wieder verwendet.
api-audience-hint = Was die API mit aud in Tokens vergleicht, etwa https://orders.example.com. Sie ändert sich nie. {"{"}account_id{"}"} steht für die Kennung des Kontos, zu dem ein Token gehört.
api-service-hint = Was die Stufen derselben API gemeinsam haben.
api-stage-hint = Etwa production oder test.
api-documentation-hint = Eine https-URL; Konten, die sie nutzen dürfen, sehen sie.
api-rs256 = Das kann jede Prüfung. API Gateway nimmt nur RS256.
api-es256 = Kürzer und schneller signiert.
api-review = Stimmt das so?
api-review-back = Zurück zum Formular
api-review-button = Prüfen
api-review-lead = Audience, Kennung, Dienst und Stufe ändern sich nie.
api-review-later = Das lässt sich später ändern
api-create = API anlegen
api-end = Nicht mehr gebraucht?
api-delete = Diese API löschen
api-delete-type = Geben Sie die Kennung <strong>{ $id }</strong> ein, um sie zu löschen
api-delete-tokens = Binnen einer Minute bekommt kein Client mehr Tokens für sie. Berechtigungen, die Clients dafür haben, wirken nicht mehr.
api-delete-entitled = Freischaltungen von Konten dafür haben keine Wirkung mehr.
scopes-none = Sie hat keine einzelnen Rechte: Ein Client darf alles oder nichts.
scope-add = Recht hinzufügen
scope-new = Neues Recht
scope-name = Scope
scope-name-hint = Was in Tokens steht, etwa orders:read. Es ändert sich nie.
scope-words = In Worten
scope-words-hint = Was es erlaubt, so wie Menschen es lesen, bevor sie zustimmen: Bestellungen lesen.
scope-rules = Regeln
scope-restricted = Eingeschränkt
scope-restricted-hint = Nur Konten, die genau für dieses Recht freigeschaltet sind, dürfen es vergeben.
scope-default = Standard
scope-default-hint = Berechtigungen, die keine Rechte nennen, bekommen es.
scope-implies = Damit verbunden
scope-implies-hint = Ein Client, der dieses Recht bekommt, bekommt auch diese.
scope-comes-with = mit
scope-remove = Entfernen
scope-remove-title = { $scope } entfernen?
scope-remove-button = Recht entfernen
scope-remove-tokens = Clients, die es haben, bekommen es binnen einer Minute nicht mehr in neue Tokens.
scope-remove-entitled = Konten, für die genau das freigeschaltet ist, können es keinem Client mehr geben.
scope-remove-issued = Tokens, die schon ausgestellt sind, behalten bis zu ihrem Ende, was sie haben.
narrow-api-title = Nur noch für Konten, für die es freigeschaltet ist?
narrow-scope-title = { $scope } einschränken?
narrow-holders = Wer es jetzt hat
narrow-templates = Konten, für die es nicht freigeschaltet ist, werden sie nicht mehr angeboten.
narrow-api-tokens = Clients von Konten, für die es nicht freigeschaltet ist, bekommen dafür binnen einer Minute keine neuen Tokens mehr.
narrow-scope-tokens = Clients von Konten, für die nicht genau das freigeschaltet ist, bekommen es binnen einer Minute nicht mehr in neue Tokens.
narrow-entitle-first = Soll ein Konto es behalten, schalten Sie es vorher für das Konto frei.
narrow-button = Änderung speichern
import-title = Rechte importieren
import-lead = Scopes und ihre Beschreibungen werden aus den Security Schemes eines OpenAPI-Dokuments gelesen.
import-document = OpenAPI-Dokument
import-document-hint = JSON oder YAML, höchstens 1.000 KB. Es wird einmal gelesen und nicht aufgehoben.
import-file = Oder eine Datei
import-too-many = Das Dokument hat { $new } neue Rechte. Diese API hat Platz für { $room } davon, denn eine API hat höchstens { $most }: Kreuzen Sie an, welche Sie wollen.
import-left-out = Ausgelassen
import-undescribed = ohne seine Beschreibung
import-show = Zeigen, was sich ändert
import-review = Was das Dokument ändert
import-review-lead = Angekreuzte Rechte werden hinzugefügt oder neu beschrieben. Rechte, die das Dokument nicht hat, bleiben.
import-new = Neu
import-same = Schon so
import-changed = Jetzt: { $words }
import-save = Importieren

## Accounts
nav-operator-accounts = Konten
account-new = Neues Konto
account-search = Konto suchen
account-find = Suchen
account-search-hint = Nach Namen, Kennung, Kennung eines Clients oder Adresse eines Mitglieds.
account-no-match = Kein Konto gefunden.
account-needing = Clients, die Aufmerksamkeit brauchen
account-next-end = Nächstes Ende
account-has-client = hat den Client
accounts-as-of = Was Aufmerksamkeit braucht und was als Nächstes endet, wird einmal am Tag ermittelt.
account-about = Das Konto
account-name-hint = Der Kunde, wie seine Mitglieder ihn kennen.
account-id = Konto-Kennung
account-id-hint = Steht in Tokens und Audiences. Sie ändert sich nie. Leer für eine erzeugte.
account-administrator = Erster Administrator
account-administrator-hint = Verwaltet Mitglieder und API-Clients des Kontos und bekommt E-Mails, bevor etwas endet.
account-administrator-email = E-Mail-Adresse
account-administrator-email-hint = Bekommt dort eine Einladung und meldet sich mit einem Code an, der dorthin geschickt wird, oder bei Ihrem Anbieter.
account-administrator-name-hint = Leer für die Adresse.
account-like = Wie das Konto
account-like-hint = Kennung eines Kontos, dessen Freischaltungen es bekommt. Leer für keine.
account-create = Konto anlegen
account-enter = In dieses Konto gehen
account-enter-hint = Sie handeln dort als Sie selbst, als Betreiber. Das Protokoll des Kontos hält es fest.
account-created = Angelegt
account-disabled-since = Gesperrt seit
account-entitlements = { $n ->
    [0] nur, was jedes Konto hat
    [one] 1 API
   *[other] { $n } APIs
}
account-change-entitlements = Freischaltungen ändern
account-usage = { $clients } von { $most-clients } Clients, { $members } von { $most-members } Mitgliedern, { $mails } Empfänger von Erinnerungen am Tag
account-see-members = Mitglieder sehen und einladen
account-change-limits = Grenzen ändern
account-no-claims = keine
account-change-claims = Claims ändern
account-export = Konto exportieren
export-lead = Alles, was von diesem Konto gespeichert ist, als Datei mit einer Zeile JSON je Eintrag.
export-has = Das Konto, seine Mitglieder, seine API-Clients mit ihren Secrets und Schlüsseln, und wer sie für sich handeln lässt.
export-lacks = Kein Wert eines Secrets ist darin, und kein Protokoll, das eine eigene CSV hat.
export-audited = Das Protokoll des Kontos hält fest, dass Sie es exportiert haben.
export-limit = Eine Datei hat höchstens 4 MB und etwa 500 API-Clients. Von einem größeren Konto bekommen Sie keine Datei: die Management-API liefert es Seite für Seite.
export-button = Datei speichern
export-too-large = Dieses Konto passt nicht in eine Datei
export-by-api = Der Befehl unten holt alles von der Management-API, Seite für Seite.
account-stop = Sperren oder löschen
account-disable-button = Konto sperren
account-enable-button = Konto entsperren
account-delete = Konto löschen
account-disable-stops = Binnen einer Minute bekommt keiner seiner Clients mehr ein Token, und seine Mitglieder können sich nicht anmelden.
account-stops = Es hat: { $clients }. Zuletzt benutzt: { $day }.
account-stops-nothing = Es hat keine API-Clients.
account-disable-issued = Die Introspektion sagt von seinen Tokens, dass sie nicht aktiv sind. APIs, die Tokens offline prüfen, nehmen die bisher ausgestellten bis zu ihrem Ende an.
account-disable-reversible = Sie können es jederzeit wieder entsperren.
account-enable-works = Seine Clients bekommen wieder Tokens, und seine Mitglieder können sich anmelden. Nicht abgelaufene Tokens gelten wieder.
account-type-name = Geben Sie den Namen <strong><bdi>{ $name }</bdi></strong> ein
account-delete-when = Ein Konto kann gelöscht werden, wenn es seit 7 Tagen gesperrt ist oder weder Clients noch Mitglieder hat.
account-not-deleted = Es wurde nicht gelöscht.
account-deletable-from = Es ist gesperrt und kann gelöscht werden ab
account-delete-disable-first = Es ist aktiv. Sperren Sie es zuerst: Sie können es jederzeit wieder entsperren, und bis dahin geht nichts verloren.
account-back = Zurück zum Konto
account-invite-administrator = Administrator einladen
account-delete-all = Seine Clients, deren Secrets, seine Mitglieder und deren Einwilligungen werden binnen Stunden gelöscht. Sein Protokoll bleibt.
limits-title = Grenzen
limits-lead = Ein leeres Feld bedeutet die Grenze dieser Installation.
limit-members = Mitglieder
limit-mail = Empfänger von Erinnerungen am Tag
limit-hint-used = { $limit }, wenn leer. Es hat { $used }.
limit-hint-today = { $limit }, wenn leer. Heute hatte es { $used }.
claims-title = Claims
claims-lead = Sie stehen binnen einer Minute in jedem Zugriffstoken dieses Kontos. Eine API erkennt daran den Kunden.
claims-hint = Leeren Sie eine Zeile, um ihren Claim zu entfernen. Höchstens 10, zusammen 1.024 Byte.
claim-number = Claim { $n }
claim-kind = Art
claim-text = Text
claim-is-number = Zahl
claim-value = Wert
entitlements-title = Freischaltungen
entitlements-lead = Was dieses Konto seinen API-Clients erlauben darf.
entitlement-none = Nichts
entitlement-all = Alles, was nicht eingeschränkt ist, auch was später dazukommt
entitlement-some = Genau das
entitlement-as-everyone = Was jedes Konto darf
entitlement-also = Außerdem
entitlement-everyone = Jedes Konto darf alles davon nutzen.
entitlements-review-title = Diese Freischaltungen ändern?
entitlements-no-change = Das ändert nichts an dem, was das Konto jetzt darf.
entitlements-act = Es wirkt binnen einer Minute. Clients, die haben, was entzogen wird, bekommen es nicht mehr in neue Tokens; schon ausgestellte behalten es bis zu ihrem Ende.
entitlements-save = Freischaltungen speichern

## Across accounts
nav-operator-attention = Aufmerksamkeit
nav-operator-expiry = Ablauf
nav-operator-deployment = Installation
attention-lead = Konten mit API-Clients, die Aufmerksamkeit brauchen; die mit den meisten stehen oben.
attention-reason = Grund
attention-all-reasons = Alle Gründe
attention-none-for-reason = Zu diesem Grund wurde bei der letzten Ermittlung nichts gefunden.
as-of = Stand:
look-found-nothing = Bei der letzten Ermittlung wurde nichts gefunden.
ends-soon-title = Endet in den nächsten 30 Tagen
ends-soon-secret = Secret
ends-soon-one-secret = Eines von zwei Secrets
ends-soon-lead = Konten mit API-Clients, deren Secrets oder Zertifikate enden; das nächste Ende steht oben.
ends-more = { $n ->
    [one] und 1 weiterer
   *[other] und { $n } weitere
}
losses-title = Wer es verliert
losses = Das haben { $clients } in { $accounts }.
losses-at-least = Das haben mindestens { $clients } in { $accounts }.
losses-none = Bei der Zählung hatte das kein Client.
losses-not-counted = Noch nicht gezählt: Wer es hat, ist nach der ersten täglichen Zählung bekannt.
losses-counted = Clients werden einmal am Tag gezählt. Gezählt:
losses-more = { $n ->
    [one] und 1 weiteres Konto
   *[other] und { $n } weitere Konten
}
losses-templates = Vorlagen, die es geben
losses-templates-lead = Niemandem werden sie mehr angeboten, bis Sie sie ändern.
losses-accounts = { $n ->
    [one] 1 Konto
   *[other] { $n } Konten
}

## Deployment
deployment-metadata = Metadaten
deployment-rotated = Signaturschlüssel rotiert
deployment-never-rotated = noch nicht oder nur von Hand
deployment-rotates = Nächste Rotation
deployment-version = Version
deployment-settings = Geltende Einstellungen
setting-what = Einstellung
setting-variable = Variable
setting-stage = Stufe
setting-sender = E-Mails kommen von
setting-reminders = Erinnerungen, Tage vor einem Ende
setting-provider = Anbieter, bei dem Menschen sich anmelden
setting-token-default = Zugriffstoken gelten, wenn ein Client nichts nennt
setting-token-max = Zugriffstoken gelten höchstens
setting-secret-default = Secrets gelten, wenn eine Anfrage kein Datum nennt
setting-secret-max = Secrets gelten höchstens
setting-24-months = 24 Kalendermonate
setting-clients = Clients eines Kontos
setting-members = Mitglieder eines Kontos
setting-language = Sprache
deployment-changes = Änderungen je Version
deployment-monitoring = CloudWatch
deployment-dashboard = Dashboard
deployment-alarms = Alarme
deployment-keys = Signaturschlüssel
deployment-unknown = zurzeit nicht bekannt
deployment-mail = E-Mails
keys-unknown = Die Schlüssel waren nicht lesbar, oder eine frühere Version hat sie veröffentlicht: ihr Alter ist ab der nächsten Rotation bekannt.
key-id = Schlüssel-ID
key-algorithm = Verfahren
key-state = Zustand
key-published = Veröffentlicht
key-active = Signiert
key-next = Signiert nach der nächsten Rotation
key-previous = Signiert nicht mehr
key-until = veröffentlicht bis
mail-sandbox = SES-Sandbox
mail-sandbox-means = SES sendet nur an bestätigte Adressen, und höchstens 200 E-Mails am Tag.
mail-off = Diese Installation versendet keine E-Mails.
mail-left = Übrige E-Mails der letzten 24 Stunden
mail-unlimited = unbegrenzt
setting-audit = Protokolleinträge werden aufbewahrt
setting-for-ever = für immer
setting-console-idle = Sitzungen der Konsole enden ohne Nutzung nach
setting-console-session = Sitzungen der Konsole dauern höchstens
setting-events = Event-Bus
setting-edge = Anfragen müssen über den Edge kommen
setting-region = AWS-Region
setting-log-level = Protokollstufe
setting-secret-min = Secrets gelten mindestens
setting-choice = Wer wählt, wo die Secrets eines Clients liegen
setting-choice-fixed = niemand: wie oben
setting-choice-operator = Betreiber
setting-choice-account = auch die Administratoren des Kontos
setting-operator = Erinnerungen ohne anderen Empfänger gehen an
setting-console-link = Link in Erinnerungen
setting-configuration-set = Konfigurationssatz von SES
setting-provider-client = Der Anbieter kennt diese Installation als
setting-unverified = Eine Adresse, die der Anbieter nicht bestätigt nennt,
setting-unverified-refuse = wird abgelehnt
setting-unverified-accept = wird angenommen
setting-audiences = Weitere Empfänger (aud) der ID-Tokens des Anbieters
setting-brand = Name auf Seiten und in E-Mails
setting-colour = Farbe von Knöpfen und Links
setting-support = Support
setting-docs = Dokumentation
setting-legal = Rechtliches
hours = { $n ->
    [one] 1 Stunde
   *[other] { $n } Stunden
}
days = { $n ->
    [one] 1 Tag
   *[other] { $n } Tage
}
