"""The sentences that WTForms shows when a field was filled in wrongly, in plain Dutch."""

from knelpunt.domain.texts import Text
from knelpunt.web.shared.texts import gettext

MESSAGES = {
    "Field must be equal to %(other_name)s.": Text("Vul hier hetzelfde in als bij het andere veld."),
    "Field must be between %(min)d and %(max)d characters long.": Text("Gebruik %(min)d tot %(max)d tekens."),
    "Number must be at least %(min)s.": Text("Vul %(min)s of een hoger getal in."),
    "Number must be at most %(max)s.": Text("Vul %(max)s of een lager getal in."),
    "Number must be between %(min)s and %(max)s.": Text("Vul een getal in van %(min)s tot en met %(max)s."),
    "This field is required.": Text("Vul dit veld in."),
    "Invalid input.": Text("Dit past niet in dit veld. Controleer wat u hebt ingevuld."),
    "Invalid email address.": Text("Vul een e-mailadres in zoals naam@voorbeeld.nl."),
    "Invalid IP address.": Text("Vul een geldig IP-adres in."),
    "Invalid Mac address.": Text("Vul een geldig MAC-adres in."),
    "Invalid URL.": Text("Vul een webadres in dat begint met https://."),
    "Invalid UUID.": Text("Vul een geldig kenmerk in."),
    "Invalid value, must be one of: %(values)s.": Text("Kies een van deze: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": Text("Kies iets anders dan: %(values)s."),
    "This field cannot be edited.": Text("U kunt dit veld niet wijzigen."),
    "This field is disabled and cannot have a value.": Text("U kunt dit veld niet invullen."),
    "Invalid CSRF Token.": Text("Deze pagina stond te lang open. Verstuur het formulier opnieuw."),
    "CSRF token missing.": Text("Deze pagina stond te lang open. Verstuur het formulier opnieuw."),
    "CSRF failed.": Text("Deze pagina stond te lang open. Verstuur het formulier opnieuw."),
    "CSRF token expired.": Text("Deze pagina stond te lang open. Verstuur het formulier opnieuw."),
    "Invalid Choice: could not coerce.": Text("Maak een keuze uit de lijst."),
    "Choices cannot be None.": Text("Maak een keuze uit de lijst."),
    "Not a valid choice.": Text("Maak een keuze uit de lijst."),
    "Invalid choice(s): one or more data inputs could not be coerced.": Text("Maak een keuze uit de lijst."),
    "Not a valid datetime value.": Text("Vul een datum en een tijd in."),
    "Not a valid date value.": Text("Vul dag, maand en jaar in, in cijfers: 1 7 2026."),
    "Not a valid time value.": Text("Vul een tijd in, bijvoorbeeld 14:30."),
    "Not a valid week value.": Text("Vul een week in, bijvoorbeeld 2026-W48."),
    "Not a valid integer value.": Text("Vul een heel getal in."),
    "Not a valid decimal value.": Text("Vul een getal in."),
    "Not a valid float value.": Text("Vul een getal in."),
    # From Flask-WTF: checks on uploaded files.
    "File does not have an approved extension: {extensions}": Text("Kies een bestand van deze soort: {extensions}."),
    "File does not have an approved extension.": Text("Deze soort bestand kunnen wij niet aannemen."),
    "File must be between {min_size} and {max_size} bytes.": Text("Het bestand is te groot of leeg."),
}
COUNTED_MESSAGES = {
    "Field must be at least %(min)d character long.": Text("Gebruik ten minste %(min)d tekens."),
    "Field cannot be longer than %(max)d character.": Text("Gebruik ten hoogste %(max)d tekens."),
    "Field must be exactly %(max)d character long.": Text("Gebruik precies %(max)d tekens."),
    "'%(value)s' is not a valid choice for this field.": Text("Maak een keuze uit de lijst."),
}


class DutchMessages:
    """What WTForms asks for its sentences. Anything that has no Dutch sentence gets the general one."""

    def gettext(self, string: str) -> str:
        return gettext(MESSAGES.get(string, MESSAGES["Invalid input."]))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return gettext(COUNTED_MESSAGES.get(singular, MESSAGES["Invalid input."]))
