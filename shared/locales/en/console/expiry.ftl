# What ends: calendars, and the page of an account.

calendar-name = { $account }: secrets and certificates ({ $site })
calendar-secret = Secret …{ $hint } of { $client } ends
calendar-certificate = The certificate of { $client } ends
calendar-description = From then on it is not accepted. Rotate it before, in the console of { $site }.
