"""ASS and SSA subtitles: `Dialogue:` lines, speakers by their Name field (Aegisub's “actor”).

Written here rather than taken from pysubs2, which gives up the whole file at the first broken time and keeps no line numbers.
"""

import re

from app.errors import TooLarge

from .badges import without_badges
from .clock import milliseconds
from .cue_pieces import Piece
from .cue_speech import speech_of, spoken
from .cues import MAX_CUES, Cue, CueFile
from .source import Reader, Reading, Source
from .wording import count_of, places, were

_HEAD = 400
_COLUMNS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_DRAWING = re.compile(r"\{[^{}]{0,200}\\p[1-9]")
_OVERRIDE = re.compile(r"\{[^{}]{0,400}\}")
_BREAK = re.compile(r"\\[Nn]")


def _detect(source: Source) -> float:
    head = source.text[:_HEAD].lstrip("\ufeff \n")
    return 1.0 if head[:20].casefold().startswith("[script info]") else 0.0


def _read(source: Source) -> Reading:
    columns: tuple[str, ...] = _COLUMNS
    in_events = True
    file, names, short = CueFile(), list[str](), list[int]()
    for at in source.filled:
        line = source.lines[at].strip()
        kind, _, rest = line.partition(":")
        if line.startswith("["):
            in_events = line.casefold().startswith("[events]")
        elif kind == "Format" and in_events:
            columns = tuple(column.strip().casefold().replace("actor", "name") for column in rest.split(","))
        elif kind == "Dialogue":
            cells = [cell.strip() for cell in rest.split(",", len(columns) - 1)]
            row = dict(zip(columns, cells, strict=False))
            if "text" not in row:
                short.append(at + 1)
            elif not _DRAWING.search(row["text"][:_HEAD]):
                file.cues.append(_cue(at, row, file))
                names.append(row.get("name", ""))
    n = len(short)
    found = [f"{count_of(n, 'line')} without all fields {were(n)} left out ({places(short)})"] if n else []
    if any(names):
        pieces = [
            Piece(without_badges(name) or None, " ".join(cue.lines), cue.start_ms, cue.end_ms)
            for cue, name in zip(file.cues, names, strict=True)
        ]
        return spoken(pieces, [*found, *file.warnings()])
    reading = speech_of(file)
    return Reading(reading.utterances, (*found, *reading.warnings))


def _cue(at: int, row: dict[str, str], file: CueFile) -> Cue:
    if len(file.cues) >= MAX_CUES:
        raise TooLarge(f"the file has more than {MAX_CUES:,} subtitles, far more than an interview; split it into one file an interview")
    start_ms, end_ms = milliseconds(row.get("start", "")), milliseconds(row.get("end", ""))
    if start_ms is None or end_ms is None:
        file.broken.append(at + 1)
        start_ms = end_ms = None
    return Cue(at + 1, start_ms, end_ms, _BREAK.split(_OVERRIDE.sub("", row["text"]).replace("\\h", " ")))


READER = Reader(
    "ass",
    "ass/1",
    _detect,
    _read,
    title="ASS, SSA subtitles",
    reads="`Dialogue` lines, speakers by the Name field or in the words",
    loses="styles, effects, drawings, comments",
)
