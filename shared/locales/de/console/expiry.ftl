# Was abläuft: Kalender, und die Seite eines Kontos.

calendar-name = { $account }: Secrets und Zertifikate ({ $site })
calendar-secret = Secret …{ $hint } von { $client } läuft ab
calendar-certificate = Das Zertifikat von { $client } läuft ab
calendar-description = Danach wird es nicht mehr angenommen. Erneuern Sie es vorher, in der Konsole von { $site }.
