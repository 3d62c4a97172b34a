# The console: changing the details of an API client.

edit-link = Edit details
edit-title = Edit details
edit-save = Save
edit-changed-title = Two versions of { $name }
edit-nothing-changed = Nothing was changed by you.
edit-no-own-change = You had changed nothing yet.
edit-mine = Yours
edit-theirs = Now
edit-keep-mine = Keep mine
edit-take-theirs = Take the other version
done-details-saved = The details are saved.
