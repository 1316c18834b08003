"""Writes what the public may read of a case: only what was chosen for it, copied from the file."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.cases.publication import shown_beside
from knelpunt.models import Assessment, Case, Law, Provision, PublicText, PublishedCase, SimilarCases
from knelpunt.services.core import search_index
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_filing as joint


def beside(context: Context, case: Case) -> dict[str, Any]:
    """What would go public beside the text of this case now."""
    rows = context.session.execute(
        select(
            Law.key.label("law_key"),
            Law.citation_title.label("law_title"),
            Provision.key.label("provision_key"),
            func.coalesce(Provision.article, Assessment.article).label("article"),
            Provision.instrument,
            Assessment.role,
            Assessment.on_date,
        )
        .select_from(Assessment)
        .join(Law, Law.id == Assessment.law_id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))
        .order_by(Assessment.id)
    )
    return shown_beside(case, joint.joined_municipalities(context, case), rows)


def write_published(
    context: Context, case: Case, text: PublicText, beside: Mapping[str, Any], change: str | None = None
) -> PublishedCase:
    """Write the public record of a case from its public text and the chosen sides of the case.

    Args:
        beside: what went along to the submitter: see ``shown_beside``.
        change: for a text that is public already, what is different now.
    """
    earlier = context.session.get(PublishedCase, case.id)
    corrections = list(earlier.corrections) if earlier is not None else []
    if change:
        corrections.append({"on": context.today.isoformat(), "what": change})
    values: dict[str, Any] = {
        "case_id": case.id,
        "reference": case.reference,
        "title": text.title,
        "question": text.question,
        "answer": text.answer,
        "verdict": beside["verdict"],
        "result": beside["result"],
        "next_step": text.next_step,
        "theme": case.theme,
        "submitter_kind": case.submitter_kind,
        "municipality_id": case.municipality_id,
        "municipality_then": case.municipality_then,
        "joined_municipalities": joint.joined_names(context, case),
        "province_id": case.province_id,
        "main_law_id": case.main_law_id,
        "provisions": beside["provisions"],
        "law_date": case.law_date,
        "filed_on": case.filed_on,
        "closed_on": case.closed_on,
        "published_on": context.today,
        "corrections": corrections,
        "source_url": case.source_url,
        "source_title": case.source_title,
        "updated_at": context.now,
        "terms": search_index.published_terms(case.reference, text.title, text.question, text.answer),
    }
    statement = insert(PublishedCase).values(values)
    context.session.execute(
        statement.on_conflict_do_update(
            index_elements=["case_id"],
            set_={name: statement.excluded[name] for name in values if name not in ("case_id", "published_on")}
            | {"corrected_on": context.today, "withdrawn_on": None, "withdrawn_reason": None},
        )
    )
    _ask_for_similar(context, case.id)
    return context.session.get_one(PublishedCase, case.id, populate_existing=True)


def _ask_for_similar(context: Context, case_id: int) -> None:
    """The worker finds what is like this text; until then its page does."""
    asked = {"others": None, "due_at": context.now}
    context.session.execute(
        insert(SimilarCases)
        .values(case_id=case_id, **asked)
        .on_conflict_do_update(index_elements=["case_id"], set_=asked)
    )


def forget_similar(context: Context, case_id: int) -> None:
    """For a text that nobody reads any more nothing like it is looked for. It stays in the lists of others, whose pages
    pass over what was withdrawn."""
    context.session.execute(delete(SimilarCases).where(SimilarCases.case_id == case_id))


def empty(published: PublishedCase) -> None:
    """Take every word out of a public record, because the file of its case is gone too."""
    published.title = published.question = published.answer = ""
    published.next_step, published.corrections, published.terms = None, [], ""
