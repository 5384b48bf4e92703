"""YouTube's json3: `events` of `segs`, read as the captions they are."""

from typing import Any

from app.stages.parse.cue_speech import speech_of
from app.stages.parse.cues import Cue, CueFile
from app.stages.parse.source import Reading

from .speech import json_reader
from .times import MILLISECONDS, ms_of
from .values import dig, listed, objects

_LOOKED_AT = 50


def _holds(value: Any) -> bool:
    return any("utf8" in seg for event in objects(value, "events")[:_LOOKED_AT] for seg in objects(event, "segs"))


def _read(value: Any) -> Reading:
    cues = []
    for at, event in enumerate(objects(value, "events"), 1):
        text = "".join(utf8 for seg in listed(event, "segs") if isinstance(utf8 := dig(seg, "utf8"), str))
        if not text.strip():
            continue
        start_ms, length_ms = ms_of(event.get("tStartMs"), MILLISECONDS), ms_of(event.get("dDurationMs"), MILLISECONDS)
        end_ms = None if start_ms is None or length_ms is None else start_ms + length_ms
        cues.append(Cue(at, None if end_ms is None else start_ms, end_ms, text.split("\n")))
    return speech_of(CueFile(cues))


YOUTUBE = json_reader(
    "youtube-json3",
    _holds,
    _read,
    title="YouTube captions (json3)",
    reads="captions; speakers where they are written into them",
    loses="positions, styles, times of single words",
)
