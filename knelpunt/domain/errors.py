"""What can go wrong by the rules of the field. Each error has a status and a Dutch sentence that may be shown."""

from collections.abc import Iterable
from datetime import timedelta

from knelpunt.domain.texts import Text


class DomainError(Exception):
    """A rule was not met. ``field`` names the form field it belongs to, when there is one."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Refusals(DomainError):
    """Several things were refused at once, each for a reason of its own. ``messages`` are Dutch sentences."""

    def __init__(self, messages: Iterable[str], *, field: str) -> None:
        self.messages = tuple(dict.fromkeys(messages))
        super().__init__(" ".join(self.messages), field=field)


class TransitionNotAllowed(DomainError):
    """The step does not fit the state, or something it requires is missing."""


class PermissionDenied(DomainError):
    """This actor may not do this, though it may know that the thing exists."""

    status = 403


class NotFound(DomainError):
    """It does not exist, or this actor may not know that it does."""

    status = 404

    def __init__(self, message: str = Text("Deze pagina bestaat niet.")) -> None:
        super().__init__(message)


class NotMade(DomainError):
    """It should be there, but could not be made; staff knows why."""

    status = 503


class VersionConflict(DomainError):
    """Somebody else changed the row since this actor read it."""

    status = 409


class TooManyAttempts(DomainError):
    """Done too often. ``retry_after``: how long it takes until it may be done again."""

    status = 429

    def __init__(
        self, message: str, *, field: str | None = None, retry_after: timedelta = timedelta(minutes=15)
    ) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after


class StorageAway(DomainError):
    """What files lie on does not answer."""

    status = 503


class StorageFull(DomainError):
    """There is no room to keep a file; what was typed beside it is kept."""

    status = 507


class NotValidOnDate(DomainError):
    """A provision or law did not hold on the date of the case. ``alternatives`` are the rows of what did hold then."""

    def __init__(self, message: str, *, field: str | None = None, alternatives: tuple[object, ...] = ()) -> None:
        super().__init__(message, field=field)
        self.alternatives = alternatives
