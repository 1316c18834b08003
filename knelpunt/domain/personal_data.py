"""The register of personal data: what the system keeps of people, why, on which ground, and for how long.

The privacy page shows it; a test compares it with the tables, so that a column about people cannot be left out. Every
column with text and every link to an account stands either in ``REGISTER`` or in ``NOT_PERSONAL``.
"""

from dataclasses import dataclass

from knelpunt.domain.texts import Text

PUBLIC_TASK = Text("Taak van algemeen belang (AVG, artikel 6 lid 1 onder e)")
CONSENT = Text("Toestemming (AVG, artikel 6 lid 1 onder a)")
WITH_THE_CASE = Text(
    "Tot de bewaartermijn van de zaak voorbij is. Hoe lang dat is, staat hieronder. Daarna vernietigen wij de tekst, "
    "of wij brengen haar naar een archief. Hier blijft zij dan niet."
)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of data about people. ``columns`` are "table.column".

    The sentences are for the privacy page, in Dutch. ``kept_days`` is the term, where the system itself keeps it.
    """

    title: str
    whose: str
    columns: tuple[str, ...]
    purpose: str
    basis: str
    term: str
    kept_days: int | None = None


def _of(table: str, columns: str) -> tuple[str, ...]:
    return tuple(f"{table}.{column}" for column in columns.split())


REGISTER: tuple[PersonalData, ...] = (
    PersonalData(
        Text("Contactgegevens bij een melding"),
        Text("Wie een knelpunt meldt zonder account"),
        _of("contacts", "name email phone postal_address"),
        Text("Wij gebruiken ze om u over uw knelpunt te schrijven, en nergens anders voor."),
        PUBLIC_TASK,
        Text("Tot 400 dagen na het antwoord, en nooit langer dan 3 jaar na de melding. Eerder als u dat vraagt."),
        400,
    ),
    PersonalData(
        Text("Wat u over uw knelpunt vertelt"),
        Text("Wie een knelpunt meldt, en wie in de tekst wordt genoemd"),
        (
            *_of("cases", "title description goal place rule_words tried involved wanted language"),
            *_of("messages", "body why"),
            *_of("proposals", "reaction"),
            *_of("public_texts", "objection"),
            *_of("second_looks", "points"),
            *_of("case_search", "terms"),
        ),
        Text("Wij zoeken ermee uit welke regel knelt en wat er kan. In de openbare tekst staan geen namen."),
        PUBLIC_TASK,
        WITH_THE_CASE,
    ),
    PersonalData(
        Text("Een melding die nog niet af is"),
        Text("Wie een knelpunt invult"),
        _of("drafts", "data author_id updated_by_id language"),
        Text("Zo kunt u later verder gaan met invullen."),
        PUBLIC_TASK,
        Text("Tot 90 dagen na uw laatste wijziging. Na 60 dagen krijgt u bericht, als wij uw e-mailadres hebben."),
        90,
    ),
    PersonalData(
        Text("Wie een melding mee ondertekent"),
        Text("Wie een ander mee laat tekenen, en wie tekent"),
        _of("co_signatures", "name email public_id nonce asked_by_id signer_id reason"),
        Text("Zo staat vast dat twee mensen achter de melding staan."),
        PUBLIC_TASK,
        Text(
            "Naam en e-mailadres even lang als de contactgegevens bij de melding, en nooit langer "
            "dan 3 jaar. Wie met een account tekent, blijft bij de zaak staan."
        ),
    ),
    PersonalData(
        Text("Gemeenten die samen melden"),
        Text("Wie bij een gemeente de vraag krijgt om mee te doen, en wie antwoordt"),
        _of("case_participants", "email answered_by_id"),
        Text("Zo weet een gemeente dat een andere haar vraagt om samen te melden."),
        PUBLIC_TASK,
        Text("Het e-mailadres nooit langer dan 3 jaar. Openbaar is alleen de naam van een gemeente die meedoet."),
    ),
    PersonalData(
        Text("Het punt op de kaart"),
        Text("Wie bij een melding een punt aanwijst"),
        _of("case_points", "point"),
        Text("Zo ziet het loket om welke plek het gaat. Openbaar is nooit meer dan de gemeente."),
        PUBLIC_TASK,
        Text("Even lang als de contactgegevens bij de melding, en nooit langer dan 3 jaar."),
    ),
    PersonalData(
        Text("Bijlagen"),
        Text("Wie een bijlage stuurt, en wie erin voorkomt"),
        _of("attachments", "shown_name author_id removed_reason"),
        Text("Ze laten zien wat u vertelt, zoals een brief waarin u een weigering kreeg."),
        PUBLIC_TASK,
        WITH_THE_CASE,
    ),
    PersonalData(
        Text("Wat het loket over een zaak schrijft"),
        Text("Wie een knelpunt meldt, en medewerkers"),
        (
            *_of("cases", "no_provision_reason verdict_plain verdict_legal result_reason next_step priority_reason"),
            *_of("bulk_cases", "reason_before"),
            *_of("assessments", "reasoning"),
            *_of("notes", "body"),
            *_of("tasks", "words"),
            *_of("proposals", "text legal_basis conditions who_acts"),
            *_of("reviews", "payload remark pass_reason"),
            *_of("public_texts", "title question answer next_step"),
            *_of("clock_suspensions", "reason"),
            *_of("second_looks", "answers reason"),
            *_of("bottleneck_cases", "why reason"),
            *_of("retentions", "reason hold_reason"),
        ),
        Text("Zo kan een collega de zaak overnemen, en kan een ander nagaan hoe het antwoord tot stand kwam."),
        PUBLIC_TASK,
        WITH_THE_CASE,
    ),
    PersonalData(
        Text("Wie bij een ministerie een vraag krijgt"),
        Text("Ambtenaren aan wie het loket iets vraagt"),
        (
            *_of("ministry_contacts", "name email"),
            *_of("consultation_links", "email public_id nonce"),
            *_of("quarter_comment_requests", "email public_id nonce"),
        ),
        Text("Zo komt een vraag over een regel bij iemand die erover gaat. Een account is niet nodig."),
        PUBLIC_TASK,
        Text("Tot 30 dagen nadat iemand uit het adresboek is gehaald of de vraag klaar is."),
        30,
    ),
    PersonalData(
        Text("Een melding overdragen aan een andere instantie"),
        Text("Wie daar de vraag krijgt, en wie in de tekst wordt genoemd"),
        _of("referrals", "receiver_name receiver_email reason contact refusal asked_by_id public_id nonce"),
        Text("Zo komt uw melding bij wie u beter kan helpen. Wij delen alleen wat u goedvindt."),
        PUBLIC_TASK,
        Text("Naam en e-mailadres van die persoon tot 30 dagen na het antwoord. De rest even lang als de zaak."),
    ),
    PersonalData(
        Text("Wat een ministerie antwoordt"),
        Text("Wie in de tekst wordt genoemd, en medewerkers"),
        (
            *_of("consultations", "question article verdict_plain answer more_time_reason asked_by_id"),
            *_of("disagreements", "reason decided_by_id"),
        ),
        Text("Zo weet het loket of een regel ruimte geeft, en kan een ander dat nagaan."),
        PUBLIC_TASK,
        WITH_THE_CASE,
    ),
    PersonalData(
        Text("De openbare tekst"),
        Text("Niemand: er staan geen namen in. Wie het geval kent, kan het toch herkennen."),
        _of("published_cases", "title question answer next_step withdrawn_reason corrections terms"),
        Text("Anderen kunnen ervan leren. U leest de tekst eerst, en kunt bezwaar maken."),
        CONSENT,
        Text(
            "Tot wij de tekst intrekken. U kunt daar altijd om vragen. Bij sommige zaken halen wij de tekst weg als de "
            "bewaartermijn voorbij is. Dat staat hieronder."
        ),
    ),
    PersonalData(
        Text("Accounts"),
        Text("Medewerkers van gemeenten, andere organisaties en ministeries"),
        _of("accounts", "email name role password_hash"),
        Text("Zo weten wij wie inlogt en wat die mag. Van het wachtwoord bewaren wij alleen een afdruk."),
        PUBLIC_TASK,
        Text("Zolang het account in gebruik is, en daarna zolang de zaken worden bewaard waarin het voorkomt."),
    ),
    PersonalData(
        Text("Wie wat heeft gedaan"),
        Text("Medewerkers met een account"),
        (
            *_of("attachments", "removed_by_id"),
            *_of("letters", "sent_by_id"),
            *_of("leave_covers", "account_id covered_by_id registered_by_id"),
            *_of("events", "actor_id subject data"),
            *_of("cases", "author_id handler_id first_handler_id"),
            *_of("second_looks", "closing_handler_id closing_reviewer_id"),
            *_of("assessments", "author_id"),
            *_of("messages", "author_id"),
            *_of("notes", "author_id"),
            *_of("note_mentions", "account_id"),
            *_of("tasks", "assignee_id made_by_id done_by_id"),
            *_of("checklists", "made_by_id"),
            *_of("reviews", "requested_by_id decided_by_id"),
            *_of("bottlenecks", "signalled_by_id owner_id"),
            *_of("case_links", "linked_by_id"),
            *_of("catalogue_edits", "proposed_by_id decided_by_id"),
            *_of("letter_versions", "written_by_id decided_by_id"),
            *_of("retention_categories", "proposed_by_id decided_by_id"),
            *_of("retentions", "chosen_by_id held_by_id"),
            *_of("disposal_lists", "first_by_id second_by_id received_by_id"),
            *_of("disposal_cases", "taken_off_by_id"),
            *_of("term_changes", "proposed_by_id decided_by_id"),
            *_of("definition_agreements", "noted_by_id"),
            *_of("ministry_replies", "noted_by_id"),
            *_of("quarter_sealings", "asked_by_id decided_by_id"),
            *_of("quarter_seals", "asked_by_id sealed_by_id"),
            *_of("quarter_errata", "made_by_id"),
            *_of("quarter_plans", "set_by_id"),
            *_of("quarter_check_tasks", "owner_id given_by_id"),
            *_of("quarter_texts", "begun_by_id asked_by_id approved_by_id presented_by_id remark pass_reason"),
            *_of("quarter_sections", "changed_by_id"),
            *_of("quarter_section_versions", "saved_by_id"),
            *_of("quarter_comment_requests", "asked_by_id"),
            *_of("quarter_comments", "settled_by_id"),
            *_of("commitments", "owner_id made_by_id"),
            *_of("commitment_news", "author_id"),
            *_of("law_changes", "noticed_by_id"),
            *_of("law_change_touches", "decided_by_id"),
            *_of("law_text_findings", "decided_by_id"),
            *_of("bottleneck_cases", "linked_by_id decided_by_id"),
            *_of("bottleneck_news", "author_id"),
            *_of("bottleneck_proposals", "payload proposed_by_id decided_by_id note pass_reason"),
            *_of("public_texts", "written_by_id reviewed_by_id"),
            *_of("suggestion_feedback", "decided_by_id"),
        ),
        Text("Zo kan een ander controleren of een besluit door de juiste mensen is genomen."),
        PUBLIC_TASK,
        Text(
            "Dit verandert nooit en wordt niet gewist: het is het bewijs van wat er is gebeurd. Er "
            "staan geen namen in, alleen nummers van accounts."
        ),
    ),
    PersonalData(
        Text("Hoe medewerkers hun werk indelen"),
        Text("Medewerkers van het loket"),
        (
            *_of("saved_views", "owner_id name query"),
            *_of("start_views", "account_id"),
            *_of("team_members", "account_id"),
            *_of("labels", "made_by_id"),
        ),
        Text("Zo vindt een medewerker de eigen zaken terug, en weet een team wie wat doet."),
        PUBLIC_TASK,
        Text("Tot de medewerker het verwijdert of het account uitgaat. Wat gedeeld is, verwijdert het hoofd."),
    ),
    PersonalData(
        Text("Wat een medewerker met meer zaken tegelijk doet"),
        Text("Medewerkers van het loket, en wie in de tekst wordt genoemd"),
        (*_of("bulk_acts", "author_id handler_id body"), *_of("bulk_cases", "handler_before_id")),
        Text("Zo ziet de medewerker vooraf wie wat krijgt, en achteraf wat er is gebeurd."),
        PUBLIC_TASK,
        Text("30 dagen. Een bericht staat daarna alleen nog bij de zaak."),
        30,
    ),
    PersonalData(
        Text("Wat medewerkers te horen krijgen"),
        Text("Medewerkers van het loket"),
        _of("notifications", "account_id actor_id"),
        Text("Zo weet een medewerker dat er iets wacht."),
        PUBLIC_TASK,
        Text("90 dagen."),
        90,
    ),
    PersonalData(
        Text("Wie een zaak nu open heeft"),
        Text("Medewerkers van het loket"),
        _of("case_presences", "account_id"),
        Text("Zo werken twee collega’s niet tegelijk aan hetzelfde. Collega’s zien het twee minuten lang."),
        PUBLIC_TASK,
        Text("Hooguit een dag."),
        1,
    ),
    PersonalData(
        Text("Uitnodigingen voor een account"),
        Text("Wie is uitgenodigd, en wie dat deed"),
        _of("invitations", "email name role token_hash invited_by_id"),
        Text("Zo kan een collega een account maken."),
        PUBLIC_TASK,
        Text("Naam en adres tot 30 dagen na afloop van de uitnodiging."),
        30,
    ),
    PersonalData(
        Text("Inloggen"),
        Text("Wie inlogt, of dat probeert"),
        (
            *_of("login_sessions", "token_hash account_id browser provider_session"),
            *_of("account_tokens", "token_hash purpose account_id"),
        ),
        Text("Zo blijft u ingelogd, kunt u een nieuw wachtwoord kiezen, en ziet u in welke browser u inlogde."),
        PUBLIC_TASK,
        Text("Tot 30 dagen na het laatste gebruik."),
        30,
    ),
    PersonalData(
        Text("De tweede stap bij het inloggen"),
        Text("Wie inlogt met een code van een telefoon of een toegangssleutel"),
        (
            *_of("totp_factors", "account_id sealed_secret"),
            *_of("recovery_codes", "account_id code_hash"),
            *_of("passkeys", "account_id name"),
            *_of("factor_resets", "account_id reason asked_by_id decided_by_id"),
        ),
        Text("Zo komt niemand in een account met alleen een wachtwoord. Van een herstelcode bewaren wij een afdruk."),
        PUBLIC_TASK,
        Text("Zolang het account in gebruik is. Wie om weghalen vroeg en wie besloot, even lang als het account."),
    ),
    PersonalData(
        Text("Inloggen via de eigen organisatie"),
        Text("Wie inlogt via een ministerie, een gemeente of een ander die daarvoor zorgt"),
        (
            *_of("sign_on_identities", "subject account_id"),
            *_of("sign_on_rules", "reason proposed_by_id decided_by_id ended_by_id"),
        ),
        Text("Zo weten wij welk account bij wie hoort. Wat de organisatie nog meer over u zegt, bewaren wij niet."),
        PUBLIC_TASK,
        Text("Zolang het account in gebruik is. Een regel om in te loggen blijft staan, ook als hij niet meer geldt."),
    ),
    PersonalData(
        Text("Pogingen om in te loggen die mislukten"),
        Text("Wie dat probeert"),
        _of("login_attempts", "key"),
        Text("Zo houden wij tegen dat iemand wachtwoorden blijft raden. Wij bewaren een afdruk, niet het adres zelf."),
        PUBLIC_TASK,
        Text("Een dag."),
        1,
    ),
    PersonalData(
        Text("Hoe vaak er iets gebeurt zonder account"),
        Text("Wie een knelpunt meldt zonder account"),
        _of("usage_counts", "key"),
        Text("Zo houden wij een vloed van meldingen, mails en bestanden tegen. Wij bewaren een afdruk, geen adres."),
        PUBLIC_TASK,
        Text("Twee dagen."),
        2,
    ),
    PersonalData(
        Text("Links om een melding te volgen"),
        Text("Wie een knelpunt meldt zonder account"),
        _of("follow_links", "public_id nonce"),
        Text("Met de link in uw mail volgt u uw melding zonder account."),
        PUBLIC_TASK,
        Text("Tot de gegevens van de melding zijn gewist. Daarna zegt de link alleen nog wat er met de zaak gebeurde."),
    ),
    PersonalData(
        Text("De vraag of uw project doorging"),
        Text("Wie een knelpunt meldde"),
        _of("aftercare", "public_id nonce words"),
        Text("Zo weten wij of ons antwoord hielp. Openbaar is alleen hoe vaak elk antwoord werd gegeven."),
        PUBLIC_TASK,
        WITH_THE_CASE,
    ),
    PersonalData(
        Text("Mails die wij krijgen"),
        Text("Wie ons een mail stuurt"),
        (
            *_of("incoming_mails", "from_address subject body refused_files decision_reason decided_by_id"),
            *_of("delivery_failures", "note settled_by_id"),
        ),
        Text(
            "Zo komt uw antwoord bij uw melding. Weten wij niet bij welke melding een mail hoort? Dan kijkt een "
            "medewerker."
        ),
        PUBLIC_TASK,
        Text(
            "Tot een medewerker besloot, en daarna 30 dagen. Zo lang bewaren wij ook de mail zoals die binnenkwam. Wat "
            "bij uw melding staat, bewaren wij zolang als de zaak."
        ),
        30,
    ),
    PersonalData(
        Text("Mails die wij sturen"),
        Text("Wie een mail van ons krijgt"),
        _of("outbox", "to_address subject body last_error account_id"),
        Text("Zo gaat geen mail verloren als er iets hapert."),
        PUBLIC_TASK,
        Text("Adres en tekst tot 30 dagen na het versturen."),
        30,
    ),
    PersonalData(
        Text("Wat wacht op de mail van een keer per week"),
        Text("Wie één mail per week kiest"),
        _of("digest_items", "subject body account_id"),
        Text("Zo krijgt u in één mail wat er in een week gebeurde."),
        PUBLIC_TASK,
        Text("Tot die mail is geschreven, en hooguit 8 dagen."),
        8,
    ),
    PersonalData(
        Text("Volgen van een ruimtewijzer of een regelknelpunt"),
        Text("Wie met een e-mailadres een ruimtewijzer of een regelknelpunt volgt"),
        (
            *_of("guide_followers", "email public_id nonce language"),
            *_of("bottleneck_followers", "email public_id nonce language"),
        ),
        Text(
            "Wij sturen u bericht als een ruimtewijzer verandert, of als er nieuws is over een "
            "regelknelpunt. Eerst bevestigt u dat het adres van u is."
        ),
        CONSENT,
        Text(
            "Tot u stopt met volgen, en nooit langer dan 24 maanden. Bevestigt u niet, dan 7 dagen. "
            "Komt er geen nieuws meer, dan 7 dagen na het laatste nieuws."
        ),
    ),
    PersonalData(
        Text("Wat een gemeente met een ruimtewijzer doet"),
        Text("Medewerkers van gemeenten"),
        _of("guide_claims", "account_id project outcome_reason"),
        Text("Zo weten wij waar een antwoord heeft gewerkt. Openbaar zijn alleen de gemeente en de uitkomst."),
        PUBLIC_TASK,
        Text("Zolang de ruimtewijzer wordt bewaard."),
    ),
    PersonalData(
        Text("Wat het loket in een ruimtewijzer schrijft"),
        Text("Medewerkers, en niemand anders: er staan geen namen in"),
        (
            *_of("guide_versions", "written_by_id reviewed_by_id review_remark pass_reason"),
            *_of("guides", "recheck_reason expired_reason"),
        ),
        Text("Zo kan een ander nagaan wie een tekst schreef en wie die toetste."),
        PUBLIC_TASK,
        Text("Zolang de ruimtewijzer wordt bewaard."),
    ),
    PersonalData(
        Text("Brieven, en wat wij telefonisch doorgeven"),
        Text("Wie een melding doet zonder e-mailadres"),
        _of("letters", "subject body"),
        Text("Zo hoort u ook zonder e-mail wat er met uw melding gebeurt."),
        PUBLIC_TASK,
        Text("Zolang wij uw contactgegevens bewaren: tot 400 dagen na het antwoord, en hooguit 3 jaar na de melding."),
        400,
    ),
    PersonalData(
        Text("Een nieuw e-mailadres dat nog niet is bevestigd"),
        Text("Wie het e-mailadres bij een melding wijzigt"),
        _of("address_changes", "email"),
        Text("Zo weten wij zeker dat het nieuwe adres van u is."),
        PUBLIC_TASK,
        Text("Tot u het bevestigt, en hooguit 7 dagen."),
        7,
    ),
    PersonalData(
        Text("Formulieren die al verstuurd zijn"),
        Text("Wie een formulier verstuurt"),
        _of("submissions", "author key location"),
        Text("Zo telt een dubbele klik maar één keer."),
        PUBLIC_TASK,
        Text("30 dagen."),
        30,
    ),
)

NOT_PERSONAL: dict[str, str] = {
    "accounts": "mail_choice notification_choice",
    "aftercare": "answer",
    "assessments": "article role basis",
    "address_changes": "public_id nonce",
    "attachments": "stored_name media_type sha256",
    "bottleneck_cases": "status",
    "bottleneck_news": "status body source_url",
    "bottleneck_proposals": "step status",
    "bottleneck_provisions": "role",
    "bulk_acts": "kind priority",
    "bulk_cases": "left_out reach outcome remark priority_before undo_outcome undo_remark",
    "bottlenecks": "reference title problem status choice choice_reason waiting_for terms",
    "case_participants": "status",
    "case_links": "kind",
    "cases": (
        "reference status status_before_supplement result verdict publication theme submitter_kind municipality_then "
        "level route due_clock priority channel archived_as import_key source_url source_title source_note draft_key"
    ),
    "catalogue_edits": "kind key before after base_digest reason source_url status note neighbour_keys",
    "checklists": "name step theme lines",
    "clock_periods": "clock unit",
    "commitment_news": "status words",
    "commitments": "kind title words dossier paper source_url made_when status",
    "consultations": "status room verdict",
    "co_signatures": "status",
    "contacts": "purpose mail_choice",
    "digest_items": "kind once_key",
    "disagreements": "decision",
    "disposal_cases": "status ground counts digest",
    "disposal_lists": "disposition status receipt_reference package_hash digest",
    "drafts": "key kind",
    "events": "kind actor_kind status_before status verdict result previous_hash hash",
    "delivery_failures": "code outcome",
    "guide_claims": "outcome",
    "guide_provisions": "digest",
    "factor_resets": "status",
    "figure_facts": "kind article verdict result clock what",
    "figure_totals": "kind split side",
    "guide_versions": (
        "question short_answer room conditions who_decides model_text search_words theme room_type audiences "
        "confidence confidence_note rules examples sources origin file_digest passed"
    ),
    "guides": "slug status terms",
    "incoming_mails": "message_id digest status reason",
    "job_runs": "name period",
    "labels": "name",
    "law_successions": "predecessor_key successor_key",
    "law_change_touches": "status",
    "law_changes": "kind summary source_url",
    "law_text_findings": "read_hash found_hash source status note",
    "laws": (
        "key citation_title abbreviation bwb_id kind domain ministry status confidence case_keys search_text details"
    ),
    "letter_versions": "kind language theme outcome plain legal remark",
    "letters": "kind once_key",
    "login_sessions": "method provider",
    "mailbox_state": "error",
    "messages": "kind",
    "municipalities": "code name source",
    "notifications": "kind once_key",
    "organisations": "kind name abbreviation code tooi_uri",
    "outbox": "message_id kind once_key",
    "proposals": "status",
    "provinces": "code name iso_code",
    "provision_wordings": "source text_hash staatsblad dossier confidence details",
    "provisions": "key article instrument room_type confidence search_text details",
    "public_texts": "shown passed",
    "published_cases": (
        "reference verdict result theme submitter_kind municipality_then joined_municipalities provisions source_url "
        "source_title"
    ),
    "definition_agreements": "figure partner source_url",
    "ministry_replies": "words",
    "quarter_check_tasks": "check",
    "quarter_comments": "section body answer",
    "quarter_editions": "content sha256",
    "quarter_errata": "place sealed_as should_be reason",
    "quarter_sealings": "digest explanations status remark",
    "quarter_seals": "content sha256 event_hash",
    "quarter_section_versions": "section source",
    "quarter_sections": "section source",
    "quarter_texts": "status bottleneck_why findings frozen passed paper",
    "referrals": "status consent organisation",
    "retention_categories": "code name holds disposition source status remark",
    "retentions": "hold_ground",
    "reviews": "step status",
    "second_looks": "outcome",
    "suggestion_feedback": "decision reason situation",
    "term_changes": "clock before_unit unit reason base_digest status note",
    "sign_on_identities": "provider",
    "sign_on_rules": "provider claim value second_claim second_value role status",
    "spent_marks": "key",
    "teams": "name",
    "terms": "clock unit source",
}
"""Columns with text that are about no person, by table."""
