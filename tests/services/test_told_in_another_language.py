"""What the core and the services say in sentences of their own can be said in another language: none of it is English by itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from gettext import NullTranslations
from types import SimpleNamespace

import pytest
from babel import Locale

from app.domain.action_words import tell
from app.domain.actions import Change, actions_of, decisions_of
from app.domain.themes import PROPOSAL
from app.exports.catalogue import Language, spoken_in
from app.services import reasons, search_notes
from app.services.proposals import MERGE, SPLIT, Part, Proposal
from app.services.search_notes import Shown
from app.stages.opportunities import Priority
from app.stages.prevalence import Interview, saturation
from app.stages.word_index import Query

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Crossed(NullTranslations):
    """A language in which every letter outside a placeholder is an x, so that what was not looked up stands out."""

    def gettext(self, message):
        return re.sub(r"(\{\w+\})|\w", lambda found: found[1] or "x", message)

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, _context, message):
        return self.gettext(message)


CROSSED = Language("xx", Locale("en"), Crossed())


def looked_up(text):
    """Whether it has words, and all are crossed ones; what people named is in capitals here."""
    return bool(text) and not re.search("[a-wyz]", text)


@pytest.mark.parametrize(
    "changes",
    [
        [Change.theme("t1", "label", "New")],
        [Change.theme("t1", "parent_id", "t2")],
        [Change.theme("t1", "mark", "key"), Change.theme("t1", "pinned", True)],
        [Change.theme("t1", "definition", "D"), Change.theme("t1", "not_when", "N")],
        [Change.theme("t1", "removed", False), Change.place("q1", "t1")],
        [Change.theme("t1", "removed", True)],
        [Change.theme("t1", "merged_into", "t2")],
        [Change.theme("t1", "split_into", ["t2", "t3"])],
        [Change.place("q1", "t1"), Change.place("q2", "t1")],
        [Change.place("q1", None)],
        [Change(PROPOSAL, "p1", "verdict", "accepted")],
        [Change(PROPOSAL, "p2", "verdict", "rejected")],
    ],
)
def test_what_somebody_did_to_the_code_book(changes):
    action = actions_of(decisions_of("a", changes, "ANN", AT))[0]
    told = tell(action, lambda theme, _at, _before: theme.upper(), {"p1": ("merge", ["t1", "t2"])}, Crossed())
    assert told.startswith("ANN ")
    assert looked_up(told)


@pytest.mark.parametrize("themes", [" ", "a", "a b", "ab c c ", "ab b a a", "a b c d", "a b c d e f g", "ab a b a b a b"])
def test_what_to_make_of_saturation(themes):
    interviews = [Interview(str(n), frozenset(held)) for n, held in enumerate(themes.split(" "))]
    assert looked_up(saturation(interviews, words=Crossed()).reading)


@pytest.mark.parametrize("intensity", [None, 0.2, 0.7, 1.2, 2.0])
@pytest.mark.parametrize("works", [0, 1])
def test_how_a_priority_comes_about(intensity, works):
    assert looked_up(Priority(2, intensity, works, 4).told(Crossed()))


@pytest.mark.parametrize("kind", [SPLIT, MERGE])
@pytest.mark.parametrize(("near", "usual"), [(None, None), (0.5, None), (0.5, 0.25)])
@pytest.mark.parametrize("phrases", [(), ("ONE", "TWO")])
def test_why_something_is_proposed_and_what_comes_of_it(kind, near, usual, phrases):
    held = SimpleNamespace(members={"t1": ["q1", "q2", "q3"], "t2": ["q4"]}, label=str.upper, people=len, decided={"t2": near})
    parts = (Part(("q1", "q2"), "A", phrases), Part(("q4",), "B", phrases))
    p = Proposal("p", kind, ("t1", "t2"), "r", parts, tuple(part.quote_ids for part in parts) if phrases else ((), ()), near, usual)
    p = replace(p, shared=phrases)
    why, effect = {
        SPLIT: (reasons._why_split, reasons._effect_of_split),
        MERGE: (reasons._why_merge, reasons._effect_of_merge),
    }[kind]
    with spoken_in(CROSSED):
        assert looked_up(why(held, p))
        assert looked_up(effect(held, p))


@pytest.mark.parametrize(
    "shown", [Shown(0, 0, 0, False), Shown(0, 0, 2, True), Shown(0, 2, 0, True), Shown(0, 2, 0, False), Shown(1, 1, 0, False)]
)
@pytest.mark.parametrize("unknown", [(), ("MOON", "ROCK")])
def test_what_a_search_did_not_find(shown, unknown):
    hits = SimpleNamespace(corrected=(("WAITNG", ("WAITING", "WAIT")),), unknown=unknown, whole=False)
    with spoken_in(CROSSED):
        said = search_notes.notes_on(Query(("A", "B"), ()), hits, shown)
        said += [search_notes.words_only(measured=True), search_notes.words_only(measured=False)]
        said += [search_notes.nothing_fits({"stage": "x"}), search_notes.nothing_fits({"stage": "x", "theme": "y"})]
    assert len(said) == 6
    assert all(map(looked_up, said))
