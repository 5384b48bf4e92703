"""What a language model words: a stage's statements, from redacted quotes only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.stages import Stage
from app.ports import Foreseen, LanguageModel
from app.services.material import Material
from app.services.privacy import Hidden
from app.stages.assemble import Slot
from app.stages.tokens import foreseen_of
from app.stages.wording import Prompts, Setting, ShownQuote, StatementGroup, Worded, batches, stage_request, write_stage

SHOWN_QUOTES = 20
"""Quotes of one group that a model is shown; those it does not see cannot be cited."""
CHARS_PER_TOKEN = 3.5
PROMPT_TOKENS = 2500
"""Left free for the prompt itself and the reply."""


@dataclass(frozen=True, slots=True)
class Words:
    """Asks the model through the prompts; `context_tokens` bounds what one request may hold."""

    model: LanguageModel
    prompts: Prompts
    context_tokens: int

    def empty_stage(self, material: Material, hidden: Hidden, stage: Stage) -> Foreseen:
        """What a request for statements costs before any group stands in it."""
        return foreseen_of(stage_request(self.prompts, _titled(hidden, stage), (), setting_of(material, hidden)))

    def parts(self, material: Material, hidden: Hidden, slots: Sequence[Slot]) -> list[tuple[StatementGroup, ...]]:
        """Split a stage's slots into requests that fit the model; deterministic, so a part can be asked for by its number."""
        groups = [
            StatementGroup(
                slot.id, slot.lane, hidden.free(slot.label), self._fitting(shown_quotes(material, hidden, slot.supporting[:SHOWN_QUOTES]))
            )
            for slot in slots
        ]
        return list(batches(groups, self.room_chars))

    def write_stage(self, material: Material, hidden: Hidden, stage: Stage, groups: Sequence[StatementGroup]) -> Worded:
        """Word the statements of a part of a stage; raises `ModelError`. Keys of the answer are slot ids."""
        short = _shortened(groups)
        quotes = [quote for group in groups for quote in group.quotes]
        asked, setting = list(short.values()), setting_of(material, hidden)
        worded = write_stage(self.model, self.prompts, _titled(hidden, stage), asked, setting, _transcripts(material, quotes))
        own = dict(zip(short, (group.key for group in groups), strict=True))
        return replace(
            worded,
            statements={own[key]: said for key, said in worded.statements.items()},
            rejected={own[key]: said for key, said in worded.rejected.items()},
        )

    def foresee_stage(self, material: Material, hidden: Hidden, stage: Stage, groups: Sequence[StatementGroup]) -> Foreseen:
        """What wording a part of a stage will cost."""
        asked = list(_shortened(groups).values())
        return self.model.foresee(stage_request(self.prompts, _titled(hidden, stage), asked, setting_of(material, hidden)))

    def _fitting(self, quotes: Sequence[ShownQuote]) -> tuple[ShownQuote, ...]:
        """As many of the quotes as one request holds, at least one."""
        kept: list[ShownQuote] = []
        length = 0
        for quote in quotes:
            length += len(quote.text)
            if kept and length > self.room_chars:
                break
            kept.append(quote)
        return tuple(kept)

    @property
    def room_chars(self) -> int:
        """Code points of quotes that fit beside the prompt and its reply."""
        return int(max(self.context_tokens - PROMPT_TOKENS, PROMPT_TOKENS // 2) * CHARS_PER_TOKEN * 0.7)


def _shortened(groups: Sequence[StatementGroup]) -> dict[str, StatementGroup]:
    """Groups under the short keys that a request gives them, in order."""
    keys = [f"{group.lane}-{n}" for n, group in enumerate(groups, start=1)]
    return {key: replace(group, key=key) for key, group in zip(keys, groups, strict=True)}


def _titled(hidden: Hidden, stage: Stage) -> tuple[str, str]:
    shown = hidden.stage(stage)
    return shown.title, shown.definition


def shown_quotes(material: Material, hidden: Hidden, quote_ids: Sequence[str]) -> list[ShownQuote]:
    """Quotes in words that a model may read."""
    views = {}
    shown = []
    for quote_id in quote_ids:
        stored = material.by_id[quote_id]
        transcript_id = stored.quote.transcript_id
        if transcript_id not in views:
            views[transcript_id] = hidden.view(transcript_id, material.texts[transcript_id])
        shown.append(ShownQuote(quote_id, views[transcript_id].cut(stored.quote.span), material.who(stored)))
    return shown


def setting_of(material: Material, hidden: Hidden) -> Setting:
    """What requests say of a study; its language only where all interviews have the same."""
    languages = {t.language for t in material.transcripts.values()}
    study = material.study
    return Setting(
        study=hidden.free(study.name),
        question=hidden.free(study.question) if study.question else None,
        language=languages.pop() if len(languages) == 1 else "und",
        product=hidden.free(study.product) if study.product else None,
    )


def _transcripts(material: Material, quotes: Sequence[ShownQuote]) -> tuple[str, ...]:
    return tuple(sorted({material.by_id[q.quote_id].quote.transcript_id for q in quotes}))
