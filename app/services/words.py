"""What a language model words: names of themes and a stage's statements, from redacted quotes only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.stages import Stage
from app.ports import Foreseen, LanguageModel
from app.services.material import Material
from app.services.privacy import Hidden
from app.stages.assemble import Slot
from app.stages.tokens import foreseen_of
from app.stages.wording import (
    Named,
    Prompts,
    Setting,
    ShownQuote,
    StatementGroup,
    ThemeGroup,
    Worded,
    batches,
    name_themes,
    stage_request,
    theme_request,
    write_stage,
)

SHOWN_QUOTES = 20
"""Quotes of one group that a model is shown; those it does not see cannot be cited."""
THEMES_AT_ONCE = 16
"""Themes that one request names: together, so that their names differ, but no more than a reader keeps apart."""
CHARS_PER_TOKEN = 3.5
PROMPT_TOKENS = 2500
"""Left free for the prompt itself and the reply."""


@dataclass(frozen=True, slots=True)
class Words:
    """Asks the model through the prompts; `context_tokens` bounds what one request may hold."""

    model: LanguageModel
    prompts: Prompts
    context_tokens: int

    def theme_parts(
        self, material: Material, hidden: Hidden, themes: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    ) -> list[tuple[ThemeGroup, ...]]:
        """Split themes, given with their quotes' ids (most central first) and keyphrases, into requests that fit the model.

        Deterministic, so a part can be asked for by its number; keys of the groups are the themes' ids.
        """
        groups = [
            ThemeGroup(theme, tuple(map(hidden.free, phrases)), self._fitting(_shown(material, hidden, ids[:SHOWN_QUOTES])))
            for theme, (ids, phrases) in themes.items()
        ]
        return list(batches(groups, self.room_chars, THEMES_AT_ONCE))

    def name_themes(self, material: Material, hidden: Hidden, groups: Sequence[ThemeGroup]) -> Named:
        """Name the themes of a part; raises `ModelError`. Keys of the answer are theme ids."""
        quotes = [quote for group in groups for quote in group.quotes]
        own = {f"t{n}": group.key for n, group in enumerate(groups, start=1)}
        setting = _setting(material, hidden)
        named = name_themes(self.model, self.prompts, _numbered(groups), setting, _transcripts(material, quotes))
        return Named({own[key]: wording for key, wording in named.themes.items()}, named.ungrounded, named.usage)

    def foresee_names(self, material: Material, hidden: Hidden, groups: Sequence[ThemeGroup]) -> Foreseen:
        """What naming the themes of a part will cost."""
        return self.model.foresee(theme_request(self.prompts, _numbered(groups), _setting(material, hidden)))

    def empty_names(self, material: Material, hidden: Hidden) -> Foreseen:
        """What a request for names costs before any theme stands in it."""
        return foreseen_of(theme_request(self.prompts, (), _setting(material, hidden)))

    def empty_stage(self, material: Material, hidden: Hidden, stage: Stage) -> Foreseen:
        """What a request for statements costs before any group stands in it."""
        return foreseen_of(stage_request(self.prompts, _titled(hidden, stage), (), _setting(material, hidden)))

    def parts(self, material: Material, hidden: Hidden, slots: Sequence[Slot]) -> list[tuple[StatementGroup, ...]]:
        """Split a stage's slots into requests that fit the model; deterministic, so a part can be asked for by its number."""
        groups = [
            StatementGroup(
                slot.id, slot.lane, hidden.free(slot.label), self._fitting(_shown(material, hidden, slot.supporting[:SHOWN_QUOTES]))
            )
            for slot in slots
        ]
        return list(batches(groups, self.room_chars))

    def write_stage(self, material: Material, hidden: Hidden, stage: Stage, groups: Sequence[StatementGroup]) -> Worded:
        """Word the statements of a part of a stage; raises `ModelError`. Keys of the answer are slot ids."""
        short = _shortened(groups)
        quotes = [quote for group in groups for quote in group.quotes]
        asked, setting = list(short.values()), _setting(material, hidden)
        worded = write_stage(self.model, self.prompts, _titled(hidden, stage), asked, setting, _transcripts(material, quotes))
        own = dict(zip(short, (group.key for group in groups), strict=True))
        return Worded({own[key]: said for key, said in worded.statements.items()}, worded.ungrounded, worded.usage)

    def foresee_stage(self, material: Material, hidden: Hidden, stage: Stage, groups: Sequence[StatementGroup]) -> Foreseen:
        """What wording a part of a stage will cost."""
        asked = list(_shortened(groups).values())
        return self.model.foresee(stage_request(self.prompts, _titled(hidden, stage), asked, _setting(material, hidden)))

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


def _numbered(groups: Sequence[ThemeGroup]) -> list[ThemeGroup]:
    """Groups under the short keys that a request gives them, in order."""
    return [replace(group, key=f"t{n}") for n, group in enumerate(groups, start=1)]


def _shortened(groups: Sequence[StatementGroup]) -> dict[str, StatementGroup]:
    """Groups under the short keys that a request gives them, in order."""
    keys = [f"{group.lane}-{n}" for n, group in enumerate(groups, start=1)]
    return {key: StatementGroup(key, group.lane, group.label, group.quotes) for key, group in zip(keys, groups, strict=True)}


def _titled(hidden: Hidden, stage: Stage) -> tuple[str, str]:
    shown = hidden.stage(stage)
    return shown.title, shown.definition


def _shown(material: Material, hidden: Hidden, quote_ids: Sequence[str]) -> list[ShownQuote]:
    views = {}
    shown = []
    for quote_id in quote_ids:
        stored = material.by_id[quote_id]
        transcript_id = stored.quote.transcript_id
        if transcript_id not in views:
            views[transcript_id] = hidden.view(transcript_id, material.texts[transcript_id])
        shown.append(ShownQuote(quote_id, views[transcript_id].cut(stored.quote.span), material.who(stored)))
    return shown


def _setting(material: Material, hidden: Hidden) -> Setting:
    languages = {t.language for t in material.transcripts.values()}
    question = material.study.question
    return Setting(
        hidden.free(material.study.name), hidden.free(question) if question else None, languages.pop() if len(languages) == 1 else "und"
    )


def _transcripts(material: Material, quotes: Sequence[ShownQuote]) -> tuple[str, ...]:
    return tuple(sorted({material.by_id[q.quote_id].quote.transcript_id for q in quotes}))
