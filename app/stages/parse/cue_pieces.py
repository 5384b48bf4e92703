"""What stands between cues and utterances: words of one voice in one cue."""

from collections.abc import Sequence
from dataclasses import dataclass

from .cues import Cue


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one voice in one cue; `voice` is None where the cue names nobody, `changed` says that it is somebody else."""

    voice: str | None
    text: str
    start_ms: int | None
    end_ms: int | None
    changed: bool = False


def timed(cue: Cue, said: Sequence[tuple[str | None, str]], changed: Sequence[bool] = ()) -> list[Piece]:
    """Pieces of a cue: its start goes to the first, its end to the last."""
    if len(said) == 1:
        ((voice, words),) = said
        return [Piece(voice, words, cue.start_ms, cue.end_ms, bool(changed) and changed[0])]
    last = len(said) - 1
    return [
        Piece(voice, words, cue.start_ms if i == 0 else None, cue.end_ms if i == last else None, bool(changed) and changed[i])
        for i, (voice, words) in enumerate(said)
    ]
