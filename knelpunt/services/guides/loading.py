"""Brings the ruimtewijzers that ship with the project into the database, as often as one likes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import func, select

from knelpunt.adapters.files.guides import GuideRecord, guide_records
from knelpunt.domain.guides.schema import GuideFields
from knelpunt.domain.guides.track import GuideEvent, GuideOrigin, GuideStatus, GuideText
from knelpunt.domain.shapes import FileRefused, InvalidData, shaped, shown
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import Guide, GuideVersion
from knelpunt.queries.guides.rules import Catalogue, NamedRule, read_names
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import mail as guide_mail
from knelpunt.services.guides.mail_texts import NEW_VERSION

LOAD_LOCK = 2_013_115
"""The advisory lock under which one process loads them; held until the transaction ends."""


@dataclass(slots=True)
class GuideReport:
    """What a load did, by slug. ``kept`` were changed by the desk, and are left as the desk wrote them."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One guide of a file: checked, with the rules and places of the catalogue in its text."""

    slug: str
    text: GuideText


def load_guides(context: Context, records: Iterable[GuideRecord] | None = None) -> GuideReport:
    """Make what the files say public. In the caller's transaction; a second loader waits, and finds nothing to do.

    A guide that the desk has since written itself is never touched. One that the desk ended stays ended.

    Raises:
        FileRefused: something in the files is not right; nothing is loaded.
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
    """Check all records against the schema and the catalogue. Raises FileRefused with every problem at once."""
    entries: dict[str, GuideEntry] = {}
    problems = []
    for record in records:
        slug = shown(record.fields.get("slug", "zonder slug"), most=100)
        try:
            fields = shaped(record.fields, GuideFields)
            if fields.slug in entries:
                raise ValueError("staat er twee keer")
            entries[fields.slug] = GuideEntry(fields.slug, _text(fields, names))
        except InvalidData as error:
            problems += [f"{record.file}: {slug}: {fault.sentence}" for fault in error.faults]
        except ValueError as error:
            problems.append(f"{record.file}: {slug}: {error}")
    if problems:
        raise FileRefused("\n".join(problems))
    return list(entries.values())


def _text(fields: GuideFields, names: Catalogue) -> GuideText:
    """What the file says; ValueError for a rule or place that the catalogue does not have."""
    values = msgspec.structs.asdict(fields)
    values = {name: value.strip() if type(value) is str else value for name, value in values.items() if name != "slug"}
    rules = [NamedRule(rule.provision, rule.law, rule.article, rule.role, rule.on) for rule in fields.rules]
    return GuideText(
        **values
        | {
            "conditions": "\n".join(line.strip() for line in fields.conditions),
            "theme": Theme(fields.theme),
            "audiences": tuple(fields.audiences),
            "rules": [names.rule(rule) for rule in rules],
            "examples": [
                {**msgspec.to_builtins(each), "municipality": names.municipality(each.municipality)}
                for each in fields.examples
            ],
            "sources": msgspec.to_builtins(fields.sources),
        }
    )


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
