"""Who may come in: one-time links, sessions, bearer keys; nothing here knows of requests, nothing needs a database."""

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.errors import NotSignedIn, TooManyAttempts, UsageError
from app.services.store import DEFAULT_WORKSPACE
from app.settings import Settings

SESSION_AGE_S = 30 * 24 * 3600
LINKS_KEPT = 8
"""Links that are out at the same time; an older one stops working."""
WRONG_KEYS = 10
WINDOW_S = 60.0
ADDRESSES_REMEMBERED = 1000
OWNER_SCOPES = frozenset({"read", "write", "admin"})
SECRET_FILE = "secret"  # noqa: S105  # a file's name
TOKEN_FILE = "api-token"  # noqa: S105  # same


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf a request acts, in which workspace, and what it may do there."""

    workspace: str
    person: str
    scopes: frozenset[str]


OWNER = Actor(DEFAULT_WORKSPACE, "owner", OWNER_SCOPES)


class SignIn:
    """Lets people and scripts in.

    Without an access key only this machine can connect: people use the one-time link that `issue` makes, scripts the token that is
    kept in the data folder. With an access key both use that key. `on_used` is called after a link let somebody in.
    """

    def __init__(
        self, settings: Settings, *, on_used: Callable[[], None] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        configured = settings.access_key.get_secret_value() if settings.access_key else None
        if configured is None and not settings.loopback:
            raise UsageError(
                f"THROUGHLINE_HOST={settings.host} can be reached by others: set THROUGHLINE_ACCESS_KEY (16 characters or more) as well"
            )
        secret = _kept(settings.data_dir / SECRET_FILE)
        self.keyed = configured is not None
        self.on_used = on_used
        self._key = configured or _kept(settings.data_dir / TOKEN_FILE)
        # with another access key, sessions that the old one opened end
        self._sessions = URLSafeTimedSerializer(secret, salt=hashlib.sha256(self._key.encode()).hexdigest())
        self.cookie = f"throughline-{hashlib.sha256(secret.encode()).hexdigest()[:6]}"
        """Name of the session's cookie; servers on other ports of this machine have their own."""
        self._links: deque[str] = deque(maxlen=LINKS_KEPT)
        self._lock = threading.Lock()
        self._brake = _Brake(clock)

    def issue(self) -> str:
        """A token that signs in once: `/sign-in?token=…`."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._links.append(token)
        return token

    def consume(self, token: str) -> str:
        """Trade a link's token for a session; raises `NotSignedIn` when it was used before or never issued."""
        with self._lock:
            known = next((link for link in self._links if _same(link, token)), None)
            if known is not None:
                self._links.remove(known)
        if known is None:
            raise NotSignedIn("This link was used already, or the server was started again since; open the newest link it printed.")
        if self.on_used:
            self.on_used()
        return self._session()

    def trade(self, key: str, address: str) -> str:
        """Trade the access key for a session; raises `NotSignedIn` for a wrong one, `TooManyAttempts` after several."""
        self._check(key, address, "That key is not the one this server knows.")
        return self._session()

    def by_bearer(self, key: str, address: str) -> Actor:
        """Who sent this bearer key; raises `NotSignedIn` or `TooManyAttempts`."""
        self._check(key, address, f"This bearer key is not the one this server knows. {self._way_in}")
        return OWNER

    def by_session(self, session: str) -> Actor | None:
        """Who a session's cookie stands for; None when it is too old or not ours."""
        try:
            told = self._sessions.loads(session, max_age=SESSION_AGE_S)
        except BadSignature:
            return None
        return OWNER if told == OWNER.person else None

    def refusal(self) -> NotSignedIn:
        """What to tell somebody who is not signed in."""
        return NotSignedIn(f"Sign in first. {self._way_in}")

    @property
    def _way_in(self) -> str:
        if self.keyed:
            return "Send THROUGHLINE_ACCESS_KEY as “Authorization: Bearer …”, or enter it at /sign-in."
        return (
            "Open the link that `throughline serve` printed; a script sends the token in the file "
            f"“{TOKEN_FILE}” of the data folder as “Authorization: Bearer …”."
        )

    def _check(self, key: str, address: str, message: str) -> None:
        self._brake.check(address)
        if not _same(key, self._key):
            self._brake.count(address)
            raise NotSignedIn(message)

    def _session(self) -> str:
        return str(self._sessions.dumps(OWNER.person))


class _Brake:
    """Slows down whoever tries keys: after some wrong ones from an address, none of its keys is looked at for a while."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: str) -> None:
        with self._lock:
            times = self._wrong.get(address)
            if times and len(times) == WRONG_KEYS and self._clock() - times[0] < WINDOW_S:
                raise TooManyAttempts

    def count(self, address: str) -> None:
        with self._lock:
            self._wrong.setdefault(address, deque(maxlen=WRONG_KEYS)).append(self._clock())
            self._wrong.move_to_end(address)
            if len(self._wrong) > ADDRESSES_REMEMBERED:
                self._wrong.popitem(last=False)


def _same(a: str, b: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(a.encode("utf-8", "surrogatepass"), b.encode("utf-8", "surrogatepass"))


def _kept(file: Path) -> str:
    """The secret in this file, made at first use; nobody else on this machine can read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = file.read_text(encoding="ascii").strip()
        if not secret:
            raise UsageError(f"{file} is empty; delete it, a new one is made") from None
        return secret
    secret = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secret + "\n")
    return secret
