"""Prove that nothing drifted: recompute every hash, cut every span again."""

from dataclasses import dataclass

from app.db.repositories import Repositories
from app.domain.identity import sha256
from app.domain.quote import quote_id
from app.domain.study import Transcript
from app.services.store import Store


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was checked, and what is damaged, a line each."""

    transcripts: int
    quotes: int
    evidence: int
    damage: tuple[str, ...]


def verify(store: Store) -> Verification:
    """Check the originals, the canonical texts, every quote's span and hash, and that every citation resolves."""
    transcripts = quotes = evidence = 0
    damage: list[str] = []
    with store.read() as repo:
        for study in repo.studies.all():
            ids: set[str] = set()
            for transcript in repo.transcripts.of_study(study.id):
                transcripts += 1
                found, bad = _check_transcript(repo, transcript)
                ids |= found
                quotes += len(found)
                damage += [f"{study.name} / {transcript.file_name}: {line}" for line in bad]
            for view in repo.maps.of_study(study.id):
                for version_id, number, *_ in repo.maps.versions(view.id):
                    cited, bad = _check_version(repo, version_id, ids)
                    evidence += cited
                    damage += [f"{study.name} / map “{view.name}” version {number}: {line}" for line in bad]
    return Verification(transcripts, quotes, evidence, tuple(damage))


def _check_transcript(repo: Repositories, transcript: Transcript) -> tuple[set[str], list[str]]:
    damage = []
    canonical = repo.transcripts.canonical(transcript.id)
    if sha256(repo.transcripts.original(transcript.id)) != transcript.original_sha256:
        damage.append("the original bytes do not match their SHA-256")
    if sha256(canonical.text) != transcript.text_sha256:
        damage.append("the canonical text does not match its SHA-256")
    ids: set[str] = set()
    turns = {turn.index: turn for turn in canonical.turns}
    for stored in repo.transcripts.quotes([transcript.id]):
        quote = stored.quote
        ids.add(quote.id)
        where = f"quote {quote.id} at {quote.start}–{quote.end}"
        turn = turns.get(quote.turn)
        if not 0 <= quote.start < quote.end <= len(canonical.text):
            damage.append(f"{where}: the span lies outside the text")
        elif quote.id != quote_id(transcript.id, quote.start, quote.end):
            damage.append(f"{where}: the span was moved (it is not the one the id was made from)")
        elif turn is None or not turn.start <= quote.start < quote.end <= turn.end or turn.speaker != quote.speaker:
            damage.append(f"{where}: the span lies outside its speaker's turn")
        elif sha256(quote.span.cut(canonical.text)) != quote.sha256:
            damage.append(f"{where}: the words do not match their SHA-256")
    return ids, damage


def _check_version(repo: Repositories, version_id: str, quote_ids: set[str]) -> tuple[int, list[str]]:
    document = repo.maps.version(version_id, full=True).document
    cited = 0
    damage = []
    for stage in document["stages"]:
        for lane, statements in {**stage["lanes"], "steps": stage.get("steps", ())}.items():
            for statement in statements:
                evidence = statement.get("evidence", [])
                cited += len(evidence)
                if lane != "business_actions" and not any(e["relation"] == "supports" for e in evidence):
                    damage.append(f"statement {statement['id']} has no evidence")
                damage += [
                    f"statement {statement['id']} cites quote {e['quote_id']}, which is gone"
                    for e in evidence
                    if e["quote_id"] not in quote_ids
                ]
        for e in (stage["emotion"] or {}).get("evidence", []):
            cited += 1
            if e["quote_id"] not in quote_ids:
                damage.append(f"the curve at “{stage['title']}” cites quote {e['quote_id']}, which is gone")
    if (c := document["coverage"])["used"] + c["unplaced"] + c["gap"] + c["skipped"] != c["sentences"]:
        damage.append("the coverage does not add up")
    return cited, damage
