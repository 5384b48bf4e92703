"""Code book: have a model draft themes from gists and place quotes in them, and keep of its replies only what names what it was shown.

Numbers and keys are given and resolved here and nowhere else; a reply can choose among them, never add one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.tags import Experience
from app.domain.themes import Theme
from app.ports import ModelRequest, Usage
from app.stages.tag import as_number, clip, items_of
from app.stages.tokens import estimate_tokens
from app.stages.wording import MAX_SUMMARY, QUOTATION_MARKS, SLACK, Prompts, Setting

DRAFT_CODEBOOK, ASSIGN_THEMES = "draft_codebook", "assign_themes"
MAX_LABEL_WORDS = 9
MAX_WORDS = 60
"""Words of a quote that are shown to place it: its point has been made by then."""
FEWEST = 3
"""Quotes that a theme is drafted from at least."""
MOST_ENTRIES = 48
LOW, HIGH, POWER = 1.15, 1.75, 0.44
"""A study of n quotes usually holds between LOW · n^POWER and HIGH · n^POWER themes: 6 to 9 of 40, 12 to 18 of 200, 24 to 36 of 1,000."""
BATCH = 60
"""Quotes that one request places."""
LARGE_BOOK = 40
"""Entries up to which every request shows the same book in the same order, so that providers' prompt caching applies."""
ENTRY_TOKENS, PLACED_TOKENS, FRAME_TOKENS = 130, 10, 60
LINE_TOKENS, QUOTE_TOKENS = 7, 16
"""What stands around a gist, and around a quote."""
MARGIN = 1.3
"""How many more tokens a small model's tokenizer makes of a text."""
SMALLEST_PART = 20
"""Gists that one draft reads at least, however small the model's context."""
FLAT = 25
"""Entries up to which a draft nests none."""
LETTERS_A_WORD = 12
PAIR = 2
DECIMALS = 3
SIGNS = {Experience.PAIN: "-", Experience.DELIGHT: "+", Experience.NEUTRAL: "."}


@dataclass(frozen=True, slots=True)
class GistLine:
    """A quote as the draft sees it: its gist rendered for the model, its stage's key, who said it, and the group it was clustered into."""

    quote_id: str
    gist: str
    stage: str
    experience: Experience
    who: str
    group: int | None = None


@dataclass(frozen=True, slots=True)
class PlacedQuote:
    """A quote as it is shown to be placed: `text` and `gist` are rendered for the model."""

    quote_id: str
    text: str
    gist: str
    stage: str


@dataclass(frozen=True, slots=True)
class DraftedEntry:
    """An entry that a model drafted; `parent` is the place of the broader entry in the same draft."""

    label: str
    definition: str
    use_when: str
    not_when: str
    quote_ids: tuple[str, ...]
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """Entries in the order of the reply, and how many numbers, labels and parents resolved to nothing."""

    entries: tuple[DraftedEntry, ...]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Theme ids by quote id, None for a quote that belongs to none; quotes without a usable answer are absent."""

    themes: Mapping[str, str | None]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft is asked from: the study, its stages as (key, title), and the entries that stand already."""

    setting: Setting
    stages: tuple[tuple[str, str], ...]
    entries: tuple[Theme, ...] = ()


def usual_themes(quotes: int) -> tuple[int, int]:
    """How few and how many themes a study of so many quotes usually holds."""
    most = max(1, min(MOST_ENTRIES, round(HIGH * quotes**POWER), quotes // FEWEST))
    return min(most, max(1, round(LOW * quotes**POWER))), most


def order_lines(lines: Iterable[GistLine]) -> tuple[GistLine, ...]:
    """Lines group by group, largest group first; those of no group come last. Within a group the order stays."""
    given = list(lines)
    sizes: dict[int | None, int] = {}
    for line in given:
        sizes[line.group] = sizes.get(line.group, 0) + 1
    return tuple(sorted(given, key=lambda line: (line.group is None, -sizes[line.group], line.group or 0)))


def draft_parts(prompts: Prompts, draft: Draft, lines: Sequence[GistLine], context_tokens: int) -> tuple[tuple[GistLine, ...], ...]:
    """Split ordered lines into requests of about the same size that fit a model's context; one where all fit."""
    if not lines:
        return ()
    empty = draft_request(prompts, draft, ())
    fixed = MARGIN * (estimate_tokens(empty.system) + estimate_tokens(empty.user)) + FRAME_TOKENS
    costs = [MARGIN * (LINE_TOKENS + estimate_tokens(line.gist)) for line in lines]
    size = len(lines)
    for parts in range(1, len(lines) // SMALLEST_PART + 2):
        size = -(-len(lines) // parts)
        room = context_tokens - fixed - ENTRY_TOKENS * usual_themes(size)[1]
        if max(sum(costs[i : i + size]) for i in range(0, len(lines), size)) <= room:
            break
    return tuple(tuple(lines[i : i + size]) for i in range(0, len(lines), size))


def draft_request(prompts: Prompts, draft: Draft, lines: Sequence[GistLine], transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
    """What is sent to have a code book drafted from lines."""
    usual = usual_themes(len(lines))
    return prompts.request(DRAFT_CODEBOOK, _draft_context(draft, usual, lines=_lines(lines)), _room(usual[1]), transcript_ids)


def merge_request(
    prompts: Prompts,
    draft: Draft,
    parts: Sequence[Sequence[DraftedEntry]],
    quotes: int,
    context_tokens: int,
    transcript_ids: tuple[str, ...] = (),
) -> ModelRequest:
    """What is sent to have the drafts of parts of so many quotes made into one code book; they are shown shorter where they are many."""
    usual = usual_themes(quotes)
    room = min(_room(usual[1]), context_tokens // 2)

    def told(*names: str) -> ModelRequest:
        return prompts.request(DRAFT_CODEBOOK, _draft_context(draft, usual, drafts=_drafts(parts, names)), room, transcript_ids)

    for request in (told("definition", "use_when"), told("definition")):
        if MARGIN * (estimate_tokens(request.system) + estimate_tokens(request.user)) + room <= context_tokens:
            return request
    return told()


def _room(entries: int) -> int:
    return ENTRY_TOKENS * entries + FRAME_TOKENS


def _draft_context(
    draft: Draft, usual: tuple[int, int], *, lines: Sequence[Mapping[str, Any]] = (), drafts: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    brief = len(draft.entries) > LARGE_BOOK
    return {
        **_setting(draft.setting),
        "language": draft.setting.language,
        "stages": [{"key": key, "title": title} for key, title in draft.stages],
        "entries": [{"label": e.label, "definition": "" if brief else e.definition} for e in draft.entries],
        "lines": lines,
        "drafts": drafts,
        "usual": usual,
    }


def _setting(setting: Setting) -> dict[str, Any]:
    return {"study": setting.study, "product": setting.product, "question": setting.question}


def _lines(lines: Sequence[GistLine]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        new = number == 1 or line.group != lines[number - 2].group
        head = "not grouped" if line.group is None else f"group {line.group}"
        told = {"who": line.who, "stage": line.stage, "sign": SIGNS[line.experience], "gist": line.gist}
        shown.append({"number": number, "group": head if new else None, **told})
    return shown


def _drafts(parts: Sequence[Sequence[DraftedEntry]], told: Sequence[str]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for part, entries in enumerate(parts, start=1):
        for place, entry in enumerate(entries):
            words = {name: getattr(entry, name) if name in told else "" for name in ("definition", "use_when")}
            shown.append({"number": len(shown) + 1, "part": None if place else part, "label": entry.label, **words})
    return shown


def parse_draft(value: Any, lines: Sequence[GistLine]) -> Drafted:
    """Read a drafted code book; kept are entries with a label of its own of about nine words and at least one quote that was shown."""
    return _parse_entries(value, [(line.quote_id,) for line in lines])


def parse_merged(value: Any, parts: Sequence[Sequence[DraftedEntry]]) -> Drafted:
    """Read the code book that drafts of parts were made into; an entry has the quotes of the drafts it names."""
    return _parse_entries(value, [entry.quote_ids for entries in parts for entry in entries])


def _parse_entries(value: Any, shown: Sequence[tuple[str, ...]]) -> Drafted:
    """Entries whose numbers stand for quotes; a quote is an example of the first entry that names it, so no two have the same ones."""
    entries: list[DraftedEntry] = []
    places: dict[int, int] = {}
    above: list[int | None] = []
    taken: set[str] = set()
    labels: set[str] = set()
    ungrounded = 0
    for place, item in enumerate(items_of(value), start=1):
        told = item if isinstance(item, dict) else {}
        quote_ids, unknown = _examples(told.get("n"), shown, taken)
        label = (_words(told.get("label")) or "").rstrip(".")
        ungrounded += unknown
        if not quote_ids or not label or len(label.split()) > MAX_LABEL_WORDS * SLACK or label.casefold() in labels:
            ungrounded += 1
            continue
        taken.update(quote_ids)
        labels.add(label.casefold())
        places[place] = len(entries)
        above.append(as_number(told.get("parent")))
        rest = [_words(told.get(name)) or "" for name in ("definition", "use_when", "not_when")]
        entries.append(DraftedEntry(label, rest[0], rest[1], rest[2], quote_ids))
    if len(entries) <= FLAT:
        return Drafted(tuple(entries), ungrounded)
    parents = [None if p is None or places.get(p) == i else places.get(p) for i, p in enumerate(above)]
    ungrounded += sum(p is not None and parents[i] is None for i, p in enumerate(above))
    nested = [None if p is None or parents[p] is not None else p for p in parents]  # one level deep
    return Drafted(tuple(replace(entry, parent=p) for entry, p in zip(entries, nested, strict=True)), ungrounded)


def _examples(numbers: Any, shown: Sequence[tuple[str, ...]], taken: Collection[str]) -> tuple[tuple[str, ...], int]:
    """Quote ids that listed numbers stand for and no entry has yet, and how many numbers stand for nothing."""
    listed = numbers if isinstance(numbers, list) else [] if numbers is None else [numbers]
    read = [as_number(n) for n in listed]
    known = [n for n in read if n is not None and 1 <= n <= len(shown)]
    ids = dict.fromkeys(q for n in known for q in shown[n - 1] if q not in taken)
    return tuple(ids), len(read) - len(known)


def _words(value: Any) -> str | None:
    """One line of a reply without quotation marks, since nothing here is anybody's speech."""
    return clip(value.translate(QUOTATION_MARKS), MAX_SUMMARY) if isinstance(value, str) else None


def cut_words(text: str, most: int = MAX_WORDS) -> str:
    """A quote's beginning, marked where it was cut; scripts without blanks are cut by letters."""
    words = text.split()
    if len(words) > most:
        return " ".join(words[:most]) + " …"
    return text if len(text) <= most * LETTERS_A_WORD else text[: most * LETTERS_A_WORD] + " …"


def entry_order(
    entries: Sequence[Theme], vectors: Mapping[str, NDArray[np.float32]], batch: NDArray[np.float32] | None
) -> tuple[Theme, ...]:
    """Entries in the order in which a request shows them.

    Outermost ones by id, each followed by those within it; in a large code book the nearest to the batch's mean vector (cosine with an
    entry's own, by id in `vectors`) come first, after those that have none.
    """
    ids = {entry.id for entry in entries}
    keyed = [(entry.parent_id if entry.parent_id in ids else entry.id, entry.parent_id in ids, entry.id, entry) for entry in entries]
    ordered = tuple(entry for *_, entry in sorted(keyed, key=lambda k: k[:3]))
    if len(entries) <= LARGE_BOOK or batch is None:
        return ordered
    near = {
        key: round(float(vector @ batch / ((np.linalg.norm(vector) * np.linalg.norm(batch)) or 1.0)), DECIMALS)
        for key, vector in vectors.items()
    }
    return tuple(sorted(ordered, key=lambda entry: (-near.get(entry.id, 2.0), entry.id)))


def batch_size(prompts: Prompts, setting: Setting, entries: Sequence[Theme], context_tokens: int, quote_tokens: float) -> int:
    """How many quotes of so many tokens one request places beside a code book, 1 to 60."""
    empty = assign_request(prompts, setting, entries, ())
    fixed = MARGIN * (estimate_tokens(empty.system) + estimate_tokens(empty.user)) + FRAME_TOKENS
    return max(1, min(BATCH, int((context_tokens - fixed) / (MARGIN * (quote_tokens + QUOTE_TOKENS) + PLACED_TOKENS))))


def assign_request(
    prompts: Prompts, setting: Setting, entries: Sequence[Theme], quotes: Sequence[PlacedQuote], transcript_ids: tuple[str, ...] = ()
) -> ModelRequest:
    """What is sent to have quotes placed in the entries of a code book, given in the order in which they are shown."""
    keys = {entry.id: key for key, entry in enumerate(entries, start=1)}
    shown = [
        {
            "key": keys[entry.id],
            "parent": keys.get(entry.parent_id or ""),
            "label": entry.label,
            "definition": entry.definition.rstrip(".") + "." if entry.definition else "",
            "use_when": entry.use_when,
            "not_when": entry.not_when,
        }
        if keys[entry.id] <= LARGE_BOOK
        else {"key": keys[entry.id], "parent": None, "label": entry.label, "definition": "", "use_when": "", "not_when": ""}
        for entry in entries
    ]
    told = [{"number": n, "stage": q.stage, "gist": q.gist, "text": cut_words(q.text)} for n, q in enumerate(quotes, start=1)]
    context = {**_setting(setting), "entries": shown, "quotes": told}
    return prompts.request(ASSIGN_THEMES, context, PLACED_TOKENS * len(quotes) + FRAME_TOKENS, transcript_ids)


def parse_assignments(value: Any, quotes: Sequence[PlacedQuote], entries: Sequence[Theme]) -> Assigned:
    """Read where quotes were placed; of two answers for a quote the first counts, and what names no quote or no entry is counted."""
    themes: dict[str, str | None] = {}
    ungrounded = 0
    for item in items_of(value):
        pair = item if isinstance(item, list) and len(item) == PAIR else (None, None)
        number, key = as_number(pair[0]), as_number(pair[1])
        known = number is not None and key is not None and 1 <= number <= len(quotes) and 0 <= key <= len(entries)
        if number is None or key is None or not known or quotes[number - 1].quote_id in themes:
            ungrounded += 1
            continue
        themes[quotes[number - 1].quote_id] = entries[key - 1].id if key else None
    return Assigned(themes, ungrounded)
