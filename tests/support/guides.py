"""Ruimtewijzers as tests need them: a text, and a public guide as rows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func

from knelpunt.domain.guides.track import GuideAudience, GuideOrigin, GuideStatus, GuideText
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import Guide, GuideVersion
from tests.support.factories import NUMBERS, Factory

TEXT = GuideText(
    question="Mag een buurthuis in een lege school?",
    short_answer="Ja, met een tijdelijke vergunning.",
    room="De gemeente kan afwijken van het omgevingsplan.",
    conditions="Het gebouw is veilig.\nDe buurt weet ervan.",
    who_decides="Het college van burgemeester en wethouders.",
    model_text="Wij vragen een vergunning voor [gebruik].",
    theme=Theme.VACANCY,
    room_type=RoomType.ONTHEFFING,
    audiences=(GuideAudience.RESIDENTS,),
    confidence=Confidence.PARTLY,
    confidence_note="Van de bron is alleen het begin gelezen.",
    valid_from=date(2024, 1, 1),
    valid_to=None,
    search_words="dorpshuis schoolgebouw",
    rules=[
        {
            "law": "lokaal",
            "title": "Gemeentelijke of provinciale regel",
            "provision": None,
            "article": "omgevingsplan",
            "instrument": None,
            "role": "belemmert",
            "on_date": "2026-11-03",
        }
    ],
    sources=[{"title": "Een bron", "url": "https://bron.example/1", "read": "full"}],
)


def text(**changes: Any) -> GuideText:
    """A whole text, with what the test is about."""
    return replace(TEXT, **changes)


def public_guide(make: Factory, **columns: Any) -> Guide:
    """A public guide as rows, without events."""
    guide: Guide = make.add(
        Guide(
            **{
                "slug": f"proefwijzer-{next(NUMBERS)}",
                "status": GuideStatus.PUBLIC,
                "latest_number": 1,
                "published_number": 1,
                "review_due_on": make.today + timedelta(days=700),
                "updated_at": make.now,
                "terms": func.to_tsvector("simple", "buurthuis school"),
                **columns,
            }
        )
    )
    make.add(
        GuideVersion(
            guide_id=guide.id,
            number=1,
            origin=GuideOrigin.SHIPPED,
            written_at=make.now,
            published_on=make.today,
            **TEXT.values,
        )
    )
    return guide
