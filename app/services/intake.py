"""Understand files without storing anything: unpack archives, parse each apart, say who speaks, find the same talk told twice."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from app.domain.identity import derive_id, sha256
from app.domain.names import bare_name
from app.domain.people import Role, Speaker
from app.domain.transcript import CanonicalTranscript, ParsedTranscript
from app.errors import ThroughlineError, TooLarge
from app.ports import Parser
from app.stages.pairing import Sketch, Telling, contradict, same_talk, sketch, telling
from app.stages.parse import refuse_recording
from app.stages.parse.archive import is_archive, unpack
from app.stages.roles import guess_roles

PARTICIPANT_TABLE = "participants.csv"
COMPANIONS = frozenset({PARTICIPANT_TABLE, "expected.json"})
"""Files that stand beside transcripts and are none: who the participants are, and what a test expects."""
LANGUAGE_SAMPLE = 4000
NAME_LENGTH = 120
MEGABYTE = 1_000_000
HEAD = 4096
"""Bytes of a file that is too large to be kept: enough to tell a recording from a text."""
_ROLE_KEYS = {
    Role.INTERVIEWER: ("interviewer", "interviewers", "moderator", "host", "facilitator", "researcher"),
    Role.OBSERVER: ("observer", "observers", "note taker", "notetaker"),
    Role.PARTICIPANT: ("participant", "participants", "interviewee", "respondent"),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came in; `size` in bytes also where it was too large to be kept, then `data` is its head or nothing.

    `archive` names the ZIP it came in, `error` is why it could not be taken out of it.
    """

    file_name: str
    data: bytes
    size: int = 0
    archive: str | None = None
    error: ThroughlineError | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one file: with `parsed` it is a transcript, with `error` it is none.

    `same_as` is the file of the same batch that holds the same talk and tells more; `copy` says that both read the same.
    """

    file_name: str
    upload: Upload
    parsed: ParsedTranscript | None = None
    error: ThroughlineError | None = None
    language: str = "und"
    speakers: tuple[Speaker, ...] = ()
    sketch: Sketch = field(default_factory=Sketch)
    telling: Telling | None = None
    same_as: "Understood | None" = None
    copy: bool = False

    @property
    def participants(self) -> tuple[str, ...]:
        """Names of those who are thought to be participants."""
        return tuple(s.name for s in self.speakers if s.role is Role.PARTICIPANT)


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one upload in order of file name, and the tables of participants among them."""

    files: tuple[Understood, ...]
    tables: tuple[Upload, ...] = field(default=())


class Intake:
    """Reads uploads."""

    def __init__(self, parser: Parser, detect_language: Callable[[str], str], *, max_bytes: int, max_files: int) -> None:
        self._parser = parser
        self._detect_language = detect_language
        self._max_bytes = max_bytes
        self._max_files = max_files

    def read(self, uploads: Sequence[Upload]) -> Batch:
        """Understand every file, in order of file name whatever the order they come in; a bad one costs no other."""
        files = self._named([file for upload in uploads for file in self._unpacked(upload)])
        tables = tuple(upload for name, upload in files if is_table(upload) and not upload.error)
        rest = [(name, upload) for name, upload in files if upload not in tables]
        refused = {i: error for i, (name, upload) in enumerate(rest) if (error := self._refusal(name, upload))}
        wanted = [i for i in range(len(rest)) if i not in refused]
        parsed = self._parser.parse_each([(rest[i][1].data, rest[i][0]) for i in wanted])
        found = dict(zip(wanted, parsed, strict=True)) | refused
        return Batch(_paired([self._understood(name, upload, found[i]) for i, (name, upload) in enumerate(rest)]), tables)

    def _unpacked(self, upload: Upload) -> list[Upload]:
        """An archive's files in its place; any other file as it is."""
        if upload.error or upload.size > len(upload.data) or not is_archive(upload.data):
            return [upload]
        name = safe_name(upload.file_name)
        try:
            members = unpack(upload.data, name, max_files=self._max_files, max_bytes=self._max_bytes)
        except ThroughlineError as error:
            return [replace(upload, error=error)]
        skipped = COMPANIONS - {PARTICIPANT_TABLE}
        return [Upload(m.path, m.data, m.size, name, m.error) for m in members if safe_name(m.path).lower() not in skipped]

    @staticmethod
    def _named(uploads: Sequence[Upload]) -> list[tuple[str, Upload]]:
        """Files with the names they are shown by: the last part of the path, with its folder where several files have that name."""
        ordered = sorted(((safe_name(u.file_name), sha256(u.data), u) for u in uploads), key=lambda n: (n[0], n[1], n[2].file_name))
        kinds: dict[str, set[str]] = {}
        for name, digest, _ in ordered:
            kinds.setdefault(name, set()).add(digest)
        named = [(_with_folder(u.file_name) if len(kinds[name]) > 1 and not is_table(u) else name, u) for name, _, u in ordered]
        still = Counter(name for name, _ in named)  # without folders there is nothing to tell them by
        return sorted(((name if still[name] == 1 else safe_name(u.file_name), u) for name, u in named), key=lambda n: n[0])

    def _refusal(self, name: str, upload: Upload) -> ThroughlineError | None:
        size = max(upload.size, len(upload.data))
        if upload.error or size <= self._max_bytes:
            return upload.error
        try:
            refuse_recording(upload.data, name)
        except ThroughlineError as error:
            return error
        limit = self._max_bytes / MEGABYTE
        return TooLarge(f"{name} has {size / MEGABYTE:.0f} MB; the limit is {limit:.0f} MB. Split it into one file an interview.")

    def _understood(self, name: str, upload: Upload, found: ParsedTranscript | ThroughlineError) -> Understood:
        if isinstance(found, ThroughlineError):
            return Understood(name, upload, error=found)
        text = found.canonical
        language = self._detect_language(text.text[:LANGUAGE_SAMPLE])
        return Understood(
            name,
            upload,
            found,
            language=language,
            speakers=describe_speakers("", text, language, found.about),
            sketch=sketch(text.text),
            telling=telling(text, len(found.warnings)),
        )


def _paired(files: Sequence[Understood]) -> tuple[Understood, ...]:
    """The same files, those that tell less than another one of the same talk pointing to it."""
    order = sorted((i for i, f in enumerate(files) if f.telling), key=lambda i: (_negative(files[i].telling), i))
    kept: list[Understood] = []
    paired = list(files)
    for i in order:
        file = files[i]
        better = next((k for k in kept if is_same_talk(file, k.file_name, k.sketch, k.participants)), None)
        if better is None:
            kept.append(file)
        else:
            paired[i] = replace(file, same_as=better, copy=_reads_the_same(file, better))
    return tuple(paired)


def _negative(told: Telling | None) -> tuple[int, ...]:
    return tuple(-int(part) for part in told.rank) if told else ()


def _reads_the_same(a: Understood, b: Understood) -> bool:
    return a.parsed is not None and b.parsed is not None and a.parsed.canonical == b.parsed.canonical


def is_same_talk(file: Understood, name: str, other: Sketch, participants: Sequence[str]) -> bool:
    """Whether a file holds the same talk as the one of this name, sketch and participants."""
    alike = _stem(file.file_name) == _stem(name)
    return same_talk(file.sketch, other, alike_stem=alike) and not contradict(file.participants, participants)


def describe_speakers(transcript_id: str, canonical: CanonicalTranscript, language: str, about: Mapping[str, str]) -> tuple[Speaker, ...]:
    """The speakers of a transcript in order of appearance; roles are guessed, where the file itself does not tell them."""
    guessed = guess_roles(canonical, language) | _told_roles(canonical.speakers(), about)
    words = canonical.words_by_speaker()
    turns = Counter(turn.speaker for turn in canonical.turns)
    return tuple(
        Speaker(derive_id("speaker", transcript_id, name), transcript_id, name, guessed[name], guessed[name], words[name], turns[name])
        for name in canonical.speakers()
    )


def _told_roles(speakers: Sequence[str], about: Mapping[str, str]) -> dict[str, Role]:
    """Roles by speaker where the head of the file names them, as in “interviewer: Ann Lee”; nobody where that leaves no participant."""
    told: dict[str, Role] = {}
    for role, keys in _ROLE_KEYS.items():
        names = {bare_name(name) for key in keys for name in about.get(key, "").replace(";", ",").replace(" and ", ",").split(",")}
        told |= {speaker: role for speaker in speakers if bare_name(speaker) in names}
    silent = len(told) == len(speakers) and Role.PARTICIPANT not in told.values()
    return {} if silent else told


def is_table(upload: Upload) -> bool:
    """Whether this is a table of participants, by its name."""
    return safe_name(upload.file_name).lower() == PARTICIPANT_TABLE


def safe_name(file_name: str) -> str:
    """The last part of a path, without control characters and of bearable length."""
    last = PurePath(file_name.replace("\\", "/")).name
    clean = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C").strip()
    return clean[-NAME_LENGTH:] or "unnamed"


def _with_folder(file_name: str) -> str:
    parts = [part for part in PurePath(file_name.replace("\\", "/")).parts if part.strip("./\\")]
    return safe_name(" – ".join(parts[-2:])) if parts else safe_name(file_name)


def _stem(name: str) -> str:
    return PurePath(name).stem.casefold().strip()
