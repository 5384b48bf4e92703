"""What somebody did to a code book, in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from gettext import NullTranslations

from app.domain.actions import ACCEPTED, TEXTS, Action, Called
from app.domain.review import Decision
from app.domain.themes import PLACEMENT, Mark
from app.domain.wording import ENGLISH, listed, quoted

SPLIT = "split"


def tell(action: Action, called: Called, proposals: Mapping[str, tuple[str, Sequence[str]]], words: NullTranslations = ENGLISH) -> str:
    """An action in plain words; `proposals` are kind and themes of each by id, `words` the catalogue of a language."""
    telling = _Telling(action, called, words)
    match action.kind:
        case "accept" | "reject":
            return telling.answered(*proposals.get(action.head.target_id, ("", ())))
        case "move":
            return telling.moved()
        case "edit":
            return telling.edited()
        case kind:
            return telling.changed(kind)


@dataclass(frozen=True, slots=True)
class _Telling:
    """An action, what themes were called at a time, and the catalogue of the language that it is told in."""

    action: Action
    called: Called
    words: NullTranslations

    @property
    def actor(self) -> str:
        """Who did it, as a sentence begins."""
        actor = self.action.head.actor
        return f"{actor[:1].upper()}{actor[1:]}"

    def names(self, ids: Iterable[str]) -> str:
        """What these themes were called just after."""
        return listed([quoted(self.called(theme, self.action.head.at, False), self.words) for theme in ids], self.words)

    def answered(self, kind: str, themes: Sequence[str]) -> str:
        """A proposal was accepted or rejected."""
        _ = self.words.gettext
        accepted = self.action.head.value == ACCEPTED
        if not themes:
            said = _("{actor} accepted the proposal of a run"), _("{actor} rejected the proposal of a run")
        elif kind == SPLIT:
            said = _("{actor} accepted the proposal to split {themes}"), _("{actor} rejected the proposal to split {themes}")
        else:
            said = _("{actor} accepted the proposal to merge {themes}"), _("{actor} rejected the proposal to merge {themes}")
        return said[not accepted].format(actor=self.actor, themes=self.names(themes))

    def moved(self) -> str:
        """Quotes were moved into themes, or out of all."""
        ngettext, n = self.words.ngettext, len(self.action.decisions)
        into = list(dict.fromkeys(d.value for d in self.action.decisions if d.value))
        if into:
            said = ngettext("{actor} moved {n} quote to {themes}", "{actor} moved {n} quotes to {themes}", n)
        else:
            said = ngettext("{actor} moved {n} quote out of all themes", "{actor} moved {n} quotes out of all themes", n)
        return said.format(actor=self.actor, n=n, themes=self.names(into))

    def changed(self, kind: str) -> str:
        """A theme was added, removed, merged into another or split."""
        _, ngettext, head = self.words.gettext, self.words.ngettext, self.action.head
        theme, n = self.names([head.target_id]), sum(d.target_type == PLACEMENT for d in self.action.decisions)
        if kind == "add":
            with_quotes = ngettext("{actor} added {theme} with {n} quote", "{actor} added {theme} with {n} quotes", n)
            return (with_quotes if n else _("{actor} added {theme}")).format(actor=self.actor, theme=theme, n=n)
        if kind == "remove":
            return _("{actor} took out {theme}").format(actor=self.actor, theme=theme)
        if kind == "merge":
            merged = self.names([d.target_id for d in self.action.decisions if d.field == "merged_into"])
            return _("{actor} merged {themes} into {theme}").format(actor=self.actor, themes=merged, theme=self.names([head.value]))
        said = _("{actor} split {theme} into {parts}") if len(head.value) > 1 else _("{actor} split {parts} off {theme}")
        return said.format(actor=self.actor, theme=theme, parts=self.names(head.value))

    def edited(self) -> str:
        """Something was said of a theme."""
        _, head = self.words.gettext, self.action.head
        now = self.called(head.target_id, head.at, False)
        it = quoted(now, self.words)
        said = [clause for d in self.action.decisions if (clause := self._clause(d, now, it))]
        rewritten = [self._field(d.field) for d in self.action.decisions if d.field in TEXTS[1:]]
        if rewritten:
            said.append(_("rewrote {theme} ({fields})").format(theme=it, fields=", ".join(rewritten)))
        # translators: who did something, and what: “renamed …”, “marked … as key”, several with commas between
        return _("{actor} {did}").format(actor=self.actor, did=", ".join(said) or _("decided about {theme}").format(theme=it))

    def _clause(self, d: Decision, now: str, it: str) -> str:
        """One thing that was said of it, as the rest of a sentence that begins with who did it."""
        _ = self.words.gettext
        if d.field == "label":
            before = self.called(d.target_id, d.at, True)
            said = _("renamed {before} to {theme}") if before != now else _("kept the name {theme}")
            return said.format(before=quoted(before, self.words), theme=it)
        if d.field == "parent_id":
            said = _("put {theme} inside {outer}") if d.value else _("put {theme} beside the outermost themes")
            return said.format(theme=it, outer=self.names([d.value] if d.value else []))
        if d.field == "mark":
            marks = {Mark.KEY.value: _("marked {theme} as key"), Mark.NOISE.value: _("marked {theme} as noise")}
            return marks.get(d.value, _("took the mark off {theme}")).format(theme=it)
        if d.field == "pinned":
            return (_("pinned {theme}") if d.value else _("unpinned {theme}")).format(theme=it)
        return ""

    def _field(self, field: str) -> str:
        _ = self.words.gettext
        fields = {"definition": _("definition"), "use_when": _("use when"), "not_when": _("not when"), "summary": _("summary")}
        return fields[field]
