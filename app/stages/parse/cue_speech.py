"""From cues to utterances: who says the words of each."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from app.domain.transcript import Utterance, normalise

from .badges import without_badges
from .cue_labels import by_label
from .cue_pieces import Piece, timed
from .cues import Cue, CueFile
from .markup import plain_words
from .names import fold
from .rolling import unroll
from .source import Reading
from .wording import count_of, places, were

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>|</v\s*>")
_LONG_MS = 5 * 60_000
ROLLING_WARNING = "rolling captions: lines that only repeat the cue before were removed"
NAMELESS_WARNING = (
    "no speaker names were found: everything is quoted as “speaker unknown”, and questions cannot be told from answers; "
    "add names to the file if you can"
)
CHANGES_WARNING = (
    "the captions mark where the speaker changes but name nobody: turns are cut there, and all are quoted as “speaker unknown”; "
    "add names to the file if you can"
)


def speech_of(file: CueFile) -> Reading:
    """Who said what: by voice spans where the file has them, else by labels, else one unnamed speaker.

    A cue without a name continues the speaker before.
    """
    cues, rolled = unroll(file.cues)
    warnings = [*file.warnings(), *([ROLLING_WARNING] if rolled else [])]
    if any("<v" in line for cue in cues for line in cue.lines):
        spelling = _spelling()
        pieces = [piece for cue in cues for piece in _by_voice(cue, spelling)]
    else:
        pieces, found = by_label(cues)
        warnings += found
    warnings += _long_nameless(cues, pieces)
    return spoken(pieces, warnings, file.about)


def _long_nameless(cues: Sequence[Cue], pieces: Sequence[Piece]) -> list[str]:
    """A warning where words follow long after the last name: a name may have been lost on the way."""
    lines = {cue.start_ms: cue.line for cue in reversed(cues)}
    named_ms: int | None = None
    told = True
    found: list[int] = []
    for piece in pieces:
        if piece.voice or piece.changed:
            named_ms = piece.start_ms if piece.start_ms is not None else named_ms
            told = not piece.voice
        elif named_ms is not None and not told and piece.start_ms is not None and piece.start_ms - named_ms > _LONG_MS:
            found.append(lines[piece.start_ms])
            told = True
    if not found:
        return []
    what = f"no name for more than {_LONG_MS // 60_000} minutes before {places(found)}"
    return [f"{what}: the words are given to the speaker named last, please check"]


def spoken(pieces: Iterable[Piece], warnings: Sequence[str], about: dict[str, str] | None = None) -> Reading:
    """A reading of pieces in file order: one without a voice continues the speaker before, and it is said where there is none."""
    pieces = list(pieces)
    utterances = tuple(_continue_speaker(pieces))
    nameless = sum(1 for u in utterances if u.speaker is None)
    marked = sum(1 for u in utterances if u.speaker is None and u.opens_turn)
    found = list(warnings)
    if utterances and nameless == len(utterances):
        found.append(CHANGES_WARNING if marked else NAMELESS_WARNING)
    else:
        if marked:
            found.append(f"{count_of(marked, 'change')} of speaker without a name {were(marked)} kept as “speaker unknown”")
        early = next((n for n, u in enumerate(utterances) if u.speaker or u.opens_turn), 0)
        if early:
            found.append(f"{count_of(early, 'cue')} before the first name {were(early)} kept as “speaker unknown”")
    return Reading(utterances, tuple(found), about or {})


def _continue_speaker(pieces: Iterable[Piece]) -> Iterator[Utterance]:
    speaker: str | None = None
    changed = False
    for piece in pieces:
        if piece.voice:
            speaker, changed = piece.voice, False
        elif piece.changed:
            speaker, changed = None, True
        if piece.text.strip():
            yield Utterance(speaker, piece.text, piece.start_ms, piece.end_ms, opens_turn=changed)
            changed = False


def _spelling() -> Callable[[str], str]:
    """Makes one name of its spellings in a file: without badges, as it is first written."""
    first: dict[str, str] = {}

    @cache
    def spell(raw: str) -> str:
        name = without_badges(normalise(html.unescape(raw)))
        return first.setdefault(fold(name), name)

    return spell


def _by_voice(cue: Cue, spelling: Callable[[str], str]) -> list[Piece]:
    """Voice spans of a cue; a span without a closing tag ends with its cue or at the next one."""
    text = "\n".join(cue.lines)
    said: list[tuple[str | None, str]] = []
    voice: str | None = None
    begin = 0
    for tag in _VOICE.finditer(text):
        words = plain_words(text[begin : tag.start()])
        if voice or words.strip():
            said.append((voice, words))
        voice, begin = spelling(tag[1] or "") or None, tag.end()
    words = plain_words(text[begin:])
    if voice or words.strip():
        said.append((voice, words))
    return timed(cue, said)
