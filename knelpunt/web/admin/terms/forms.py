"""The form of a proposal for another term."""

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.calendar.clocks import Unit
from knelpunt.domain.calendar.term_changes import REASON_MAX_CHARACTERS
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, DayField, EnumField


class TermForm(BaseForm):
    """``base`` is the fingerprint of the terms that the form was shown with."""

    base = HiddenField()
    length = IntegerField(
        "Hoe lang wordt de termijn?",
        [InputRequired("Vul een getal in.")],
        render_kw={"inputmode": "numeric"},
    )
    unit = EnumField("Waarin telt de termijn?", [Chosen("Kies waarin de termijn telt.")], kind=Unit)
    from_day = DayField(
        "Vanaf welke dag geldt dit?",
        [Chosen("Vul een dag in.")],
        description="Voor zaken die vanaf die dag worden ingediend. Vandaag of eerder kan niet.",
    )
    reason = TextAreaField(
        "Waarom wijzigt u dit?",
        [InputRequired("Schrijf op waarom de termijn wijzigt."), Length(max=REASON_MAX_CHARACTERS)],
        description="Dit leest de tweede beheerder, en wie later de geschiedenis bekijkt.",
        render_kw={"rows": 3},
    )


class TermReviewForm(BaseForm):
    """What happens to a proposal; the note is needed to refuse it."""

    note = TextAreaField(
        "Waarom niet?",
        [Length(max=REASON_MAX_CHARACTERS)],
        description="Nodig als u het voorstel afwijst. De voorsteller en wie later meeleest, zien dit.",
        render_kw={"rows": 3},
    )
