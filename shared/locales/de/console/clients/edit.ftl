# Die Konsole: Angaben eines API-Clients ändern.

edit-link = Angaben bearbeiten
edit-title = Angaben bearbeiten
edit-save = Speichern
edit-changed-title = Zwei Fassungen von { $name }
edit-nothing-changed = Von Ihnen wurde nichts geändert.
edit-no-own-change = Sie hatten noch nichts geändert.
edit-mine = Ihre
edit-theirs = Jetzt
edit-keep-mine = Meine behalten
edit-keep-both = Meine auch speichern
edit-take-theirs = Die andere übernehmen
edit-take-of = Die von { $actor } übernehmen
edit-changed-by = { $actor } hat { $fields } am { $at } geändert
edit-changed-fields = Am { $at } geändert: { $fields }
edit-no-conflict = Was Sie geändert haben, hat sonst niemand geändert: beides kann bleiben.
done-details-saved = Die Angaben sind gespeichert.
