# The page on which a contact stops reminders.

mail-stop-question = Stop these e-mails?
mail-stop-resumed = You get reminders again
mail-stop-stopped = You get no more of these e-mails
mail-stop-stopped-text = Nothing more about the API clients of <strong><bdi>{ $account }</bdi></strong> is sent to <strong class="address">{ $email }</strong>. You can close this page.
mail-stop-why = They remind <strong class="address">{ $email }</strong> before credentials of <strong><bdi>{ $account }</bdi></strong> expire, because its administrators made this address a contact for API clients.
mail-stop-risk = A program whose credential has expired stops working. Stop these e-mails only if someone else there takes care of it, or if you have nothing to do with it.
mail-stop-resumed-text = From the next reminder on, e-mails about the API clients of <strong><bdi>{ $account }</bdi></strong> are sent to <strong class="address">{ $email }</strong>. You can close this page.
mail-stop-stop = Stop these e-mails
mail-stop-resume = Send them again
