# Fields of an API client: labels and hints.

label-client-name = Name
hint-client-name = What you will know it by in lists and mails. It can be changed.
label-description = Description
hint-description = Which program it is, and who runs it.
label-client-uri = Website
hint-client-uri = Where this integration lives, such as https://shop.example.
label-contacts = Contacts
hint-contacts = Addresses that get a mail before it expires, besides the members who manage clients. One a line, at most 10.
hint-contacts-now = { $n ->
    [0] Addresses that get a mail before it expires, besides the members who manage clients: none of them gets one now. One a line, at most 10.
    [one] Addresses that get a mail before it expires, besides the members who manage clients: 1 person now. One a line, at most 10.
   *[other] Addresses that get a mail before it expires, besides the members who manage clients: { $n } people now. One a line, at most 10.
}
label-expires-on = Secret ends on
label-redirect-uris = Redirect URLs
hint-redirect-uris = Where people get back to after they have signed in. One a line. They are compared without the query; * stands for one path segment or for the first label of the host name.
label-allowed-ips = Allowed addresses
label-access-token-lifetime = Access tokens live
label-refresh-token-lifetime = Sign-ins last
label-jwks-uri = URL of its public keys
label-jwks = Its public keys
label-client-id = Client ID
label-grant-types = What it may ask for
label-permissions = What may it call?
label-federated-identities = Workload
label-public-key-pem = Its public key
hint-public-key-pem = PEM, a certificate, an OpenSSH key or a JWK set. Never the private key.
hint-jwks-uri = An https URL that answers with a JWK set.
hint-allowed-ips = One address or CIDR block a line. Empty means anywhere.
hint-own-address = You are at { $address }.
hint-refresh-token-lifetime = How long people stay signed in.
hint-client-id = Only when you move from another system: the id that it has there. It starts with the id of your account. Empty for a new one. Its secret cannot be brought along: a new one is made.
