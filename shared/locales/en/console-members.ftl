# Members: the list, adding, changing and removing them, and the confirmation of a new address.

confirm-email-title = Confirm your address
confirm-email-message = You are to sign in to the console of <strong><bdi>{ $account }</bdi></strong> as <strong>{ $email }</strong> from now on.
confirm-email-effect = What is open with your former address ends at once. Applications that you let act for you ask you again.
confirm-email-button = This is my address
