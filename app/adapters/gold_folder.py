"""Reads a gold standard: study folders with whole interviews and their labels, or one file of labelled quotes that stand alone.

A study folder holds `study.json` (`field`, `title`, `question`, `product`, `interviewers`, and if need be `transcripts`, a folder relative
to it, `template` or `stages`) and `labels.jsonl`, with a second labeller's `labels-second.jsonl`. A label line names `file`, `start`, `end`
(code points in the canonical text) and `text`, then its fields. Quotes are where the labels say, whatever today's segmenter would cut.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters.language import UNKNOWN, detect_language
from app.domain.gold import CLOSED_FIELDS, NO_TOUCHPOINT, Gold, GoldInterview, GoldQuote, GoldStudy, Labels
from app.domain.identity import derive_id
from app.domain.quote import cut_quote
from app.domain.stages import TEMPLATES, Stage, stage_id, stages_from
from app.domain.tags import NO_STAGE, Channel, Emotion, Experience, Kind
from app.domain.transcript import CanonicalTranscript, Span, transcript_id
from app.errors import InvalidInput, UsageError
from app.stages.parse import parse
from app.stages.tag import question_spans

ABOUT, FIRST, SECOND = "study.json", "labels.jsonl", "labels-second.jsonl"
DEFAULT_TEMPLATE = "customer-experience"
CLOSED: dict[str, set[str]] = {
    "channel": set(Channel),
    "emotion": set(Emotion),
    "experience": set(Experience),
    "kind": set(Kind),
    "intensity": {"1", "2", "3"},
}
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One label line: the place of its quote, its words, and what was said of it; `where` names file and line."""

    where: str
    place: Place
    text: str
    labels: Labels
    hard: tuple[str, ...]


def read_gold(path: Path) -> Gold:
    """Read all study folders at or below `path`, or one `.jsonl` file; raises `UsageError` or `InvalidInput` naming file and line."""
    if path.is_file() and path.suffix == ".jsonl":
        return Gold(path.name, _digest(path.parent, [path]), tuple(_loose_studies(path)))
    folders = sorted(about.parent for about in path.rglob(ABOUT) if (about.parent / FIRST).is_file()) if path.is_dir() else []
    if not folders:
        raise UsageError(f"{path} holds no gold standard: name a folder with {ABOUT} and {FIRST} in it or below, or a .jsonl file")
    files = [folder / name for folder in folders for name in (FIRST, SECOND) if (folder / name).is_file()]
    studies = tuple(_read_study(folder, _name(folder, path)) for folder in folders)
    return Gold(_gold_name(path), _digest(path, files), studies)


def _gold_name(path: Path) -> str:
    """The folder's name; within a folder `gold` also what part of it this is."""
    parts = path.resolve().parts
    return "/".join(parts[parts.index("gold") :]) if "gold" in parts else parts[-1]


def _name(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix() if folder != root else folder.resolve().name


def _digest(root: Path, files: list[Path]) -> str:
    """SHA-256 over names and contents of the label files, line ends as line feeds."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()


def _read_study(folder: Path, name: str) -> GoldStudy:
    about = _about(folder / ABOUT)
    stages = _stages(about, name, folder / ABOUT)
    keys = {stage.key for stage in stages} | {NO_STAGE}
    first = {row.place: row for row in _rows(folder / FIRST, keys)}
    second = {row.place: row for row in _rows(folder / SECOND, keys)} if (folder / SECOND).is_file() else {}
    for place, row in second.items():
        if place not in first:
            raise InvalidInput(f"{row.where}: {FIRST} has no quote at this place")
    transcripts = (folder / str(about.get("transcripts", "."))).resolve()
    files = sorted({place[0] for place in first})
    interviews = tuple(
        _interview(transcripts / file, name, [row for row in first.values() if row.place[0] == file], second, set(about["interviewers"]))
        for file in files
    )
    return GoldStudy(name, about["field"], about["title"], about.get("question"), about.get("product"), stages, interviews)


def _about(file: Path) -> dict[str, Any]:
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(f"{file}: this is no JSON") from error
    wanted = {"field": str, "title": str, "interviewers": list}
    wrong = [key for key, kind in wanted.items() if not isinstance(about, dict) or not isinstance(about.get(key), kind)]
    if wrong:
        raise InvalidInput(f"{file}: {', '.join(wrong)} must be given")
    return dict(about)


def _stages(about: Mapping[str, Any], name: str, file: Path) -> tuple[Stage, ...]:
    if "stages" not in about:
        template = str(about.get("template", DEFAULT_TEMPLATE))
        if template not in TEMPLATES:
            raise InvalidInput(f"{file}: there is no template “{template}”; choose one of {', '.join(TEMPLATES)}")
        return stages_from(TEMPLATES[template], name)
    try:
        return tuple(
            Stage(stage_id(name, s["key"]), s["key"], s.get("title", s["key"]), s.get("definition", ""), tuple(s.get("base", ())))
            for s in about["stages"]
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise InvalidInput(f"{file}: each of the stages needs a key, and may have title, definition and base") from error


def _interview(path: Path, study: str, rows: list[Row], second: Mapping[Place, Row], interviewers: set[str]) -> GoldInterview:
    if not path.is_file():
        raise InvalidInput(f"{rows[0].where}: there is no transcript {path}")
    canonical = parse(path.read_bytes(), path.name).canonical
    transcript = transcript_id(study, canonical.text)
    quotes = []
    for row in sorted(rows, key=lambda row: row.place):
        span = _span(row, canonical)
        turn = next((t for t in canonical.turns if t.start <= span.start and span.end <= t.end), None)
        if turn is None:
            raise InvalidInput(f"{row.where}: the quote reaches over the end of a turn")
        quotes.append((row, cut_quote(transcript, canonical.text, turn.index, turn.speaker, span, 1)))
    asked = question_spans([quote for _, quote in quotes], canonical.turns, interviewers)
    return GoldInterview(
        path.name,
        detect_language(canonical.text),
        tuple(
            GoldQuote(
                quote,
                row.text,
                row.labels,
                asked[quote.id].cut(canonical.text) if quote.id in asked else None,
                second[row.place].labels if row.place in second else None,
                row.hard,
            )
            for row, quote in quotes
        ),
    )


def _span(row: Row, canonical: CanonicalTranscript) -> Span:
    _, start, end = row.place
    if not 0 <= start < end <= len(canonical.text) or canonical.text[start:end] != row.text:
        raise InvalidInput(f"{row.where}: the transcript does not hold this text from {start} to {end}; label it again, or mend the place")
    return Span(start, end)


def _rows(file: Path, stages: set[str]) -> Iterator[Row]:
    seen: set[Place] = set()
    for where, item in _lines(file):
        place = (item.get("file"), item.get("start"), item.get("end"))
        if not isinstance(place[0], str) or Path(place[0]).name != place[0] or type(place[1]) is not int or type(place[2]) is not int:
            raise InvalidInput(f"{where}: file, start and end must say where the quote stands")
        checked: Place = (place[0], place[1], place[2])
        if checked in seen:
            raise InvalidInput(f"{where}: this quote was labelled before in the same file")
        seen.add(checked)
        yield Row(where, checked, _text(item, where), _labels(item, stages, where), _hard(item))


def _loose_studies(file: Path) -> Iterator[GoldStudy]:
    """Quotes without an interview: each stands alone, one study a field of life."""
    stages = stages_from(TEMPLATES[DEFAULT_TEMPLATE], file.name)
    keys = {stage.key for stage in stages} | {NO_STAGE}
    lines = [(where, item, _text(item, where)) for where, item in _lines(file)]
    told = detect_language(" ".join(text for _, _, text in lines))
    by_field: dict[str, list[GoldInterview]] = {}
    for where, item, text in lines:
        name = where.removeprefix(f"{file}:")
        quote = cut_quote(derive_id("gold", file.name, name, text), text, 0, "", Span(0, len(text)), 1)
        alone = GoldQuote(quote, text, _labels(item, keys, where), hard=_hard(item))
        language = str(item.get("language") or ("en" if told == UNKNOWN else told))
        by_field.setdefault(str(item.get("field") or file.stem), []).append(GoldInterview(name, language, (alone,)))
    for field, interviews in by_field.items():
        yield GoldStudy(field, field, "", None, None, stages, tuple(interviews))


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each line's object, with the words that name its place."""
    found = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise InvalidInput(f"{file}:{number}: this is no JSON") from error
        if not isinstance(item, dict):
            raise InvalidInput(f"{file}:{number}: each line must be a JSON object")
        found = True
        yield f"{file}:{number}", item
    if not found:
        raise InvalidInput(f"{file}: there is no label in it")


def _text(item: Mapping[str, Any], where: str) -> str:
    text = item.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput(f"{where}: text must hold the quote's words")
    return text


def _hard(item: Mapping[str, Any]) -> tuple[str, ...]:
    given = item.get("hard")
    return tuple(map(str, given)) if isinstance(given, list) else ()


def _labels(item: Mapping[str, Any], stages: set[str], where: str) -> dict[str, str]:
    """The fields that were labelled, each with a listed value."""
    allowed = CLOSED | {"stage": stages}
    labels = {}
    for field in (*CLOSED_FIELDS, "intensity"):
        if item.get(field) is None:
            continue
        value = str(item[field])
        if value not in allowed[field]:
            listed = ", ".join(sorted(allowed[field]))
            raise InvalidInput(f"{where}: {field} holds a value that is not listed; use one of {listed}")
        labels[field] = value
    if "touchpoint" in item:
        labels["touchpoint"] = str(item["touchpoint"] or NO_TOUCHPOINT).strip().lower()
    return labels
