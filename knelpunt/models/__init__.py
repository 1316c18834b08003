"""The tables, one file per noun. Importing this package knows them all."""

from knelpunt.models.account import Account, AccountToken, Invitation, LoginAttempt, LoginSession
from knelpunt.models.base import Base
from knelpunt.models.bottleneck import (
    Bottleneck,
    BottleneckCase,
    BottleneckFollower,
    BottleneckNews,
    BottleneckNumber,
    BottleneckProvision,
)
from knelpunt.models.case import (
    Attachment,
    Case,
    CaseNumber,
    CaseSearch,
    Contact,
    Draft,
    FollowLink,
)
from knelpunt.models.case_link import CaseLink
from knelpunt.models.catalogue_edit import CatalogueEdit
from knelpunt.models.clock import ClockPeriod, ClockSuspension, TermRule
from knelpunt.models.event import Event
from knelpunt.models.filing import CaseParticipant, CasePoint, CoSignature, PointedRule
from knelpunt.models.geography import Municipality, Province
from knelpunt.models.guide import (
    Guide,
    GuideClaim,
    GuideDeflection,
    GuideFollower,
    GuideProvision,
    GuideVersion,
)
from knelpunt.models.handling import Assessment, Message, Note, Proposal, Review
from knelpunt.models.law import Law, LawSuccession, Provision, ProvisionSuccession
from knelpunt.models.law_change import LawChange, LawChangeTouch
from knelpunt.models.organisation import Organisation
from knelpunt.models.outbox import JobRun, OutboxMail, Submission
from knelpunt.models.post import AddressChange, Letter
from knelpunt.models.publication import PublicText, PublishedCase
from knelpunt.models.reference import ReferenceVersion
from knelpunt.models.suggestion import SuggestionFeedback

__all__ = [
    "Account",
    "AccountToken",
    "AddressChange",
    "Assessment",
    "Attachment",
    "Base",
    "Bottleneck",
    "BottleneckCase",
    "BottleneckFollower",
    "BottleneckNews",
    "BottleneckNumber",
    "BottleneckProvision",
    "Case",
    "CaseLink",
    "CaseNumber",
    "CaseParticipant",
    "CasePoint",
    "CaseSearch",
    "CatalogueEdit",
    "ClockPeriod",
    "ClockSuspension",
    "CoSignature",
    "Contact",
    "Draft",
    "Event",
    "FollowLink",
    "Guide",
    "GuideClaim",
    "GuideDeflection",
    "GuideFollower",
    "GuideProvision",
    "GuideVersion",
    "Invitation",
    "JobRun",
    "Law",
    "LawChange",
    "LawChangeTouch",
    "LawSuccession",
    "Letter",
    "LoginAttempt",
    "LoginSession",
    "Message",
    "Municipality",
    "Note",
    "Organisation",
    "OutboxMail",
    "PointedRule",
    "Proposal",
    "Province",
    "Provision",
    "ProvisionSuccession",
    "PublicText",
    "PublishedCase",
    "ReferenceVersion",
    "Review",
    "Submission",
    "SuggestionFeedback",
    "TermRule",
]
