"""Whatever people decide about themes stands through any row of added and removed interviews, runs, and further edits."""

import random
from itertools import count

import pytest
from services.conftest import NAMES, talk

from app.domain.identity import sha256
from app.errors import Conflict, InvalidInput
from app.services.proposals import Part
from app.services.standing import load_standing

ROUNDS = 20
MORE = ("Farid Aziz", "Gita Rao", "Hans Weber", "Ines Costa", "Jon Bakke")


class Model:
    """What people were told to have decided, replayed from the actions that stand: the simplest account of what must show."""

    def __init__(self):
        self.actions = {}
        self.clock = 0

    def note(self, changed, *facts):
        if changed.told is not None:
            self.clock += 1
            self.actions[changed.told.action.id] = (self.clock, facts)

    def undo(self, action_id):
        del self.actions[action_id]

    def erase(self, quote_ids):
        """What was decided about quotes of an erased interview is erased with them."""
        for key, (at, facts) in list(self.actions.items()):
            left = tuple(f for f in facts if f[0] != "placed" or f[1] not in quote_ids)
            self.actions[key] = (at, left)
            if not left:
                del self.actions[key]

    def facts(self):
        """The last word on each (what, id)."""
        told = {}
        for _, facts in sorted(self.actions.values(), key=lambda a: a[0]):
            told |= {(what, key): value for what, key, value in facts}
        return told


class Round:
    """One study, edited at random."""

    def __init__(self, bench, seed):
        self.bench = bench
        self.random = random.Random(seed)  # noqa: S311 - not for secrets
        self.model = Model()
        self.named = 0
        bench.upload(*map(talk, NAMES))
        bench.run()
        self.born = set(self.entries())

    @property
    def books(self):
        return self.bench.app.codebooks

    def entries(self):
        outer = self.books.read(self.bench.study.id)["themes"]
        return {e["id"]: e for o in outer for e in (o, *o["children"])}

    def quotes(self):
        return {q.id: q for q in self.bench.app.quotes.page(self.bench.study.id, {}, limit=200).quotes}

    def ids(self):
        with self.bench.app.store.read() as repo:
            return sorted(repo.transcripts.said_by(self.bench.study.id))

    def own(self, theme):
        with self.bench.app.store.read() as repo:
            return sorted(load_standing(repo, self.bench.study.id).members.get(theme, ()))

    def name(self):
        self.named += 1
        return f"Name {self.named}"

    # What happens in a round

    def add_transcript(self):
        there = {t.file_name for t in self.bench.app.studies.transcripts(self.bench.study.id)}
        left = [n for n in (*NAMES, *MORE) if f"{n.split()[0].lower()}.txt" not in there]
        if left:
            self.bench.upload(talk(self.random.choice(left)))

    def remove_transcript(self):
        there = self.bench.app.studies.transcripts(self.bench.study.id)
        if len(there) > 2:
            before = set(self.ids())
            self.bench.app.studies.delete_transcript(self.random.choice(there).id)
            self.model.erase(before - set(self.ids()))

    # What people do

    def rename(self, theme):
        label = self.name()
        self.model.note(self.books.change(theme, {"label": label}, actor="ann"), ("label", theme, label))

    def mark(self, theme):
        mark = self.random.choice(["key", "noise", None])
        self.model.note(self.books.change(theme, {"mark": mark}, actor="ann"), ("mark", theme, mark))

    def pin(self, theme):
        self.model.note(self.books.change(theme, {"pinned": True}, actor="ann"), ("pinned", theme, True))

    def nest(self, theme):
        parent = self.random.choice([*self.entries(), None])
        self.model.note(self.books.change(theme, {"parent_id": parent}, actor="ann"), ("parent_id", theme, parent))

    def merge(self, theme):
        into = self.random.choice(list(self.entries()))
        self.model.note(self.books.merge(theme, into, actor="ann"), ("merged", theme, into))

    def remove(self, theme):
        mine = self.own(theme)
        changed = self.books.remove(theme, actor="ann")
        self.model.note(changed, ("removed", theme, True), *(("placed", q, None) for q in mine))

    def move(self, theme):
        quotes = self.random.sample(self.ids(), 2)
        into = self.random.choice([theme, theme, None])
        changed = self.books.place(self.bench.study.id, quotes, into, actor="ann")
        self.model.note(changed, *(("placed", q, into) for q in quotes))

    def add(self, _theme):
        label, quotes = self.name(), self.random.sample(self.ids(), 2)
        changed = self.books.add(self.bench.study.id, {"label": label}, quotes, actor="ann")
        made = changed.themes[0]["id"]
        self.model.note(changed, ("label", made, label), *(("placed", q, made) for q in quotes))

    def split(self, theme):
        mine = self.own(theme)
        if len(mine) < 2:
            return
        at = self.random.randint(1, len(mine) - 1)
        names, parts = (self.name(), self.name()), (mine[:at], mine[at:])
        changed = self.books.split(theme, [Part(tuple(p), n) for n, p in zip(names, parts, strict=True)], actor="ann")
        made = {t["label"]: t["id"] for t in changed.themes}
        facts = [("placed", q, made[n]) for n, p in zip(names, parts, strict=True) for q in p]
        self.model.note(changed, ("removed", theme, True), *(("label", made[n], n) for n in names), *facts)

    def accept(self, _theme):
        """Proposals of runs, which depend on what a run found, are only ever rejected here."""
        for proposal in self.books.proposals(self.bench.study.id)[:1]:
            self.model.note(self.books.reject(proposal.id, actor="ann"), ("rejected", proposal.id, True))

    def undo(self, _theme):
        if self.model.actions:
            action_id = self.random.choice(sorted(self.model.actions))
            self.books.undo(self.bench.study.id, action_id)
            self.model.undo(action_id)

    def play(self):
        edits = (
            self.rename,
            self.mark,
            self.pin,
            self.nest,
            self.merge,
            self.remove,
            self.move,
            self.move,
            self.add,
            self.split,
            self.accept,
            self.undo,
            self.undo,
        )
        for _ in range(self.random.randint(1, 4)):
            theme = self.random.choice(sorted(self.entries()) or [None])
            if theme is None:
                break
            try:
                self.random.choice(edits)(theme)
            except (Conflict, InvalidInput):  # it cannot be done as things stand, which leaves nothing behind
                continue
        self.check()
        decided = {t for t, e in self.entries().items() if e["decided"]}
        self.random.choice([self.add_transcript, self.remove_transcript, lambda: None])()
        self.bench.run()
        assert decided <= self.entries().keys(), "an entry that people decided about keeps its id"

    # What must hold

    def check(self):
        facts, entries, quotes = self.model.facts(), self.entries(), self.quotes()
        merged = {key: into for (what, key), into in facts.items() if what == "merged"}
        removed = {key for (what, key) in facts if what == "removed"}

        def now(theme):
            while theme in merged:
                theme = merged[theme]
            return None if theme in removed else theme

        for (what, key), value in facts.items():
            gone = key in merged or key in removed
            if what in {"merged", "removed"}:
                assert key not in entries, f"{what} themes stay away"
            elif what == "placed" and key in quotes:
                assert quotes[key].theme_id == (now(value) if value else None), "quotes are where people put them"
            elif what in {"label", "mark", "pinned"} and not gone:
                assert entries[key][what] == value, f"people's {what} shows"
            elif what == "parent_id" and not gone:
                assert entries[key]["parent_id"] in self.outermost(value, facts, now) - {key} | {None}, "entries lie where people put them"
            elif what == "rejected":
                assert key not in {p.id for p in self.books.proposals(self.bench.study.id)}
        shown = {t["id"] for t in self.bench.map()["themes"]}
        assert shown <= entries.keys()
        assert not shown & {t for t, e in entries.items() if e["mark"] == "noise"}

    def outermost(self, value, facts, now):
        """Where an entry that was put inside another may show: that one, or what is around it by what else stands."""
        seen = set()
        while value is not None and (value := now(value)) is not None and value not in seen:
            seen.add(value)
            value = facts.get(("parent_id", value))
        return seen


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "seed", [pytest.param(1, marks=pytest.mark.slow), *(pytest.param(n, marks=[pytest.mark.slow, pytest.mark.long]) for n in (2, 3))]
)
def test_human_edits_survive_twenty_rounds_of_adding_removing_and_running(bench, monkeypatch, seed):
    ids = count()
    for module in ("edits", "actions"):  # ids that follow from the seed, so that a failure can be looked at again
        monkeypatch.setattr(f"app.services.{module}.random_id", lambda: sha256(f"{seed} {next(ids)}")[:24])
    game = Round(bench(), seed)
    for _ in range(ROUNDS):
        game.play()
        game.check()
    assert len(game.model.actions) > ROUNDS / 2
