"""Imitate: tag quotes as a language model tagged others of the same study, from what the offline tagger makes of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.domain.gold import SURE_OF
from app.domain.tags import BASE_VALENCE, NO_STAGE, Channel, Emotion, Experience, Kind, Tags
from app.ports import Correction, Fit, Window, WindowTags

FIELDS = ("stage", "channel", "kind", "emotion", "intensity", "experience")
"""Tags that are learned; a touchpoint stays the offline tagger's, and a gist only a language model writes."""
LEAST_SURE, MOST_SURE = 0.3, 0.9
"""Between these lies the probability of what a tagger said that gives no probabilities."""

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Sheet:
    """What the offline tagger makes of quotes, a row each: its tags, `states` (n, s), and by field probabilities (n, values)."""

    quote_ids: tuple[str, ...]
    tags: tuple[Tags, ...]
    states: Array
    chances: Mapping[str, Array]

    def only(self, quote_ids: Sequence[str]) -> "Sheet":
        """The rows of these quotes, in the sheet's order."""
        wanted = set(quote_ids)
        rows = [row for row, quote_id in enumerate(self.quote_ids) if quote_id in wanted]
        return Sheet(
            tuple(self.quote_ids[row] for row in rows),
            tuple(self.tags[row] for row in rows),
            self.states[rows],
            {field: chances[rows] for field, chances in self.chances.items()},
        )


def values_of(stages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The values of each field that is learned; `stages` are a study's own, "none" goes without saying."""
    return {
        "stage": (*stages, NO_STAGE),
        "channel": tuple(Channel),
        "kind": tuple(Kind),
        "emotion": tuple(Emotion),
        "intensity": ("1", "2", "3"),
        "experience": tuple(Experience),
    }


def sheet_of(window: Window, answer: WindowTags, values: Mapping[str, Sequence[str]], stages: Mapping[str, str] | None = None) -> Sheet:
    """The rows of a window that the offline tagger answered; `stages` says by what name a stage goes among `values`, its id else.

    Without probabilities what was said gets the answer's confidence, and the other values share the rest.
    """
    places = [row for row, quote in enumerate(window.quotes) if quote.number in answer.tags]
    names = stages or {}
    tags = tuple(
        replace(told, stage=names.get(told.stage, told.stage)) for told in (answer.tags[window.quotes[row].number] for row in places)
    )
    grounds = answer.grounds
    states = grounds.states if grounds else window.encoding.hidden
    chances = {}
    for field, told in values.items():
        if grounds and field in grounds.chances:
            own = [names.get(value, value) for value in grounds.values[field]]
            chances[field] = _in_order(grounds.chances[field][places], own, told)
        else:
            chances[field] = _supposed(tags, field, told)
    return Sheet(tuple(window.quotes[row].quote_id for row in places), tags, states[places].astype(np.float32), chances)


def stacked(sheets: Sequence[Sheet]) -> Sheet:
    """Sheets below each other; at least one."""
    return Sheet(
        tuple(q for sheet in sheets for q in sheet.quote_ids),
        tuple(t for sheet in sheets for t in sheet.tags),
        np.vstack([sheet.states for sheet in sheets]),
        {field: np.vstack([sheet.chances[field] for sheet in sheets]) for field in sheets[0].chances},
    )


@dataclass(frozen=True)
class Imitation:
    """Heads fitted on somebody's answers: a correction for each field."""

    values: Mapping[str, tuple[str, ...]]
    corrections: Mapping[str, Correction]

    def judge(self, sheet: Sheet) -> list[Tags]:
        """Tags of each row; confidence is the mean probability of stage, channel, emotion and experience, 0 to 1, as it comes.

        An emotion always goes with the experience, which leads, and a neutral one has no intensity.
        """
        chances = {field: fix.apply(sheet.states, sheet.chances[field]) for field, fix in self.corrections.items()}
        picks = {field: shares.argmax(axis=1) for field, shares in chances.items()}
        picks["emotion"] = (chances["emotion"] * self._together()[picks["experience"]]).argmax(axis=1)
        rows = np.arange(len(sheet.tags))
        sure = np.mean([chances[field][rows, picks[field]] for field in SURE_OF], axis=0)
        said = {field: [self.values[field][column] for column in columns] for field, columns in picks.items()}
        return [
            replace(
                tags,
                stage=said["stage"][row],
                channel=Channel(said["channel"][row]),
                kind=Kind(said["kind"][row]),
                emotion=Emotion(said["emotion"][row]),
                intensity=1 if said["emotion"][row] == Emotion.NEUTRAL else int(said["intensity"][row]),
                experience=Experience(said["experience"][row]),
                gist=None,
                confidence=round(min(float(sure[row]), 1.0), 4),
            )
            for row, tags in enumerate(sheet.tags)
        ]

    def _together(self) -> Array:
        """1 where an experience (row) and an emotion (column) go together."""
        return np.array([[_agree(x, e) for e in self.values["emotion"]] for x in self.values["experience"]], np.float32)


def imitate(sheet: Sheet, answers: Sequence[Tags], values: Mapping[str, tuple[str, ...]], fit: Fit) -> Imitation:
    """Learn from one answer a row, rows in the order in which they were said."""
    corrections = {}
    for field, told in values.items():
        column = {value: i for i, value in enumerate(told)}
        labels = np.array([column[value_of(tags, field)] for tags in answers], np.intp)
        corrections[field] = fit(sheet.states, sheet.chances[field], labels)
    return Imitation(dict(values), corrections)


def value_of(tags: Tags, field: str) -> str:
    """A tag as it is learned and compared."""
    return str(getattr(tags, field))


def _agree(experience: str, emotion: str) -> bool:
    worth = BASE_VALENCE[Emotion(emotion)]
    if emotion == Emotion.SURPRISE:
        return True
    return {Experience.PAIN: worth < 0, Experience.DELIGHT: worth > 0, Experience.NEUTRAL: worth == 0}[Experience(experience)]


def _in_order(chances: Array, own: Sequence[str], told: Sequence[str]) -> Array:
    """Columns in the order of `told`; what has no column has no chance."""
    ordered = np.zeros((len(chances), len(told)), np.float32)
    for column, value in enumerate(told):
        if value in own:
            ordered[:, column] = chances[:, own.index(value)]
    return ordered


def _supposed(tags: Sequence[Tags], field: str, told: Sequence[str]) -> Array:
    """Probabilities where a tagger gave none."""
    sure = np.clip([t.confidence for t in tags], LEAST_SURE, MOST_SURE).astype(np.float32)
    chances = np.repeat(((1 - sure) / (len(told) - 1))[:, None], len(told), axis=1)
    chances[np.arange(len(tags)), [told.index(value_of(t, field)) for t in tags]] = sure
    result: Array = chances.astype(np.float32)
    return result
