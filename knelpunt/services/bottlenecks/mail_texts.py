"""Mails about rule bottlenecks: to who waits for one or follows it, and to its owner."""

from datetime import date

from knelpunt.domain.languages import DUTCH
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.services.laws.mail_texts import room_given
from knelpunt.services.mail.texts import (
    NO_REPLY,
    WHO_WE_ARE,
    WHY_COLLEAGUE,
    About,
    MailText,
    about_case,
    letter,
    to_colleague,
    to_reader,
    to_submitter,
)

_OVER_DUTCH_NEWS = Text("Het nieuws, zoals het in het Nederlands is geschreven:")


@about_case(MailKind.BOTTLENECK_NEWS)
def news_to_submitter(
    about: About,
    *,
    title: str,
    stage: str,
    body: str,
    page: str,
    provision: str = "",
    since: date | None = None,
    language: str = DUTCH.code,
) -> MailText:
    """There is news about the rule that holds up the submitter's project.

    Args:
        stage: where the bottleneck is now, in words.
        page: the address of its public page.
        provision: law and article that give room by now, from the day ``since``; empty when none does yet.
        language: the code of the language in which the mail goes out.
    """
    return to_submitter(
        about,
        Text("Nieuws over de regel die u tegenhoudt"),
        Text("Uw melding hoort bij het regelknelpunt: %(title)s.", title=title),
        "" if language == DUTCH.code else _OVER_DUTCH_NEWS,
        body,
        Text("Waar het nu staat: %(stage)s.", stage=stage),
        *room_given(provision, since),
        Text("Alles over dit regelknelpunt leest u hier:\n%(page)s", page=page),
        Text("U hoeft nu niets te doen. U hoort van ons zodra er nieuws is, en ten minste elk kwartaal."),
    )


@about_case(MailKind.BOTTLENECK_ERRATUM)
def erratum_to_submitter(
    about: About, *, title: str, stage: str, body: str, page: str, language: str = DUTCH.code
) -> MailText:
    """What the submitter read about a rule, that it was in force, was not true.

    Args:
        stage: where the bottleneck is now, in words.
        body: what was not right, as it stands on the public page.
        page: the address of that page.
        language: the code of the language in which the mail goes out.
    """
    return to_submitter(
        about,
        Text("Een bericht over uw regel klopte niet"),
        Text("Wij schreven u dat dit regelknelpunt in werking is: %(title)s.", title=title),
        Text("Dat klopt niet. De ruimte waarover wij schreven, is er niet."),
        "" if language == DUTCH.code else _OVER_DUTCH_NEWS,
        body,
        Text("Waar het nu staat: %(stage)s.", stage=stage),
        Text("Alles over dit regelknelpunt leest u hier:\n%(page)s", page=page),
        Text("Deed u al iets met ons bericht? Schrijf ons dan. Het spijt ons."),
    )


def erratum_to_follower(
    *, title: str, stage: str, body: str, page: str, stop_url: str, language: str = DUTCH.code
) -> MailText:
    """The same, for somebody who follows the rule bottleneck.

    Args:
        stage, body, page, language: as for ``erratum_to_submitter``.
        stop_url: where this address stops following.
    """
    return to_reader(
        Text("Een bericht over een regelknelpunt klopte niet"),
        Text("U volgt dit regelknelpunt:\n%(title)s", title=title),
        Text("Wij schreven u dat het in werking is. Dat klopt niet. Het spijt ons."),
        "" if language == DUTCH.code else _OVER_DUTCH_NEWS,
        body,
        Text("Waar het nu staat: %(stage)s.", stage=stage),
        Text("Alles over dit regelknelpunt leest u hier:\n%(page)s", page=page),
        Text("Wilt u geen mail meer? Stop met volgen:\n%(stop_url)s", stop_url=stop_url),
    )


@about_case(MailKind.BOTTLENECK_ERRATUM_DESK)
def rule_taken_back(about: About) -> MailText:
    """To who handles a case that was opened or told because of a rule that did not change."""
    return to_colleague(
        about,
        "De nieuwe ruimte in een zaak is er toch niet",
        "Een regelknelpunt was niet in werking. Daarover is een erratum gemaakt. De indiener kreeg bericht.",
        "Kijk of de zaak nog klopt, en wat er nu nodig is.",
    )


def step_reviewed(*, about: str, step: str, is_agreed: bool, page: str, tells: bool = True) -> MailText:
    """A second person decided about a step of a rule bottleneck.

    Args:
        about: its number, or that it is new.
        step: what was to be done, in words.
        is_agreed: the step was taken; else it came back with words.
        page: where the words are.
        tells: whether the step mails who follows the bottleneck.
    """
    agreed = f"De stap is vastgelegd.{' Wie het regelknelpunt volgt, krijgt bericht.' if tells else ''}"
    return letter(
        f"{'Een stap is akkoord' if is_agreed else 'Een stap is teruggegeven'} ({about})",
        "Beste collega,",
        f"U legde een stap voor aan een tweede persoon. Het gaat om: {step}.",
        agreed if is_agreed else "De tweede persoon gaf de stap terug en schreef op waarom.",
        f"Lees het hier:\n{page}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def owner_named(*, reference: str, title: str, page: str, work: str, waiting: int = 0) -> MailText:
    """The reader owns a rule bottleneck from now on.

    Args:
        page: the address of its public page.
        work: the page on which its owner works.
        waiting: how many cases wait for a decision of its owner.
    """
    return letter(
        f"U bent eigenaar van een regelknelpunt ({reference})",
        "Beste collega,",
        f"U bent vanaf nu eigenaar van het regelknelpunt '{title}'.",
        "U vertelt wat ermee gebeurt, en u beslist welke zaken erbij horen. Wie het volgt, rekent op uw nieuws.",
        _waiting_in_words(waiting),
        f"Hier doet u dat:\n{work}",
        f"De openbare pagina:\n{page}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def _waiting_in_words(waiting: int) -> str:
    if not waiting:
        return ""
    return "Er wacht 1 zaak op uw besluit." if waiting == 1 else f"Er wachten {waiting} zaken op uw besluit."


def owner_no_more(*, reference: str, title: str, page: str) -> MailText:
    """Somebody else owns the rule bottleneck from now on, which the reader owned.

    Args:
        page: the address of its public page.
    """
    return letter(
        f"U bent geen eigenaar meer van een regelknelpunt ({reference})",
        "Beste collega,",
        f"Het regelknelpunt '{title}' heeft vanaf nu een andere eigenaar. U hoeft er niets meer aan te doen.",
        f"De openbare pagina:\n{page}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


_NAMES_SOMEBODY = (
    "Let op: op de openbare pagina staat iets wat naar iemand uit deze zaak kan wijzen. "
    "Wat dat is, ziet u als u beslist. Haal het weg uit de tekst. Moet het blijven staan? Dan schrijft u op waarom."
)


def case_waits(*, reference: str, title: str, work: str, names_somebody: bool = False) -> MailText:
    """A case was put under a rule bottleneck; whoever decides for it says whether it belongs there.

    Args:
        work: the page on which that is decided.
        names_somebody: what is public of the rule bottleneck points at somebody round the case; who it is stays out
            of the mail.
    """
    return letter(
        f"Een zaak wacht op uw besluit ({reference})",
        "Beste collega,",
        f"Het loket zette een zaak bij het regelknelpunt '{title}'. Het nummer is {reference}.",
        "Hoort de zaak daar? U beslist.",
        _NAMES_SOMEBODY if names_somebody else "",
        "Zolang u niet beslist, kan het loket de zaak niet bij dit regelknelpunt afsluiten.",
        f"Hier doet u dat:\n{work}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def names_found(*, reference: str, title: str, work: str) -> MailText:
    """The people round a case changed, and what is public of its rule bottleneck points at them by now; who it is stays
    out of the mail.

    Args:
        work: the page that leads to it.
    """
    return letter(
        f"Kijk een openbare tekst na ({reference})",
        "Beste collega,",
        f"Dit gaat over het regelknelpunt '{title}'. Het nummer is {reference}.",
        "Bij een zaak die erbij hoort, zijn gegevens gewijzigd.",
        "Een openbare tekst wijst nu misschien naar iemand uit die zaak.",
        "Haal het weg uit de tekst. Moet het blijven staan? Dan schrijft u op waarom.",
        f"Hier doet u dat:\n{work}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def nobody_decides(*, reference: str, title: str, accounts: str, page: str) -> MailText:
    """A case waits under a rule bottleneck, and nobody may decide about it.

    Args:
        accounts: where an administrator names a head of desk.
        page: that of the rule bottleneck, where a head names its owner and corrects its texts.
    """
    return letter(
        f"Een zaak wacht en niemand mag besluiten ({reference})",
        "Beste collega,",
        f"Bij het regelknelpunt '{title}' wacht een zaak op een besluit. Het nummer is {reference}.",
        "Nu mag niemand dat besluit nemen. Er is geen eigenaar en geen ander hoofd van het loket.",
        f"Bent u beheerder? Wijs dan nog een hoofd van het loket aan:\n{accounts}",
        f"Bent u hoofd van het loket? Wijs dan een eigenaar aan, of pas de openbare tekst aan:\n{page}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def cases_wait_long(*, reference: str, title: str, since: date, work: str) -> MailText:
    """Somebody should have decided about a case under a rule bottleneck.

    Args:
        since: from which day the first case waits.
        work: the page on which that is decided.
    """
    return letter(
        f"Een zaak wacht te lang op een besluit ({reference})",
        "Beste collega,",
        f"Bij het regelknelpunt '{title}' wacht een zaak sinds {date_in_words(since)}. Het nummer is {reference}.",
        "De dag waarop er een besluit moest zijn, is voorbij.",
        f"Hier staat wat er wacht:\n{work}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


@about_case(MailKind.BOTTLENECK_CASE_DECIDED)
def case_decided(about: About, *, reference: str, is_taken_in: bool, page: str) -> MailText:
    """To who handles a case: the owner of a rule bottleneck took it in, or did not.

    Args:
        reference: the number of the rule bottleneck.
        page: the address of its page, where colleagues read why.
    """
    return to_colleague(
        about,
        "Een zaak hoort bij een regelknelpunt" if is_taken_in else "Een zaak hoort niet bij een regelknelpunt",
        f"De zaak hoort bij regelknelpunt {reference}. Dat is nu besloten."
        if is_taken_in
        else f"De zaak hoort niet bij regelknelpunt {reference}. Dat is nu besloten.",
        "" if is_taken_in else f"Op de pagina van het regelknelpunt staat waarom:\n{page}",
        "Kijk wat de zaak nu nodig heeft.",
    )


def news_to_owner(*, reference: str, title: str, news_due_on: date, page: str) -> MailText:
    """Followers expect news before a day."""
    return letter(
        f"Schrijf nieuws over een regelknelpunt ({reference})",
        "Beste collega,",
        f"Over het regelknelpunt '{title}' is al een tijd niets verteld.",
        f"Schrijf uiterlijk op {date_in_words(news_due_on)} een bericht.",
        "Is er geen nieuws? Vertel dan waar het op wacht.",
        f"Het regelknelpunt:\n{page}",
        NO_REPLY,
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def late_at_bottleneck(*, reference: str, title: str, news_due_on: date, page: str) -> MailText:
    """To the head of desk: nobody told the news that was promised, or its owner is not there any more."""
    return letter(
        f"Bij een regelknelpunt ontbreekt nieuws ({reference})",
        "Beste collega,",
        f"Over het regelknelpunt '{title}' moet er nieuws zijn uiterlijk op {date_in_words(news_due_on)}.",
        "Dat bericht is er nog niet. Vraag de eigenaar ernaar, of schrijf het zelf.",
        f"Het regelknelpunt:\n{page}",
        NO_REPLY,
        WHO_WE_ARE,
    )


def owner_to_name(*, reference: str, title: str, last_day: date, page: str) -> MailText:
    """To the head of desk: no ministry was named as owner yet."""
    return letter(
        f"Een regelknelpunt heeft nog geen eigenaar ({reference})",
        "Beste collega,",
        f"Het regelknelpunt '{title}' heeft nog geen ministerie dat eigenaar is.",
        f"De laatste dag om een eigenaar te noemen is {date_in_words(last_day)}.",
        f"Het regelknelpunt:\n{page}",
        NO_REPLY,
        WHO_WE_ARE,
    )


def follow_confirm(*, title: str, url: str, days: int, language: str = DUTCH.code) -> MailText:
    """Somebody typed this address to follow a rule bottleneck; nothing more is sent until its owner confirms.

    Args:
        days: how long the link works.
        language: the code of the language in which the mail goes out.
    """
    return to_reader(
        Text("Bevestig dat u een regelknelpunt wilt volgen"),
        Text("Iemand vulde dit adres in om dit regelknelpunt te volgen:\n%(title)s", title=title),
        "" if language == DUTCH.code else Text("De titel en het nieuws zelf zijn in het Nederlands geschreven."),
        Text("Wilt u een mail als er nieuws is? Bevestig het met deze link:\n%(url)s", url=url),
        Text("De link werkt %(days)s dagen. Daarna wissen wij uw adres.", days=days),
        Text("Hebt u dit niet gevraagd? Dan hoeft u niets te doen."),
    )


def news_to_follower(
    *,
    title: str,
    stage: str,
    body: str,
    page: str,
    until: date,
    stop_url: str,
    provision: str = "",
    since: date | None = None,
    goes_on: str = "",
    is_last: bool = False,
    language: str = DUTCH.code,
) -> MailText:
    """There is news about a rule bottleneck that somebody follows.

    Args:
        stage: where the bottleneck is now, in words.
        page: the address of its public page.
        until: the last day on which the address is kept.
        provision: law and article that give room by now, from the day ``since``; empty when none does yet.
        goes_on: title and address of the bottleneck that it went up into; empty when it did not.
        is_last: no news will come after this.
        language: the code of the language in which the mail goes out.
    """
    return to_reader(
        Text("Nieuws over een regelknelpunt dat u volgt"),
        Text("U volgt dit regelknelpunt:\n%(title)s", title=title),
        "" if language == DUTCH.code else _OVER_DUTCH_NEWS,
        body,
        Text("Waar het nu staat: %(stage)s.", stage=stage),
        *room_given(provision, since),
        Text(
            "Het gaat verder bij een ander regelknelpunt. U volgt voortaan dat:\n%(goes_on)s",
            goes_on=goes_on,
        )
        if goes_on
        else "",
        Text("Alles over dit regelknelpunt leest u hier:\n%(page)s", page=page),
        Text("Dit was het laatste nieuws. Na %(last_day)s wissen wij uw adres.", last_day=until)
        if is_last
        else Text("U krijgt deze mails tot en met %(last_day)s.", last_day=until),
        Text("Wilt u geen mail meer? Stop met volgen:\n%(stop_url)s", stop_url=stop_url),
    )
