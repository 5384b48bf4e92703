"""Labels without a colon, told by how they are set apart: `**Name** words`, `[Name] words`, `Name [00:03] words`, `NAME words`."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .badges import without_badges
from .clock import TIME, milliseconds
from .labels import Label, bracketed_label
from .names import Sightings, choose_names, could_recur, fold, is_sound, looks_like_name, recurring, suspects
from .paragraphs import assemble, starts_paragraph
from .prepared import prepare
from .source import Reader, Reading, Source
from .styles import names_before, with_other_styles
from .wording import before_warning, unread_warning

_HEAD = 140
_STAMP = rf"[\[(]{TIME}(?:\s?[-–—]\s?{TIME})?[\])]|{TIME}"
_LEAD = rf"\s{{0,4}}(?:[-•]\s{{1,3}})?(?:({_STAMP})\s{{1,4}})?"
_BOLD = re.compile(rf"{_LEAD}(\*\*\*?|__)([^*_:]{{1,60}}?)\2(?:\s{{0,3}}({_STAMP}))?\s{{0,3}}[-–—]?\s{{0,3}}(?=\S)")
_ITALIC = re.compile(rf"{_LEAD}([*_])([^*_:]{{1,60}}?)\2(?:\s{{0,3}}({_STAMP}))?\s{{0,3}}[-–—]?\s{{0,3}}(?=\S)")
_STAMPED = re.compile(
    rf"\s{{0,4}}()()([^\[\]():*_]{{1,60}}?)\s{{1,4}}([\[(]{TIME}(?:\s?[-–—]\s?{TIME})?[\])]|\d{{1,2}}:\d\d:\d\d)\s{{1,4}}(?=\S)"
)
_COLUMN = re.compile(rf"{_LEAD}()([^\t:]{{1,40}}?)(?:\t+| {{2,8}})()(?=\S)")
_DASHED = re.compile(rf"{_LEAD}()([^:–—]{{1,40}}?)\s[-–—]\s()(?=\S)")
_DOTTED = re.compile(rf"{_LEAD}()([A-Z](?:[A-Z]{{0,11}}(?: [A-Z]{{2,12}})?|[A-Z]{{0,4}}\d{{1,3}}))[.)]\s{{1,3}}()(?=\S)")
_CAPITALS = re.compile(
    rf"{_LEAD}()([A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{{1,20}}(?: [A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{{1,20}}){{0,2}}(?:\s?\d{{1,3}})?)\s{{1,3}}()(?=\S)"
)
_SHORTHAND = re.compile(rf"{_LEAD}()((?:INT|IV|IR|P|R|I|Q|A|M|B|S|F)\d{{1,3}})\s{{1,3}}()(?=\S)")


@dataclass(frozen=True, slots=True)
class _Style:
    """One way to set a name apart; `share` of the paragraphs must do so, the more the more common the sign is in speech.

    So many different names must each recur. Where the style is `marked`, a label of ordinary words that recurs may be a speaker too.
    """

    find: Callable[[str], Label | None]
    share: float
    recurring: int = 2
    marked: bool = False


def _by(pattern: re.Pattern[str]) -> Callable[[str], Label | None]:
    def find(line: str) -> Label | None:
        match = pattern.match(line[:_HEAD])
        if not match:
            return None
        stamp = (match[1] or match[4] or "").strip("[]() ").split("-")[0].split("–")[0].strip()
        return Label(without_badges(match[3].strip(" \t.,")), milliseconds(stamp) if stamp else None, match.end())

    return find


def _bracketed(line: str) -> Label | None:
    label = bracketed_label(line)
    return label if label and label.words_at < len(line.rstrip()) and not is_sound(label.name) else None


_STYLES = (
    _Style(_by(_BOLD), 0.2, marked=True),
    _Style(_bracketed, 0.3, marked=True),
    _Style(_by(_STAMPED), 0.3, recurring=1, marked=True),
    _Style(_by(_ITALIC), 0.5),
    _Style(_by(_COLUMN), 0.5),
    _Style(_by(_SHORTHAND), 0.5),
    _Style(_by(_DOTTED), 0.6),
    _Style(_by(_DASHED), 0.6),
    _Style(_by(_CAPITALS), 0.7),
)
_MIN_LABELS, _MIN_NAMES, _AGAIN = 3, 2, 3
_HALF = 0.5
_SAMPLE = 600  # a way to write names that does not show in so many lines is none of the file's
_BASE, _PER_COVERAGE = 0.47, 0.4


@dataclass(frozen=True, slots=True)
class _Found:
    """Accepted labels by line index, the share of paragraphs they cover, and lines with labels that were not taken."""

    labels: Mapping[int, Label]
    coverage: float
    unread: tuple[int, ...] = ()


def _find(source: Source) -> _Found | None:
    """The style that covers most paragraphs; None where none covers enough."""
    best: _Found | None = None
    view = source.once(prepare).source
    starts = frozenset(starts_paragraph(view))
    sample = view.head(_SAMPLE)
    for style in _STYLES:
        if sum(1 for line in sample if style.find(line)) < _MIN_NAMES:
            continue
        found = _in_style(view, starts, style)
        if found and (best is None or found.coverage > best.coverage):
            best = found
    return best


def _in_style(source: Source, starts: frozenset[int], style: _Style) -> _Found | None:
    set_apart = {i: label for i in source.filled if (label := style.find(source.lines[i])) and could_recur(label.name)}
    times = Counter(fold(label.name) for label in set_apart.values())
    possible = {
        i: label for i, label in set_apart.items() if looks_like_name(label.name) or (style.marked and times[fold(label.name)] >= _AGAIN)
    }
    often = recurring(fold(label.name) for label in possible.values())
    if len(often) < style.recurring or len({fold(label.name) for label in possible.values()}) < _MIN_NAMES:
        return None
    first = next(i for i, label in possible.items() if fold(label.name) in often or style.recurring < _MIN_NAMES)
    spoken = {i: label for i, label in possible.items() if i >= first}
    units = len({i for i in starts if i >= first} | spoken.keys())
    order = tuple(label.name for label in spoken.values())
    names = choose_names(Sightings(Counter(order), Counter(), units, opens=True, order=order))
    labels = {i: replace(label, name=names[fold(label.name)]) for i, label in spoken.items() if fold(label.name) in names}
    again = sum(1 for label in labels.values() if fold(label.name) in often)
    if len(labels) < _MIN_LABELS or len(labels) < style.share * units or again < _HALF * len(labels):
        return None
    unread = suspects([(i, label.name) for i, label in set_apart.items() if i > first and i in starts and i not in labels])
    return _Found(labels, len(labels) / units, tuple(unread))


def _detect(source: Source) -> float:
    found = source.once(_find)
    return _BASE + _PER_COVERAGE * min(1.0, found.coverage) if found else 0.0


def _read(source: Source) -> Reading:
    found = source.once(_find)
    if not found:
        return assemble(source, {})
    view = source.once(prepare).source
    labels = with_other_styles(view, found.labels)
    reading = assemble(source, labels, min(labels))
    at = [i + 1 for i in found.unread if i not in labels]
    unread = ((unread_warning(at),) if at else ()) + before_warning([i + 1 for i in names_before(view, min(labels))])
    return replace(reading, warnings=(*reading.warnings, *unread))


READER = Reader(
    "set-apart",
    "set-apart/1",
    _detect,
    _read,
    title="Text, Markdown: names set apart without a colon",
    reads="`**Name** words`, `[Name] words`, `Name [00:00:03] words` (Trint), `NAME words`, `Q. words`, `Name - words`, `P01<tab>words`",
    loses="as for labels in the line",
)
