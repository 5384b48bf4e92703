"""Which file of an upload, or which transcript of a study, holds the same talk as a file, and what to say of it."""

from dataclasses import dataclass

from app.db.repositories import Repositories
from app.domain.names import is_label
from app.domain.study import Study, Transcript
from app.domain.transcript import CanonicalTranscript, transcript_id
from app.services.intake import Understood, is_same_talk
from app.stages.pairing import Sketch, Telling, advantage, share_of_words, sketch

NEARLY = 0.9
"""From this share of its words on, a file is nearly the same as another: a corrected copy, not another record of the talk."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """That a study or an upload holds a file's talk already: the file of this name, as the same words (`copy`) or another record."""

    file_name: str
    copy: bool
    note: str
    transcript: Transcript | None = None


def within_batch(file: Understood) -> Likeness | None:
    """Which file that came along holds the same talk and is used in its place, and why."""
    better = file.same_as
    if better is None or file.telling is None or better.telling is None:
        return None
    if file.copy:
        return Likeness(better.file_name, True, f"the same words as {better.file_name}, which came with it")
    why = advantage(better.telling, file.telling)
    return Likeness(better.file_name, False, f"the same talk as {better.file_name}, which is used: it {why}")


def find_likeness(repo: Repositories, study: Study, file: Understood) -> Likeness | None:
    """Which transcript of a study holds the same words or the same talk; it stays, since decisions may hang on it."""
    if file.parsed is None:
        return None
    text = file.parsed.canonical
    exact = repo.transcripts.find(transcript_id(study.key, text.text))
    if exact:
        return Likeness(exact.file_name, True, _known_note(exact, repo.transcripts.canonical(exact.id), file), exact)
    for there, found in _sketched(repo, study.id):
        if is_same_talk(file, there.file_name, found, [s.name for s in there.speakers if s.role == "participant"]):
            share = share_of_words(text.text, repo.transcripts.texts([there.id])[there.id])
            return Likeness(there.file_name, False, _paired_note(there, file, share), there)
    return None


def _sketched(repo: Repositories, study_id: str) -> list[tuple[Transcript, Sketch]]:
    """A study's transcripts with their sketches; of those stored before there were any, made now."""
    kept = repo.transcripts.sketches(study_id)
    missing = repo.transcripts.texts([t for t, found in kept.items() if not found])
    return [
        (t, sketch(missing[t.id]) if t.id in missing else Sketch(kept[t.id]["runs"], tuple(kept[t.id]["hashes"])))
        for t in repo.transcripts.of_study(study_id)
    ]


def stored_sketch(found: Sketch) -> dict[str, object]:
    """A sketch as it is kept."""
    return {"runs": found.runs, "hashes": list(found.hashes)}


def _known_note(there: Transcript, stored: CanonicalTranscript, file: Understood) -> str:
    names = [s.name for s in there.speakers]
    mine = [s.name for s in file.speakers]
    told = f"the same words are in this study{'' if there.file_name == file.file_name else f' as {there.file_name}'} already"
    if names == mine or file.parsed is None or stored.turns == file.parsed.canonical.turns:
        return told
    changed = ", ".join(f"“{old}” there is “{new}” here" for old, new in zip(names, mine, strict=False) if old != new)
    differs = f": {changed}" if changed and len(names) == len(mine) else ""
    return f"{told}, but the speakers' names differ{differs}. The names in the study stay; rename people under Participants"


def _paired_note(there: Transcript, file: Understood, share: float) -> str:
    nearly = f"nearly the same as {there.file_name} ({share:.0%} of its words)".replace("100%", "99%").replace("%", " %")
    told = f"{nearly if share >= NEARLY else f'the same talk as {there.file_name}'}, which is in this study and stays"
    before = Telling(
        names=sum(not is_label(s.name) for s in there.speakers),
        speakers=len(there.speakers),
        times=there.duration_ms is not None,
        words=there.words,
        warnings=len(there.warnings),
    )
    better = file.telling is not None and file.telling.rank[:3] > before.rank[:3]
    if file.telling is not None and better:
        return f"{told}; this one {advantage(file.telling, before)}. To use it, delete the other first: its quotes go with it"
    if file.file_name == there.file_name:
        return f"{told}. To use the new text, delete the one in the study first: its quotes go with it"
    return told
