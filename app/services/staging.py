"""Foretelling what other stages would do to a study: how many quotes, people and statements move, disappear or stay."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.db.repositories import Repositories
from app.domain.people import Role
from app.domain.review import Decision, Suggestion
from app.domain.stages import Stage
from app.domain.staging import Change, StageDraft, StagePlan, plan_stages
from app.domain.tags import NO_STAGE
from app.services.blueprint import LANE, count_by_stage
from app.services.material import QUOTE, STAGE, Judged, judge, valid_stages
from app.services.quotes import shown_run


class Fate(StrEnum):
    """What becomes of what a stage holds."""

    STAYS = "stays"
    MOVES = "moves"
    DISAPPEARS = "disappears"
    """From the map; the next run tags these quotes anew."""
    RETURNS = "returns"
    WAITS = "waits"
    """Nothing is in it until quotes are tagged again."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much a stage holds: quotes and the participants who said them, what people decided, statements and what the business does.

    `statements` are those of the default map as it was last drawn; None for a stage that it does not show.
    """

    quotes: int = 0
    participants: int = 0
    decisions: int = 0
    statements: int | None = None
    business_actions: int = 0


@dataclass(frozen=True, slots=True)
class StageEffect:
    """What is done to one stage, as it will be or, where it goes, as it was; with how much of what it holds shares its fate.

    `other` is the stage that takes it in, or the one it is taken out of; `title_before` is None for a new one.
    """

    stage: Stage
    title_before: str | None
    changes: tuple[Change, ...]
    fate: Fate
    other: Stage | None
    held: Held


@dataclass(frozen=True, slots=True)
class StageCount:
    """A stage as it will be, with what it will hold and held before; statements only before, since they are grouped anew."""

    stage: Stage
    before: Held
    after: Held


@dataclass(frozen=True, slots=True)
class StagePreview:
    """What a change of stages would do: effects in the order of the stages, those that go last; and what each will hold.

    `retag_advised` says that a stage is new or redefined: quotes tagged so far do not know, until a run tags all of them again.
    """

    effects: tuple[StageEffect, ...]
    counts: tuple[StageCount, ...]
    unplaced_before: int
    unplaced_after: int
    """Quotes that are tagged but in no stage."""
    retag_advised: bool

    @property
    def changed(self) -> bool:
        """Whether anything changes at all."""
        return any(effect.changes for effect in self.effects)


def preview_stages(repo: Repositories, study_id: str, drafts: Sequence[StageDraft]) -> StagePreview:
    """What these drafts would do to a study; the queries are as many however many quotes there are. Raises `InvalidInput`."""
    plan = plan_stages(study_id, repo.studies.stages(study_id), repo.studies.absorbed(study_id), drafts)
    tagged = _Tagged.load(repo, study_id)
    before, after = tagged.held(plan.before), tagged.held(plan.stages)
    changes = plan.changes()
    effects = tuple(_effect(plan, stage, changes[stage.id], before, after) for stage in (*plan.stages, *_gone(plan)))
    return StagePreview(
        effects=effects,
        counts=tuple(StageCount(s, before.get(s.id, Held()), after[s.id]) for s in plan.stages),
        unplaced_before=before[NO_STAGE].quotes,
        unplaced_after=after[NO_STAGE].quotes,
        retag_advised=bool(tagged.quotes) and any({Change.ADDED, Change.REDEFINED} & {*done} for done in changes.values()),
    )


def _gone(plan: StagePlan) -> list[Stage]:
    """Stages that are no columns any more, in the order they had."""
    kept = {stage.id for stage in plan.stages}
    return [stage for stage in plan.before if stage.id not in kept]


def _effect(
    plan: StagePlan, stage: Stage, changes: tuple[Change, ...], before: Mapping[str, Held], after: Mapping[str, Held]
) -> StageEffect:
    titles = {old.id: old.title for old in plan.before}
    by_id = {s.id: s for s in (*plan.before, *plan.stages)}
    other = plan.merged.get(stage.id) or plan.taken_out.get(stage.id)
    if stage.id in plan.merged:
        fate, held = Fate.MOVES, before[stage.id]
    elif stage.id in plan.taken_out:
        fate, held = Fate.RETURNS, after[stage.id]
    elif stage.id not in after:
        fate, held = Fate.DISAPPEARS, before[stage.id]
    elif stage.id not in titles:  # a removed stage that is made again finds its quotes as they were
        fate, held = (Fate.RETURNS if after[stage.id].quotes else Fate.WAITS), after[stage.id]
    else:
        fate, held = Fate.STAYS, before[stage.id]
    return StageEffect(stage, titles.get(stage.id), changes, fate, by_id[other] if other else None, held)


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A study's quotes by what may be said of their stage, whatever stages there are."""

    quotes: Mapping[str, str]
    """Whose words each is."""
    proposed: Mapping[str, Suggestion]
    decided: Mapping[str, Sequence[Decision]]
    statements: Mapping[str, int]
    actions: Sequence[str]
    """The stage of each business action."""

    @classmethod
    def load(cls, repo: Repositories, study_id: str) -> "_Tagged":
        run = shown_run(repo, study_id)
        transcripts = repo.transcripts.of_study(study_id)
        speaking = {s.id: s.participant_id or "" for t in transcripts for s in t.speakers if s.role is Role.PARTICIPANT}
        stored = repo.search.quotes(study_id)
        quotes = {q.quote.id: speaking[q.speaker_id] for q in stored if q.speaker_id in speaking}
        proposed = repo.search.suggestions(study_id, QUOTE, run.tagger_key) if run else {}
        decided = repo.reviews.decisions(study_id, QUOTE)
        return cls(quotes, proposed, decided, _statements(repo, study_id), repo.blueprint.stages_of(study_id))

    def held(self, stages: Iterable[Stage]) -> dict[str, Held]:
        """What each of these stages holds, by id, and under `none` what is in no stage."""
        stages = tuple(stages)
        valid = valid_stages(stages)
        judged = {q: judge(self.proposed.get(q), self.decided.get(q, ()), valid) for q in self.quotes}
        inside: dict[str, list[str]] = {stage: [] for stage in (*(s.id for s in stages), NO_STAGE)}
        for quote_id, found in judged.items():
            if where := _where(found, inside):
                inside[where].append(quote_id)
        actions = count_by_stage(self.actions, valid)
        return {
            stage: Held(
                quotes=len(quotes),
                participants=len({self.quotes[q] for q in quotes}),
                decisions=sum(STAGE in judged[q].decided for q in quotes),
                statements=self.statements.get(stage),
                business_actions=actions.get(stage, 0),
            )
            for stage, quotes in inside.items()
        }


def _where(judged: Judged, inside: Mapping[str, object]) -> str | None:
    """The stage that a quote is in; `none` where it is tagged but in no stage there is, None where it is not tagged."""
    if judged.tags:
        return judged.tags.stage if judged.tags.stage in inside else NO_STAGE
    return NO_STAGE if judged.proposed else None


def _statements(repo: Repositories, study_id: str) -> dict[str, int]:
    """How many statements each stage of the default map has, as it was last drawn."""
    for view in repo.maps.of_study(study_id):
        if view.is_default and repo.maps.versions(view.id):
            columns = repo.maps.version(view.id, full=False).document["stages"]
            return Counter({c["id"]: sum(len(said) for lane, said in c["lanes"].items() if lane != LANE) for c in columns})
    return {}
