"""A page with one form about one thing: asked for, carried out, or shown again with what is wrong."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from inspect import isabstract
from typing import Any, Generic, TypeVar, cast

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.services.core.context import Context
from knelpunt.web.shared.forms.forms import BaseForm, VersionedForm
from knelpunt.web.shared.requests.access import asks_factor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

FormT = TypeVar("FormT", bound=BaseForm)
SubjectT = TypeVar("SubjectT")
Page = TypeVar("Page", bound="FormPage[Any, Any]")
Value = TypeVar("Value")
_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class FormPage(ABC, Generic[FormT, SubjectT]):
    """What such a page shows and does, declared in a class; ``form_page`` gives it its address.

    The parts of the address (a reference, an id) are attributes of the same name. Where a text depends on what the page
    is about, a subclass makes it a property.
    """

    form_class: type[FormT]
    template: str
    title: str
    button: str
    done: str
    """What was done, as the next page says it."""
    asks_factor = False
    """Whether the page is seen only by who showed the second factor lately."""

    def __init__(self, **address: Any) -> None:
        vars(self).update(address)
        self.form = self.form_class()

    def answer(self) -> ResponseReturnValue:
        """Carry out what was sent and say so; else show the form, after a conflict with how things stand now."""
        form = self.form
        self.offer()
        if form.validate_on_submit():
            with errors_on(form):
                flash(self.act() or self.done)
                return redirect(self.back, 303)
            vars(self).pop("subject", None)  # somebody else may have changed it meanwhile
        if not form.is_submitted():
            self.prefill()
        if isinstance(form, VersionedForm) and (form.conflict or not form.is_submitted()):
            form.version.data = self.version
        return render_template(self.template, **self.shown()), form_status(form)

    @cached_property
    def subject(self) -> SubjectT:
        """What the page is about, as this actor may read it."""
        return self.read()

    @property
    def context(self) -> Context:
        return current_context()

    @property
    @abstractmethod
    def back(self) -> str:
        """Where to go when it is done."""

    @property
    def version(self) -> int:
        """The version that the form shows: that of the subject, unless the page says otherwise."""
        subject: Any = self.subject
        return int(subject.version)

    @property
    def lead(self) -> str | None:
        """What the act does, above the form."""
        return None

    def read(self) -> SubjectT:
        """Read the subject; a page that makes something new is about None. Raises NotFound."""
        return cast(SubjectT, None)

    def offer(self) -> None:
        """Fill the lists to choose from, before what was sent is checked."""

    @abstractmethod
    def act(self) -> str | None:
        """Carry out what a valid form asks, by one service. Return what was done where ``done`` cannot say it."""

    def prefill(self) -> None:
        """Fill in what is known when the form is first shown."""

    def shown(self) -> dict[str, Any]:
        """What the template shows."""
        return {
            "form": self.form,
            "title": self.title,
            "lead": self.lead,
            "button": self.button,
            "back": self.back,
        }


def form_page(blueprint: Blueprint, path: str, *permissions: Permission) -> Callable[[type[Page]], type[Page]]:
    """Put a form page at an address, for roles with one of these permissions. ``TakeIn`` becomes ``take_in``.

    Raises:
        TypeError: the page does not say what it does or where it goes back to.
    """

    def register(page: type[Page]) -> type[Page]:
        if isabstract(page):
            raise TypeError(f"{page.__name__} is not whole: {', '.join(sorted(page.__abstractmethods__))}")

        @requires(*permissions)
        @commits
        def view(**address: Any) -> ResponseReturnValue:
            return page(**address).answer()

        if page.asks_factor:
            asks_factor(view)
        endpoint = _INNER_CAPITAL.sub("_", page.__name__).lower()
        blueprint.add_url_rule(path, endpoint, view, methods=["GET", "POST"])
        return page

    return register


def filled_in(value: Value | None) -> Value:
    """What the form's own checks made sure of: a value that is there."""
    if value is None:
        raise ValueError("a required field of a valid form is empty")
    return value
