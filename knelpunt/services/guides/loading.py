"""Brings the ruimtewijzers that ship with the project into the database, as often as one likes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from knelpunt.adapters.files.guides import GuideRecord, guide_records
from knelpunt.domain.guides.schema import GuideEntry, GuideInvalid, parse_guide
from knelpunt.domain.guides.track import GuideEvent, GuideOrigin, GuideStatus, GuideText
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Guide, GuideVersion
from knelpunt.queries.guides.rules import Catalogue, NamedRule, read_names
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import mail as guide_mail
from knelpunt.services.mail.texts.guides import NEW_VERSION

LOAD_LOCK = 2_013_115
"""The advisory lock under which one process loads them; held until the transaction ends."""


@dataclass(slots=True)
class GuideReport:
    """What a load did, by slug. ``kept`` were changed by the desk, and are left as the desk wrote them."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0


def load_guides(context: Context, records: Iterable[GuideRecord] | None = None) -> GuideReport:
    """Make what the files say public. In the caller's transaction; a second loader waits, and finds nothing to do.

    A guide that the desk has since written itself is never touched. One that the desk ended stays ended.

    Raises:
        GuideInvalid: something in the files is not right; nothing is loaded.
    """
    context.session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))
    chosen = list(guide_records() if records is None else records)
    entries = read_entries(chosen, read_names(context.session))
    known = {guide.slug: guide for guide in context.session.scalars(select(Guide).order_by(Guide.id))}
    report = GuideReport()
    for record, entry in zip(chosen, entries, strict=True):
        guide = known.get(entry.slug)
        if guide is None:
            _add(context, entry, record.digest)
            report.added.append(entry.slug)
            continue
        latest = guides.latest_version(context.session, guide)
        if latest.file_digest == record.digest:
            report.unchanged += 1
        elif latest.origin is GuideOrigin.DESK or guide.status is GuideStatus.EXPIRED:
            report.kept.append(entry.slug)
        else:
            _renew(context, guide, entry, record.digest)
            report.changed.append(entry.slug)
    context.session.flush()
    return report


def read_entries(records: Iterable[GuideRecord], names: Catalogue) -> list[GuideEntry]:
    """Check all records against the schema and the catalogue. Raises GuideInvalid with every problem at once."""
    entries, problems, slugs = [], [], set()
    for record in records:
        try:
            entry = parse_guide(record.fields)
            entries.append(replace(entry, text=_named(entry.text, names)))
        except GuideInvalid as error:
            problems += [f"{record.file}: {problem}" for problem in error.problems]
        except ValueError as error:
            problems.append(f"{record.file}: {record.fields['slug']}: {error}")
        slug = record.fields.get("slug")
        if slug in slugs:
            problems.append(f"{record.file}: {slug} staat er twee keer")
        slugs.add(slug)
    if problems:
        raise GuideInvalid(problems)
    return entries


def _named(text: GuideText, names: Catalogue) -> GuideText:
    rules = [
        names.rule(
            NamedRule(
                provision=each.get("provision"),
                law=each.get("law"),
                article=each.get("article"),
                role=AssessmentRole(each["role"]),
                on_date=date.fromisoformat(each["on"]),
            )
        )
        for each in text.rules
    ]
    examples: list[dict[str, Any]] = [
        {**each, "municipality": names.municipality(each.get("municipality"))} for each in text.examples
    ]
    return replace(text, rules=rules, examples=examples)


def _add(context: Context, entry: GuideEntry, digest: str) -> None:
    guide = Guide(
        slug=entry.slug, status=GuideStatus.PUBLIC, latest_number=1, published_number=1, updated_at=context.now
    )
    context.session.add(guide)
    context.session.flush()
    _show(context, guide, entry, digest)


def _renew(context: Context, guide: Guide, entry: GuideEntry, digest: str) -> None:
    guide.latest_number += 1
    _show(context, guide, entry, digest)
    guide_mail.tell_followers(context, guide, entry.text.question, NEW_VERSION)


def _show(context: Context, guide: Guide, entry: GuideEntry, digest: str) -> None:
    version = GuideVersion(
        guide_id=guide.id,
        number=guide.latest_number,
        origin=GuideOrigin.SHIPPED,
        file_digest=digest,
        written_at=context.now,
        **entry.text.values,
    )
    context.session.add(version)
    context.session.flush()
    guide.updated_at = context.now
    guides.show_version(context, guide, version)
    events.record(
        context,
        GuideEvent.SHIPPED,
        subject=guides.subject_of(guide.id),
        data={"versie": guide.latest_number, "openbare_versie": guide.published_number, "staat": guide.status.value},
    )
