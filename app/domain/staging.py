"""Changing a study's stages: what is kept, merged, removed, added and taken out again. Nothing is tagged or stored here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.identity import derive_id
from app.domain.stages import Stage, stage_id
from app.domain.tags import DEFAULT_STAGE_KEYS, NO_STAGE
from app.errors import InvalidInput

MAX_STAGES = 40


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage as a person edits it; `id` is None for a new one. With `merge_into`, an id or key, it becomes part of that stage.

    Of a stage that is there already, an empty definition and a `base` of None mean that it stays as it was.
    """

    id: str | None
    title: str
    definition: str = ""
    base: tuple[str, ...] | None = None
    merge_into: str | None = None


def mark_of(stages: Iterable[Stage]) -> str:
    """What tells whether stages are still those that somebody read."""
    return derive_id("stages", *(part for s in stages for part in (s.id, s.title, s.definition, *s.base, "", *s.absorbed, "")))


class Change(StrEnum):
    """What is done to a stage; a stage may be retitled, moved and redefined at once."""

    RETITLED = "retitled"
    MOVED = "moved"
    REDEFINED = "redefined"
    MERGED = "merged"
    REMOVED = "removed"
    ADDED = "added"
    TAKEN_OUT = "taken_out"


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A study's stages as they will be, in order, and what became of the others.

    `absorbed` are the stages that are part of another, kept so that they can be taken out again; `merged` says which of them are merged
    now, by id, and into which; `taken_out` by id which are stages of their own again, and out of which.
    """

    before: tuple[Stage, ...]
    stages: tuple[Stage, ...]
    absorbed: tuple[Stage, ...]
    merged: Mapping[str, str]
    taken_out: Mapping[str, str]

    @property
    def removed(self) -> tuple[Stage, ...]:
        """Stages that are gone, and no part of another."""
        kept = {stage.id for stage in (*self.stages, *self.absorbed)}
        return tuple(stage for stage in self.before if stage.id not in kept)

    def changes(self) -> dict[str, tuple[Change, ...]]:
        """What is done to each stage there was or will be, by id; nothing where it stays as it is."""
        old = {stage.id: stage for stage in self.before}
        moved = _moved([s.id for s in self.before], [s.id for s in self.stages])
        told: dict[str, tuple[Change, ...]] = {}
        for stage in self.before:
            told[stage.id] = (Change.MERGED,) if stage.id in self.merged else (Change.REMOVED,)
        for stage in self.stages:
            if stage.id not in old:
                told[stage.id] = (Change.TAKEN_OUT if stage.id in self.taken_out else Change.ADDED,)
                continue
            was = old[stage.id]
            redefined = (was.definition, was.base) != (stage.definition, stage.base)
            done = ((Change.RETITLED, was.title != stage.title), (Change.MOVED, stage.id in moved), (Change.REDEFINED, redefined))
            told[stage.id] = tuple(change for change, so in done if so)
        return told


def plan_stages(study_id: str, before: Sequence[Stage], absorbed: Sequence[Stage], drafts: Sequence[StageDraft]) -> StagePlan:
    """What a study's stages become; those of `before` that no draft names are removed, with what was merged into them.

    A draft that names an absorbed stage, by its id or, as a new one, by its name, takes it out again with all that names it. Raises
    `InvalidInput`.
    """
    kept = [draft for draft in drafts if not draft.merge_into]
    if not 0 < len(kept) <= MAX_STAGES:
        raise InvalidInput(f"a study has 1 to {MAX_STAGES} stages, not {len(kept)}")
    known, parts = {stage.id: stage for stage in before}, {stage.id: stage for stage in absorbed}
    stages = [_drafted(study_id, draft, known, parts) for draft in kept]
    named = [*(stage.id for stage in stages), *(draft.id for draft in drafts if draft.merge_into)]
    if len(set(named)) != len(named):
        raise InvalidInput("two stages have the same name; give each its own")
    merged = _merged(known, drafts)
    taken_out = {s.id: owner.id for s in stages if s.id in parts for owner in before if s.id in owner.absorbed}
    gone = {part for taken in taken_out for part in (taken, *parts[taken].absorbed)}
    own = {stage.id for stage in stages}
    whole = []
    for stage in stages:
        kept_parts = [part for part in stage.absorbed if stage.id in taken_out or part not in gone]
        new = [part for source, into in merged.items() if into == stage.id for part in (source, *known[source].absorbed)]
        parts_now = dict.fromkeys((*kept_parts, *(part for part in new if part not in gone)))
        whole.append(replace(stage, absorbed=tuple(part for part in parts_now if part not in own)))
    held = {part for stage in whole for part in stage.absorbed}
    inner = [replace(s, absorbed=tuple(p for p in s.absorbed if p not in own)) for s in (*absorbed, *before) if s.id in held]
    return StagePlan(tuple(before), tuple(whole), tuple(inner), merged, taken_out)


def _drafted(study_id: str, draft: StageDraft, known: Mapping[str, Stage], parts: Mapping[str, Stage]) -> Stage:
    title = draft.title.strip()
    if not title:
        raise InvalidInput("a stage needs a title")
    unknown = [b for b in draft.base or () if b not in DEFAULT_STAGE_KEYS]
    if unknown:
        raise InvalidInput(f"base stage “{unknown[0]}” is none of {', '.join(DEFAULT_STAGE_KEYS)}")
    before = known.get(draft.id or "") or parts.get(draft.id or "")
    key = "" if draft.id else key_of(title)
    if draft.id and before is None:
        raise InvalidInput(f"there is no stage “{draft.id}” in this study")
    before = before or next((part for part in parts.values() if part.key == key), None)
    if before:
        base = before.base if draft.base is None else draft.base
        return replace(before, title=title, definition=draft.definition.strip() or before.definition, base=base)
    taken = {stage.key for stage in (*known.values(), *parts.values())}
    while key in taken:
        key += "-2"
    return Stage(stage_id(study_id, key), key, title, draft.definition.strip(), draft.base or ())


def key_of(title: str) -> str:
    """What a stage of this title is known by, such as `after-sales`; raises `InvalidInput` where nothing is left of it."""
    key = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
    if not key or key == NO_STAGE:
        raise InvalidInput(f"“{title}” cannot name a stage")
    return key


def _merged(known: Mapping[str, Stage], drafts: Iterable[StageDraft]) -> dict[str, str]:
    """By id of each stage that is merged, the id of the one that takes it in at last."""
    names = {name: stage.id for stage in known.values() for name in (stage.key, stage.id)}
    into: dict[str, str] = {}
    kept = set()
    for draft in drafts:
        if not draft.merge_into:
            kept.add(draft.id)
        elif draft.id is None or draft.id not in known:
            raise InvalidInput(f"“{draft.title}” is no stage of this study yet, so it cannot be merged into another")
        elif draft.merge_into not in names:
            raise InvalidInput(f"there is no stage “{draft.merge_into}” in this study to merge “{draft.title}” into")
        else:
            into[draft.id] = names[draft.merge_into]
    return {source: _last(source, into, kept, known) for source in into}


def _last(source: str, into: Mapping[str, str], kept: Iterable[str | None], known: Mapping[str, Stage]) -> str:
    at, seen = into[source], {source}
    while at in into and at not in seen:
        seen.add(at)
        at = into[at]
    if at not in kept:
        raise InvalidInput(f"“{known[source].title}” can only be merged into a stage that stays; “{known[at].title}” does not")
    return at


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest stages that must have changed places, so that the others are still in their order."""
    place = {stage: n for n, stage in enumerate(before)}
    common = [stage for stage in after if stage in place]
    longest: list[list[str]] = []
    for n, stage in enumerate(common):
        ahead = [longest[m] for m in range(n) if place[common[m]] < place[stage]]
        longest.append([*_longest(ahead), stage])
    return set(common) - set(_longest(longest))


def _longest(lists: Sequence[list[str]]) -> list[str]:
    none: list[str] = []
    return max(lists, key=len, default=none)
