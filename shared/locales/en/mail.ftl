# E-mails. Those that are in both parts of a message, text and HTML, are broken into lines for the text.

month-january = January
month-february = February
month-march = March
month-april = April
month-may = May
month-june = June
month-july = July
month-august = August
month-september = September
month-october = October
month-november = November
month-december = December
date = { $day } { $month } { $year }
instant = { $date }, { $time } UTC
in-days = { $n ->
    [0] today
    [1] tomorrow
   *[other] in { $n } days
}
days-ago = { $n ->
    [0] today
    [1] yesterday
   *[other] { $n } days ago
}
ended-when = ended { $when }
mail-header = { $brand } · account { $account }
mail-account = Account { $account }
mail-client-id = Client id
mail-secret = Secret
mail-certificate = Certificate
mail-what-to-do = What to do
mail-stop = Stop these e-mails
mail-why-contact =
    You get this because you are a contact for clients of account { $account }.
    { $brand } never sends a secret by mail, and never asks for one.
mail-why-member =
    You get this because you may manage the clients of account { $account }.
    { $brand } never sends a secret by mail, and never asks for one.

# The code to sign in with.

mail-code-subject = Your sign-in code for { $client }
mail-code-application-of = { $client } is an application of { $account }.
mail-code-use =
    Type the code into the page of { $host } that asks for it.
    It works once, within { $minutes } minutes, and in the browser that asked for it only.
    If you asked for several codes, only the newest works.
mail-code-secrecy =
    Nobody will ever ask you for this code, by mail, chat or telephone. Who has it
    can sign in as you.
mail-code-source =
    It was asked for from { $source }, { $instant }.
    If that was not you, you need not do anything: without the code nothing happens.
mail-code-unknown-source = an unknown address

# The stored value of a secret is gone.

mail-missing-subject = Stored secret of "{ $client }" is gone
mail-missing-open = Open the client
mail-missing-gone-one =
    The stored value of this secret is gone from Secrets Manager. That
    happens when the client's secret_storage is changed back and forth in a short
    time, or when somebody deletes it there.
mail-missing-gone-all =
    The stored values of these secrets are gone from Secrets Manager. That
    happens when the client's secret_storage is changed back and forth in a short
    time, or when somebody deletes it there.
mail-missing-works-one =
    The secret itself goes on working: a program that has it gets tokens as
    before. What reads it from Secrets Manager finds nothing, and { $brand } cannot
    show it again.
mail-missing-works-all =
    The secrets themselves go on working: a program that has one gets tokens as
    before. What reads it from Secrets Manager finds nothing, and { $brand } cannot
    show it again.
mail-missing-add = Add a new secret to the client. It is stored again.
mail-missing-check = See that the programs that read it from Secrets Manager work.
mail-missing-revoke = Revoke the old one.
mail-missing-why-contact =
    You get this once, because you are a contact for this client of account
    { $account }. { $brand } never sends a secret by mail, and never asks for one.
mail-missing-why-member =
    You get this once, because you may manage the clients of account
    { $account }. { $brand } never sends a secret by mail, and never asks for one.
