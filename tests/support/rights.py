"""Who may come where: one line a route, written down by hand from the product's roles and not from the code.

Adding a route? Add one line to RULES: methods, address as in the URL map, who, and where when it matters.

- ``who``: a set of roles from the groups below; ``VISITOR`` stands for everybody without an account.
- ``where``: which rows may be reached: ANYWHERE (also when there is no row in the address), OWN_ORGANISATION,
  RESIDENTS (rows without an organisation), PUBLISHED, OWN, UNDER_OWN_RULE (the resident's case, which stands under the
  bottleneck of the owner), or BY_TOKEN (whoever holds the right link).
- A new name for a part of an address (``<id:thing_id>``) also needs a value per relation in ``tests/support/world.py``.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from knelpunt.domain.vocabulary import Role

R = Role


class Relation(StrEnum):
    """How the row in an address stands to the one who asks. The roles of organisations belong to organisation A."""

    NONE = auto()
    OWN = auto()
    COLLEAGUE = auto()
    FOREIGN = auto()
    CITIZEN = auto()
    PUBLISHED = auto()
    RIGHT_TOKEN = auto()
    WRONG_TOKEN = auto()
    REVOKED_TOKEN = auto()


class Where(StrEnum):
    """Which rows a rule lets through."""

    ANYWHERE = auto()
    OWN_ORGANISATION = auto()
    RESIDENTS = auto()
    PUBLISHED = auto()
    OWN = auto()
    UNDER_OWN_RULE = auto()
    BY_TOKEN = auto()


REACHED: dict[Where, frozenset[Relation]] = {
    Where.ANYWHERE: frozenset(Relation) - {Relation.WRONG_TOKEN, Relation.REVOKED_TOKEN},
    Where.OWN_ORGANISATION: frozenset({Relation.NONE, Relation.OWN, Relation.COLLEAGUE}),
    Where.RESIDENTS: frozenset({Relation.CITIZEN}),
    Where.PUBLISHED: frozenset({Relation.PUBLISHED}),
    Where.OWN: frozenset({Relation.NONE, Relation.OWN}),
    Where.UNDER_OWN_RULE: frozenset({Relation.CITIZEN}),
    Where.BY_TOKEN: frozenset({Relation.RIGHT_TOKEN}),
}

VISITOR = "visitor"
MEMBERS = frozenset({R.MEMBER, R.FILER, R.ORGANISATION_ADMIN})
FILERS = frozenset({R.FILER, R.ORGANISATION_ADMIN})
READERS = frozenset({R.TRIAGER, R.HANDLER, R.REVIEWER, R.HEAD_OF_DESK, R.REPORT_AUTHOR, R.AUDITOR})
FIGURE_READERS = READERS | {R.BOTTLENECK_OWNER}
OWNERS = frozenset({R.BOTTLENECK_OWNER})
NOTE_WRITERS = frozenset({R.TRIAGER, R.HANDLER, R.REVIEWER, R.HEAD_OF_DESK})
SEALERS = frozenset({R.REPORT_AUTHOR, R.HEAD_OF_DESK})
EXPORTERS = NOTE_WRITERS | {R.REPORT_AUTHOR}
HANDLERS = frozenset({R.TRIAGER, R.HANDLER, R.HEAD_OF_DESK})
TRIAGERS = frozenset({R.TRIAGER, R.HEAD_OF_DESK})
HEADS = frozenset({R.HEAD_OF_DESK})
MOVERS = frozenset({R.BOTTLENECK_OWNER, R.HEAD_OF_DESK})
REVIEWERS = frozenset({R.REVIEWER, R.HEAD_OF_DESK})
MANAGERS = frozenset({R.ORGANISATION_ADMIN})
ADMINISTRATORS = frozenset({R.ADMINISTRATOR})
ARCHIVISTS = frozenset({R.ADMINISTRATOR, R.HEAD_OF_DESK})
ARCHIVE_READERS = ARCHIVISTS | {R.AUDITOR}
ACCOUNTS = frozenset(Role)
EVERYBODY = ACCOUNTS | {VISITOR}


Grant = tuple[frozenset[str], Where]


@dataclass(frozen=True, slots=True)
class Rule:
    """One route: the methods it answers, its address as in the URL map, who may use it, on which rows.

    ``also`` is a second grant, for others on other rows, and ``too`` a third; ``query`` is what stands behind the
    question mark when a page needs that.
    """

    methods: str
    path: str
    who: frozenset[str]
    where: Where = Where.ANYWHERE
    also: Grant = (frozenset(), Where.ANYWHERE)
    too: Grant = (frozenset(), Where.ANYWHERE)
    query: tuple[tuple[str, str], ...] = ()

    def allows(self, who: str, relation: Relation) -> bool:
        """Whether somebody (a role, or VISITOR) gets through to a row with this relation."""
        grants = ((self.who, self.where), self.also, self.too)
        return any(who in those and relation in REACHED[rows] for those, rows in grants)

    def hides(self, relation: Relation) -> bool:
        """Whether a visitor who is kept out is told that there is nothing, instead of being sent to log in."""
        return relation in (Relation.WRONG_TOKEN, Relation.REVOKED_TOKEN) or self.where is Where.PUBLISHED


def _each(methods: str, base: str, pages: str, who: frozenset[str], where: Where, **more: object) -> tuple[Rule, ...]:
    """The same rule for several pages of one thing."""
    return tuple(Rule(methods, f"{base}/{page}", who, where, **more) for page in pages.split())  # type: ignore[arg-type]


def _importing(base: str, who: frozenset[str], where: Where) -> tuple[Rule, ...]:
    """The pages about files with cases, which the desk has and each organisation."""
    run = f"{base}/<id:run_id>"
    return (
        *(Rule("GET", path, who) for path in (base, f"{base}/sjabloon.csv", f"{base}/sjabloon.jsonl")),
        Rule("GET POST", f"{base}/nieuw", who),
        Rule("GET POST", run, who, where),
        Rule("GET", f"{run}/geweigerd", who, where),
        *_each("GET POST", run, "weggooien terugdraaien", who, where),
    )


_BOTTLENECK = "/regelknelpunten/<string:bottleneck_number>"
_GUIDE = "/ruimtewijzers/<string:guide_slug>"
_DESK_GUIDE = "/loket/ruimtewijzers/<string:guide_slug>"
_CASE = "/zaken/<string:reference>"
_OWN_CASE = "/onze-zaken/<string:reference>"
_FOLLOWED = "/volgen/<string:token>"
_DRAFT = "/melden/<string:key>"
_PRIVACY = "/loket/privacy/<id:privacy_id>"
_COLLEAGUE = "/onze-organisatie/collegas/<id:account_id>"
_SUBSCRIPTIONS = "/onze-organisatie/koppelingen/abonnementen"
_ANYWHERE, _OWN_ORGANISATION, _BY_TOKEN = Where.ANYWHERE, Where.OWN_ORGANISATION, Where.BY_TOKEN
_RESIDENTS_DRAFT: Grant = (EVERYBODY, Where.RESIDENTS)
_UNDER_OWN_RULE: Grant = (OWNERS, Where.UNDER_OWN_RULE)
_OWN_RULE: Grant = (OWNERS, Where.OWN)

RULES: tuple[Rule, ...] = (
    # files and signs of life
    Rule("GET", "/static/<path:filename>", EVERYBODY),
    Rule("GET", "/bestanden/<string:build>/<path:filename>", EVERYBODY),
    Rule("GET", "/health", EVERYBODY),
    Rule("GET", "/health/db", EVERYBODY),
    # the public part
    Rule("GET", "/", EVERYBODY),
    Rule("GET", "/knelpunten", EVERYBODY),
    Rule("GET", "/knelpunten/<string:reference_number>", EVERYBODY, Where.PUBLISHED),
    Rule("GET", "/knelpunten/<string:reference_number>/kaart.png", EVERYBODY, Where.PUBLISHED),
    Rule("GET", "/knelpunten/<string:reference_number>/regels", EVERYBODY, Where.PUBLISHED),
    Rule("GET", "/k/<string:reference_number>", EVERYBODY, Where.PUBLISHED),
    Rule("GET", "/kaart.png", EVERYBODY),
    Rule("GET", "/stijl", EVERYBODY),
    # the API: what is public
    Rule("GET", "/api/v1/openapi.json", EVERYBODY),
    Rule("GET", "/api/v1/knelpunten", EVERYBODY),
    Rule("GET", "/api/v1/knelpunten/<string:reference_number>", EVERYBODY, Where.PUBLISHED),
    Rule("GET", "/api/v1/ruimtewijzers", EVERYBODY),
    Rule("GET", "/api/v1/ruimtewijzers/<string:guide_slug>", EVERYBODY),
    Rule("GET", "/api/v1/regelknelpunten", EVERYBODY),
    Rule("GET", "/api/v1/regelknelpunten/<string:bottleneck_number>", EVERYBODY),
    Rule("GET", "/api/v1/wetten", EVERYBODY),
    Rule("GET", "/api/v1/wetten/<string:law_key>", EVERYBODY),
    Rule("GET", "/api/v1/wetten/<string:law_key>/bepalingen/<string:provision_key>", EVERYBODY),
    Rule(
        "GET", "/api/v1/wetten/<string:law_key>/bepalingen/<string:provision_key>/redacties/<string:wording>", EVERYBODY
    ),
    Rule("POST", "/api/v1/suggesties", EVERYBODY),
    Rule("GET", "/api/v1/kwartalen", EVERYBODY),
    Rule("GET", "/api/v1/kwartalen/<string:quarter>", EVERYBODY),
    Rule("GET", "/api/v1/definities", EVERYBODY),
    Rule("GET", "/api/v1/definities/<string:figure_name>", EVERYBODY),
    Rule("GET", "/api/v1/gebeurtenissen", EVERYBODY),
    Rule("GET", "/api/v1/gemeenten", EVERYBODY),
    Rule("GET", "/api/v1/gemeenten/<string:municipality_code>", EVERYBODY),
    Rule("GET", "/knelpunten.atom", EVERYBODY),
    Rule("GET", "/sitemap.xml", EVERYBODY),
    Rule("GET", "/sitemap/paginas.xml", EVERYBODY),
    Rule("GET", "/sitemap/knelpunten-<id:number>.xml", EVERYBODY),
    Rule("GET", "/robots.txt", EVERYBODY),
    Rule("GET", "/.well-known/security.txt", EVERYBODY),
    *_each(
        "GET",
        "/over",
        "wat-is-een-knelpunt werkwijze wie-beslist wat-wij-beloven op-tijd suggesties",
        EVERYBODY,
        Where.ANYWHERE,
    ),
    *_each(
        "GET",
        "",
        "contact privacy cookies beveiliging toegankelijkheid open-data ontwikkelaars",
        EVERYBODY,
        Where.ANYWHERE,
    ),
    *_each(
        "GET",
        "/open-data",
        "knelpunten.csv knelpunten.jsonl regelknelpunten.csv regelknelpunten.jsonl bepalingen.jsonl bepalingen.jsonld "
        "wetten.csv wetten.jsonl ruimtewijzers.jsonl ruimtewijzers.jsonld algoritme.json "
        "catalogus.jsonld catalogus.ttl",
        EVERYBODY,
        Where.ANYWHERE,
    ),
    Rule("GET", "/open-data/versies/<string:open_file>", EVERYBODY),
    # ruimtewijzers: public ones, what people and municipalities do with them, and the desk that writes them
    Rule("GET", "/antwoord", EVERYBODY),
    Rule("GET", "/ruimtewijzers", EVERYBODY),
    Rule("GET", "/ruimtewijzers.atom", EVERYBODY),
    Rule("GET", "/sitemap/ruimtewijzers.xml", EVERYBODY),
    Rule("GET", _GUIDE, EVERYBODY),
    Rule("GET", f"{_GUIDE}/versie-<id:number>", EVERYBODY),
    Rule("GET", "/insluiten/ruimtewijzer/<string:guide_slug>", EVERYBODY),
    Rule("GET", "/insluiten/zoek", EVERYBODY),
    Rule("GET", "/oembed", EVERYBODY, query=(("url", "http://localhost/zoeken"),)),
    # topics that somebody follows by mail or as a feed
    Rule("GET POST", "/op-de-hoogte", EVERYBODY),
    Rule("GET", "/op-de-hoogte.atom", EVERYBODY),
    *_each("GET", "/op-de-hoogte", "verstuurd gestopt", EVERYBODY, Where.ANYWHERE),
    Rule("GET POST", "/op-de-hoogte/bevestigen/<string:confirm_token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/op-de-hoogte/<string:topics_token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/op-de-hoogte/<string:topics_token>/afmelden", EVERYBODY, Where.BY_TOKEN),
    *_each("GET POST", _GUIDE, "beantwoord volgen", EVERYBODY, Where.ANYWHERE),
    *_each("GET", "/ruimtewijzers/volgen", "verstuurd gestopt", EVERYBODY, Where.ANYWHERE),
    Rule("GET POST", "/ruimtewijzers/volgen/<string:follow_token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", f"{_GUIDE}/overnemen", FILERS),
    Rule("GET", "/onze-ruimtewijzers", MEMBERS),
    Rule("GET POST", "/onze-ruimtewijzers/<id:claim_id>", FILERS, Where.OWN_ORGANISATION),
    Rule("GET", "/loket/ruimtewijzers", HANDLERS | REVIEWERS),
    Rule("GET POST", "/loket/ruimtewijzers/nieuw", HANDLERS),
    Rule("GET", _DESK_GUIDE, HANDLERS | REVIEWERS),
    *_each("GET POST", _DESK_GUIDE, "tekst publiceren hercontrole vervallen", HANDLERS, Where.ANYWHERE),
    *_each("GET POST", _DESK_GUIDE, "toetsen bevestigen", REVIEWERS, Where.ANYWHERE),
    Rule("GET", "/wetten", EVERYBODY),
    Rule("GET", "/wetten/samenloop", EVERYBODY),
    Rule("GET", "/loket/samenloop", READERS),
    Rule("GET", "/wetten/<string:law_key>", EVERYBODY),
    Rule("GET", "/wetten/<string:law_key>/<string:provision_key>", EVERYBODY),
    Rule("GET", "/wetten/<string:law_key>/<string:provision_key>/<string:wording>", EVERYBODY),
    Rule("GET", "/wetten/<string:law_key>/<string:provision_key>/<string:wording>.jsonld", EVERYBODY),
    # logging in and the own account
    Rule("GET POST", "/inloggen", EVERYBODY),
    Rule("POST", "/uitloggen", EVERYBODY),
    Rule("GET", "/welkom", ACCOUNTS),
    Rule("GET POST", "/wachtwoord-vergeten", EVERYBODY),
    Rule("GET", "/wachtwoord-vergeten/verstuurd", EVERYBODY),
    Rule("GET POST", "/wachtwoord/<string:token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/uitnodiging/<string:token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/inloggen/code", EVERYBODY),
    Rule("GET POST", "/inloggen/sleutel", EVERYBODY),
    Rule("GET", "/inloggen/organisatie/<string:provider_slug>", EVERYBODY),
    Rule("GET", "/inloggen/organisatie/<string:provider_slug>/terug", EVERYBODY),
    Rule("POST", "/inloggen/organisatie/<string:provider_slug>/uitgelogd", EVERYBODY),
    Rule("GET", "/uitgelogd", EVERYBODY),
    Rule("GET POST", "/mijn-account/toegangssleutels", ACCOUNTS),
    Rule("POST", "/mijn-account/toegangssleutels/<id:passkey_id>/weghalen", ACCOUNTS, Where.OWN),
    Rule("GET POST", "/inloggen/instellen", EVERYBODY),
    Rule("GET", "/mijn-account", ACCOUNTS),
    Rule("GET", "/mijn-account/sessies", ACCOUNTS),
    *_each(
        "GET POST",
        "/mijn-account",
        "tweede-stap tweede-stap/herstelcodes tweede-stap/uitzetten",
        ACCOUNTS,
        Where.ANYWHERE,
    ),
    Rule("POST", "/mijn-account/adres-opnieuw", ACCOUNTS),
    Rule("GET POST", "/mijn-account/mail", MEMBERS),
    Rule("GET", "/post", HANDLERS),
    Rule("GET POST", "/post/<id:letter_id>", HANDLERS),
    Rule("GET POST", "/post/<id:letter_id>/verstuurd", HANDLERS),
    Rule("POST", "/post/<id:letter_id>/pdf", HANDLERS),
    Rule("GET", "/post/binnen", HANDLERS),
    Rule("GET POST", "/post/binnen/<id:incoming_id>", HANDLERS),
    Rule("GET", "/post/niet-bezorgd", HANDLERS),
    Rule("GET POST", f"{_CASE}/niet-bezorgd", HANDLERS),
    *_each("GET POST", f"{_CASE}/mail/<id:incoming_id>", "antwoord geen-antwoord", HANDLERS, _ANYWHERE),
    Rule("GET POST", f"{_CASE}/adres", HANDLERS, Where.RESIDENTS),
    Rule("GET POST", f"{_CASE}/adres/opnieuw", HANDLERS),
    Rule("GET POST", f"{_CASE}/reactie-opschrijven", HANDLERS),
    Rule("GET POST", f"{_CASE}/bijlagen/<id:attachment_id>/verwijderen", HANDLERS),
    Rule("GET POST", "/volgen/adres/<string:change_token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET", "/volgen/adres-gewijzigd", EVERYBODY),
    Rule("GET POST", "/mail/<string:stop_token>/afmelden", EVERYBODY, Where.BY_TOKEN),
    Rule("GET", "/mail/afgemeld", EVERYBODY),
    Rule("GET POST", "/mijn-account/wachtwoord", ACCOUNTS),
    Rule("POST", "/mijn-account/overal-uitloggen", ACCOUNTS),
    Rule("POST", "/mijn-account/sessies/<id:session_id>/beeindigen", ACCOUNTS, Where.OWN),
    # filing: a resident's draft is open to whoever holds its key, an organisation's to its own people
    Rule("GET", "/melden", EVERYBODY),
    Rule("GET POST", "/melden/bewoner", EVERYBODY),
    Rule("GET", "/melden/organisatie", MEMBERS),
    Rule("GET POST", "/melden/organisatie/nieuw", MEMBERS),
    Rule("GET", _DRAFT, MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("GET POST", f"{_DRAFT}/<string:slug>", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    *_each("GET POST", _DRAFT, "bewaard weggooien", MEMBERS, _OWN_ORGANISATION, also=_RESIDENTS_DRAFT),
    Rule("GET", f"{_DRAFT}/controle", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("POST", f"{_DRAFT}/controle", FILERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("GET", f"{_DRAFT}/ontvangen", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("GET POST", f"{_DRAFT}/ontvangen/adres", EVERYBODY, Where.RESIDENTS),
    Rule("GET", f"{_DRAFT}/bijlagen/<id:attachment_id>", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("GET POST", f"{_DRAFT}/bijlagen/<id:attachment_id>/verwijderen", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    *_each("GET POST", _DRAFT, "ondertekenen terugsturen", MEMBERS, _OWN_ORGANISATION),
    Rule("GET POST", f"{_DRAFT}/meetekenen", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("POST", f"{_DRAFT}/meetekenen/intrekken", MEMBERS, _OWN_ORGANISATION, _RESIDENTS_DRAFT),
    Rule("GET POST", "/meetekenen/<string:token>", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", "/meetekenen/<string:token>/niet", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", "/onze-organisatie/meetekenen", MANAGERS),
    Rule("GET POST", f"{_DRAFT}/samen", MEMBERS, _OWN_ORGANISATION),
    Rule("POST", f"{_DRAFT}/samen/<id:municipality_id>/weg", MEMBERS, _OWN_ORGANISATION),
    Rule("GET", "/onze-zaken/samen/<id:participant_id>", MEMBERS, _OWN_ORGANISATION),
    Rule("POST", "/onze-zaken/samen/<id:participant_id>", FILERS, _OWN_ORGANISATION),
    Rule("GET POST", "/onze-zaken/samen/<id:participant_id>/stoppen", FILERS, _OWN_ORGANISATION),
    # the submitter's side: the own organisation's cases, and the one case of a follow link
    Rule("GET", "/onze-zaken", MEMBERS),
    Rule("GET", "/onze-zaken.csv", MEMBERS),
    Rule("GET", "/onze-zaken/overzicht", MEMBERS),
    Rule("GET", _OWN_CASE, MEMBERS, _OWN_ORGANISATION),
    Rule("POST", f"{_OWN_CASE}/kopie", MEMBERS, _OWN_ORGANISATION),
    Rule("GET", f"{_OWN_CASE}/bijlagen/<id:attachment_id>", MEMBERS, _OWN_ORGANISATION),
    Rule("GET POST", f"{_OWN_CASE}/antwoord/<id:message_id>", FILERS, _OWN_ORGANISATION),
    *_each(
        "GET POST",
        _OWN_CASE,
        "toevoegen voorstel/aannemen voorstel/niet-aannemen openbare-tekst/akkoord openbare-tekst/bezwaar intrekken"
        " gegevens-wissen heroverweging",
        FILERS,
        _OWN_ORGANISATION,
    ),
    Rule("GET", _FOLLOWED, EVERYBODY, _BY_TOKEN),
    Rule("GET", f"{_FOLLOWED}/bijlagen/<id:attachment_id>", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", f"{_FOLLOWED}/antwoord/<id:message_id>", EVERYBODY, _BY_TOKEN),
    *_each(
        "GET POST",
        _FOLLOWED,
        "bevestigen toevoegen voorstel/aannemen voorstel/niet-aannemen openbare-tekst/akkoord openbare-tekst/bezwaar"
        " intrekken gegevens gegevens-wissen heroverweging link mail adres",
        EVERYBODY,
        _BY_TOKEN,
    ),
    Rule("POST", f"{_FOLLOWED}/gegevens/ophalen", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", "/volgen/kwijt", EVERYBODY),
    Rule("GET", "/volgen/kwijt/verstuurd", EVERYBODY),
    Rule("GET", "/volgen/klaar", EVERYBODY),
    Rule("GET", "/volgen/link-gewijzigd", EVERYBODY),
    Rule("GET", "/bijlagen/<id:attachment_id>", MEMBERS, _OWN_ORGANISATION, (READERS, _ANYWHERE), _UNDER_OWN_RULE),
    # the desk: every case is the same to it
    Rule("GET", "/bureau", HEADS),
    Rule("GET", "/meldingen", READERS),
    Rule("POST", "/meldingen/<id:notification_id>", READERS, Where.OWN),
    Rule("POST", "/meldingen/gelezen", READERS),
    Rule("GET POST", "/mijn-account/meldingen", READERS),
    Rule("GET POST", "/mijn-account/agenda", MEMBERS | HANDLERS),
    Rule("GET", "/agenda/<string:calendar_token>.ics", EVERYBODY, Where.BY_TOKEN),
    *_each("GET", "", "checklists", HEADS | ADMINISTRATORS, _ANYWHERE),
    *_each("GET POST", "/checklists", "nieuw <id:checklist_id>", HEADS | ADMINISTRATORS, _ANYWHERE),
    Rule("POST", "/checklists/<id:checklist_id>/gebruik", HEADS | ADMINISTRATORS),
    Rule("GET", "/vandaag", HANDLERS | REVIEWERS),
    Rule("GET POST", "/afwezigheid", HANDLERS),
    Rule("POST", "/afwezigheid/<id:leave_id>/intrekken", TRIAGERS),
    Rule("GET", "/werkvoorraad", READERS),
    Rule("GET", "/werkvoorraad.csv", EXPORTERS),
    *_each("GET POST", "/werkvoorraad/weergaven", "nieuw", READERS, _ANYWHERE),
    Rule("GET POST", "/werkvoorraad/weergaven", READERS),
    *_each("GET POST", "/werkvoorraad/weergaven", "<id:view_id> <id:view_id>/verwijderen", TRIAGERS, _ANYWHERE),
    *_importing("/loket/importeren", HEADS, _ANYWHERE),
    Rule("GET POST", "/werkvoorraad/samen", HANDLERS, query=(("doe", "bericht"),)),
    Rule("GET POST", "/werkvoorraad/samen/<id:bulk_id>", HANDLERS, Where.OWN),
    Rule("GET POST", "/werkvoorraad/samen/<id:bulk_id>/terugdraaien", HANDLERS, Where.OWN),
    Rule("GET", "/bureau/werklast", TRIAGERS),
    *_each("GET POST", "/bureau", "labels teams", HEADS, _ANYWHERE),
    Rule("POST", "/bureau/labels/<id:label_id>/beeindigen", HEADS),
    Rule("POST", "/bureau/teams/indeling", HEADS),
    Rule("POST", "/bureau/teams/<id:team_id>/verwijderen", HEADS),
    Rule("GET POST", "/zaken/nieuw", TRIAGERS),
    Rule("GET", _CASE, READERS, also=_UNDER_OWN_RULE),
    Rule("GET", f"{_CASE}/klokken", READERS, also=_UNDER_OWN_RULE),
    Rule("GET", f"{_CASE}/bijlagen/<id:attachment_id>", READERS, also=_UNDER_OWN_RULE),
    Rule("GET", f"{_CASE}/aanwezig", READERS),
    *_each("GET POST", f"{_CASE}/taken", "nieuw checklist <id:task_id>", NOTE_WRITERS, _ANYWHERE),
    Rule("POST", f"{_CASE}/taken/<id:task_id>/klaar", NOTE_WRITERS),
    Rule("POST", f"{_CASE}/contact", NOTE_WRITERS),
    Rule("GET POST", f"{_CASE}/notitie", NOTE_WRITERS),
    Rule("GET POST", f"{_CASE}/toewijzen", TRIAGERS),
    *_each("GET POST", _CASE, "binnen-bereik in-triage behandeling-starten", TRIAGERS, _ANYWHERE),
    *_each("GET POST", _CASE, "bericht bijlage aanvulling oordeel-wijzigen voorstel afsluiten", HANDLERS, _ANYWHERE),
    *_each("GET POST", _CASE, "prioriteit labels", HANDLERS, _ANYWHERE),
    *_each("GET POST", _CASE, "heroverweging-starten tweede-behandelaar", HEADS, _ANYWHERE),
    *_each(
        "GET POST",
        _CASE,
        "heroverweging-blijft heroverweging-anders termijn-stilzetten heropening-afwijzen nazorg",
        HANDLERS,
        _ANYWHERE,
    ),
    Rule("GET POST", "/nazorg/<string:token>", EVERYBODY, _BY_TOKEN),
    *_each("GET POST", _CASE, "regelknelpunt afsluiten-met-regelknelpunt heropenen splitsen", HANDLERS, _ANYWHERE),
    *_each("GET POST", _CASE, "andere-instantie andere-instantie/intrekken", TRIAGERS, _ANYWHERE),
    *_each("GET POST", "", "overnemen/<string:offer_token> overnemen/<string:offer_token>/niet", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", f"{_OWN_CASE}/delen", FILERS, _OWN_ORGANISATION),
    Rule("GET", f"{_FOLLOWED}/agenda", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", f"{_FOLLOWED}/delen", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", f"{_CASE}/ministerie-vragen", HANDLERS),
    *_each(
        "GET POST",
        f"{_CASE}/raadplegingen/<id:consultation_id>",
        "geen-antwoord meer-tijd intrekken",
        HANDLERS,
        _ANYWHERE,
    ),
    Rule("GET POST", f"{_CASE}/verschil-beslissen", HEADS),
    Rule("GET POST", "/raadplegen/<string:consultation_token>", EVERYBODY, _BY_TOKEN),
    *_each(
        "GET POST",
        "/raadplegen/<string:consultation_token>",
        "niet-van-ons meer-tijd doorgeven",
        EVERYBODY,
        _BY_TOKEN,
    ),
    Rule("GET", "/raadplegen/doorgegeven", EVERYBODY),
    Rule("GET", f"{_CASE}/samenhang", READERS),
    Rule("GET", f"{_CASE}/regels", READERS),
    Rule("POST", f"{_CASE}/samenhang", HANDLERS),
    Rule("GET POST", f"{_CASE}/samenhang/<string:other_reference>/losmaken", HANDLERS),
    Rule("GET", f"{_CASE}/toets", HANDLERS),
    Rule("GET POST", f"{_CASE}/toets/<id:provision_id>", HANDLERS),
    Rule("GET POST", f"{_CASE}/toets/andere-regel", HANDLERS),
    Rule("GET", f"{_CASE}/voorstellen", READERS),
    Rule("GET POST", f"{_CASE}/voorstellen/<id:provision_id>", HANDLERS),
    *_each("POST", f"{_CASE}/voorstellen", "afwijzen bevestigen <id:feedback_id>/terugnemen", HANDLERS, _ANYWHERE),
    *_each("POST", f"{_CASE}/voorstellen", "situatie situatie/afwijzen", HANDLERS, _ANYWHERE),
    Rule("GET POST", f"{_CASE}/toets/losmaken/<id:assessment_id>", HANDLERS),
    Rule("GET POST", f"{_CASE}/toetsing", REVIEWERS | HANDLERS),
    Rule("GET", f"{_CASE}/openbare-tekst/naast-het-dossier", REVIEWERS | HANDLERS),
    Rule("GET POST", f"{_CASE}/ruimtewijzer", HANDLERS),
    Rule("GET POST", f"{_CASE}/beantwoorden-met-ruimtewijzer", TRIAGERS),
    *_each(
        "GET POST",
        _CASE,
        "openbare-tekst tekst-toetsen ter-inzage inzage-stoppen niet-openbaar publiceren publicatie-intrekken",
        HANDLERS,
        _ANYWHERE,
    ),
    Rule("GET", "/zoeken", EVERYBODY),
    Rule("GET", "/wetswijzigingen", READERS),
    Rule("GET POST", "/wetswijzigingen/nieuw", TRIAGERS),
    Rule("GET", "/wetswijzigingen/<id:change_id>", READERS),
    Rule("POST", "/wetswijzigingen/<id:change_id>", TRIAGERS),
    Rule("GET POST", "/wetswijzigingen/<id:change_id>/alles", TRIAGERS),
    # rule bottlenecks: everybody reads, the owner and the head of the desk move
    Rule("GET", "/regelknelpunten", EVERYBODY),
    Rule("GET", _BOTTLENECK, EVERYBODY),
    Rule("GET", "/regelknelpunten/wacht", EVERYBODY),
    Rule("GET", "/regelknelpunten.atom", EVERYBODY),
    Rule("GET", f"{_BOTTLENECK}/nieuws.atom", EVERYBODY),
    Rule("GET", "/sitemap/regelknelpunten.xml", EVERYBODY),
    Rule("GET", "/mijn-regelknelpunten", MOVERS),
    Rule("GET POST", f"{_BOTTLENECK}/volgen", EVERYBODY),
    *_each("GET", "/regelknelpunten/volgen", "verstuurd gestopt", EVERYBODY, Where.ANYWHERE),
    Rule("GET POST", "/regelknelpunten/volgen/<string:news_token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/regelknelpunten/nieuw", TRIAGERS),
    Rule("GET POST", f"{_BOTTLENECK}/stap/<string:step_slug>", HEADS, also=_OWN_RULE),
    Rule("GET POST", f"{_BOTTLENECK}/eigenaar", HEADS, also=_OWN_RULE),
    Rule("GET POST", f"{_BOTTLENECK}/correctie", HEADS, also=_OWN_RULE),
    Rule("GET POST", "/regelknelpunten/voorstellen/<id:proposal_id>", REVIEWERS | {R.BOTTLENECK_OWNER}),
    Rule(
        "GET POST",
        f"{_BOTTLENECK}/zaken/<string:reference>/<any(aanvaarden, afwijzen, nakijken):decision>",
        HEADS,
        also=_OWN_RULE,
    ),
    # colleagues
    *_importing("/onze-organisatie/importeren", MANAGERS, _OWN_ORGANISATION),
    Rule("GET", "/onze-organisatie/importeren/<id:run_id>/indienen", MANAGERS, _OWN_ORGANISATION),
    Rule("GET POST", "/onze-organisatie/importeren/<id:run_id>/indienen/akkoord", MANAGERS, _OWN_ORGANISATION),
    Rule("GET", "/onze-organisatie/koppelingen", MANAGERS),
    Rule("GET POST", "/onze-organisatie/koppelingen/nieuw", MANAGERS),
    *_each(
        "GET POST",
        "/onze-organisatie/koppelingen/<id:client_id>",
        "vernieuwen intrekken",
        MANAGERS,
        _OWN_ORGANISATION,
    ),
    Rule("GET POST", f"{_SUBSCRIPTIONS}/nieuw", MANAGERS),
    Rule("GET POST", "/onze-organisatie/koppelingen/zaaksysteem", MANAGERS),
    *_each(
        "POST",
        "/onze-organisatie/koppelingen/zaaksysteem/<id:mirror_id>",
        "proberen alles",
        MANAGERS,
        _OWN_ORGANISATION,
    ),
    Rule("GET", f"{_SUBSCRIPTIONS}/<id:subscription_id>", MANAGERS, _OWN_ORGANISATION),
    *_each("GET POST", f"{_SUBSCRIPTIONS}/<id:subscription_id>", "vernieuwen stoppen", MANAGERS, _OWN_ORGANISATION),
    *_each("POST", f"{_SUBSCRIPTIONS}/<id:subscription_id>", "proef aan", MANAGERS, _OWN_ORGANISATION),
    Rule(
        "POST",
        f"{_SUBSCRIPTIONS}/<id:subscription_id>/opnieuw/<id:outbox_event_id>",
        MANAGERS,
        _OWN_ORGANISATION,
    ),
    Rule("GET", "/onze-organisatie/collegas", MANAGERS),
    Rule("GET POST", "/onze-organisatie/collegas/uitnodigen", MANAGERS),
    Rule("GET", _COLLEAGUE, MANAGERS, _OWN_ORGANISATION),
    Rule("POST", f"{_COLLEAGUE}/adres-opnieuw", MANAGERS, _OWN_ORGANISATION),
    *_each("GET POST", _COLLEAGUE, "rol uitzetten aanzetten", MANAGERS, _OWN_ORGANISATION),
    Rule("POST", "/onze-organisatie/uitnodigingen/<id:invitation_id>/intrekken", MANAGERS, _OWN_ORGANISATION),
    # figures
    Rule("GET", "/kwartalen/<string:quarter>.json", FIGURE_READERS),
    Rule("GET", "/kwartalen/<string:quarter>/verzegelen", SEALERS),
    Rule("POST", "/kwartalen/<string:quarter>/verzegelen", SEALERS),
    Rule("GET", "/kwartalen/<string:quarter>/verzegelen/besluit", SEALERS),
    Rule("POST", "/kwartalen/<string:quarter>/verzegelen/besluit", SEALERS),
    *_each("GET POST", "/kwartalen/<string:quarter>", "reactie", SEALERS, _ANYWHERE),
    Rule("GET", "/kwartalen/<string:quarter>/beloften", READERS),
    Rule("GET", "/kwartalen/<string:quarter>/meer", FIGURE_READERS),
    Rule("GET", "/kwartalen/<string:quarter>/per/<string:split>", EVERYBODY),
    *_each("GET", "/kwartalen/definities", "<string:figure_name>", EVERYBODY, _ANYWHERE),
    Rule("GET", "/kwartalen/definities", EVERYBODY),
    Rule("GET", "/kwartalen/ministeries", EVERYBODY),
    Rule("GET", "/kwartalen/ministeries/<id:ministry_id>", EVERYBODY),
    Rule("GET POST", "/kwartalen/<string:quarter>/bestanden", SEALERS),
    Rule("GET", "/kwartalen/<string:quarter>/erratum", SEALERS),
    Rule("POST", "/kwartalen/<string:quarter>/erratum", SEALERS),
    Rule("GET", "/kwartalen/planning", FIGURE_READERS),
    Rule("GET POST", "/kwartalen/planning/<string:planned>", SEALERS),
    Rule("GET POST", "/kwartalen/<string:quarter>/verzegelen/nakijken/<string:check>", SEALERS),
    Rule("GET", "/kwartalen", EVERYBODY),
    Rule("GET", "/kwartalen.atom", EVERYBODY),
    Rule("GET", "/sitemapindex-diwoo.xml", EVERYBODY),
    Rule("GET", "/sitemap/kwartalen.xml", EVERYBODY),
    Rule("GET", "/sitemap/woo.xml", EVERYBODY),
    Rule("GET", "/open-data/kwartalen.jsonld", EVERYBODY),
    Rule("GET", "/kwartalen/<string:quarter>", EVERYBODY),
    Rule("GET", "/kwartalen/<string:quarter>/bericht.<string:form>", EVERYBODY),
    Rule("GET", "/kwartalen/<string:quarter>/antwoorden", EVERYBODY, query=(("cijfer", "ontvangen"),)),
    Rule("GET", "/kwartalen/<string:quarter>/ruimtewijzers", EVERYBODY, query=(("wat", "gebruikt"),)),
    Rule("GET", "/kwartalen/<string:quarter>/kaart.png", EVERYBODY),
    Rule("GET", "/kwartalen/<string:quarter>/tekst", FIGURE_READERS),
    Rule("POST", "/kwartalen/<string:quarter>/tekst", SEALERS),
    Rule("GET", "/kwartalen/<string:quarter>/tekst/document.<string:form>", FIGURE_READERS),
    Rule("GET", "/kwartalen/<string:quarter>/tekst/bevindingen", SEALERS),
    Rule("GET", "/kwartalen/<string:quarter>/tekst/reacties", SEALERS),
    *_each(
        "GET POST",
        "/kwartalen/<string:quarter>/tekst",
        "deel/<string:section> deel/<string:section>/versies bevindingen/<string:finding_key> knelpunt-kiezen"
        " reacties/vragen reacties/<id:comment_id> reacties/<id:comment_request_id>/intrekken voorleggen akkoord"
        " akkoord-intrekken aanbieden kamerstuk",
        SEALERS,
        Where.ANYWHERE,
    ),
    Rule("GET", "/toezeggingen", FIGURE_READERS),
    Rule("GET", "/toezeggingen/<id:commitment_id>", FIGURE_READERS),
    *_each(
        "GET POST",
        "/toezeggingen",
        "nieuw <id:commitment_id>/wijzigen <id:commitment_id>/stap",
        SEALERS,
        Where.ANYWHERE,
    ),
    Rule("GET POST", "/kwartaalreactie/<string:comment_token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/kwartaalreactie/<string:comment_token>/klaar", EVERYBODY, Where.BY_TOKEN),
    Rule("GET", "/kwartalen/<string:quarter>.csv", FIGURE_READERS),
    Rule("GET", "/kwartalen/<string:quarter>.pdf", FIGURE_READERS),
    Rule("GET", "/kwartalen/<string:quarter>/zaken", READERS, query=(("cijfer", "ontvangen"),)),
    # administration
    Rule("GET", "/beheer", ADMINISTRATORS | {R.AUDITOR}),
    Rule("GET", "/beheer/accounts", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/uitnodigen", ADMINISTRATORS),
    Rule("GET", "/beheer/accounts/<id:account_id>", ADMINISTRATORS),
    Rule("POST", "/beheer/accounts/<id:account_id>/adres-opnieuw", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/rol", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/uitzetten", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/overdragen", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/aanzetten", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/bevestigen", ADMINISTRATORS),
    Rule("GET", "/beheer/herindelingen", ADMINISTRATORS),
    Rule("GET POST", "/beheer/herindelingen/nieuw", ADMINISTRATORS),
    Rule("GET", "/beheer/herindelingen/<id:merger_id>", ADMINISTRATORS),
    *_each("POST", "/beheer/herindelingen/<id:merger_id>", "besluit intrekken", ADMINISTRATORS, _ANYWHERE),
    Rule("GET", "/beheer/inlogregels", ADMINISTRATORS),
    Rule("GET POST", "/beheer/inlogregels/nieuw", ADMINISTRATORS),
    Rule("POST", "/beheer/inlogregels/<id:rule_id>/besluit", ADMINISTRATORS),
    Rule("POST", "/beheer/inlogregels/<id:rule_id>/beeindigen", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/tweede-stap", ADMINISTRATORS),
    *_each("POST", "/beheer/accounts/<id:account_id>/tweede-stap", "weghalen afwijzen", ADMINISTRATORS, _ANYWHERE),
    Rule("POST", "/beheer/uitnodigingen/<id:invitation_id>/intrekken", ADMINISTRATORS),
    Rule("GET", "/beheer/koppelingen", ADMINISTRATORS),
    Rule("GET", "/beheer/koppelingen/abonnementen", ADMINISTRATORS),
    Rule("GET POST", "/beheer/koppelingen/nieuw", ADMINISTRATORS),
    *_each("GET POST", "/beheer/koppelingen/<id:client_id>", "vernieuwen intrekken", ADMINISTRATORS, _ANYWHERE),
    Rule("GET", "/beheer/organisaties", ADMINISTRATORS),
    Rule("GET POST", "/beheer/organisaties/toevoegen", ADMINISTRATORS),
    Rule("GET", "/beheer/adresboek", ADMINISTRATORS),
    Rule("GET POST", "/beheer/adresboek/toevoegen", ADMINISTRATORS),
    *_each("GET POST", "/beheer/adresboek/<id:contact_id>", "wijzigen weghalen", ADMINISTRATORS, _ANYWHERE),
    Rule("GET", "/beheer/definities", ADMINISTRATORS),
    Rule("GET POST", "/beheer/definities/toevoegen", ADMINISTRATORS),
    Rule("GET POST", "/beheer/definities/<id:agreement_id>/beeindigen", ADMINISTRATORS),
    Rule("GET", "/beheer/binnenkomende-post", ADMINISTRATORS),
    Rule("GET", "/beheer/toestand", ADMINISTRATORS),
    Rule("GET", "/beheer/brieven", ADMINISTRATORS | REVIEWERS),
    Rule("GET", "/beheer/brieven/<string:letter_kind>", ADMINISTRATORS | REVIEWERS),
    Rule("GET POST", "/beheer/brieven/<string:letter_kind>/nieuw", ADMINISTRATORS),
    Rule("GET POST", "/beheer/brieven/versies/<id:letter_version_id>", ADMINISTRATORS | REVIEWERS),
    Rule("GET", "/beheer/uitgaande-post", ADMINISTRATORS),
    Rule("GET", "/beheer/uitgaande-post/<id:mail_id>", ADMINISTRATORS),
    Rule("POST", "/beheer/uitgaande-post/<id:mail_id>/opnieuw", ADMINISTRATORS),
    Rule("POST", "/beheer/uitgaande-post/<id:mail_id>/geregeld", ADMINISTRATORS),
    Rule("GET", "/beheer/termijnen", ADMINISTRATORS),
    Rule("GET", "/beheer/termijnen/<string:clock_key>", ADMINISTRATORS),
    Rule("GET POST", "/beheer/termijnen/<id:term_id>/wijzigen", ADMINISTRATORS),
    Rule("GET POST", "/beheer/termijnen/voorstellen/<id:term_change_id>", ADMINISTRATORS),
    Rule("GET", "/beheer/wetten", ADMINISTRATORS),
    Rule("GET", "/beheer/wetten/bestanden.zip", ADMINISTRATORS),
    *_each("GET POST", "/beheer/wetten", "nieuwe-wet nieuwe-bepaling", ADMINISTRATORS, _ANYWHERE),
    Rule("GET POST", "/beheer/wetten/wet/<string:law_key>", ADMINISTRATORS),
    Rule("GET", "/beheer/wetten/wet/<string:law_key>/geschiedenis", ADMINISTRATORS),
    Rule("GET POST", "/beheer/wetten/bepaling/<string:provision_key>", ADMINISTRATORS),
    Rule("GET", "/beheer/wetten/bepaling/<string:provision_key>/geschiedenis", ADMINISTRATORS),
    Rule("GET POST", "/beheer/wetten/voorstellen/<id:edit_id>", ADMINISTRATORS),
    Rule("GET", "/beheer/wetten/teksten", ADMINISTRATORS),
    Rule("GET POST", "/beheer/wetten/teksten/<id:finding_id>", ADMINISTRATORS),
    # the archive
    # requests about personal data: who asked, and the desk
    Rule("GET", "/loket/privacy", TRIAGERS | ARCHIVE_READERS),
    *_each("GET", "/loket/privacy", "register.csv register.jsonl", READERS | ARCHIVE_READERS, _ANYWHERE),
    Rule("GET POST", "/loket/privacy/nieuw", TRIAGERS),
    Rule("GET", _PRIVACY, TRIAGERS),
    *_each("GET POST", _PRIVACY, "identiteit zoeken verlengen afwijzen afhandelen", TRIAGERS, _ANYWHERE),
    Rule("GET POST", "/loket/privacy/<id:privacy_id>/plekken", TRIAGERS),
    Rule("GET POST", "/loket/privacy/<id:privacy_id>/verstuurd", TRIAGERS),
    Rule("POST", "/loket/privacy/<id:privacy_id>/gegevens", TRIAGERS),
    Rule("GET", "/loket/privacy/<id:privacy_id>/antwoord.pdf", TRIAGERS | ARCHIVE_READERS),
    Rule("GET", "/privacy/verzoek/<string:privacy_token>", EVERYBODY, _BY_TOKEN),
    Rule("GET", "/privacy/verzoek/<string:privacy_token>/antwoord.pdf", EVERYBODY, _BY_TOKEN),
    Rule("GET POST", "/mijn-account/gegevens", ACCOUNTS),
    Rule("POST", "/mijn-account/gegevens/ophalen", ACCOUNTS),
    Rule("GET", "/archief", ARCHIVE_READERS),
    Rule("GET", "/archief/categorieen", ARCHIVE_READERS),
    Rule("GET POST", "/archief/categorieen/<string:category_code>/wijzigen", ARCHIVISTS),
    Rule("GET POST", "/archief/categorieen/voorstellen/<id:category_id>", ARCHIVISTS),
    Rule("GET", "/archief/lijsten/<id:list_id>", ARCHIVE_READERS),
    *_each("GET POST", "/archief/lijsten/<id:list_id>", "bevestigen teruggeven ontvangst", ARCHIVISTS, _ANYWHERE),
    Rule("GET", "/archief/lijsten/<id:list_id>/pakket.zip", ARCHIVISTS),
    Rule("GET", "/archief/lijsten/<id:gone_list_id>/verklaring", ARCHIVE_READERS),
    Rule("GET", "/archief/lijsten/<id:gone_list_id>/verklaring.pdf", ARCHIVE_READERS),
    Rule("GET POST", "/archief/lijsten/<id:list_id>/zaken/<string:listed_reference>/bewaren", ARCHIVISTS),
    Rule("GET POST", f"{_CASE}/bewaarcategorie", HANDLERS),
    *_each("GET POST", _CASE, "bewaren bewaren/opheffen", HEADS, _ANYWHERE),
    Rule("GET", "/beheer/auditspoor", frozenset({R.AUDITOR})),
    Rule("GET", "/beheer/auditspoor.csv", frozenset({R.AUDITOR})),
    Rule("GET", "/beheer/auditspoor/controle", frozenset({R.AUDITOR})),
)
