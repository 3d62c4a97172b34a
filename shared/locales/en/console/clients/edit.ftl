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
edit-keep-both = Save mine too
edit-take-theirs = Take the other version
edit-take-of = Take the version of { $actor }
edit-changed-by = { $actor } changed { $fields } on { $at }
edit-changed-fields = Changed on { $at }: { $fields }
edit-no-conflict = What you changed was changed by no one else: both can stay.
done-details-saved = The details are saved.
