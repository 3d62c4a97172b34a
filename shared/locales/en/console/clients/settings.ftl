# The console: the settings of a client.

tab-settings = Settings
settings-title = Settings
settings-save = Save
settings-changed = Nothing was saved. What you typed is still in the form: save it again to replace what is there now.
settings-lifetimes = Lifetimes of tokens
settings-lifetimes-note = For tokens from now on. Those that were issued before keep their end.
hint-in-days = { $n ->
    [one] In days, at most 1.
   *[other] In days, at most { $n }.
}
hint-in-hours = { $n ->
    [one] In hours, at most 1.
   *[other] In hours, at most { $n }.
}
hint-in-minutes = { $n ->
    [one] In minutes, at most 1.
   *[other] In minutes, at most { $n }.
}
hint-in-seconds = { $n ->
    [one] In seconds, at most 1.
   *[other] In seconds, at most { $n }.
}
settings-own-refused = You are at { $address }, which this list refuses. If your program runs there, add the address.
settings-refused-title = Refused in the last seven days
settings-refused-hint = Addresses that asked for a token and were not in the list: the first one of each hour.
settings-wildcard = With a wildcard
settings-wildcard-matching = Lets in, for example
settings-wildcard-other = Does not let in
settings-grants-hint = Tokens for people need redirect URLs: set those first.
settings-secrets = Secrets
settings-secrets-note = For the next secret. Those that there are stay as they are.
settings-display = Showing a secret
settings-display-once = It is shown once, when it is created
done-settings-saved = The settings are saved.
