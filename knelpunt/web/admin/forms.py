"""Forms for accounts, organisations and decisions: each a fixed list of fields, so that any other changes nothing."""

from wtforms import BooleanField, EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS, NAME_MAX_CHARACTERS
from knelpunt.domain.laws.edits import REASON_MAX_CHARACTERS
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.services.accounts.organisations import ABBREVIATION_MAX_CHARACTERS, ADDED_BY_HAND
from knelpunt.services.accounts.organisations import NAME_MAX_CHARACTERS as TITLE_MAX
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, EnumField, EnumRadioField, IdField, VersionedForm

COLLEAGUE_ROLES = tuple(role for role in Role if role in ORGANISATION_ROLES)


class InviteColleagueForm(BaseForm):
    """By the administrator of an organisation: it is always the own one."""

    email = EmailField(
        "E-mailadres",
        validators=[InputRequired("Vul het e-mailadres van uw collega in."), Length(max=EMAIL_MAX_CHARACTERS)],
    )
    name = StringField("Naam", validators=[InputRequired("Vul een naam in."), Length(max=NAME_MAX_CHARACTERS)])
    role = EnumRadioField("Rol", kind=Role, members=COLLEAGUE_ROLES, validators=[Chosen("Kies een rol.")])


class InviteForm(BaseForm):
    """By an administrator of the site: any organisation, and a role that fits it."""

    email = EmailField(
        "E-mailadres", validators=[InputRequired("Vul een e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)]
    )
    name = StringField("Naam", validators=[InputRequired("Vul een naam in."), Length(max=NAME_MAX_CHARACTERS)])
    organisation_id = IdField("Organisatie", validators=[Chosen("Kies een organisatie.")])
    role = EnumField(
        "Rol",
        kind=Role,
        validators=[Chosen("Kies een rol.")],
        description="De eerste drie rollen zijn voor wie meldt. De andere zijn voor een ministerie.",
    )


class RoleForm(VersionedForm):
    role = EnumRadioField("Rol", kind=Role, validators=[Chosen("Kies een rol.")])


class HandOnRoleForm(RoleForm):
    """Another role for somebody who handles open cases."""

    handler_id = IdField(
        "Aan wie gaan de open zaken?",
        description="Alleen nodig als uw collega in de nieuwe rol geen zaken behandelt.",
    )


class HandOnForm(VersionedForm):
    """Closing the account of somebody who handles open cases."""

    handler_id = IdField("Aan wie gaan de open zaken?", [Chosen("Kies aan wie de open zaken gaan.")])


class OrganisationForm(BaseForm):
    kind = EnumRadioField("Soort", kind=OrganisationKind, members=ADDED_BY_HAND, validators=[Chosen("Kies een soort.")])
    name = StringField("Naam", validators=[InputRequired("Vul de naam in."), Length(max=TITLE_MAX)])
    abbreviation = StringField("Afkorting", validators=[Length(max=ABBREVIATION_MAX_CHARACTERS)])


class ContactForm(VersionedForm):
    """Somebody at a ministry, or its box."""

    name = StringField("Naam", validators=[InputRequired("Vul een naam in."), Length(max=NAME_MAX_CHARACTERS)])
    email = EmailField(
        "E-mailadres", validators=[InputRequired("Vul een e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)]
    )
    is_fallback = BooleanField(
        "Dit is de postbus van het ministerie",
        description="Daarheen gaat elke twee weken een lijst van wat wacht. Een per ministerie.",
    )


class NewContactForm(BaseForm):
    ministry_id = IdField("Ministerie", validators=[Chosen("Kies een ministerie.")])
    name = StringField("Naam", validators=[InputRequired("Vul een naam in."), Length(max=NAME_MAX_CHARACTERS)])
    email = EmailField(
        "E-mailadres", validators=[InputRequired("Vul een e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)]
    )
    is_fallback = BooleanField(
        "Dit is de postbus van het ministerie",
        description="Daarheen gaat elke twee weken een lijst van wat wacht. Een per ministerie.",
    )


class ReviewForm(BaseForm):
    """What happens to a proposal; the note is needed to send it back."""

    note = TextAreaField(
        "Wat moet anders?",
        [Length(max=REASON_MAX_CHARACTERS)],
        description="Nodig als u het voorstel teruggeeft. De voorsteller en wie later meeleest, zien dit.",
        render_kw={"rows": 3},
    )
