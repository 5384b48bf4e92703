"""From cues to utterances: who says the words of each."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.transcript import Utterance, normalise

from .cues import Cue, CueFile
from .labels import Label, bracketed_label, inline_label
from .markup import plain_words
from .names import CLEAR_COVERAGE, Sightings, choose_names, fold, is_sound, looks_like_name
from .rolling import unroll
from .source import Reading
from .wording import count_of, were

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>|</v\s*>")
_MIN_COVERAGE = 0.03
_EARLY = 0.2
_EARLY_CUES = 10
_MIN_LABELS = 2
ROLLING_WARNING = "rolling captions: lines that only repeat the cue before were removed"
NAMELESS_WARNING = (
    "no speaker names were found: everything is quoted as “speaker unknown”, and questions cannot be told from answers; "
    "add names to the file if you can"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one voice in one cue; `voice` is None where the cue names nobody."""

    voice: str | None
    text: str
    start_ms: int | None
    end_ms: int | None


def speech_of(file: CueFile) -> Reading:
    """Who said what: by voice spans where the file has them, else by labels, else one unnamed speaker.

    A cue without a name continues the speaker before.
    """
    cues, rolled = unroll(file.cues)
    warnings = [*file.warnings(), *([ROLLING_WARNING] if rolled else [])]
    if any("<v" in line for cue in cues for line in cue.lines):
        pieces = [piece for cue in cues for piece in _by_voice(cue)]
    else:
        pieces = _by_label(cues)
    utterances = tuple(_continue_speaker(pieces))
    nameless = sum(1 for u in utterances if u.speaker is None)
    if nameless == len(utterances):
        warnings += [NAMELESS_WARNING] if utterances else []
    elif nameless:
        warnings.append(f"{count_of(nameless, 'cue')} before the first name {were(nameless)} kept as “speaker unknown”")
    return Reading(utterances, tuple(warnings))


def _continue_speaker(pieces: Iterable[_Piece]) -> Iterator[Utterance]:
    speaker: str | None = None
    for piece in pieces:
        speaker = piece.voice or speaker
        if piece.text.strip():
            yield Utterance(speaker, piece.text, piece.start_ms, piece.end_ms)


def _by_voice(cue: Cue) -> list[_Piece]:
    """Voice spans of a cue; a span without a closing tag ends with its cue or at the next one."""
    text = "\n".join(cue.lines)
    voices: list[str | None] = [None]
    texts: list[str] = []
    begin = 0
    for tag in _VOICE.finditer(text):
        texts.append(text[begin : tag.start()])
        voices.append(normalise(html.unescape(tag[1] or "")) or None)
        begin = tag.end()
    texts.append(text[begin:])
    said = [(voice, plain_words(words)) for voice, words in zip(voices, texts, strict=True)]
    return _timed(cue, [(voice, words) for voice, words in said if voice or words.strip()])


def _timed(cue: Cue, said: Sequence[tuple[str | None, str]]) -> list[_Piece]:
    """The cue's start goes to its first piece, its end to its last."""
    last = len(said) - 1
    return [
        _Piece(voice, words, cue.start_ms if i == 0 else None, cue.end_ms if i == last else None) for i, (voice, words) in enumerate(said)
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line of a cue begins in its words, and the labels it could carry; `wrapped` is one cut by the line's end."""

    begin: int
    inline: Label | None
    bracketed: Label | None
    wrapped: Label | None = None


def _lines_of(words: str) -> list[_Line]:
    lines, begin = [], 0
    for line in words.split("\n"):
        lines.append(_Line(begin, inline_label(line), bracketed_label(line)))
        begin += len(line) + 1
    first = lines[0]
    if len(lines) > 1 and first.inline is None:
        lines[0] = replace(first, wrapped=inline_label(words.replace("\n", " ")))
    return lines


def _by_label(cues: Sequence[Cue]) -> list[_Piece]:
    """Pieces by `Name: words`, `[Name] words` and `(Name) words`, where the file as a whole uses such labels."""
    texts = [plain_words("\n".join(cue.lines)).strip("\n") for cue in cues]
    lines = [_lines_of(text) for text in texts]
    filled = [cue_lines for text, cue_lines in zip(texts, lines, strict=True) if text.strip()]
    names = _choose(filled, inline=True)
    bracketed = not names
    if bracketed:
        names = _choose(filled, inline=False)
    pieces: list[_Piece] = []
    for cue, text, cue_lines in zip(cues, texts, lines, strict=True):
        said: list[tuple[str | None, str]] = []
        voice, begin = None, 0
        for line in cue_lines:
            # a name that two lines share must be known from elsewhere: "Yes" above "Anna: no" is nobody
            label = line.bracketed if bracketed else line.inline or line.wrapped
            name = names.get(fold(label.name)) if label else None
            if label and name and line.begin >= begin:
                said.append((voice, text[begin : line.begin]))
                voice, begin = name, line.begin + label.words_at
        said.append((voice, text[begin:]))
        pieces += _timed(cue, [(v, words) for v, words in said if v or words.strip()])
    return pieces


def _choose(filled: Sequence[Sequence[_Line]], *, inline: bool) -> Mapping[str, str]:
    """Names of the file, or none: labels must be many enough and begin early, or they are speech with a colon in it."""
    firm: Counter[str] = Counter()
    weak: Counter[str] = Counter()
    labelled: list[tuple[int, str]] = []
    for at, cue_lines in enumerate(filled):
        for line in cue_lines:
            label = line.inline if inline else line.bracketed
            if label and (inline or (looks_like_name(label.name) and not is_sound(label.name))):
                (weak if line.begin else firm)[label.name] += 1
                labelled.append((at, label.name))
    opens = bool(labelled) and labelled[0][0] == 0 and looks_like_name(labelled[0][1])
    names = choose_names(Sightings(firm, weak, len(filled), opens))
    at_cues = [at for at, name in labelled if fold(name) in names]
    enough = len(at_cues) >= max(_MIN_LABELS, _MIN_COVERAGE * len(filled))
    early = bool(at_cues) and at_cues[0] <= max(_EARLY_CUES, _EARLY * len(filled))
    alone = len(names) == 1 and at_cues[:1] != [0] and len(at_cues) < CLEAR_COVERAGE * len(filled)
    return names if enough and early and not alone else {}
