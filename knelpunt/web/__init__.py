"""The site: one folder per part, and ``shared`` for what they have in common."""

from flask import Blueprint

from knelpunt.web.admin.routes import bp as admin
from knelpunt.web.archive.routes import bp as archive
from knelpunt.web.auth.routes import bp as auth
from knelpunt.web.bottlenecks.routes import bp as bottlenecks
from knelpunt.web.cases.routes import bp as cases
from knelpunt.web.commitments.routes import bp as commitments
from knelpunt.web.consultations.routes import bp as consultations
from knelpunt.web.desk.routes import bp as desk
from knelpunt.web.guides.routes import bp as guides
from knelpunt.web.guides.routes import desk_bp as guide_desk
from knelpunt.web.health import bp as health
from knelpunt.web.intake.routes import bp as intake
from knelpunt.web.laws.routes import bp as laws
from knelpunt.web.public.routes import bp as public
from knelpunt.web.referrals.routes import bp as referrals
from knelpunt.web.reporting.public.routes import machines as quarter_files
from knelpunt.web.reporting.routes import bp as reporting
from knelpunt.web.reporting.writing.by_link import bp as quarter_comments
from knelpunt.web.search.routes import bp as search
from knelpunt.web.style.routes import bp as style


def blueprints() -> list[Blueprint]:
    """Every part of the site, in the order in which addresses are matched."""
    return [
        public,
        guides,
        guide_desk,
        health,
        auth,
        admin,
        archive,
        laws,
        bottlenecks,
        reporting,
        commitments,
        quarter_files,
        desk,
        intake,
        cases,
        consultations,
        quarter_comments,
        referrals,
        search,
        style,
    ]
