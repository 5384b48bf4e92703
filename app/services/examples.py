"""What a run may learn from: the quotes of its study that people decided about before it began."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Role
from app.domain.review import Decision
from app.domain.runs import Run
from app.domain.tags import Tags
from app.ports import Embedder, Encoding, Example
from app.services.material import QUOTE, Judged, Material, judge, valid_stages
from app.services.privacy import Hidden
from app.stages.tag import question_spans

MOST = 400
"""Examples that a window carries at most, the newest."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Examples, newest first, with a row of `encoding` each; None where there are none."""

    examples: tuple[Example, ...] = ()
    encoding: Encoding | None = None

    def without(self, quote_ids: Collection[str]) -> "Learned":
        """The same without these quotes: a window is not taught its own answers."""
        kept = [i for i, example in enumerate(self.examples) if example.quote_id not in quote_ids]
        if self.encoding is None or len(kept) == len(self.examples):
            return self
        if not kept:
            return Learned()
        return Learned(tuple(self.examples[i] for i in kept), Encoding(self.encoding.vectors[kept], self.encoding.hidden[kept]))


class Lessons:
    """Gathers the examples of a run; they are those of the moment it was made, so that the order of its windows changes nothing."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._last: tuple[tuple[object, ...], Learned] | None = None

    def of(self, repo: Repositories, run: Run, material: Material, hidden: Hidden, quote_ids: Collection[str]) -> Learned:
        """What people decided about quotes other than these, worded as `hidden` lets the tagger read it.

        The last answer is kept, since every window of a run asks; it goes when the run, the transcripts, the stages or what is hidden
        have changed.
        """
        key = (run.id, frozenset(material.transcripts), material.stage_ids, hidden.mark)
        last = self._last
        if last is None or last[0] != key:
            last = (key, self._gather(repo, run, material, hidden))
            self._last = last
        return last[1].without(quote_ids)

    def _gather(self, repo: Repositories, run: Run, material: Material, hidden: Hidden) -> Learned:
        judged, moments = _decided_by(repo, run, material)
        stored = {
            q: found
            for q, found in repo.transcripts.quotes_by_id(list(judged)).items()
            if found.quote.transcript_id in material.transcripts and run.inputs.roles.get(found.speaker_id) == Role.PARTICIPANT
        }
        vectors = repo.cache.vectors([found.quote.sha256 for found in stored.values()], self._embedder.name)
        known = [q for q, found in stored.items() if found.quote.sha256 in vectors]
        newest = sorted(known, key=lambda q: (-moments[q].timestamp(), q))[:MOST]
        if not newest:
            return Learned()
        told = _worded(repo, material, hidden, [stored[q] for q in newest])
        rows = [vectors[stored[q].quote.sha256] for q in newest]
        encoding = Encoding(np.concatenate([r.vectors for r in rows]), np.concatenate([r.hidden for r in rows]))
        return Learned(
            tuple(
                Example(q, *told[q], _readable(tags, hidden), _proposed(judged[q], hidden), stored[q].quote.transcript_id)
                for q in newest
                if (tags := judged[q].tags)
            ),
            encoding,
        )


def _decided_by(repo: Repositories, run: Run, material: Material) -> tuple[dict[str, Judged], dict[str, datetime]]:
    """Quotes that had tags by people when the run was made, folded over what was proposed when they looked; and when they did."""
    given = repo.reviews.decisions(run.study_id, QUOTE, standing=False)
    standing = {q: stood for q, decisions in given.items() if (stood := _standing_at(decisions, run.created_at))}
    moments = {q: max(d.at for d in decisions) for q, decisions in standing.items()}
    proposed = repo.reviews.proposed_until(run.study_id, QUOTE, moments)
    valid = valid_stages(material.stages)
    judged = {q: judge(proposed.get(q), decisions, valid) for q, decisions in standing.items()}
    return {q: j for q, j in judged.items() if j.tags is not None and j.decided}, moments


def _standing_at(decisions: Sequence[Decision], moment: datetime) -> list[Decision]:
    """Those that stood at a moment, whatever became of them later."""
    return [replace(d, undone_at=None) for d in decisions if d.at <= moment and (d.undone_at is None or d.undone_at > moment)]


def _worded(repo: Repositories, material: Material, hidden: Hidden, stored: Sequence[StoredQuote]) -> Mapping[str, tuple[str, str | None]]:
    """Text and question of each quote as the tagger may read them."""
    told: dict[str, tuple[str, str | None]] = {}
    for transcript_id in dict.fromkeys(q.quote.transcript_id for q in stored):
        of_it = [q.quote for q in stored if q.quote.transcript_id == transcript_id]
        canonical = repo.transcripts.canonical(transcript_id)
        asked = question_spans(of_it, canonical.turns, material.interviewers(transcript_id))
        view = hidden.view(transcript_id, canonical.text)
        told |= {q.id: (view.cut(q.span), view.cut(asked[q.id]) if q.id in asked else None) for q in of_it}
    return told


def _proposed(judged: Judged, hidden: Hidden) -> Tags | None:
    return _readable(judged.proposed, hidden) if judged.proposed else None


def _readable(tags: Tags, hidden: Hidden) -> Tags:
    """Tags whose words, which a person may have written, tell nothing that is hidden."""
    return replace(tags, touchpoint=hidden.free(tags.touchpoint or "") or None, gist=hidden.free(tags.gist or "") or None)
