"""Tables of messages: a row a message, its `role` beside it, and an id where a table holds several talks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.transcript import normalise

from .columns import Layout
from .source import Row
from .speech_json.interview import ASSISTANTS, INTERVIEWER, PEOPLE, SILENT
from .wording import count_of, were

LONGEST_NAME = 120
_ASKING = frozenset({"interviewer", "moderator", "researcher", "facilitator", "q", "host"})
_ANSWERING = PEOPLE | {"a", "guest"}
_TOLD = PEOPLE | ASSISTANTS | SILENT | _ASKING
_NUMBERED = re.compile(r"(?:speaker|spk|participant|person|s|p)[ _-]?\d{1,3}")
_EXCHANGE = 2
_NAMED = 3

Numbered = tuple[int, Row]


@dataclass(frozen=True, slots=True)
class Chat:
    """Rows of talk, session by session, with the speaker of each by its number; `opens` holds the numbers that begin a session."""

    kept: Sequence[Numbered]
    names: Mapping[int, str]
    opens: frozenset[int]
    warnings: tuple[str, ...]

    @property
    def several(self) -> bool:
        """Whether there is more than one session, whose times do not follow on from each other."""
        return len(self.opens) > 1


def participant_named(ident: str) -> str:
    """What a participant is called of whom the table knows an id."""
    ident = normalise(ident)[:LONGEST_NAME]
    return f"Participant {ident}" if ident.isdecimal() else ident


def voice(label: str | None, who: str | None) -> str | None:
    """The speaker that a label such as `AI` or `user` means in the talk with `who`."""
    if label is None:
        return who
    key = label.casefold()
    if key in ASSISTANTS:
        return INTERVIEWER
    if who is None or key in _ASKING:
        return label.upper() if len(label) == 1 else label.capitalize()
    return who if key in _ANSWERING else f"{who} {label}"


def with_roles(kept: Sequence[Numbered], layout: Layout) -> Layout:
    """A layout whose speakers are the roles, where each “participant” is the id of a talk in which several roles speak."""
    if layout.role is None or layout.speaker is None or layout.ident is not None:
        return layout
    swapped = replace(layout, speaker=layout.role, ident=layout.speaker)
    labels = _labels(kept, swapped)
    return swapped if _are_roles(labels.values()) and _are_talks(_sessions(kept, swapped), labels) else layout


def chat_of(kept: Sequence[Numbered], layout: Layout) -> Chat | None:
    """Rows as the messages of one or more talks; None where it is one talk between people."""
    if layout.speaker is None:
        return None
    labels = _labels(kept, layout)
    roles = _are_roles(labels.values())
    sessions = _sessions(kept, layout)
    several = len(sessions) > 1 and _are_talks(sessions, labels, counted=layout.counted)
    if not several:
        if not roles or ASSISTANTS.isdisjoint(labels.values()):
            return None
        sessions = {"": list(kept)}
    # people whom every talk numbers anew are others in each
    told_apart = roles or all(map(_NUMBERED.fullmatch, set(labels.values()) - {""} - _TOLD))
    found: list[Numbered] = []
    opens: set[int] = set()
    names: dict[int, str] = {}
    for ident, rows in sessions.items():
        spoken = [(number, row) for number, row in rows if not (roles and labels[number] in SILENT)]
        opens.update(number for number, _ in spoken[:1])
        found += spoken
        who = participant_named(ident) if several else None
        for number, row in spoken:
            label = normalise(_cell(row, layout.speaker))[:LONGEST_NAME].strip(":： ")
            names[number] = (voice(label, who) or "") if told_apart and label else label
    silent = [number for number, _ in kept if roles and labels[number] in SILENT]
    return Chat(found, names, frozenset(opens), tuple(_warnings(len(sessions), silent, told_apart=told_apart)))


def _warnings(sessions: int, silent: Sequence[int], *, told_apart: bool) -> Iterable[str]:
    if sessions > 1:
        yield (
            f"the table holds {count_of(sessions, 'interview')}, told by their ids: they are read as one transcript, without times, "
            f"{'each participant a speaker of their own' if told_apart else 'equal names one speaker'}; one file an interview is better"
        )
    if silent:
        more = len(silent) - _NAMED
        named = f"{', '.join(map(str, silent[:_NAMED]))}{f' and {more:,} more' if more > 0 else ''}"
        yield f"{count_of(len(silent), 'message')} of the system or of tools {were(len(silent))} left out (row {named})"


def _labels(kept: Sequence[Numbered], layout: Layout) -> dict[int, str]:
    return {number: normalise(_cell(row, layout.speaker))[:LONGEST_NAME].strip(":： ").casefold() for number, row in kept}


def _cell(row: Row, index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _are_roles(labels: Iterable[str]) -> bool:
    """Whether all are roles, somebody answers and somebody else asks."""
    said = set(labels) - {""}
    return said <= _TOLD and not said.isdisjoint(PEOPLE) and not said.isdisjoint(ASSISTANTS | _ASKING)


def _sessions(kept: Sequence[Numbered], layout: Layout) -> dict[str, list[Numbered]]:
    """Rows by id, in the order in which the ids come; a row without one belongs to the id above."""
    found: dict[str, list[Numbered]] = {}
    ident = ""
    for number, row in kept:
        ident = normalise(_cell(row, layout.ident)) or ident
        found.setdefault(ident, []).append((number, row))
    return found


def _are_talks(sessions: Mapping[str, Sequence[Numbered]], labels: Mapping[int, str], *, counted: bool = False) -> bool:
    """Whether in half of the sessions at least several speak: else the ids are of rows, or of speakers.

    `counted` ids that a question and its answer share are no sessions either.
    """
    if counted and sum(map(len, sessions.values())) <= _EXCHANGE * len(sessions):
        return False
    talks = sum(1 for rows in sessions.values() if len({labels[number] for number, _ in rows} - SILENT - {""}) > 1)
    return talks * 2 >= len(sessions)
