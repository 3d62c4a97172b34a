# Die Seiten einer Anmeldung bis zur Zustimmung.

sign-in-title = Anmelden bei { $client }
sign-in-heading = Anmelden
sign-in-lead = um zu <strong><bdi>{ $client }</bdi></strong> zu gelangen
sign-in-lead-of-account = um zu <strong><bdi>{ $client }</bdi></strong> zu gelangen, einer Anwendung von <strong><bdi>{ $account }</bdi></strong>
sign-in-console = API-Clients
sign-in-lead-console = um API-Clients zu verwalten
sign-in-email-label = E-Mail-Adresse
sign-in-email-hint = Sie erhalten einen Code, mit dem Sie sich anmelden. Ein Passwort gibt es nicht.
sign-in-send-code = Code senden
sign-in-or = oder
sign-in-with-provider = Weiter mit <bdi>{ $provider }</bdi>
sign-in-cancel = Abbrechen und zurück zu <bdi>{ $client }</bdi>
sign-in-other-address = Andere Adresse verwenden

# Jemand, der an der Konsole angemeldet ist, bestätigt, wer er ist.
confirm-heading = Bestätigen Sie, dass Sie es sind
confirm-lead = Was Sie vorhaben, ist heikel und braucht eine Bestätigung, die höchstens 10 Minuten alt ist. Sie bleiben angemeldet.
confirm-address = Angemeldet als <strong class="address">{ $email }</strong>
confirm-send-code = Code senden
confirm-code-sent = Ein Code mit 8 Ziffern ist unterwegs an <strong class="address">{ $email }</strong>.
confirm-submit = Bestätigen
confirm-cancel = Abbrechen

code-title = Code für { $client } eingeben
code-heading = Sehen Sie in Ihre E-Mails
code-sent = Wenn <strong class="address">{ $email }</strong> sich bei <bdi>{ $client }</bdi> anmelden kann, ist ein Code mit 8 Ziffern dorthin unterwegs.
code-application-of = <bdi>{ $client }</bdi> ist eine Anwendung von <bdi>{ $account }</bdi>.
code-label = Code
code-hint = Er gilt einmal und { $n } Minuten lang. Wenn Sie mehrere angefordert haben, steht der Code nur in der neuesten E-Mail. Außer dieser Seite fragt Sie niemand jemals danach.
code-submit = Anmelden
code-send-new = Neuen Code senden

not-a-member-title = Sie können sich mit dieser Adresse nicht bei { $client } anmelden
not-a-member-heading = Sie sind kein Mitglied
not-a-member-signed-in = Sie haben sich als <strong class="address">{ $email }</strong> angemeldet.
not-a-member-signed-in-at = Sie haben sich bei { $provider } als <strong class="address">{ $email }</strong> angemeldet.
not-a-member-of = Diese Adresse ist kein Mitglied von <strong><bdi>{ $account }</bdi></strong>. Dazu gehört <bdi>{ $client }</bdi>.
not-a-member-advice = Melden Sie sich mit der Adresse an, die Sie dort haben, oder bitten Sie die Administratoren von <bdi>{ $account }</bdi>, Sie hinzuzufügen.
other-identity-heading = Das ist eine andere Anmeldung
other-identity-of = Das Mitglied von <strong><bdi>{ $account }</bdi></strong> mit dieser Adresse hat sich früher mit einem anderen Benutzer dieser Website angemeldet. Deshalb wird dieser nicht eingelassen.
other-identity-advice = Melden Sie sich mit jenem Benutzer an. Wenn es nur Sie gibt, zum Beispiel weil Ihr Benutzer neu angelegt wurde, wenden Sie sich an die Administratoren von <bdi>{ $account }</bdi>: Der Betreiber dieser Website kann das zurücksetzen.
not-a-member-of-any = Diese Adresse ist hier kein Mitglied eines Kontos.
not-a-member-advice-any = Melden Sie sich mit einer anderen Adresse an, oder bitten Sie den Administrator Ihres Kontos, diese hinzuzufügen.
other-identity-of-any = Das Mitglied mit dieser Adresse hat sich früher mit einem anderen Benutzer dieser Website angemeldet. Deshalb wird dieser nicht eingelassen.
other-identity-advice-any = Melden Sie sich mit jenem Benutzer an. Wenn es nur Sie gibt, zum Beispiel weil Ihr Benutzer neu angelegt wurde, wenden Sie sich an den Administrator Ihres Kontos: Der Betreiber dieser Website kann das zurücksetzen.

# Was an einem Formular nicht stimmt.

address-invalid = Geben Sie eine E-Mail-Adresse ein, zum Beispiel ann@example.com.
code-invalid = Geben Sie die 8 Ziffern aus der E-Mail ein. Das wurde nicht als Versuch gezählt.
code-wrong = { $n ->
    [one] Das ist nicht der Code. Sie haben noch 1 Versuch.
   *[other] Das ist nicht der Code. Sie haben noch { $n } Versuche.
}
code-no-attempts = Das war nicht der Code, und er kann nicht noch einmal versucht werden. Fordern Sie einen neuen an.
code-expired = Der Code ist abgelaufen. Fordern Sie einen neuen an.
provider-failed = Die Anmeldung bei { $provider } hat nicht funktioniert. Sie können es noch einmal versuchen.
provider-unnamed = der anderen Website
