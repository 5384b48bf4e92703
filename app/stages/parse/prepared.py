"""A text or Markdown file without what is no speech: front matter, notes beside the transcript, numbers before lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .front_matter import front_matter
from .furniture import furniture_of
from .numbering import without_numbers
from .sections import sections_of
from .source import MAX_CHARACTERS, Source
from .time_marks import with_known_marks
from .wording import count_of, places, were

MAX_TEXT_LINES = 30_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """`source` has the lines of the file at their places, those that are no speech empty; `facts` is what its front matter says.

    `notes_only` says that the file is somebody's summary of a talk, not the talk; of one that is `too_large` nothing is looked at.
    """

    source: Source
    facts: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    notes_only: bool = False
    too_large: bool = False


def prepare(source: Source) -> Prepared:
    """Take out what is no speech; line numbers stay as they are in the file."""
    if len(source.text) > MAX_CHARACTERS or len(source.filled) > MAX_TEXT_LINES:
        return Prepared(Source(""), too_large=True)
    matter = front_matter(source)
    warnings = list(matter.warnings)
    bare = _with(source, dict.fromkeys(range(matter.end), "")) if matter.end else source
    if marked := with_known_marks(bare):
        bare = _with(bare, marked)
    if (furniture := furniture_of(bare)).left_out:
        bare = _with(bare, dict.fromkeys(furniture.left_out, ""))
        warnings += furniture.warnings
    if numbered := without_numbers(bare):
        bare = _with(bare, numbered)
        warnings.append(f"numbers before {count_of(len(numbered), 'line')} {were(len(numbered))} left out")
    sections = sections_of(bare)
    if n := len(sections.left_out):
        titles = ", ".join(f"“{title}”" for title in sections.titles)
        named = f", among them {titles}" if titles else ""
        what = f"{count_of(n, 'line')} outside the heading “Transcript” {were(n)} left out{named}"
        warnings.append(f"{what} ({places([i + 1 for i in sorted(sections.left_out)])})")
    if sections.left_out:
        bare = _with(bare, dict.fromkeys(sections.left_out, ""))
    return Prepared(bare, matter.about, tuple(warnings), sections.notes_only)


def _with(source: Source, changed: Mapping[int, str]) -> Source:
    return Source("\n".join(changed.get(i, line) for i, line in enumerate(source.lines)))
