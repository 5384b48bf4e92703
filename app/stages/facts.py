"""Facts: what of a map's quotes a part of the map is made from, written down once when the map is drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.journey import JourneyMap, Lane, Origin, Statement
from app.domain.tags import Channel, Experience
from app.stages.assemble import AssemblyInput, Slot

FORMAT = 3
"""Stands in the version that has them, so that others are known by looking at it."""
NONE = -1
"""Stands for what a quote does not have."""
_CHANNELS = tuple(channel.value for channel in Channel)
_EXPERIENCES = tuple(experience.value for experience in Experience)


def facts_of(
    given: AssemblyInput,
    slots: Sequence[Slot],
    journey: JourneyMap,
    people: Mapping[str, int],
    themes: Mapping[str, tuple[str, ...]],
) -> dict[str, Any]:
    """What narrowing needs of every quote of a map, without its words; a quote is its place in `quotes`.

    `people` are the participants within the map's filter, by number, with how many of their sentences were skipped; `themes` are each
    quote's theme and those around it. In what comes back, `quotes` are ids in the order in which curve points cite them: `curve` says
    for each stage [from, to]; then follow those of no stage and, from place `tagged` on, those without tags. Beside
    them lists of equal length: `participant` (place in `participants`), `channel`, `experience` (places in `channels`, `experiences`),
    `valence`, `confidence` (to 4 digits), `sentences` and `theme` (place in `chains`, innermost theme first; −1 for none).
    `statements` holds by id the quotes that support and that contradict it, strongest first, where it stands in the document (`at`:
    place in `stages`, lane, place in the lane), its `label` and `topic` as slots have them, and `group`, the quotes that it could cite,
    where it does not cite them all.
    """
    quotes = {q.id: q for q in given.quotes}
    ids, curve = _in_order(given, journey)
    place = {quote_id: n for n, quote_id in enumerate(ids)}
    ordered = [quotes[quote_id] for quote_id in ids]
    person = {participant_id: n for n, participant_id in enumerate(people)}
    chains = sorted({themes[q] for q in ids if q in themes})
    chain = {around: n for n, around in enumerate(chains)}
    by_slot = {slot.id: slot for slot in slots}
    return {
        "quotes": ids,
        "tagged": sum(q.tags is not None for q in ordered),
        "stages": [column.stage_id for column in journey.columns],
        "curve": curve,
        "participants": list(people),
        "skipped": list(people.values()),
        "participant": [person[q.participant_id] for q in ordered],
        "channels": list(_CHANNELS),
        "channel": [_CHANNELS.index(q.tags.channel) if q.tags else NONE for q in ordered],
        "experiences": list(_EXPERIENCES),
        "experience": [_EXPERIENCES.index(q.tags.experience) if q.tags else NONE for q in ordered],
        "valence": [q.tags.valence if q.tags else 0 for q in ordered],
        "confidence": [round(q.tags.confidence, 4) if q.tags else 0 for q in ordered],
        "sentences": [q.sentences for q in ordered],
        "chains": [list(around) for around in chains],
        "theme": [chain[themes[q]] if q in themes else NONE for q in ids],
        "statements": {
            s.id: {"at": [n, lane.value, k], **_statement(s, by_slot[s.id], place)}
            for n, column in enumerate(journey.columns)
            for lane, statements in column.lanes.items()
            for k, s in enumerate(statements)
        },
    }


def slot_of(statement_id: str, stage_id: str, lane: Lane, theme_id: str | None, told: Mapping[str, Any]) -> Slot:
    """The place on the map that a statement was worded for, without its quotes; `told` is the statement's entry in the facts."""
    return Slot(statement_id, stage_id, lane, told["label"], told["topic"], theme_id, None, (), ())


def is_extract(statement: Mapping[str, Any], lane: Lane) -> bool:
    """Whether a statement, as a map holds it, is worded with words of the strongest quote that supports it."""
    return statement["origin"] == Origin.OFFLINE and lane is not Lane.TOUCHPOINTS


def _in_order(given: AssemblyInput, journey: JourneyMap) -> tuple[list[str], dict[str, list[int]]]:
    ids: list[str] = []
    curve = {}
    for column in journey.columns:
        if column.emotion:
            cited = [e.quote_id for e in column.emotion.evidence]
            curve[column.stage_id] = [len(ids), len(ids) + len(cited)]
            ids += cited
    known = set(ids)
    rest = [q for q in given.quotes if q.id not in known]
    ids += sorted(q.id for q in rest if q.tags) + sorted(q.id for q in rest if not q.tags)
    return ids, curve


def _statement(statement: Statement, slot: Slot, place: Mapping[str, int]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "supports": [place[q] for q in statement.supporting],
        "contradicts": [place[q] for q in statement.contrary],
        "label": slot.label,
        "topic": slot.topic,
    }
    return told if len(slot.supporting) == len(statement.supporting) else {**told, "group": [place[q] for q in slot.supporting]}
