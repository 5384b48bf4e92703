"""The blocks of a document: paragraphs and tables, whose cells hold blocks again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.stages.parse.source import Row


@dataclass(slots=True)
class Paragraph:
    """Lines of text; with a `level` from 1 a heading."""

    text: str
    level: int = 0


@dataclass(slots=True)
class Cell:
    """What stands in a cell."""

    blocks: list["Paragraph | Table"] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """Rows of cells, which need not be equally many."""

    rows: list[list[Cell]] = field(default_factory=list)

    def cells(self) -> Iterable[Cell]:
        """Every cell, row by row."""
        return (cell for row in self.rows for cell in row)

    def texts(self) -> list[Row]:
        """The cells' text; paragraphs in a cell are lines."""
        return [tuple("\n".join(b.text for b in cell.blocks if isinstance(b, Paragraph)) for cell in row) for row in self.rows]


Block = Paragraph | Table
