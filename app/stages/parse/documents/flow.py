"""What a document says, block by block as its opener walks it, and how that reads as text or rows."""

import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from app.errors import NotSpeech, TooLarge
from app.stages.parse.asked import WARNING
from app.stages.parse.clock import TIME
from app.stages.parse.markup import without_markdown
from app.stages.parse.names import looks_like_name
from app.stages.parse.source import MAX_CHARACTERS, Opened, Row
from app.stages.parse.wording import count_of, were

from .blocks import Block, Cell, Paragraph, Table
from .repairs import repaired
from .tables import SESSION, TITLES, find_turns, labelled_column, speech_rows

MAX_PARAGRAPHS = 60_000
MAX_CELLS = 200_000
MAX_NESTED_TABLES = 8
MAX_HEADING = 6
LONGEST_HEADING = 200

_ESCAPED = re.compile(r"[\\*_]")
_LINE_MARK = re.compile(r"\s{0,3}(?:#{1,6}(?:\s|\w|$)|```|~~~|\|.*\|\s*$)")
_READ_AS_MARKDOWN = re.compile(r"(?m)^#{1,6} |\*\*\S|^\s{0,3}>\s|\\[*_]|\]\(https?://")
_TIME_ONLY = re.compile(rf"\W{{0,4}}{TIME}\W{{0,4}}")
_TIME_AHEAD = re.compile(rf"\s*[\[(\-–—|,]?\s*{TIME}")
_TRANSCRIPT = re.compile(
    r"\W{0,6}(?:transcript(?:ion)?|transkript(?:ion)?|transcripci[oó]n|transcri[cç][aã]o|trascrizione|transcriptie|文字起こし)\W{0,6}",
    re.IGNORECASE,
)
_MADE_UP = re.compile(
    r"(?:microsoft word|\(anonymous\)|untitled|unbenannt|document\d|word document|.{0,180}\.(?:docx?|odt|pdf|html?|rtf|txt)$)",
    re.IGNORECASE,
)
_TWO_WORDS = {"text", "hidden", "tracked", "embedded", "page"}
_LAYOUT_WORDS = 25
"""A table with so many words in one cell is a way to place paragraphs, not a table of facts."""

_LOST = 5
"""With so many times more words in tables that nobody could read than beside them, what is left is no transcript."""
_IN_TABLES = (
    "nearly all its words stand in tables whose columns could not be told; give the table a first row with the titles Speaker and Text "
    "(Start and End where known), or take the words out of the table as lines “Name: words”"
)


class Flow:
    """Takes words, ends of lines and paragraphs, and tables in the order of the document.

    Raises `TooLarge` where there is more of them than a transcript has.
    """

    def __init__(self) -> None:
        self._root = Cell()
        self._tables: list[Table] = []
        self._too_deep = 0
        self._pieces: list[tuple[str, bool]] = []
        self._characters = self._paragraphs = self._cells = 0
        self._left_out: dict[str, int] = {}
        self._lost = 0
        self._asked = False

    def words(self, text: str, *, bold: bool = False) -> None:
        """Words of the paragraph under way; a newline in them is a line break in it."""
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise _too_much(f"{MAX_CHARACTERS:,} characters")
        self._pieces.append((text, bold))

    def leave_out(self, what: str, number: int = 1) -> None:
        """Count something that is no speech, to be said aloud: `what` is a singular noun such as “comment”."""
        self._left_out[what] = self._left_out.get(what, 0) + number

    @property
    def in_paragraph(self) -> bool:
        """Whether words wait for their paragraph's end."""
        return bool(self._pieces)

    def end_paragraph(self, level: int = 0) -> None:
        """The paragraph is complete; `level` from 1 makes it a heading. Nothing happens where it has no words."""
        pieces, self._pieces = self._pieces, []
        text = "".join(piece for piece, _ in pieces)
        if not text.strip():
            return
        self._paragraphs += 1 + text.count("\n")
        if self._paragraphs > MAX_PARAGRAPHS:
            raise _too_much(f"{MAX_PARAGRAPHS:,} paragraphs")
        self._here.append(Paragraph(_rendered(pieces, text), level if len(text) <= LONGEST_HEADING else 0))

    def drop_paragraph(self, what: str) -> None:
        """The paragraph is complete and no speech; it counts as left out where it has words."""
        pieces, self._pieces = self._pieces, []
        if any(piece.strip() for piece, _ in pieces):
            self.leave_out(what)

    def begin_table(self) -> None:
        """Rows and cells follow. Tables nested deeper than any document does are read as paragraphs."""
        self.end_paragraph()
        if len(self._tables) >= MAX_NESTED_TABLES:
            self._too_deep += 1
        else:
            self._tables.append(Table())

    def begin_row(self) -> None:
        """A row of the innermost table."""
        if self._tables and not self._too_deep:
            self._tables[-1].rows.append([])

    def begin_cell(self) -> None:
        """A cell of the innermost table's last row."""
        self.end_paragraph()
        if not self._tables or self._too_deep:
            return
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise _too_much(f"{MAX_CELLS:,} cells")
        if not self._tables[-1].rows:
            self.begin_row()
        self._tables[-1].rows[-1].append(Cell())

    def end_table(self) -> None:
        """The innermost table is complete."""
        self.end_paragraph()
        if self._too_deep:
            self._too_deep -= 1
        elif self._tables:
            table = self._tables.pop()
            nested = any(isinstance(block, Table) for cell in table.cells() for block in cell.blocks)
            if nested or all(len(row) <= 1 for row in table.rows):  # it only places what is in it
                for cell in table.cells():
                    self._here.extend(cell.blocks)
            else:
                self._here.append(table)

    def opened(self, about: Mapping[str, str], warnings: Iterable[str] = ()) -> Opened:
        """The document as text with headings and blank lines, or as rows where most of its words stand in a table of turns."""
        self.end_paragraph()
        while self._tables:
            self.end_table()
        blocks, notes = _after_notes(_joined(self._root.blocks))
        blocks, repairs = repaired(blocks)
        flat, rows = self._resolved(blocks)
        in_rows = sum(len(row[3].split()) for row in rows)
        around = [block for block in flat if isinstance(block, Paragraph)]
        beside = sum(len(paragraph.text.split()) for paragraph in around)
        if self._lost > _LOST * (in_rows + beside):
            raise NotSpeech(_IN_TABLES)
        if rows and in_rows >= beside:
            if around:
                self.leave_out("paragraph outside the table of turns", len(around))
            titles = (*TITLES, SESSION) if any(len(row) > len(TITLES) for row in rows) else TITLES
            return Opened("", (titles, *rows), (*warnings, *notes, *repairs, *self._said()), about)
        lines = [block if isinstance(block, Paragraph) else Paragraph(_line_of(block)) for block in flat]
        return Opened(_as_text(lines), (), (*warnings, *notes, *repairs, *self._said()), about)

    @property
    def _here(self) -> list[Block]:
        """Where a block goes: the innermost open cell, or the document."""
        for table in reversed(self._tables):
            if table.rows and table.rows[-1]:
                return table.rows[-1][-1].blocks
        return self._root.blocks

    def _resolved(self, blocks: Iterable[Block]) -> tuple[list[Paragraph | Row], list[Row]]:
        """Blocks with each table as the turns it holds, as its paragraphs, or left out; and the turns alone."""
        flat: list[Paragraph | Row] = []
        turns: list[Row] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                flat.append(block)
                continue
            texts = block.texts()
            if found := find_turns(texts):
                rows = speech_rows(texts, found)
                flat.extend(rows)
                turns.extend(rows)
                self._asked = self._asked or found.asked
            elif labelled := labelled_column(texts):
                column, first = labelled
                said = [row[column] for row in block.rows[first:] if column < len(row)]
                flat.extend(b for cell in said for b in cell.blocks if isinstance(b, Paragraph))
                self.leave_out("column of a table beside the one that is spoken", sum(map(any, zip_longest(*texts[first:]))) - 1)
            elif any(len(cell.split()) >= _LAYOUT_WORDS for row in texts for cell in row):
                flat.extend(b for cell in block.cells() for b in cell.blocks if isinstance(b, Paragraph))
            elif any(cell for row in texts for cell in row):
                self.leave_out("table without columns for speaker and words")
                self._lost += sum(len(cell.split()) for row in texts for cell in row)
        return flat, turns

    def _said(self) -> tuple[str, ...]:
        left_out = (f"{_plural(n, what)} {were(n)} left out" for what, n in self._left_out.items() if n)
        return (*left_out, *([WARNING] if self._asked else []))


def titled(title: str) -> Mapping[str, str]:
    """What `Opened.about` says of a document by its title; nothing where it has none, or one that a program made up."""
    words = " ".join(title.split())
    return {"title": words} if 0 < len(words) <= LONGEST_HEADING and not _MADE_UP.match(words) else {}


def _too_much(limit: str) -> TooLarge:
    return TooLarge(f"it has more than {limit}; split it into one file an interview")


def _plural(number: int, what: str) -> str:
    """`2 tables without columns`: the first word is the noun."""
    noun, _, rest = what.partition(" ")
    if noun in _TWO_WORDS:
        second, _, rest = rest.partition(" ")
        noun = f"{noun} {second}"
    return f"{count_of(number, noun)} {rest}".strip()


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """Tables that follow each other and are equally wide as one: some exports make a table of every turn."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Table) and isinstance(last, Table) and block.rows and len(last.rows[-1]) == len(block.rows[0]):
            last.rows.extend(block.rows)
        elif not isinstance(block, Table) or block.rows:
            found.append(block)
    return found


def _after_notes(blocks: list[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """What follows a heading “Transcript”: what stands before it are notes, a summary and a list of who was there."""
    at = next((i for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.level and _TRANSCRIPT.fullmatch(b.text)), None)
    if not at or at + 1 == len(blocks):
        return blocks, ()
    noun = count_of(at, "paragraph")
    return blocks[at + 1 :], (f"{noun} before the heading “Transcript” (notes, summary, attendees) {were(at)} left out",)


def _line_of(row: Row) -> str:
    """A turn of a table among paragraphs, as a label in the line."""
    name, start, _, text = row[: len(TITLES)]
    return f"{f'[{start}] ' if start else ''}{name}: {text}" if name else text


def _rendered(pieces: list[tuple[str, bool]], text: str) -> str:
    """A paragraph's lines; a name in bold at its start keeps its emphasis, other signs of Markdown are literal."""
    lead = ""
    for piece, bold in pieces:
        if not bold and piece.strip():
            break
        lead += piece
    lead, rest = lead.strip(), text.lstrip()[len(lead.strip()) :]
    labelled = lead.endswith((":", "：")) or rest.lstrip().startswith((":", "："))
    if lead and not labelled and looks_like_name(lead) and not rest.startswith("\n") and not _TIME_AHEAD.match(rest[:40]):
        return f"**{_literal(lead)}** {_literal(_tidy(rest))}".strip()
    return _literal(_tidy(text))


def _tidy(text: str) -> str:
    """Without blanks at the ends of lines and without empty lines."""
    return "\n".join(line for part in text.split("\n") if (line := part.strip()))


def _literal(text: str) -> str:
    """Asterisks and underscores that Markdown would take for emphasis, escaped; labels that somebody typed in bold stay."""
    return "\n".join(
        line if line.startswith("**") or without_markdown(line) == line else _ESCAPED.sub(r"\\\g<0>", line) for line in text.split("\n")
    )


def _as_text(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs with a blank line between, headings as Markdown; a heading that is a time stays one line of its own."""
    found = [(p, p.level > 0 and not _TIME_ONLY.fullmatch(p.text)) for p in paragraphs]
    text = "\n\n".join(f"{'#' * min(p.level, MAX_HEADING)} {' '.join(p.text.split())}" if heading else p.text for p, heading in found)
    if not _READ_AS_MARKDOWN.search(text):
        return text
    # only in a text that is read as Markdown does “#1 on my list” look like a heading
    return "\n\n".join(
        f"{'#' * min(p.level, MAX_HEADING)} {' '.join(p.text.split())}" if heading else _protected(p.text) for p, heading in found
    )


def _protected(text: str) -> str:
    return "\n".join(f"\\{line.lstrip()}" if _LINE_MARK.match(line) else line for line in text.split("\n"))
