# Reminders: subjects.

reminder-secret-expires = Secret of "{ $client }" expires { $when } ({ $date })
reminder-certificate-expires = Certificate of "{ $client }" expires { $when } ({ $date })
reminder-expire-soon = { $what } of { $account } expire soon, the first { $when }
reminder-secret-expired = Secret of "{ $client }" has expired{ $rest }
reminder-certificate-expired = Certificate of "{ $client }" has expired{ $rest }
reminder-expired = { $what } of { $account } have expired{ $rest }
reminder-secrets = { $n ->
    [one] 1 secret
   *[other] { $n } secrets
}
reminder-certificates = { $n ->
    [one] 1 certificate
   *[other] { $n } certificates
}
reminder-both = { $secrets } and { $certificates }
reminder-tried-one = {" "}and is still being tried
reminder-tried-all = {" "}and are still being tried
reminder-without-one = {" "}and nothing takes its place
reminder-without-all = {" "}and nothing takes their place
reminder-more = { $n ->
    [one] , 1 more expires soon
   *[other] , { $n } more expire soon
}

# Reminders: what ends.

reminder-expiry = Expiry
reminder-expires = Expires { $when }: { $instant }
reminder-ended = Expired, { $when }: { $instant }
reminder-never-used = never used
reminder-last-used = last used on { $date }
reminder-not-used-yet = not used yet
reminder-paused = paused, so that no program can use it
reminder-newer = Newer
reminder-newer-secret = Newer secret { $newer }
reminder-newer-row = Newer: { $newer }
reminder-certificate-ended = The client has nothing else to get tokens with.
reminder-secret-ended = The program that uses it is failing now.
reminder-certificate-ended-row = no tokens now
reminder-secret-ended-row = failing now
reminder-replace-secret = Replace the secret
reminder-replace-older = Replace the older secret
reminder-replace-certificate = Replace the certificate
reminder-client-and-secret = Client and secret
reminder-client-and-certificate = Client and certificate
reminder-client-and-credential = Client and credential
reminder-and-more = <strong>And { $n } more.</strong> These are the most pressing; the plain text part of this mail lists them all.

# Reminders: what to do.

reminder-each-secret = What to do, for each secret
reminder-each-secret-without = What to do, for each secret without a newer one
reminder-each-older = What to do, for each secret that has a newer one
reminder-each-certificate = What to do, for each certificate
reminder-open-member = Open the link, and sign in if you are asked to.
reminder-open-contact =
    Open the link, or pass this mail on to a person who manages the API clients
    of account { $account }: opening it takes signing in as one of them.
reminder-create =
    Create a new secret there. The old one works until it ends, so nothing
    breaks meanwhile.
reminder-give = Give the new secret to the program.
reminder-end = Once the page shows that the program uses it, end the old one there.
reminder-secret-consequence =
    A program whose secret has expired gets no more tokens, until it is given
    a new secret.
reminder-give-newer =
    Give the newer secret, named above, to every program that still uses the
    older one. There is no need for a third.
reminder-end-older = Once the page shows that the older one is no longer used, end it there.
reminder-get-certificate = Get a new certificate, for the key that the program has or for a new one.
reminder-upload = Set the new certificate for the client. It takes the old one's place at once.
reminder-give-key =
    If the key is new, give it to the program at that same moment. With the
    key that it has, the program needs nothing.
reminder-certificate-consequence =
    For a new key without a gap, enter the public keys, or the address at which
    the program publishes them, in place of the certificate: the old and the new
    key both work meanwhile. A certificate that has expired gets no more tokens.
