# Die Seite, auf der ein Kontakt Erinnerungen abbestellt.

mail-stop-question = Diese E-Mails abbestellen?
mail-stop-resumed = Sie erhalten wieder Erinnerungen
mail-stop-stopped = Sie erhalten diese E-Mails nicht mehr
mail-stop-stopped-text = Über die API-Clients von <strong><bdi>{ $account }</bdi></strong> wird nichts mehr an <strong class="address">{ $email }</strong> gesendet. Sie können diese Seite schließen.
mail-stop-why = Sie erinnern <strong class="address">{ $email }</strong>, bevor Zugangsdaten von <strong><bdi>{ $account }</bdi></strong> ablaufen, weil die Administratoren diese Adresse als Kontakt für API-Clients eingetragen haben.
mail-stop-risk = Ein Programm, dessen Zugangsdaten abgelaufen sind, funktioniert nicht mehr. Bestellen Sie diese E-Mails nur ab, wenn sich dort jemand anderes darum kümmert oder wenn Sie nichts damit zu tun haben.
mail-stop-resumed-text = Von der nächsten Erinnerung an werden E-Mails über die API-Clients von <strong><bdi>{ $account }</bdi></strong> wieder an <strong class="address">{ $email }</strong> gesendet. Sie können diese Seite schließen.
mail-stop-stop = Diese E-Mails abbestellen
mail-stop-resume = Wieder senden
