"""What the wire looks like of code books and what people do to them; see `app.api.schemas`."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In, Page
from app.api.schemas_map import MapThemeOut, QuoteOut
from app.api.schemas_review import DecidedOut
from app.domain.journey import Origin
from app.domain.themes import Mark
from app.services.codebook import HISTORY_PAGE, MAX_HISTORY_PAGE
from app.services.edits import MAX_LABEL, MAX_PARTS, MAX_QUOTES, MAX_TEXT
from app.services.quotes import MAX_PAGE
from app.services.unplaced import UNPLACED_PAGE
from app.stages.splitting import FEWEST_PARTS, MOST_PARTS

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LABEL)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class EntryOut(BaseModel):
    """An entry of the code book. `quotes` and `participants` count the entries inside it too, `own_quotes` does not.

    `decided` says who decided which field; `etag` changes with the fields, for `If-Match`.
    """

    id: str
    label: str
    definition: str
    use_when: str
    not_when: str
    summary: str
    parent_id: str | None
    mark: Mark | None
    pinned: bool
    keyphrases: list[str]
    origin: Origin
    quotes: int
    own_quotes: int
    participants: int
    decided: dict[str, DecidedOut]
    etag: str


class OuterEntryOut(EntryOut):
    """An entry with those inside it."""

    children: list[EntryOut]


class CodeBookOut(BaseModel):
    """A study's entries in force, the most shared first, counted in the newest run; `placed` of the `quotes` have a theme.

    `run_id` is null before the first run; `version` grows with every edit and with every run that adds entries.
    """

    study_id: str
    version: int
    etag: str
    run_id: str | None
    quotes: int
    placed: int
    themes: list[OuterEntryOut]


class ThemeOut(EntryOut):
    """An entry with the ids of those inside it and a page of its quotes, the most central first."""

    study_id: str
    children: list[str]
    members: list[QuoteOut]
    next_offset: int | None


class ThemePatchIn(In):
    """What a person says of an entry; what is left out stays as it is, what equals a run's word confirms it."""

    label: Label | None = None
    definition: Text | None = None
    use_when: Text | None = None
    not_when: Text | None = None
    summary: Text | None = None
    parent_id: Id | None = Field(None, description="The outermost entry that it shall lie in; null takes it out.")
    mark: Mark | None = Field(None, description="`key`, `noise`, or null for neither; what is noise is left out of maps.")
    pinned: bool | None = Field(None, description="With true no run proposes to split or merge it.")


class ThemeIn(In):
    """A new entry, and the quotes to move into it."""

    label: Label
    definition: Text = ""
    use_when: Text = ""
    not_when: Text = ""
    summary: Text = ""
    parent_id: Id | None = None
    mark: Mark | None = None
    pinned: bool = False
    quote_ids: list[Id] = Field(default_factory=list, max_length=MAX_QUOTES)


class MergeIn(In):
    """The entry that takes the quotes over."""

    into: Id


class PartIn(In):
    """Quotes that become an entry of their own; without a label it is named from their words."""

    label: Label | None = None
    quote_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_QUOTES)]


class SplitIn(In):
    """The parts that leave an entry; what is in none of them stays."""

    parts: Annotated[list[PartIn], Field(min_length=1, max_length=MAX_PARTS)]


class SplitAskedIn(In):
    """Into how many parts; left out, as many as set themselves apart best."""

    parts: int | None = Field(None, ge=FEWEST_PARTS, le=MOST_PARTS)


class PlacementsIn(In):
    """Quotes to move to a theme, or with null out of all."""

    quote_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_QUOTES)]
    theme_id: Id | None


class PartOut(BaseModel):
    """Quotes that would be an entry of their own; in a merge the quotes of one of its themes. `examples` are two typical ones."""

    label: str
    keyphrases: list[str]
    quotes: int
    participants: int
    quote_ids: list[str]
    examples: list[QuoteOut]


class SplitProposalOut(BaseModel):
    """How a theme would fall into parts, the largest first; nothing was changed."""

    theme_id: str
    parts: list[PartOut]


class ProposalOut(BaseModel):
    """A split or merge that a run proposes, why, and what accepting it does, in words for people."""

    id: str
    kind: Literal["split", "merge"]
    theme_ids: list[str]
    why: str
    effect: str
    shared: list[str] = Field(description="Phrases that quotes of all themes of a merge hold.")
    likeness: float | None = Field(description="How alike the parts, or the themes, are (cosine); null where that was not measured.")
    usual_likeness: float | None = Field(description="How alike any two themes of the study are.")
    run_id: str
    parts: list[PartOut]


class NearOut(BaseModel):
    """A theme that a quote without one is near to (cosine)."""

    theme_id: str
    label: str
    likeness: float


class UnplacedQuoteOut(QuoteOut):
    """A quote without a theme, with the nearest themes, nearest first; `left_out` where people took it out of all."""

    near: list[NearOut]
    left_out: bool


class NearestOut(BaseModel):
    """How many of the quotes without a theme come nearest to this one."""

    theme_id: str
    label: str
    quotes: int


class UnplacedIn(In):
    """Which of the quotes without a theme."""

    near: Id | None = Field(None, description="Id of a theme; only the quotes that come near it.")
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(UNPLACED_PAGE, ge=1, le=MAX_PAGE)


class UnplacedOut(Page[UnplacedQuoteOut]):
    """A page of the quotes without a theme, those nearest to one first; of `unmeasured` ones no theme is known that is near."""

    total: int
    nearest: list[NearestOut]
    unmeasured: int


class ListedThemeOut(MapThemeOut):
    """A theme in a list, with people's mark."""

    mark: Mark | None


class ActionOut(BaseModel):
    """What somebody did to the code book; `undone_at` is null while any of it stands."""

    action_id: str
    kind: Literal["add", "edit", "remove", "merge", "split", "move", "accept", "reject"]
    text: str
    actor: str
    at: str
    undone_at: str | None
    theme_ids: list[str]


class HistoryAskedIn(In):
    """Which page of the history."""

    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(HISTORY_PAGE, ge=1, le=MAX_HISTORY_PAGE)


class HistoryOut(Page[ActionOut]):
    """A page of actions, newest first, and how many there are in all."""

    total: int


class UndoIn(In):
    """Which action to take back; left out, the newest that stands."""

    action_id: Id | None = None


class ChangedOut(BaseModel):
    """What was done, by the id that takes it back, and the entries it is about as they are now.

    `action_id` is null and `text` empty where all of it was decided so already.
    """

    action_id: str | None
    text: str
    themes: list[EntryOut]
