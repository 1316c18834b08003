"""The register of personal data: what the system keeps of people, why, on which ground, for how long, who may see it
and who receives it (AVG art. 30).

What is kept stands with the columns: each model says of its text and its links to accounts under which entry they fall
(``about`` in ``models/base.py``), a test holds that against the tables, and the pages and files are made of both.
"""

from dataclasses import dataclass

from knelpunt.domain.texts import Text

PUBLIC_TASK = Text("Taak van algemeen belang (AVG, artikel 6 lid 1 onder e)")
CONSENT = Text("Toestemming (AVG, artikel 6 lid 1 onder a)")
DUTY = Text("Wettelijke plicht (AVG, artikel 6 lid 1 onder c)")
WITH_THE_CASE = Text(
    "Tot de bewaartermijn van de zaak voorbij is. Hoe lang dat is, staat hieronder. Daarna vernietigen wij de tekst, "
    "of wij brengen haar naar een archief. Hier blijft zij dan niet."
)
NOBODY = Text("Niemand buiten deze site.")
NOBODY_BUT_YOU = Text("U, als het loket u antwoordt. Verder niemand.")
RECEIVER = Text("Wie de melding van ons overneemt, en alleen als u dat goedvindt.")
IN_CONSULTATION = Text(
    "Een ministerie aan wie wij iets vragen, voor zover dat nodig is. Wie de melding overneemt, als u dat goedvindt."
)
PROVIDER = Text("De organisatie waar u inlogt: zij ziet dat u hier komt.")
MAIL_SERVER = Text("De mailserver die onze mail bezorgt.")
BY_POST = Text("De post, als wij de brief versturen.")
EVERYBODY = Text("Iedereen. Ook als open data.")
FILE_CONTACT = Text("Het loket, na een tweede stap bij het inloggen. Wij leggen vast wie ze opent.")
IN_FILE = Text("U of uw organisatie, het loket, en wie ons controleert.")
AT_DESK = Text("Het loket, en wie ons controleert.")
DESK_AND_AUDITOR = Text("Het loket, de beheerder, en wie ons controleert.")
WHO_FILLS_IN = Text("Wie de melding invult, en collega’s van dezelfde organisatie.")
ADMIN_AND_COLLEAGUES = Text("De beheerder, en wie de eigen organisatie beheert.")
OWN_ORGANISATION = Text("De eigen organisatie en het loket.")
ADMINISTRATOR = Text("De beheerder, na een tweede stap bij het inloggen.")
ONLY_YOU = Text("Alleen uzelf.")
NO_PERSON = Text("Niemand. Alleen de computer gebruikt het.")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of data about people.

    The sentences are for the privacy page, in Dutch.

    Attributes:
        key: by which a model names it.
        seen_by: who may see it on the site.
        received_by: who gets it from us.
        kept_days: the term in days, where the system counts it so.
        ends: whether a clock ends it. What has no end says why in its term.
    """

    key: str
    title: str
    whose: str
    purpose: str
    basis: str
    term: str
    seen_by: str
    received_by: str
    kept_days: int | None = None
    ends: bool = True


NOT_PERSONAL = "nobody"
"""Under this name a model puts its columns with text that are about no person."""
OTHER_TEXTS = Text("Andere teksten")
"""What these are called where somebody is found in them."""

REGISTER: tuple[PersonalData, ...] = (
    PersonalData(
        "contact",
        Text("Contactgegevens bij een melding"),
        Text("Wie een knelpunt meldt zonder account"),
        Text("Wij gebruiken ze om u over uw knelpunt te schrijven, en nergens anders voor."),
        PUBLIC_TASK,
        Text("Tot 400 dagen na het antwoord, en nooit langer dan 3 jaar na de melding. Eerder als u dat vraagt."),
        FILE_CONTACT,
        RECEIVER,
        kept_days=400,
    ),
    PersonalData(
        "story",
        Text("Wat u over uw knelpunt vertelt"),
        Text("Wie een knelpunt meldt, en wie in de tekst wordt genoemd"),
        Text("Wij zoeken ermee uit welke regel knelt en wat er kan. In de openbare tekst staan geen namen."),
        PUBLIC_TASK,
        WITH_THE_CASE,
        IN_FILE,
        IN_CONSULTATION,
    ),
    PersonalData(
        "draft",
        Text("Een melding die nog niet af is"),
        Text("Wie een knelpunt invult"),
        Text("Zo kunt u later verder gaan met invullen."),
        PUBLIC_TASK,
        Text(
            "Tot de termijn voor een melding die nog niet af is voorbij is. Hoe lang die is, staat bij Hoe wij werken. "
            "U krijgt eerst bericht, als wij uw e-mailadres hebben."
        ),
        WHO_FILLS_IN,
        NOBODY,
    ),
    PersonalData(
        "co_signing",
        Text("Wie een melding mee ondertekent"),
        Text("Wie een ander mee laat tekenen, en wie tekent"),
        Text("Zo staat vast dat twee mensen achter de melding staan."),
        PUBLIC_TASK,
        Text(
            "Naam en e-mailadres even lang als de contactgegevens bij de melding, en nooit langer dan 3 "
            "jaar. Wie met een account tekent, blijft bij de zaak staan."
        ),
        IN_FILE,
        NOBODY,
    ),
    PersonalData(
        "joint_filing",
        Text("Gemeenten die samen melden"),
        Text("Wie bij een gemeente de vraag krijgt om mee te doen, en wie antwoordt"),
        Text("Zo weet een gemeente dat een andere haar vraagt om samen te melden."),
        PUBLIC_TASK,
        Text("Het e-mailadres nooit langer dan 3 jaar. Openbaar is alleen de naam van een gemeente die meedoet."),
        IN_FILE,
        NOBODY,
    ),
    PersonalData(
        "map_point",
        Text("Het punt op de kaart"),
        Text("Wie bij een melding een punt aanwijst"),
        Text("Zo ziet het loket om welke plek het gaat. Openbaar is nooit meer dan de gemeente."),
        PUBLIC_TASK,
        Text("Even lang als de contactgegevens bij de melding, en nooit langer dan 3 jaar."),
        AT_DESK,
        NOBODY,
    ),
    PersonalData(
        "attachments",
        Text("Bijlagen"),
        Text("Wie een bijlage stuurt, en wie erin voorkomt"),
        Text("Ze laten zien wat u vertelt, zoals een brief waarin u een weigering kreeg."),
        PUBLIC_TASK,
        WITH_THE_CASE,
        IN_FILE,
        IN_CONSULTATION,
    ),
    PersonalData(
        "desk_words",
        Text("Wat het loket over een zaak schrijft"),
        Text("Wie een knelpunt meldt, en medewerkers"),
        Text("Zo kan een collega de zaak overnemen, en kan een ander nagaan hoe het antwoord tot stand kwam."),
        PUBLIC_TASK,
        WITH_THE_CASE,
        AT_DESK,
        NOBODY_BUT_YOU,
    ),
    PersonalData(
        "officials",
        Text("Wie bij een ministerie een vraag krijgt"),
        Text("Ambtenaren aan wie het loket iets vraagt"),
        Text("Zo komt een vraag over een regel bij iemand die erover gaat. Een account is niet nodig."),
        PUBLIC_TASK,
        Text("Tot 30 dagen nadat iemand uit het adresboek is gehaald of de vraag klaar is."),
        AT_DESK,
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "referral",
        Text("Een melding overdragen aan een andere instantie"),
        Text("Wie daar de vraag krijgt, en wie in de tekst wordt genoemd"),
        Text("Zo komt uw melding bij wie u beter kan helpen. Wij delen alleen wat u goedvindt."),
        PUBLIC_TASK,
        Text("Naam en e-mailadres van die persoon tot 30 dagen na het antwoord. De rest even lang als de zaak."),
        AT_DESK,
        RECEIVER,
    ),
    PersonalData(
        "ministry_words",
        Text("Wat een ministerie antwoordt"),
        Text("Wie in de tekst wordt genoemd, en medewerkers"),
        Text("Zo weet het loket of een regel ruimte geeft, en kan een ander dat nagaan."),
        PUBLIC_TASK,
        WITH_THE_CASE,
        AT_DESK,
        NOBODY,
    ),
    PersonalData(
        "public_text",
        Text("De openbare tekst"),
        Text("Niemand: er staan geen namen in. Wie het geval kent, kan het toch herkennen."),
        Text("Anderen kunnen ervan leren. U leest de tekst eerst, en kunt bezwaar maken."),
        CONSENT,
        Text(
            "Tot wij de tekst intrekken. U kunt daar altijd om vragen. Bij sommige zaken halen wij de tekst "
            "weg als de bewaartermijn voorbij is. Dat staat hieronder."
        ),
        EVERYBODY,
        EVERYBODY,
    ),
    PersonalData(
        "account",
        Text("Accounts"),
        Text("Medewerkers van gemeenten, andere organisaties en ministeries"),
        Text("Zo weten wij wie inlogt en wat die mag. Van het wachtwoord bewaren wij alleen een afdruk."),
        PUBLIC_TASK,
        Text(
            "Zolang het account in gebruik is, en daarna zolang de zaken worden bewaard waarin het voorkomt. In elk "
            "geval een jaar. Daarna blijft alleen het nummer van het account."
        ),
        ADMIN_AND_COLLEAGUES,
        NOBODY,
    ),
    PersonalData(
        "acts",
        Text("Wie wat heeft gedaan"),
        Text("Medewerkers met een account"),
        Text("Zo kan een ander controleren of een besluit door de juiste mensen is genomen."),
        PUBLIC_TASK,
        Text(
            "Dit verandert nooit en wordt niet gewist: het is het bewijs van wat er is gebeurd. Er staan "
            "geen namen in, alleen nummers van accounts."
        ),
        DESK_AND_AUDITOR,
        NOBODY,
        ends=False,
    ),
    PersonalData(
        "work_layout",
        Text("Hoe medewerkers hun werk indelen"),
        Text("Medewerkers van het loket"),
        Text("Zo vindt een medewerker de eigen zaken terug, en weet een team wie wat doet."),
        PUBLIC_TASK,
        Text("Tot de medewerker het verwijdert of het account uitgaat. Wat gedeeld is, verwijdert het hoofd."),
        AT_DESK,
        NOBODY,
    ),
    PersonalData(
        "import_file",
        Text("Een bestand met meldingen dat iemand laadt"),
        Text("Wie het bestand laadt, en wie erin wordt genoemd"),
        Text("Zo ziet wie het laadt eerst wat erin komt, en wat niet. Ook terugdraaien kan dan nog."),
        PUBLIC_TASK,
        Text("30 dagen. Wat u ervan inleest, blijft even lang als elke andere melding."),
        Text("Wie het mag laden: het hoofd van het loket, of wie de eigen organisatie beheert."),
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "bulk",
        Text("Wat een medewerker met meer zaken tegelijk doet"),
        Text("Medewerkers van het loket, en wie in de tekst wordt genoemd"),
        Text("Zo ziet de medewerker vooraf wie wat krijgt, en achteraf wat er is gebeurd."),
        PUBLIC_TASK,
        Text("30 dagen. Een bericht staat daarna alleen nog bij de zaak."),
        AT_DESK,
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "notification",
        Text("Wat medewerkers te horen krijgen"),
        Text("Medewerkers van het loket"),
        Text("Zo weet een medewerker dat er iets wacht."),
        PUBLIC_TASK,
        Text("90 dagen."),
        ONLY_YOU,
        NOBODY,
        kept_days=90,
    ),
    PersonalData(
        "presence",
        Text("Wie een zaak nu open heeft"),
        Text("Medewerkers van het loket"),
        Text("Zo werken twee collega’s niet tegelijk aan hetzelfde. Collega’s zien het twee minuten lang."),
        PUBLIC_TASK,
        Text("Hooguit een dag."),
        AT_DESK,
        NOBODY,
        kept_days=1,
    ),
    PersonalData(
        "invitation",
        Text("Uitnodigingen voor een account"),
        Text("Wie is uitgenodigd, en wie dat deed"),
        Text("Zo kan een collega een account maken."),
        PUBLIC_TASK,
        Text("Naam en adres tot 30 dagen na afloop van de uitnodiging."),
        ADMIN_AND_COLLEAGUES,
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "login",
        Text("Inloggen"),
        Text("Wie inlogt, of dat probeert"),
        Text("Zo blijft u ingelogd, kunt u een nieuw wachtwoord kiezen, en ziet u in welke browser u inlogde."),
        PUBLIC_TASK,
        Text("Tot 30 dagen na het laatste gebruik."),
        ONLY_YOU,
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "second_factor",
        Text("De tweede stap bij het inloggen"),
        Text("Wie inlogt met een code van een telefoon of een toegangssleutel"),
        Text("Zo komt niemand in een account met alleen een wachtwoord. Van een herstelcode bewaren wij een afdruk."),
        PUBLIC_TASK,
        Text("Zolang het account in gebruik is. Wie om weghalen vroeg en wie besloot, even lang als het account."),
        ADMIN_AND_COLLEAGUES,
        NOBODY,
    ),
    PersonalData(
        "sign_on",
        Text("Inloggen via de eigen organisatie"),
        Text("Wie inlogt via een ministerie, een gemeente of een ander die daarvoor zorgt"),
        Text("Zo weten wij welk account bij wie hoort. Wat de organisatie nog meer over u zegt, bewaren wij niet."),
        PUBLIC_TASK,
        Text("Zolang het account in gebruik is. Een regel om in te loggen blijft staan, ook als hij niet meer geldt."),
        ADMIN_AND_COLLEAGUES,
        PROVIDER,
        ends=False,
    ),
    PersonalData(
        "api_client",
        Text("Koppelingen van een organisatie"),
        Text("Wie een koppeling of een abonnement voor een ander systeem maakt of stopt"),
        Text(
            "Zo kan een organisatie melden vanuit haar eigen systeem, en staan haar zaken daar ook. Van de sleutel"
            " bewaren wij een afdruk."
        ),
        PUBLIC_TASK,
        Text(
            "De naam van de koppeling en het adres van het abonnement tot een jaar na het einde. Daarna blijft alleen"
            " het nummer van het account. Wat wij stuurden en hoe dat ging, gaat na dertig dagen weg."
        ),
        ADMIN_AND_COLLEAGUES,
        NOBODY,
        kept_days=365,
    ),
    PersonalData(
        "mergers",
        Text("Gemeenten die samengaan"),
        Text("Collega’s van een gemeente die opgaat in een andere, en de beheerders die dat vastleggen"),
        Text("Zo komt elk account bij de goede gemeente terecht. Later is na te gaan wie dat besloot."),
        PUBLIC_TASK,
        Text("Dit blijft staan, ook als de dag voorbij is."),
        DESK_AND_AUDITOR,
        NOBODY,
        ends=False,
    ),
    PersonalData(
        "failed_login",
        Text("Pogingen om in te loggen die mislukten"),
        Text("Wie dat probeert"),
        Text("Zo houden wij tegen dat iemand wachtwoorden blijft raden. Wij bewaren een afdruk, niet het adres zelf."),
        PUBLIC_TASK,
        Text("Een dag."),
        NO_PERSON,
        NOBODY,
        kept_days=1,
    ),
    PersonalData(
        "usage",
        Text("Hoe vaak er iets gebeurt zonder account"),
        Text("Wie een knelpunt meldt zonder account"),
        Text("Zo houden wij een vloed van meldingen, mails en bestanden tegen. Wij bewaren een afdruk, geen adres."),
        PUBLIC_TASK,
        Text("Twee dagen."),
        NO_PERSON,
        NOBODY,
        kept_days=2,
    ),
    PersonalData(
        "follow_links",
        Text("Links om een melding te volgen"),
        Text("Wie een knelpunt meldt zonder account"),
        Text("Met de link in uw mail volgt u uw melding zonder account."),
        PUBLIC_TASK,
        Text("Tot de gegevens van de melding zijn gewist. Daarna zegt de link alleen nog wat er met de zaak gebeurde."),
        NO_PERSON,
        NOBODY,
        ends=False,
    ),
    PersonalData(
        "aftercare",
        Text("De vraag of uw project doorging"),
        Text("Wie een knelpunt meldde"),
        Text("Zo weten wij of ons antwoord hielp. Openbaar is alleen hoe vaak elk antwoord werd gegeven."),
        PUBLIC_TASK,
        WITH_THE_CASE,
        AT_DESK,
        NOBODY,
    ),
    PersonalData(
        "incoming",
        Text("Mails die wij krijgen"),
        Text("Wie ons een mail stuurt"),
        Text(
            "Zo komt uw antwoord bij uw melding. Weten wij niet bij welke melding een mail hoort? Dan kijkt "
            "een medewerker."
        ),
        PUBLIC_TASK,
        Text(
            "Tot een medewerker besloot, en daarna 30 dagen. Zo lang bewaren wij ook de mail zoals die "
            "binnenkwam. Wat bij uw melding staat, bewaren wij zolang als de zaak."
        ),
        AT_DESK,
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "outbox",
        Text("Mails die wij sturen"),
        Text("Wie een mail van ons krijgt"),
        Text("Zo gaat geen mail verloren als er iets hapert."),
        PUBLIC_TASK,
        Text("Adres en tekst tot 30 dagen na het versturen."),
        ADMINISTRATOR,
        MAIL_SERVER,
        kept_days=30,
    ),
    PersonalData(
        "digest",
        Text("Wat wacht op de mail van een keer per week"),
        Text("Wie één mail per week kiest"),
        Text("Zo krijgt u in één mail wat er in een week gebeurde."),
        PUBLIC_TASK,
        Text("Tot die mail is geschreven, en hooguit 8 dagen."),
        NO_PERSON,
        MAIL_SERVER,
        kept_days=8,
    ),
    PersonalData(
        "follower",
        Text("Volgen van een ruimtewijzer, een regelknelpunt of een onderwerp"),
        Text("Wie met een e-mailadres een ruimtewijzer, een regelknelpunt of een onderwerp volgt"),
        Text(
            "Wij sturen u bericht als een ruimtewijzer verandert, of als er nieuws is over een "
            "regelknelpunt of uw onderwerp. Eerst bevestigt u dat het adres van u is."
        ),
        CONSENT,
        Text(
            "Tot u stopt met volgen, en nooit langer dan 24 maanden. Bevestigt u niet, dan 7 dagen. Komt er "
            "geen nieuws meer, dan 7 dagen na het laatste nieuws. Wat u over een onderwerp kreeg, onthouden wij een "
            "paar dagen. Zo hoort u alles één keer."
        ),
        NO_PERSON,
        MAIL_SERVER,
    ),
    PersonalData(
        "guide_use",
        Text("Wat een gemeente met een ruimtewijzer doet"),
        Text("Medewerkers van gemeenten"),
        Text("Zo weten wij waar een antwoord heeft gewerkt. Openbaar zijn alleen de gemeente en de uitkomst."),
        PUBLIC_TASK,
        Text("Zolang de ruimtewijzer wordt bewaard."),
        OWN_ORGANISATION,
        NOBODY,
        ends=False,
    ),
    PersonalData(
        "guide_texts",
        Text("Wat het loket in een ruimtewijzer schrijft"),
        Text("Medewerkers, en niemand anders: er staan geen namen in"),
        Text("Zo kan een ander nagaan wie een tekst schreef en wie die toetste."),
        PUBLIC_TASK,
        Text("Zolang de ruimtewijzer wordt bewaard."),
        AT_DESK,
        NOBODY,
        ends=False,
    ),
    PersonalData(
        "letters",
        Text("Brieven, en wat wij telefonisch doorgeven"),
        Text("Wie een melding doet zonder e-mailadres"),
        Text("Zo hoort u ook zonder e-mail wat er met uw melding gebeurt."),
        PUBLIC_TASK,
        Text("Zolang wij uw contactgegevens bewaren: tot 400 dagen na het antwoord, en hooguit 3 jaar na de melding."),
        AT_DESK,
        BY_POST,
        kept_days=400,
    ),
    PersonalData(
        "new_address",
        Text("Een nieuw e-mailadres dat nog niet is bevestigd"),
        Text("Wie het e-mailadres bij een melding wijzigt"),
        Text("Zo weten wij zeker dat het nieuwe adres van u is."),
        PUBLIC_TASK,
        Text("Tot u het bevestigt, en hooguit 7 dagen."),
        NO_PERSON,
        MAIL_SERVER,
        kept_days=7,
    ),
    PersonalData(
        "submissions",
        Text("Formulieren die al verstuurd zijn"),
        Text("Wie een formulier verstuurt"),
        Text("Zo telt een dubbele klik maar één keer."),
        PUBLIC_TASK,
        Text("30 dagen."),
        NO_PERSON,
        NOBODY,
        kept_days=30,
    ),
    PersonalData(
        "privacy_request",
        Text("Een verzoek over uw gegevens"),
        Text("Wie vraagt om inzage of om wissen, en wie dat doet voor een ander"),
        Text("Zo kunnen wij antwoorden binnen de maand die de wet noemt, en laten zien wat wij deden."),
        DUTY,
        Text(
            "Naam en adressen tot ons antwoord verstuurd is, en hooguit 90 dagen na het besluit. Wat wij deden, blijft "
            "5 jaar staan, zonder naam."
        ),
        AT_DESK,
        MAIL_SERVER,
        kept_days=90,
    ),
)

BY_KEY = {entry.key: entry for entry in REGISTER}
