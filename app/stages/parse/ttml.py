"""TTML, DFXP, IMSC1 and EBU-TT-D: `<p begin end>` in `<tt>`, speakers by `ttm:agent` or written into the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.transcript import normalise
from app.errors import TooLarge, UnreadableFile

from .badges import without_badges
from .cue_pieces import Piece, timed
from .cue_speech import speech_of, spoken
from .cues import MAX_CUES, Cue, CueFile
from .source import Reader, Reading, Source
from .ttml_time import Clock, clock_of
from .wording import count_of, places, were
from .xml_stream import read_xml, root_of

_UNSPOKEN = frozenset({"description", "kinesic", "lyrics", "music", "sound", "title"})
_CONTAINERS = frozenset({"body", "div", "p", "span"})


@dataclass(slots=True)
class _Level:
    """What an open element hands down to those in it; times in ms of the recording."""

    tag: str
    begin_ms: int | None
    end_ms: int | None
    agent: str | None
    silent: bool


@dataclass(slots=True)
class _Agent:
    """One `ttm:agent`: its names by type."""

    names: dict[str, str] = field(default_factory=dict)

    def name(self) -> str:
        given = " ".join(filter(None, (self.names.get("given"), self.names.get("family"))))
        return self.names.get("full") or self.names.get("alias") or given or self.names.get("other") or ""


class _Document:
    """Collects paragraphs as they go by; `said` holds the words of the open one by agent."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.levels: list[_Level] = []
        self.agents: dict[str, _Agent] = {}
        self.agent: _Agent | None = None
        self.name_type: str | None = None
        self.title: str | None = None
        self.language = ""
        self.cue: Cue | None = None
        self.said: list[tuple[str | None, str]] = []
        self.paragraphs: list[tuple[Cue, list[tuple[str | None, str]]]] = []
        self.silent: list[int] = []
        self.broken: list[int] = []

    def open(self, tag: str, attributes: Mapping[str, str], line: int) -> None:
        if tag == "tt":
            self.clock, self.language = clock_of(attributes), attributes.get("lang", "")
        elif tag == "agent":
            self.agent = self.agents.setdefault(attributes.get("id", ""), _Agent())
        elif tag == "name" and self.agent is not None:
            self.name_type = attributes.get("type", "other")
        elif tag == "title" and not self.levels:
            self.title = ""
        elif tag == "br":
            self._add("\n")
        elif tag in _CONTAINERS:
            self._descend(tag, attributes, line)

    def close(self, tag: str) -> None:
        if tag == "agent":
            self.agent = None
        elif tag == "name":
            self.name_type = None
        elif tag in _CONTAINERS and self.levels:
            self.levels.pop()
            if tag == "p":
                self.finish()

    def finish(self) -> None:
        """Takes the open paragraph as it is: it ends here, or the document breaks off within it."""
        if self.cue is not None:
            self.paragraphs.append((self.cue, self.said))
            self.cue = None

    def text(self, text: str) -> None:
        if self.agent is not None and self.name_type is not None:
            self.agent.names[self.name_type] = f"{self.agent.names.get(self.name_type, '')}{text}".strip()
        elif self.cue is not None:
            self._add(" ".join(text.split("\n")))
        elif self.title is not None and not self.levels and not self.title:
            self.title = normalise(text)

    def _descend(self, tag: str, attributes: Mapping[str, str], line: int) -> None:
        above = self.levels[-1] if self.levels else _Level("tt", None, None, None, silent=False)
        begin_ms, end_ms, sound = self._times(attributes, above)
        silent = above.silent or any(role in _UNSPOKEN for role in attributes.get("role", "").split())
        self.levels.append(_Level(tag, begin_ms, end_ms, attributes.get("agent") or above.agent, silent))
        if tag == "p":
            if len(self.paragraphs) >= MAX_CUES:
                raise TooLarge(
                    f"the file has more than {MAX_CUES:,} captions, far more than an interview; split it into one file an interview"
                )
            self.cue, self.said = Cue(line, begin_ms, end_ms), []
            if not sound:
                self.broken.append(line)
        elif tag == "span" and self.cue is not None and self.cue.start_ms is None:
            self.cue.start_ms, self.cue.end_ms = begin_ms, end_ms
        elif tag == "span" and self.cue is not None and end_ms is not None and attributes.get("end"):
            self.cue.end_ms = max(self.cue.end_ms or 0, end_ms)
        if silent and not above.silent:
            self.silent.append(line)

    def _times(self, attributes: Mapping[str, str], above: _Level) -> tuple[int | None, int | None, bool]:
        """Begin and end, which count from the begin of the element around; and whether what is written could be read."""
        written = {name: attributes[name] for name in ("begin", "end", "dur") if attributes.get(name)}
        ms = {name: self.clock.milliseconds(value) for name, value in written.items()}
        base = above.begin_ms or 0
        begin, end, dur = ms.get("begin"), ms.get("end"), ms.get("dur")
        begin_ms = above.begin_ms if begin is None else base + begin
        if end is not None:
            end_ms: int | None = base + end
        elif dur is not None:
            end_ms = (begin_ms or 0) + dur
        else:
            end_ms = above.end_ms
        return begin_ms, end_ms, None not in ms.values()

    def _add(self, text: str) -> None:
        if self.cue is None or (self.levels and self.levels[-1].silent):
            return
        agent = self.levels[-1].agent if self.levels else None
        if self.said and self.said[-1][0] == agent:
            self.said[-1] = (agent, self.said[-1][1] + text)
        else:
            self.said.append((agent, text))

    def voice(self, ids: str | None) -> str | None:
        """Name of who speaks; several together are one voice, one without a name is called by its id."""
        if not ids:
            return None
        known = [(self.agents[i].name() if i in self.agents else "") or i for i in ids.split()[:8]]
        return " & ".join(without_badges(normalise(name)) for name in known) or None


def _detect(source: Source) -> float:
    return 1.0 if root_of(source.text) == "tt" else 0.0


def _read(source: Source) -> Reading:
    document = _Document()
    broken_at = read_xml(source.text.lstrip("\ufeff \n\t"), document)
    document.finish()
    warnings = _warnings(document, broken_at)
    if broken_at is not None and not document.paragraphs:
        raise UnreadableFile(f"the XML of these captions is broken at line {broken_at}; export them again, as TTML, WebVTT or SRT")
    about = {key: value for key, value in (("title", document.title), ("language", document.language)) if value}
    if any(agent for _, said in document.paragraphs for agent, _ in said):
        return spoken(_pieces(document), warnings, about)
    cues = []
    for cue, said in document.paragraphs:
        cue.lines = [line.strip() for line in "".join(words for _, words in said).split("\n")]
        cues.append(cue)
    reading = speech_of(CueFile(cues, about=about))
    return Reading(reading.utterances, (*warnings, *reading.warnings), reading.about)


def _pieces(document: _Document) -> list[Piece]:
    return [
        piece
        for cue, said in document.paragraphs
        for piece in timed(cue, [(document.voice(agent), words) for agent, words in said if agent or words.strip()])
    ]


def _warnings(document: _Document, broken_at: int | None) -> list[str]:
    found = []
    if broken_at is not None:
        found.append(f"the XML is broken at line {broken_at}: what follows is lost; export the captions again if you can")
    if n := len(document.broken):
        found.append(f"{count_of(n, 'caption')} with an unreadable time on {places(document.broken)}: the words are kept")
    if n := len(document.silent):
        found.append(f"{count_of(n, 'caption')} marked as sound, music or description {were(n)} left out ({places(document.silent)})")
    return found


READER = Reader(
    "ttml",
    "ttml/1",
    _detect,
    _read,
    title="TTML (DFXP, IMSC1, EBU-TT-D)",
    reads="captions, speakers named by `ttm:agent` or in the words, times of every kind (clock, offset, frames, ticks)",
    loses="styles, colours that stand for speakers, captions marked as sound or description",
)
