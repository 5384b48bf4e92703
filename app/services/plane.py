"""The map of a study's quotes: what the newest run measured of each, laid out by theme."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.render import Audience
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.standing import load_standing
from app.services.store import Store
from app.stages.plane import Plane, chosen, lay_out

MOST = 2000
"""Quotes that are drawn; of more, a sample."""


@dataclass(frozen=True, slots=True)
class PlaneSeen:
    """A plane, the quotes on it by id with the outermost theme of each that has one, labels by theme, and how many quotes there are."""

    plane: Plane
    quotes: Mapping[str, ShownQuote]
    themes: Mapping[str, str]
    labels: Mapping[str, str]
    total: int


class Planes:
    """Drawing a study's quotes; `vectors` names the embedder that measured them."""

    def __init__(self, store: Store, privacy: Privacy, vectors: str) -> None:
        self._store = store
        self._privacy = privacy
        self._vectors = vectors

    def of_study(self, study_id: str, *, most: int = MOST) -> PlaneSeen:
        """The plane of at most so many quotes; empty before the first run."""
        with self._store.read() as repo:
            s = load_standing(repo, study_id)
            drawn = chosen(list(s.said_by), most) if s.run else ()
            stored = repo.transcripts.quotes_by_id(drawn)
            cached = repo.cache.vectors([q.quote.sha256 for q in stored.values()], self._vectors)
            vectors = {q: cached[stored[q].quote.sha256].vectors[0] for q in stored if stored[q].quote.sha256 in cached}
            show = Presenter(repo, study_id, s.run, self._privacy, Audience.OWNER)
            quotes = show.show_stored([stored[q] for q in vectors])
        themes = {q: s.book.root(s.placements[q].theme_id) for q in vectors if q in s.placements}
        labels = {t: s.label(t) for t in set(themes.values())}
        return PlaneSeen(lay_out(vectors, themes, labels), quotes, themes, labels, len(s.said_by))
