"""participants.csv: a table that says at once who everybody is."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath

from app.db.repositories import Repositories
from app.domain.names import bare_name
from app.domain.people import Role, Speaker
from app.domain.recording import TOLD_AS, told_recording
from app.domain.study import Transcript
from app.errors import InvalidInput, UnreadableFile
from app.services.people import decide_role, tell_of
from app.stages.parse import decode

_SEPARATORS = ",;\t|"
_FILE = ("file", "file name", "filename", "transcript")
_SPEAKER = ("speaker", "speaker name", "label")
_PERSON = ("participant", "name", "participant name", "pseudonym")
_PERSONAS = ("personas", "persona")
_PLACES = frozenset((*_FILE, *_SPEAKER, *_PERSON, *_PERSONAS, "role"))
_TYPOGRAPHIC = frozenset("‘’“”„–—…€£ªº°")
NAMED_ROWS = 5
FEW_ACCENTS = 0.1
MAX_ROWS = 10_000

Row = dict[str, str]


def apply_participant_table(
    repo: Repositories, study_id: str, data: bytes, aliases: Mapping[str, str], *, actor: str, at: datetime
) -> str | None:
    """Apply `file,speaker,role,personas,<attributes>` row by row; what to say of rows that fit nobody, None where all fit.

    A row that fits nobody costs no other: the table of a whole study is often there before its last interview. `aliases` are transcript ids
    by names of files that were not stored themselves. Raises `InvalidInput` where the table cannot be read or no row fits.
    """
    rows = read_table(data)
    transcripts = repo.transcripts.of_study(study_id)
    problems: list[str] = []
    for line, row in rows:
        try:
            for speaker in _speakers_of(repo, study_id, transcripts, aliases, row):
                _apply(repo, study_id, speaker, row, actor=actor, at=at)
        except InvalidInput as problem:
            problems.append(f"line {line}: {problem.message}")
    told = "; ".join(problems[:NAMED_ROWS]) + (f"; and {len(problems) - NAMED_ROWS} more" if len(problems) > NAMED_ROWS else "")
    if rows and len(problems) == len(rows):
        raise InvalidInput(f"participants.csv: none of its rows fits this study. {told}")
    done = len(rows) - len(problems)
    return f"{done} of {len(rows)} rows applied; {told}. Upload it again with the files it speaks of" if problems else None


def read_table(data: bytes) -> list[tuple[int, Row]]:
    """Rows with their line numbers, whatever the encoding and the separator; column names in lower case. Raises `InvalidInput`."""
    text = _text(data)
    head = text.lstrip("\ufeff\n ").partition("\n")[0]
    separator = max(_SEPARATORS, key=lambda s: (head.count(s), -_SEPARATORS.index(s)))
    table = csv.DictReader(io.StringIO(text.lstrip("\ufeff\n ")), delimiter=separator, skipinitialspace=True)
    try:
        columns = [name.strip().lower() for name in table.fieldnames or []]
        if not {*_FILE, *_SPEAKER, *_PERSON} & set(columns):
            raise InvalidInput("participants.csv needs the columns file and speaker, or the column participant, in its first line")
        table.fieldnames = columns
        rows = [
            (table.line_num, {key: value.strip() for key, value in row.items() if key and isinstance(value, str) and value.strip()})
            for row, _ in zip(table, range(MAX_ROWS), strict=False)
        ]
    except csv.Error as error:
        raise InvalidInput(f"participants.csv, line {table.reader.line_num}: {error}; save it as “CSV UTF-8” again") from None
    return [(line, row) for line, row in rows if row]


def _text(data: bytes) -> str:
    """A table is short, too short to guess its encoding from: a few accents in what is no UTF-8 are a spreadsheet's windows-1252."""
    try:
        data.decode()
    except UnicodeDecodeError:
        western = data.decode("cp1252", "replace")
        odd = [c for c in western if not c.isascii()]
        if "\0" not in western and len(odd) <= FEW_ACCENTS * len(western) and all(c.isalpha() or c in _TYPOGRAPHIC for c in odd):
            return western
    try:
        return decode(data)[0]
    except UnreadableFile as error:
        raise InvalidInput(f"participants.csv: {error.message}") from None


def _speakers_of(repo: Repositories, study_id: str, transcripts: list[Transcript], aliases: Mapping[str, str], row: Row) -> list[Speaker]:
    """The speakers a row is about; raises `InvalidInput` where there is none, or it could be several people."""
    file, label, person = (_cell(row, names) for names in (_FILE, _SPEAKER, _PERSON))
    within = _files(transcripts, aliases, file) if file else transcripts
    if label or (person and file):
        wanted = bare_name(label or person)
        found = [s for t in within for s in t.speakers if bare_name(s.name) == wanted]
        exact = [s for s in found if s.name == (label or person)]
        if not found:
            raise InvalidInput(f"there is no speaker “{label or person}”{f' in {file}' if file else ''}")
        return exact or found
    if person:
        return _of_person(repo, study_id, transcripts, person)
    participants = [s for t in within for s in t.speakers if s.role is Role.PARTICIPANT]
    if len(participants) != 1:
        raise InvalidInput(f"{file or 'this row'} does not say which speaker is meant")
    return participants


def _files(transcripts: list[Transcript], aliases: Mapping[str, str], file: str) -> list[Transcript]:
    """The transcript of a name: as written, else in other capitals, else without its ending."""
    by_id = {t.id: t for t in transcripts}
    for same in (lambda name: name == file, lambda name: name.casefold() == file.casefold(), lambda name: _stem(name) == _stem(file)):
        found = {t.id: t for t in transcripts if same(t.file_name)}
        found |= {by_id[key].id: by_id[key] for name, key in aliases.items() if key in by_id and same(name)}
        if found:
            return list(found.values())
    raise InvalidInput(f"there is no file {file}")


def _of_person(repo: Repositories, study_id: str, transcripts: list[Transcript], person: str) -> list[Speaker]:
    wanted = bare_name(person)
    people = repo.people.participants(study_id)
    ids = {p.id for p in people if person.upper() == p.pseudonym} or {p.id for p in people if bare_name(p.name) == wanted}
    found = [s for t in transcripts for s in t.speakers if s.participant_id in ids or (not ids and bare_name(s.name) == wanted)]
    if not found:
        raise InvalidInput(f"there is no participant “{person}”")
    return found


def _apply(repo: Repositories, study_id: str, speaker: Speaker, row: Row, *, actor: str, at: datetime) -> None:
    role = row.get("role", Role.PARTICIPANT).lower()
    if role not in set(Role):
        raise InvalidInput(f"role “{role}” is none of {', '.join(Role)}")
    decide_role(repo, study_id, speaker, Role(role), actor=actor, at=at)
    recording = told_recording(row)
    if recording:
        repo.transcripts.set_recording(speaker.transcript_id, recording)
    participant_id = repo.transcripts.speaker(speaker.id).participant_id
    if participant_id:
        attributes = {key: value for key, value in row.items() if key not in _PLACES and not (key in TOLD_AS and value == recording)}
        tell_of(repo, study_id, participant_id, attributes, _cell(row, _PERSONAS))


def _cell(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _stem(name: str) -> str:
    return PurePath(name).stem.casefold()
