"""What an event looks like, for who is sent it and for who reads it."""

from marshmallow import fields

from knelpunt.web.api.shared.fields import Schema, moment, number, part, text


class EventData(Schema):
    """What stands in ``data`` of an event: numbers and addresses, never names or texts.

    The id of an event about an own case is the number of the event in the timeline of that case; what is public has the
    same id in ``/gebeurtenissen``. Other ids are made up and mean nothing elsewhere.
    """

    case = text("zaak", "Nummer van uw zaak, of van een zaak waarin u meedoet.", attribute="zaak")
    event = number("gebeurtenis", "Nummer van de gebeurtenis in de tijdlijn van de zaak.", attribute="gebeurtenis")
    answer = text("antwoord", "Nummer van het knelpunt waarvan het antwoord openbaar is.", attribute="antwoord")
    guide = text("ruimtewijzer", "Naam van de ruimtewijzer in het adres.", attribute="ruimtewijzer")
    bottleneck = text("regelknelpunt", "Nummer van het regelknelpunt.", attribute="regelknelpunt")
    quarter = text("kwartaal", "Het kwartaal, zoals 2026-3.", attribute="kwartaal")
    joint = number("samenmelding", "Nummer van de vraag aan uw gemeente om mee te melden.", attribute="samenmelding")
    links = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Adressen waar u de rest leest."},
    )


class CloudEvent(Schema):
    """An event, by the NL GOV profile for CloudEvents. All of it is sent; in a list ``fields`` may leave each out."""

    specversion = text("specversion", "Altijd 1.0.")
    id = text("id", "Van een gebeurtenis altijd dezelfde, ook als wij haar opnieuw sturen.")
    source = text("source", "Wie het vertelt.")
    type_ = text("type", "Wat er gebeurde, zoals nl.knelpunt.zaak.voorstel-gedaan.", attribute="type")
    subject = text("subject", "Waarover het gaat, zoals een zaaknummer.")
    time = moment("time", "Wanneer het gebeurde.")
    datacontenttype = text("datacontenttype", "Altijd application/json.")
    dataschema = text("dataschema", "Waar staat wat data betekent.")
    data = part("data", EventData, "Nummers en adressen, geen namen en geen teksten.")
