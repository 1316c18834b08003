"""``/beheer/brieven``: an administrator writes a version, a reviewer looks at it on a real case and agrees."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.languages import DUTCH, OTHERS, Language, language_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.letter_templates import LETTER_FORMS, SHIPPED
from knelpunt.domain.vocabulary import Theme
from knelpunt.extensions import db
from knelpunt.queries.core import cases
from knelpunt.queries.post import templates as queries
from knelpunt.queries.post.templates import VersionRow
from knelpunt.services.mail import templates
from knelpunt.services.mail.preview import example, on_case
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.letters.forms import OUTCOMES, Answer, DecisionForm, VersionForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.compared_lines import compared
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

LANGUAGES = (DUTCH, *OTHERS)
LANGUAGE_WORDS = {"nl": "Nederlands", "en": "Engels"}
"""Languages by their Dutch name."""


@bp.route("/beheer/brieven")
@requires(Permission.EDIT_LETTERS, Permission.REVIEW_CASE)
def letters_list() -> ResponseReturnValue:
    """Every letter of which the fixed text may change, with the version in use."""
    versions = queries.versions(db.session)
    rows = []
    for kind in LETTER_FORMS:
        mine = [each for each in versions if each.mail_kind is kind]
        dutch = [each for each in mine if each.language == DUTCH.code]
        newest_first = reversed([each for each in dutch if each.is_agreed and for_whom(each)])
        special = {(each.theme, each.outcome): each for each in newest_first}.values()
        waiting = next((each for each in mine if each.is_waiting), None)
        rows.append(
            (
                kind,
                _general(mine, DUTCH),
                sum(not each.is_end for each in special),
                [_general(mine, each) for each in OTHERS],
                waiting,
            )
        )
    return render_template("admin/letters.html", rows=rows, others=[LANGUAGE_WORDS[each.code] for each in OTHERS])


@bp.route("/beheer/brieven/<string:letter_kind>")
@requires(Permission.EDIT_LETTERS, Permission.REVIEW_CASE)
def letter_versions(letter_kind: str) -> ResponseReturnValue:
    """The versions of one letter, two of them compared, and what may be filled in where."""
    kind = _kind(letter_kind)
    versions = queries.versions(db.session, kind)
    old = _chosen(versions, request.args.get("van", ""))
    new = _chosen(versions, request.args.get("naar", ""))
    is_compared = "van" in request.args or "naar" in request.args
    language = new.language if new is not None else old.language if old is not None else DUTCH.code
    return render_template(
        "admin/letter_versions.html",
        kind=kind,
        letter=LETTER_FORMS[kind],
        versions=versions,
        for_whom=for_whom,
        old=old,
        new=new,
        lines=list(compared(_text(kind, old, language), _text(kind, new, language))) if is_compared else None,
        languages=[(each.code, LANGUAGE_WORDS[each.code]) for each in LANGUAGES],
        language_words=LANGUAGE_WORDS,
        behind=[
            LANGUAGE_WORDS[each.code]
            for each in OTHERS
            if _general(versions, DUTCH) != SHIPPED and _general(versions, each) == SHIPPED
        ],
        may_write=current_actor().can(Permission.EDIT_LETTERS),
    )


@bp.route("/beheer/brieven/<string:letter_kind>/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_LETTERS)
@commits
def letter_write(letter_kind: str) -> ResponseReturnValue:
    """Write the next version in the language of the address, beginning with the one that is there."""
    kind, form = _kind(letter_kind), VersionForm()
    language = language_of(request.args.get("taal"))
    form.offer(kind)
    if form.validate_on_submit():
        with errors_on(form):
            outcome = form.outcome.data if "outcome" in form else ""
            version = templates.write(
                current_context(),
                kind,
                form.theme.data or "",
                outcome or "",
                plain="" if form.stops.data else form.plain.data or "",
                legal=form.legal.data or "",
                language=language,
                newest_id=form.version.data,
            )
            flash("De versie is bewaard. Een toetser bekijkt haar voordat zij wordt gebruikt.")
            return redirect(url_for("admin.letter_version", letter_version_id=version.id), 303)
    mine = [each for each in queries.versions(db.session, kind) if each.language == language.code]
    if form.conflict or not form.is_submitted():
        form.version.data = max((each.id for each in mine), default=0)
    if not form.is_submitted():
        begin = _chosen(mine, request.args.get("van", "")) or next((each for each in mine if _is_general(each)), None)
        begin = None if begin is not None and begin.is_end else begin
        form.plain.data = begin.plain if begin is not None else LETTER_FORMS[kind].shipped[language.code]
        form.legal.data = begin.legal if begin is not None else ""
    return render_template(
        "admin/letter_write.html",
        kind=kind,
        form=form,
        places=LETTER_FORMS[kind].places,
        language=LANGUAGE_WORDS[language.code],
        newest=next((each for each in mine if each.id == form.version.data), None) if form.conflict else None,
        is_dutch=language is DUTCH,
        others=[LANGUAGE_WORDS[each.code] for each in OTHERS],
    ), form_status(form)


@bp.route("/beheer/brieven/versies/<id:letter_version_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_LETTERS, Permission.REVIEW_CASE)
@commits
def letter_version(letter_version_id: int) -> ResponseReturnValue:
    """One version: what changed, how the letter reads, and the decision of a second person."""
    version = queries.one(db.session, letter_version_id)
    if version is None:
        abort(404)
    context, form = current_context(), DecisionForm()
    if form.validate_on_submit():
        with errors_on(form):
            if form.answer.data == Answer.AGREE:
                templates.agree(context, version.id)
                flash("De versie is vastgesteld. Nieuwe brieven gaan met deze tekst uit.")
            else:
                templates.give_back(context, version.id, form.remark.data or "")
                flash("De versie is teruggegeven en wordt niet gebruikt.")
            return redirect(url_for("admin.letter_versions", letter_kind=version.kind), 303)
    before = queries.before(db.session, version)
    reference, problem = request.args.get("zaak", "").strip().upper(), ""
    # Of a version that ends a text, the letter reads as the one that is used then.
    used = version if not version.is_end else version.with_words(*templates.without(context, version))
    preview = example(context, used)
    if reference and current_actor().can(Permission.READ_CASES):
        try:
            preview = on_case(context, cases.get_by_reference(db.session, reference), used)
        except NotFound:
            problem = "Er is geen zaak met dit nummer."
    return render_template(
        "admin/letter_version.html",
        version=version,
        form=form,
        whom=for_whom(version),
        language=LANGUAGE_WORDS[version.language],
        lines=list(
            compared(
                _text(version.mail_kind, before, version.language), _text(version.mail_kind, used, version.language)
            )
        ),
        preview=preview,
        reference=reference,
        problem=problem,
        may_read_cases=current_actor().can(Permission.READ_CASES),
        may_decide=version.is_waiting
        and current_actor().can(Permission.REVIEW_CASE)
        and version.written_by_id != current_actor().account_id,
    ), form_status(form)


def for_whom(version: VersionRow) -> str:
    """For which cases a version is, in words; empty for all."""
    parts = []
    if version.theme:
        parts.append(label(Theme(version.theme)))
    if version.outcome:
        parts.append(label(OUTCOMES[version.mail_kind](version.outcome)))
    return ", ".join(parts)


def _kind(name: str) -> MailKind:
    found = next((kind for kind in LETTER_FORMS if kind.value == name), None)
    if found is None:
        abort(404)
    return found


def _chosen(versions: list[VersionRow], asked: str) -> VersionRow | None:
    """The version with this id; None is the one that ships."""
    wanted = number_in(asked)
    return next((each for each in versions if each.id == wanted), None)


def _is_general(version: VersionRow) -> bool:
    return version.is_agreed and not version.theme and not version.outcome


def _general(versions: list[VersionRow], language: Language) -> int:
    """The number of the version for all cases that is in use in a language."""
    last = next((each for each in versions if each.language == language.code and _is_general(each)), None)
    return SHIPPED if last is None or last.is_end else last.number


def _text(kind: MailKind, version: VersionRow | None, language: str) -> str:
    if version is None:
        return LETTER_FORMS[kind].shipped[language]
    return f"{version.plain}\n\n{version.legal}".strip()
