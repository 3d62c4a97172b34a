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
edit-take-theirs = Die andere übernehmen
done-details-saved = Die Angaben sind gespeichert.
