"""Every column whose words a public page, feed or file reads: by which act they get in, or why nobody reads them.

A column that a public route begins to read is missing here, and ``integration/privacy/test_public_words.py`` fails:
give it the act that stops what points at a person, and a test of that act beside it.
"""

from enum import StrEnum, auto


class Door(StrEnum):
    """The act by which words become public. Each stops what points at a person, or has a second person decide."""

    CASE_TEXT = auto()
    CASE_CORRECTION = auto()
    CASE_WITHDRAWN = auto()
    CASE_RULE = auto()
    CASE_IMPORT = auto()
    BOTTLENECK_SIGNAL = auto()
    BOTTLENECK_CHOICE = auto()
    BOTTLENECK_NEWS = auto()
    BOTTLENECK_CORRECTION = auto()
    GUIDE_TEXT = auto()
    GUIDE_ADDRESS = auto()
    GUIDE_RECHECK = auto()
    GUIDE_EXPIRE = auto()
    AGREEMENT = auto()
    MINISTRY_REPLY = auto()
    ERRATUM = auto()
    QUARTER_TEXT = auto()
    QUARTER_NUMBER = auto()
    COMMITMENT = auto()
    COMMITMENT_NEWS = auto()
    LAW = auto()
    PROVISION = auto()
    RETENTION = auto()
    ORGANISATION = auto()
    MERGER = auto()


D = Door
DOORS: dict[str, tuple[Door, ...]] = {
    "bottleneck_news.body": (D.BOTTLENECK_SIGNAL, D.BOTTLENECK_NEWS, D.BOTTLENECK_CORRECTION),
    "bottleneck_news.corrections": (D.BOTTLENECK_CORRECTION,),
    "bottlenecks.choice_reason": (D.BOTTLENECK_CHOICE, D.BOTTLENECK_CORRECTION),
    "bottlenecks.corrections": (D.BOTTLENECK_CORRECTION,),
    "bottlenecks.problem": (D.BOTTLENECK_SIGNAL, D.BOTTLENECK_CORRECTION),
    "bottlenecks.title": (D.BOTTLENECK_SIGNAL, D.BOTTLENECK_CORRECTION),
    "bottlenecks.waiting_for": (D.BOTTLENECK_NEWS, D.BOTTLENECK_CORRECTION),
    "definition_agreements.partner": (D.AGREEMENT,),
    "guide_versions.conditions": (D.GUIDE_TEXT,),
    "guide_versions.confidence_note": (D.GUIDE_TEXT,),
    "guide_versions.examples": (D.GUIDE_TEXT,),
    "guide_versions.model_text": (D.GUIDE_TEXT,),
    "guide_versions.question": (D.GUIDE_TEXT,),
    "guide_versions.room": (D.GUIDE_TEXT,),
    "guide_versions.rules": (D.GUIDE_TEXT,),
    "guide_versions.search_words": (D.GUIDE_TEXT,),
    "guide_versions.short_answer": (D.GUIDE_TEXT,),
    "guide_versions.sources": (D.GUIDE_TEXT,),
    "guide_versions.who_decides": (D.GUIDE_TEXT,),
    "guides.expired_reason": (D.GUIDE_EXPIRE,),
    "guides.recheck_reason": (D.GUIDE_RECHECK,),
    "guides.slug": (D.GUIDE_ADDRESS,),
    "laws.abbreviation": (D.LAW,),
    "laws.citation_title": (D.LAW,),
    "laws.details": (D.LAW,),
    "laws.domain": (D.LAW,),
    "laws.key": (D.LAW,),
    "laws.ministry": (D.LAW,),
    "laws.search_text": (D.LAW,),
    "ministry_replies.words": (D.MINISTRY_REPLY,),
    "municipalities.name": (D.MERGER,),
    "organisations.abbreviation": (D.ORGANISATION,),
    "organisations.name": (D.ORGANISATION,),
    "provision_wordings.details": (D.PROVISION,),
    "provision_wordings.dossier": (D.PROVISION,),
    "provision_wordings.source": (D.PROVISION,),
    "provision_wordings.staatsblad": (D.PROVISION,),
    "provisions.article": (D.PROVISION,),
    "provisions.details": (D.PROVISION,),
    "provisions.instrument": (D.PROVISION,),
    "provisions.key": (D.PROVISION,),
    "provisions.search_text": (D.PROVISION,),
    "published_cases.answer": (D.CASE_TEXT, D.CASE_IMPORT),
    "published_cases.corrections": (D.CASE_CORRECTION,),
    "published_cases.municipality_then": (D.CASE_IMPORT,),
    "published_cases.next_step": (D.CASE_TEXT,),
    "published_cases.provisions": (D.CASE_RULE, D.CASE_IMPORT),
    "published_cases.question": (D.CASE_TEXT, D.CASE_IMPORT),
    "published_cases.source_title": (D.CASE_IMPORT,),
    "published_cases.title": (D.CASE_TEXT, D.CASE_IMPORT),
    "published_cases.withdrawn_reason": (D.CASE_WITHDRAWN,),
    "quarter_errata.reason": (D.ERRATUM,),
    "quarter_errata.should_be": (D.ERRATUM,),
    "quarter_sections.source": (D.QUARTER_TEXT,),
    "quarter_texts.frozen": (D.COMMITMENT, D.COMMITMENT_NEWS),
    "quarter_texts.paper": (D.QUARTER_NUMBER,),
    "retention_categories.name": (D.RETENTION,),
}
"""Words that people type and everybody reads."""

MADE = {
    "guide_versions.audiences": "a closed list",
    "provinces.name": "comes with the release, and no act changes it",
    "published_cases.joined_municipalities": "names of municipalities",
    "quarter_editions.content": "numbers with the names and titles of other columns; the explanations are left out",
    "quarter_errata.place": "one of the places of an edition",
    "quarter_errata.sealed_as": "a cell of an edition",
    "quarter_files.source": "a digest",
    "quarter_seals.content": "of it a page takes how often each promise was kept; its explanations stay inside",
    "quarter_texts.findings": "keys and a closed list",
    "quarter_texts.passed": "places in a text, with a digest of what stands there",
    "terms.source": "comes with the release; a change in the site writes one sentence, whatever was typed",
}
"""Words that nobody types in the site."""

ADDRESSES = {
    "bottleneck_news.source_url",
    "definition_agreements.source_url",
    "published_cases.source_url",
}
"""Addresses of pages elsewhere, each of which a service or a file checks to be one."""

NOT_SHOWN = {
    "accounts.name",
    "labels.name",
    "quarter_files.reason",
    "quarter_texts.bottleneck_why",
    "quarter_texts.pass_reason",
    "quarter_texts.remark",
    "retention_categories.holds",
    "retention_categories.remark",
    "retention_categories.source",
    "teams.name",
}
"""Read along with what is public, and shown to nobody: a word that is planted there stands in no answer."""

KEYS = {
    "bottlenecks.reference",
    "cases.reference",
    "definition_agreements.figure",
    "events.kind",
    "events.subject",
    "figure_totals.kind",
    "law_successions.predecessor_key",
    "law_successions.successor_key",
    "laws.bwb_id",
    "laws.case_keys",
    "laws.confidence",
    "laws.kind",
    "laws.status",
    "municipalities.code",
    "open_data_files.data_set",
    "open_data_files.form",
    "open_data_files.name",
    "open_data_files.public_version",
    "open_data_files.sha256",
    "open_data_files.stored_name",
    "organisations.code",
    "provinces.code",
    "provision_wordings.confidence",
    "provision_wordings.text_hash",
    "provisions.confidence",
    "provisions.room_type",
    "published_cases.reference",
    "quarter_editions.sha256",
    "quarter_files.form",
    "quarter_files.sha256",
    "quarter_seals.event_hash",
    "quarter_seals.sha256",
    "retention_categories.code",
}
"""Numbers, digests and closed words: made by the site, or held to a shape in which no sentence fits."""
