"""What public pages say of themselves to search engines and programs, in the words of schema.org (JSON-LD)."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from knelpunt.domain.languages import DUTCH, OTHERS
from knelpunt.queries.guides.published import GuidePage
from knelpunt.queries.public.published import PublicCase
from knelpunt.web.shared.labels.labels import label, topic
from knelpunt.web.shared.open_data.json_files import CC0
from knelpunt.web.shared.open_data.legislation import CONTEXT as LEGISLATION
from knelpunt.web.shared.pages.languages import canonical_address
from knelpunt.web.shared.requests.request_language import current_language
from knelpunt.web.shared.texts import _

CONTEXT = ["https://schema.org", {name: value for name, value in LEGISLATION.items() if name.startswith("eli")}]
PAGE = "#pagina"
"""Sets a page apart from what it is about, whose address is often that of the page."""
Linked = dict[str, Any]


def base_url() -> str:
    """The address of this site."""
    found: str = current_app.config["LINKS"].base_url
    return found


def whole(path: str) -> str:
    """The whole address of a path of this site; one that is whole stays as it is."""
    return base_url() + path if path.startswith("/") else path


def _plain(words: str) -> str:
    """Words of a template without the markup of ours that may stand round them."""
    return words.striptags() if isinstance(words, Markup) else str(words)


def page_data(address: str, title: str, description: str, about: Iterable[Linked] = ()) -> Linked:
    """One graph for a page: the page itself, its main subject first, and what else it is about."""
    subjects = list(about)
    has_answer = bool(subjects) and "acceptedAnswer" in subjects[0]
    page: Linked = {
        "@type": "QAPage" if has_answer else "WebPage",
        "@id": f"{address}{PAGE}",
        "url": address,
        "name": _plain(title),
        "description": _plain(description),
        "inLanguage": current_language().code,
        "publisher": publisher(base_url()),
    }
    if subjects:
        page["mainEntity"] = {"@id": subjects[0]["@id"]}
    return {"@context": CONTEXT if subjects else CONTEXT[0], "@graph": [page, *subjects]}


def trail_data(trail: Sequence[tuple[str, str]], here: str) -> Linked | None:
    """The way back up to a public page as a list of crumbs; None for other pages."""
    address = canonical_address()
    if address is None:
        return None
    crumbs = [*((words, whole(href)) for words, href in trail), (here, address)]
    return {
        "@context": CONTEXT[0],
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": _plain(words), "item": href}
            for number, (words, href) in enumerate(crumbs, start=1)
        ],
    }


def publisher(base: str) -> Linked:
    """Who speaks on these pages."""
    return {"@type": "GovernmentOrganization", "@id": f"{base}/#loket", "name": "Loket Knelpunt", "url": f"{base}/"}


def service(base: str) -> Linked:
    """The loket as a service of government."""
    return {
        "@type": "GovernmentService",
        "@id": f"{base}/#dienst",
        "name": _("Loket voor regels die knellen"),
        "description": _("Vertel ons over een regel die een plan voor uw buurt tegenhoudt. U krijgt altijd antwoord."),
        "provider": publisher(base),
        "areaServed": {"@type": "Country", "name": "Nederland", "identifier": "NL"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": f"{base}/melden",
            "availableLanguage": [language.code for language in (DUTCH, *OTHERS)],
        },
    }


def data_set(address: str, name: str, text: str, files: Iterable[tuple[str, str]], base: str, **more: object) -> Linked:
    """Open data, with the address and media type of each form in which it can be had."""
    return {
        "@type": "Dataset",
        "@id": address,
        "name": name,
        "description": text,
        "license": CC0,
        "isAccessibleForFree": True,
        "creator": publisher(base),
        "distribution": [
            {"@type": "DataDownload", "contentUrl": file, "encodingFormat": media_type} for file, media_type in files
        ],
        **more,
    }


def question_of_guide(guide: GuidePage, base: str) -> Linked:
    """A ruimtewijzer as a question with its answer, based on the legislation that it names."""
    return _without_nothing(
        {
            "@type": "Question",
            "@id": f"{base}/ruimtewijzers/{guide.slug}",
            "name": guide.question,
            "inLanguage": "nl",
            "answerCount": 1,
            "acceptedAnswer": {
                "@type": "Answer",
                "text": guide.short_answer,
                "url": f"{base}/ruimtewijzers/{guide.slug}",
                "author": publisher(base),
            },
            "about": str(label(guide.theme)),
            "datePublished": guide.published_on.isoformat() if guide.published_on else None,
            "creativeWorkStatus": guide.status.value,
            "isBasedOn": [*rules_of_guide(guide, base), *sources_of_guide(guide)],
            "license": CC0,
        }
    )


def rules_of_guide(guide: GuidePage, base: str) -> list[str]:
    """The addresses of the rules, each seen from the day for which the text names it."""
    found = [_rule(base, rule, rule["on_date"]) for rule in guide.rules if rule.get("law")]
    return list(dict.fromkeys(found))


def sources_of_guide(guide: GuidePage) -> list[str]:
    """The addresses of what was read."""
    return [source["url"] for source in guide.sources if source.get("url")]


def question_of_case(case: PublicCase, base: str) -> Linked:
    """A published case as a question, with the answer of the desk. Of history no day is told, as on its page."""
    address = f"{base}/knelpunten/{case.reference}"
    rules = [] if case.source_url else [_rule(base, rule, case.law_date) for rule in case.provisions if rule.get("law")]
    found: Linked = {
        "@type": "Question",
        "@id": f"{address}#vraag",
        "name": case.title,
        "text": case.question,
        "inLanguage": "nl",
        "answerCount": 1,
        "about": str(topic(case.theme)),
        "identifier": case.reference,
        "datePublished": None if case.source_url else case.published_on.isoformat(),
        "dateModified": case.corrected_on.isoformat() if case.corrected_on else None,
        "acceptedAnswer": {"@type": "Answer", "text": case.answer, "url": address, "author": publisher(base)},
        "isBasedOn": [case.source_url] if case.source_url else list(dict.fromkeys(rules)),
    }
    return _without_nothing(found)


def _rule(base: str, rule: Linked, on: object) -> str:
    provision = f"/{rule['provision']}" if rule.get("provision") else ""
    return f"{base}/wetten/{rule['law']}{provision}?op={on}"


def _without_nothing(values: Linked) -> Linked:
    return {name: value for name, value in values.items() if value not in (None, [], "")}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(page_data=page_data, trail_data=trail_data, whole=whole)
