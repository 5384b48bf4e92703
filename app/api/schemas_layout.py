"""What the wire looks like of a map's rows, name and scenario; see `app.api.schemas`."""

from pydantic import BaseModel, Field

from app.api.schemas import In, Name, ShortText
from app.domain.layout import BUILT_IN, MAX_CELL, MAX_OWN, MAX_TITLE

KEYS = ", ".join(f"`{key}`" for key in BUILT_IN)


class RowIn(In):
    """A row of a map in its place."""

    key: str | None = Field(None, description=f"One of {KEYS}, or that of a row of your own; left out, a new row of your own.")
    shown: bool = True
    title: str | None = Field(None, max_length=MAX_TITLE, description="Of a row of your own; left out, it keeps its title.")
    cells: dict[str, str] | None = Field(
        None,
        description=f"Words of a row of your own by stage (id or key), at most {MAX_CELL} characters each; of a stage left out they stay.",
    )


class LayoutIn(In):
    """A map's rows from top to bottom. Rows of your own that are left out are removed, built-in ones stand where they usually do."""

    rows: list[RowIn] = Field(max_length=len(BUILT_IN) + MAX_OWN)


class MapPatchIn(In):
    """What changes about a map; what is left out stays."""

    name: Name | None = None
    scenario: ShortText | None = Field(None, description="What happens to whom, such as “A customer whose parcel is late”; null for none.")
    layout: LayoutIn | None = None


class RowOut(BaseModel):
    """A row of a map; `title` and `cells` (words by the id of each stage) are null and empty but for rows of the team's own."""

    key: str
    shown: bool
    title: str | None
    cells: dict[str, str]


class LayoutOut(BaseModel):
    """The rows of a map, top to bottom, hidden ones too; nothing that is run or drawn changes them."""

    rows: list[RowOut]


class GoneCellOut(BaseModel):
    """Words that were written for a stage that is gone; they stand on no map, and are kept."""

    stage_id: str
    title: str = Field(description="What the stage was called.")
    text: str


class RowSettingsOut(RowOut):
    """A row with what was written for stages that are gone."""

    gone: list[GoneCellOut]


class LayoutSettingsOut(BaseModel):
    """The rows of a map as people keep them."""

    rows: list[RowSettingsOut]
