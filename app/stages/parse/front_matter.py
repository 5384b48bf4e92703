"""Facts about a talk that stand above it: YAML front matter `--- … ---`, and fields such as `Participant: P3`."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.domain.transcript import normalise

from .source import Source

_FENCES = {"---", "..."}
_MOST_LINES, _MOST_CHARACTERS = 300, 20_000
_MOST_FACTS, _LONGEST, _MOST_VALUES = 60, 500, 40
_LOOKED_AT = 60
_SPOKEN = 3
"""So often a label of speech stands in a file, a field above it does not."""
_FACTS: Mapping[str, str] = {
    **{key: key for key in (
        "title", "date", "time", "location", "place", "duration", "language", "project", "study", "subject", "topic", "session", "version",
        "participant", "participant id", "persona", "segment", "company", "organisation", "organization", "role", "job title", "industry",
        "age", "gender", "country", "city", "channel", "product", "plan", "tenure", "interviewer", "interviewee", "respondent", "moderator",
        "facilitator", "method", "interview", "interview id", "interview number", "interview date", "recorded", "recorded on", "name",
        "file", "source", "id", "email", "group", "cohort", "notes", "attendees", "participants", "keywords", "licence", "license", "url",
    )},
    "meeting": "title",
    "teilnehmer": "participant", "teilnehmerin": "participant", "proband": "participant", "probandin": "participant",
    "datum": "date", "titel": "title", "sprache": "language", "dauer": "duration", "ort": "location", "firma": "company", "rolle": "role",
    "alter": "age", "geschlecht": "gender", "zielgruppe": "segment", "fecha": "date", "título": "title", "titulo": "title",
    "participante": "participant", "segmento": "segment", "idioma": "language", "duración": "duration", "duração": "duration",
    "data": "date", "titolo": "title", "titre": "title", "langue": "language", "durée": "duration", "lieu": "location",
    "entreprise": "company", "deelnemer": "participant", "doelgroep": "segment", "taal": "language", "duur": "duration",
    "partecipante": "participant", "lingua": "language", "durata": "duration",
}  # fmt: skip
"""Fields above a talk, in the languages read here, and under what name they are kept."""
_FIELD = re.compile(
    r"\s{0,3}(?:[-*#>]\s{0,3}){0,2}[*_]{0,2}([^\W\d_][\w ]{0,24}?)\s{0,2}[*_]{0,2}\s?[:：]\s{0,4}[*_]{0,2}\s{0,4}(\S.{0,300})"
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a YAML block says; `end` is the index of the first line after it, 0 where there is none."""

    end: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def front_matter(source: Source) -> FrontMatter:
    """The YAML block at the top of a file, keys in lower case, several values joined by "; "; a broken one is a warning."""
    filled = source.filled
    if not filled or source.lines[filled[0]].strip("\ufeff \t") != "---":
        return FrontMatter()
    begin = filled[0] + 1
    end = next((i for i in range(begin, min(len(source.lines), begin + _MOST_LINES)) if source.lines[i].rstrip() in _FENCES), None)
    if end is None:
        return FrontMatter()
    lines = source.lines[begin:end]
    keys = [line.partition(":")[0] for line in lines if ":" in line and not line[:1].isspace()]
    if not keys or len(set(keys)) < len(keys) or filled[-1] <= end:
        return FrontMatter()  # a talk between two rules rather than facts about one
    block = "\n".join(lines)
    try:
        found = _load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return FrontMatter(end + 1, {}, ("the front matter (“---”) at the top is no sound YAML: it was left out and not read",))
    return FrontMatter(end + 1, _facts(found))


def _load(block: str) -> Any:
    if len(block) > _MOST_CHARACTERS:
        raise ValueError("too long to be facts about a talk")
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(block, Loader=yaml.SafeLoader)):
        raise ValueError("a few aliases and merges can stand for more than memory holds")
    return yaml.safe_load(block)


def _facts(found: Mapping[Any, Any]) -> dict[str, str]:
    about: dict[str, str] = {}
    for key, value in list(found.items())[:_MOST_FACTS]:
        values = value[:_MOST_VALUES] if isinstance(value, list) else [value]
        said = "; ".join(_scalar(item) for item in values if not isinstance(item, dict | list) and item is not None)
        if said and isinstance(key, str):
            about[normalise(key).lower()[:_LONGEST]] = normalise(said)[:_LONGEST]
    return about


def _scalar(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def facts_above(lines: Iterable[str]) -> dict[str, str]:
    """Fields such as `Persona: New user` in the lines above a talk; the first one of a name counts.

    A question is no fact, nor is what the same label says again and again: both are speech.
    """
    about: dict[str, str] = {}
    times: Counter[str] = Counter()
    for at, line in enumerate(lines):
        if at >= _LOOKED_AT:
            break
        match = _FIELD.fullmatch(line.strip()) if ":" in line or "：" in line else None
        key = _FACTS.get(" ".join(match[1].casefold().split())) if match else None
        if match and key and "?" not in match[2]:
            times[key] += 1
            about.setdefault(key, normalise(match[2].strip("*_ ")))
    return {key: value for key, value in about.items() if value and times[key] < _SPOKEN}
