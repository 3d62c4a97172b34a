# Die Konsole: was ein API-Client aufrufen darf.

tab-permissions = Rechte
permissions-title = Rechte
permissions-lead = Wofür dieses Programm Tokens anfordern darf.
permissions-need-right = Zum Ändern brauchen Sie in diesem Konto das Recht { $scope }.
permissions-exceed-yours = Dieses Programm darf mehr verwalten als Sie. Sie sehen seine Rechte und können sie nicht ändern.
permissions-add-api = Eine anlegen
permissions-no-apis = Es gibt noch keine APIs, die Ihr Konto nutzen darf.
permissions-unavailable = Für Ihr Konto nicht mehr verfügbar
permissions-unavailable-hint = Diese öffnen nichts mehr. Die nächste Änderung entfernt sie.
permissions-administration = Verwaltung: dieses Programm könnte API-Clients verwalten
permissions-administration-hint = Für Programme, die API-Clients, Mitglieder oder Secrets dieses Kontos über die Verwaltungs-API verwalten. Die meisten Programme brauchen nichts davon.
permission-right = Recht
permission-stage = Stufe
permission-tick-all = Alle
permission-tick-none = Keine
permission-tick-all-of = Alle von { $api } ankreuzen
permission-tick-none-of = Keine von { $api } ankreuzen
permission-part-of = Teil von „{ $scope }“
permission-locked = Sie haben dieses Recht selbst nicht und können es daher nicht vergeben.
permission-not-offered = nicht angeboten
permission-one-api = Ein Programm nutzt eine API dieser Stufe. Nur die Rechte der gewählten zählen.
permission-no-api = Keine
permission-without-scopes = Nutzung der API
permissions-review = Änderung prüfen
permissions-changed = Von Ihnen wurde nichts geändert. Was Sie angekreuzt haben, ist noch angekreuzt: Prüfen Sie es gegen die jetzigen Rechte des Programms.
permissions-review-title = Diese Rechte ändern?
permissions-ignored = Diese zählen nicht, weil eine andere API ihrer Stufe gewählt ist oder keine
permissions-no-change = Es würde sich nichts ändern.
permissions-added = Neu:
permissions-removed = Entfällt:
permissions-tokens = { $n ->
    [one] Nur neue Tokens: Bereits ausgestellte behalten ihre Rechte bis zu ihrem Ende, höchstens 1 Minute.
   *[other] Nur neue Tokens: Bereits ausgestellte behalten ihre Rechte bis zu ihrem Ende, höchstens { $n } Minuten.
}
permissions-save = Speichern
permissions-back = Zurück zur Auswahl
done-permissions-saved = Die Rechte sind gespeichert. Neue Tokens haben sie.
changed-by = { $actor } hat dieses Programm am { $at } geändert
changed-at = Dieses Programm wurde am { $at } geändert
right-accounts-manage = Konten anlegen und ändern, in jedem Konto handeln
right-resources-manage = APIs anlegen, ändern und löschen
right-members-manage = Mitglieder des Kontos sehen und ändern
right-clients-read = API-Clients des Kontos sehen
right-clients-manage = API-Clients des Kontos und ihre Secrets anlegen, ändern und löschen
right-secrets-reveal = Secrets erneut sehen, wo es erlaubt ist
right-audit-read = Audit-Protokoll des Kontos lesen
