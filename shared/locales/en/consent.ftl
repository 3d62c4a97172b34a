# The consent page.

consent-title = Allow { $client }?
consent-heading = <bdi>{ $client }</bdi> wants to act for you
consent-you = You are
consent-account = Account
consent-offered-by = Offered by
consent-website = Website
consent-could = In <bdi>{ $resource }</bdi> it could
consent-could-nothing = In <bdi>{ $resource }</bdi> it could act in your name, without any particular right.
consent-public = This app cannot prove what it is. Allow it only if you have just opened it yourself.
consent-allow = Allow
consent-deny = Do not allow
consent-back = Either way you go back to <strong class="address">{ $host }</strong>.
consent-remembered = What you allow is remembered, and your administrators can take it back.
consent-remembered-by = What you allow is remembered, and the administrators of <bdi>{ $account }</bdi> can take it back.
consent-switch-user = Not you? Sign in as somebody else
