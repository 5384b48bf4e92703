"""What a model has coded of a study so far, what is left, and how both are shown to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.db.repositories import Repositories
from app.domain.identity import derive_id
from app.domain.journey import Origin
from app.domain.review import Suggestion
from app.domain.runs import Run
from app.domain.tags import NO_STAGE
from app.domain.themes import PLACED, PLACEMENT, CodeBook, Theme, drafted_id
from app.services.book import decided_placements, load_book, superseded_by_model
from app.services.material import Material
from app.services.privacy import Hidden
from app.services.rewording import said_of
from app.stages.codebook import FEWEST, Draft, DraftedEntry, GistLine, PlacedQuote, order_lines
from app.stages.naming import Namer

MERGE = "merge"
VERSION = "codebook"
"""Where a placement says which version of the code book the model had before it."""


@dataclass(frozen=True)
class Coded:
    """What a run's model has said and what is left: the code book, who placed what, and the quotes that it may be asked about."""

    run: Run
    material: Material
    book: CodeBook
    superseded: Collection[str]
    """Ids of entries that only code has named; they give way to what a model drafts."""
    since: Mapping[str, int]
    said: Mapping[str, Suggestion]
    decided: Collection[str]

    @cached_property
    def entries(self) -> tuple[Theme, ...]:
        """The entries that quotes can be placed in."""
        return tuple(theme for theme in self.book.open() if theme.id not in self.superseded)

    @cached_property
    def newest(self) -> int:
        """The version of the code book with which the newest of them came."""
        return max((self.since.get(theme.id, 0) for theme in self.entries), default=0)

    @cached_property
    def asked(self) -> list[str]:
        """Ids of the quotes with a gist that people have not placed, in transcript order; background has no theme."""
        tags = self.material.tags
        ids = (q.quote.id for q in self.material.quotes)
        return [q for q in ids if q not in self.decided and (t := tags.get(q)) and t.gist and t.stage != NO_STAGE]

    def answered(self, quote_id: str) -> bool:
        """Whether the model has placed a quote in an entry that stands, or left it unplaced with all of today's entries before it."""
        said = self.said.get(quote_id)
        if said is None or (self.run.inputs.recode and said.run_id != self.run.id):
            return False
        theme = said.payload[PLACED]
        if theme is None:
            return bool(said.payload[VERSION] >= self.newest)
        return self.book.standing(theme) in {entry.id for entry in self.entries}

    @property
    def waiting(self) -> list[str]:
        """Quotes that are to be placed."""
        return [q for q in self.asked if not self.answered(q)] if self.entries else []

    @property
    def homeless(self) -> list[str]:
        """Quotes that no entry holds, as far as the model has been asked."""
        if not self.entries:
            return self.asked
        return [q for q in self.asked if self.answered(q) and self.said[q].payload[PLACED] is None]


@dataclass(frozen=True)
class Drafting:
    """A draft in the making: what it is made from, in parts, and what the model has said so far."""

    run: Run
    coded: Coded
    draft: Draft
    parts: tuple[tuple[GistLine, ...], ...]
    said: Mapping[str, Suggestion]

    @property
    def material(self) -> Material:
        """The run's quotes."""
        return self.coded.material

    @cached_property
    def fresh(self) -> list[set[str]]:
        """Of each part the quotes that no draft was shown."""
        shown = {q for s in self.said.values() for q in s.payload["quotes"]}
        return [{line.quote_id for line in part} - shown for part in self.parts]

    @property
    def undrafted(self) -> list[int]:
        """Numbers of the parts that are to be drafted; none as long as what is new is too little for a theme."""
        return [n for n, new in enumerate(self.fresh) if new] if sum(map(len, self.fresh)) >= FEWEST else []

    def id_of(self, part: Sequence[GistLine]) -> str:
        """What the draft from a part is kept under."""
        return derive_id("draft", self.run.study_id, *(line.quote_id for line in part))

    @cached_property
    def drafts(self) -> list[tuple[DraftedEntry, ...]]:
        """The entries that were drafted from each part, as far as they were."""
        kept = [self._entries(self.id_of(part)) for part in self.parts]
        return [entries for entries in kept if entries]

    @property
    def merge_id(self) -> str:
        """What the code book made of the parts is kept under."""
        return derive_id("draft", self.run.study_id, MERGE, *(self.id_of(part) for part in self.parts if self._entries(self.id_of(part))))

    @property
    def unmerged(self) -> bool:
        """Whether there are drafts of several parts that were not made into one."""
        return len(self.drafts) > 1 and self.merge_id not in self.said

    @property
    def result(self) -> tuple[DraftedEntry, ...]:
        """The entries that came of it; none before they are made into one."""
        if len(self.drafts) > 1:
            return self._entries(self.merge_id)
        return self.drafts[0] if self.drafts else ()

    def _entries(self, draft_id: str) -> tuple[DraftedEntry, ...]:
        said = self.said.get(draft_id)
        told = said.payload["entries"] if said else ()
        return tuple(DraftedEntry(**{**entry, "quote_ids": tuple(entry["quote_ids"])}) for entry in told)


def load_coded(repo: Repositories, run: Run, material: Material) -> Coded:
    """What a run's model has said of the quotes of this material."""
    book = load_book(repo, run.study_id, run.tagger_key)
    ids = [q.quote.id for q in material.quotes]
    return Coded(
        run=run,
        material=material,
        book=book,
        superseded=superseded_by_model(repo, run.study_id, book),
        since=repo.themes.since(run.study_id),
        said=repo.reviews.suggestions(run.study_id, PLACEMENT, run.tagger_key, ids),
        decided=decided_placements(repo, run.study_id).keys(),
    )


def shown_entries(entries: Sequence[Theme], hidden: Hidden) -> tuple[Theme, ...]:
    """Entries in words that the model may read."""
    return tuple(
        Theme(
            entry.id,
            hidden.free(entry.label),
            hidden.free(entry.definition),
            hidden.free(entry.use_when),
            hidden.free(entry.not_when),
            entry.parent_id,
        )
        for entry in entries
    )


def gist_lines(material: Material, quote_ids: Sequence[str], hidden: Hidden, themes: Mapping[str, str]) -> tuple[GistLine, ...]:
    """What a draft sees of these quotes, in the order of the clusters that they were put into without a model."""
    keys = {stage.id: hidden.stage(stage).key for stage in material.stages}
    sizes: dict[str, list[str]] = {}
    for quote_id in quote_ids:
        if quote_id in themes:
            sizes.setdefault(themes[quote_id], []).append(quote_id)
    ordered = sorted(sizes, key=lambda theme: (-len(sizes[theme]), sizes[theme][0]))
    group = {theme: n for n, theme in enumerate(ordered, start=1)}
    return order_lines(
        GistLine(
            q,
            hidden.free(tags.gist or ""),
            keys.get(tags.stage, NO_STAGE),
            tags.experience,
            material.who(material.by_id[q]),
            group.get(themes.get(q, "")),
        )
        for q in quote_ids
        for tags in [material.tags[q]]
    )


def placed_quotes(material: Material, quote_ids: Sequence[str], hidden: Hidden) -> list[PlacedQuote]:
    """Quotes in words that the model may read."""
    keys = {stage.id: hidden.stage(stage).key for stage in material.stages}
    views = {t: hidden.view(t, material.texts[t]) for t in transcripts_of(material, quote_ids)}
    shown = []
    for quote_id in quote_ids:
        quote, tags = material.by_id[quote_id].quote, material.tags[quote_id]
        text = views[quote.transcript_id].cut(quote.span)
        shown.append(PlacedQuote(quote_id, text, hidden.free(tags.gist or ""), keys.get(tags.stage, NO_STAGE)))
    return shown


def new_themes(coded: Coded, drafted: Sequence[DraftedEntry]) -> list[Theme]:
    """Drafted entries that the code book does not hold, outermost first, with keyphrases of the quotes they were drafted from."""
    material, study = coded.material, coded.run.study_id
    labels = {entry.label.casefold() for entry in coded.entries}
    ids = [drafted_id(study, entry.quote_ids) for entry in drafted]
    quotes = list(material.by_id)
    namer = Namer([said_of(material, q) for q in quotes], exclude=material.names) if drafted else None
    made = []
    for key, entry in zip(ids, drafted, strict=True):
        if key in coded.book.entries or entry.label.casefold() in labels:
            continue
        inside = [n for n, q in enumerate(quotes) if q in entry.quote_ids]
        phrases = namer.name(inside).keyphrases if namer and inside else ()
        parent = ids[entry.parent] if entry.parent is not None else None
        words = (entry.label, entry.definition, entry.use_when, entry.not_when)
        made.append(Theme(key, *words, parent_id=parent, origin=Origin.LLM.value, keyphrases=phrases))
    there = {theme.id for theme in made} | coded.book.entries.keys()
    made = [theme if theme.parent_id in there else replace(theme, parent_id=None) for theme in made]
    return sorted(made, key=lambda theme: theme.parent_id is not None)


def transcripts_of(material: Material, quote_ids: Sequence[str]) -> tuple[str, ...]:
    """Whose words quotes are: ids of transcripts, in order."""
    return tuple(sorted({material.by_id[q].quote.transcript_id for q in quote_ids}))
