# What ends: calendars, and the page of an account.

calendar-name = { $account }: secrets and certificates ({ $site })
calendar-secret = Secret …{ $hint } of { $client } ends
calendar-certificate = The certificate of { $client } ends
calendar-description = From then on it is not accepted. Rotate it before, in the console of { $site }.

nav-expiry = Expiry
expiry-title = Expiry
expiry-range-label = How far ahead
expiry-none = Nothing ends in this time.
expiry-picture-first = The first: { $what } of { $client }, { $at }.
expiry-timeline = From creation to end
expiry-secret = Secret …{ $hint }
expiry-certificate = Certificate { $hint }…
expiry-in-use = In use
expiry-not-used = Not used yet
expiry-paused = Paused
expiry-expired = Ended
expiry-expired-in-use = Ended, and still tried
expiry-reminder-sent = Reminder sent
expiry-reminder-to-come = Reminder to come
expiry-reminders = Reminders
expiry-sent = { $days }: sent { $at } to { $people }
expiry-sent-after = After the end: sent { $at } to { $people }
expiry-next = Next { $at }, to { $people }
expiry-next-now = Next within the hour, to { $people }
expiry-no-one = the operator, since no one here gets them
expiry-no-more = No more
expiry-renew = Renew
feed-title = In your calendar
feed-intro = A calendar program can show what ends here: names of API clients, and the last four characters of secrets. Anyone who has its URL can read that.
feed-once = Copy this URL now: it is not shown again. Add it to your calendar program as a calendar from the Internet.
feed-made = Calendar made { $at }
feed-made-hint = Calendar …{ $hint }.ics, made { $at }
feed-end-hint = End the calendar …{ $hint }.ics, made { $at }
feed-end = End
feed-end-label = End the calendar made { $at }
feed-add = New calendar URL
feed-enough = You have three calendars. End one to make another.
done-calendar-shown = A calendar’s URL is shown once. If you did not save it, end that calendar and make another one.
done-calendar-ended = The calendar is ended: its URL shows nothing any more.
expiry-picture-title = { $n ->
    [one] One secret or certificate ends
   *[other] { $n } secrets and certificates end
}
expiry-range = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
expiry-people = { $n ->
    [one] one person
   *[other] { $n } people
}
expiry-days-before = { $n ->
    [one] { $n } day before
   *[other] { $n } days before
}
expiry-truncated = { $n ->
    [one] Only the newest client is looked at.
   *[other] The account has more than { $n } clients: the newest of them are looked at.
}
expiry-picture-range = { $n ->
    [one] In the next { $n } day.
   *[other] In the next { $n } days.
}
