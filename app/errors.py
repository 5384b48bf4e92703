"""The error tree: what can go wrong in words a user can act on. A docstring is the default message."""


class ThroughlineError(Exception):
    """Something went wrong."""

    status = 500
    """HTTP status the API answers with."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        super().__init__(self.message)

    @property
    def slug(self) -> str:
        """Name of the problem on the wire: `UnreadableFile` becomes `unreadable-file`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class UsageError(ThroughlineError):
    """The command or the configuration cannot be used as given."""

    status = 400


class NotFound(ThroughlineError):
    """There is nothing at this address, or it belongs to another workspace."""

    status = 404


class Conflict(ThroughlineError):
    """This cannot be done in the present state."""

    status = 409


class Outdated(ThroughlineError):
    """Somebody changed this since you read it; read it again, then decide."""

    status = 412


class InvalidInput(ThroughlineError):
    """The request holds a value that cannot be used."""

    status = 422


class NotSignedIn(ThroughlineError):
    """Sign in first: open the link that `throughline serve` printed, or send the access key as a bearer token."""

    status = 401


class Forbidden(ThroughlineError):
    """This request is not allowed from here."""

    status = 403


class TooManyAttempts(ThroughlineError):
    """Too many wrong keys came from this address; wait a minute, then try again."""

    status = 429


class UnreadableFile(ThroughlineError):
    """This file cannot be read as a transcript."""

    status = 422


class TooLarge(UnreadableFile):
    """This file is larger than the limit."""

    status = 413


class NotSpeech(UnreadableFile):
    """This file holds no speech."""


class EvidenceError(ThroughlineError):
    """A statement without evidence cannot be constructed."""


class ModelError(ThroughlineError):
    """The language model gave no usable answer."""

    status = 502

    def __init__(self, message: str | None = None, spent: object = None) -> None:
        super().__init__(message)
        self.spent = spent
        """`ports.Usage` of the answers that could not be used; None where nothing was answered."""


class ModelUnreachable(ModelError):
    """The language model's endpoint cannot be reached."""


class BudgetSpent(ModelError):
    """The run's token budget is spent; raise it and resume the run."""


class AssetError(ThroughlineError):
    """A model file that ships with Throughline is missing or damaged; run `make install` again."""
