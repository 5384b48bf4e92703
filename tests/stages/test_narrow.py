from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.repositories.maps import MapView
from app.domain.journey import Lane, Origin, TaggedQuote
from app.domain.narrowing import Narrowing
from app.domain.stages import CUSTOMER_EXPERIENCE, stages_from
from app.domain.tags import NO_STAGE, Channel, Emotion, Experience, Kind, Tags
from app.domain.themes import CodeBook, Theme
from app.errors import InvalidInput
from app.services.drawing import Drawing, document_of
from app.stages.assemble import AssemblyInput, Wording, assemble_journey, plan_slots
from app.stages.compare import compare
from app.stages.facts import facts_of
from app.stages.narrow import curves, narrow, part_of, tell, untold
from app.stages.page import page_of

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
SUPPORT, USE = STAGES[5].id, STAGES[4].id
PEOPLE = ("p1", "p2", "p3", "p4")
SKIPPED = {"p1": 2, "p2": 0, "p3": 1, "p4": 5}
THEMES = {"t1": None, "t1a": "t1", "t2": None}
"""Each theme with the one around it."""
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def tags(stage=SUPPORT, emotion=Emotion.FRUSTRATION, experience=Experience.PAIN, **changes):
    return replace(Tags(stage, Channel.PHONE, "support line", Kind.ACTION, emotion, 2, experience, None, 0.9), **changes)


def quote(name, who="p1", theme="t1", sentences=1, **changes):
    """What somebody said; `theme` is the innermost one."""
    words = f"I waited forty minutes on hold in {who}-town for the answer {name}."
    return SimpleNamespace(leaf=theme, made=TaggedQuote(name, who, sentences, words, tags(**changes), THEMES.get(theme) or theme))


def gap(name, who="p1", theme=None, sentences=1):
    whole = quote(name, who, theme, sentences)
    return SimpleNamespace(leaf=theme, made=replace(whole.made, tags=None))


class Drawn:
    """A map of these quotes as it would be kept, with its facts."""

    def __init__(self, *quotes, people=PEOPLE, skipped=True, wordings=None):
        self.quotes = {q.made.id: q.made for q in quotes}
        self.people = {p: SKIPPED[p] if skipped else 0 for p in people}
        leaves = {q.made.id: q.leaf for q in quotes if q.leaf}
        entries = {t: Theme(t, t, parent_id=above) for t, above in THEMES.items()}
        book = CodeBook(1, entries)
        inputs = AssemblyInput(
            "map",
            STAGES,
            tuple(self.quotes.values()),
            {"t1": "nobody answers", "t2": "kind staff"},
            {},
            {q: n / 100 for n, q in enumerate(sorted(self.quotes))},
            len(self.people),
            sum(self.people.values()),
            ungrounded=3,
        )
        slots = plan_slots(inputs)
        journey = assemble_journey(inputs, slots, wordings(slots) if wordings else {})
        view = MapView("map", "study", "Study", None, {"personas": [], "channels": []}, is_default=True)
        drawing = Drawing(view, SimpleNamespace(stages=STAGES), inputs, slots, book, leaves, self.people, [0, 0])
        self.document = document_of(journey, drawing, NOW)
        around = {q: book.around(leaf) for q, leaf in leaves.items()}
        self.facts = facts_of(inputs, slots, journey, self.people, around)

    def part(self, within=None, **narrowing):
        """Made from the page alone, which does not hold all of the evidence."""
        return narrow(page_of(self.document), part_of(self.facts, within, Narrowing(**narrowing)))

    def worded(self, part):
        return tell(part, self.facts, {q: self.quotes[q].text for q in untold(part).values()})

    def narrowed(self, within=None, **narrowing):
        return self.worded(self.part(within, **narrowing))


def statements(document):
    return {s["id"]: s for stage in document["stages"] for lane in Lane for s in stage["lanes"][lane]}


def bare(document):
    """A map without what a part of one may say in another way: the sentences, and which of the quotes comes first."""
    stages = []
    for stage in document["stages"]:
        lanes = {}
        for lane in Lane:
            lanes[lane] = [
                {k: v for k, v in s.items() if k not in {"text", "narrowed", "evidence"}}
                | {"evidence": sorted((e["relation"], e["quote_id"]) for e in s["evidence"])}
                for s in stage["lanes"][lane]
            ]
        stages.append({**stage, "lanes": lanes})
    return {**document, "stages": stages}


some_quotes = st.lists(
    st.builds(
        lambda who, theme, sentences, tagged, touchpoint, **told: (who, theme, sentences, tagged, {"touchpoint": touchpoint, **told}),
        who=st.sampled_from(PEOPLE),
        theme=st.sampled_from([None, *THEMES]),
        sentences=st.integers(1, 3),
        tagged=st.sampled_from([True, True, True, False]),
        stage=st.sampled_from([SUPPORT, USE, NO_STAGE]),
        channel=st.sampled_from([Channel.PHONE, Channel.CHAT, Channel.NONE]),
        touchpoint=st.sampled_from([None, "support line", "app"]),
        kind=st.sampled_from(Kind),
        emotion=st.sampled_from(Emotion),
        experience=st.sampled_from(Experience),
        confidence=st.floats(0, 1, width=16),
    ),
    max_size=24,
).map(
    lambda told: [
        (quote(f"q{n:02}", who, theme, sentences, **more) if tagged else gap(f"q{n:02}", who, theme, sentences))
        for n, (who, theme, sentences, tagged, more) in enumerate(told)
    ]
)
some_people = st.sets(st.sampled_from(PEOPLE), min_size=1)


@given(some_quotes)
@settings(max_examples=60, deadline=None)
def test_a_map_narrowed_to_everybody_is_the_map_itself(quotes):
    whole = Drawn(*quotes)
    assert whole.narrowed(set(PEOPLE)) == whole.document
    assert page_of(whole.narrowed(None)) == page_of(whole.document)


@given(some_quotes, some_people)
@settings(max_examples=60, deadline=None)
def test_a_map_narrowed_to_some_people_counts_as_one_that_was_drawn_of_them(quotes, people):
    alone = Drawn(*(q for q in quotes if q.made.participant_id in people), people=sorted(people))
    assert bare(Drawn(*quotes).narrowed(people)) == bare(alone.document)


@given(some_quotes, st.sampled_from([Channel.PHONE, Channel.CHAT]))
@settings(max_examples=60, deadline=None)
def test_a_map_narrowed_to_a_channel_counts_as_one_that_was_drawn_of_it(quotes, channel):
    alone = Drawn(*(q for q in quotes if q.made.tags and q.made.tags.channel is channel), skipped=False)
    assert bare(Drawn(*quotes).narrowed(channels=(channel.value,))) == bare(alone.document)


@given(some_quotes, some_people, st.sampled_from([(), ("pain",), ("delight", "neutral")]), st.sampled_from([0.0, 0.5]))
@settings(max_examples=60, deadline=None)
def test_every_count_of_a_part_can_be_made_from_its_evidence(quotes, people, experiences, confidence):
    whole = Drawn(*quotes)
    part = whole.narrowed(people, experiences=experiences, confidence=confidence)
    by_relation = defaultdict(list)
    for s in statements(part).values():
        for relation in ("supports", "contradicts"):
            by_relation[relation] = [whole.quotes[e["quote_id"]] for e in s["evidence"] if e["relation"] == relation]
        supports = by_relation["supports"]
        assert s["participants"] == len({q.participant_id for q in supports}) >= 1
        assert s["of_participants"] == len(people) == part["of_participants"]
        assert (s["evidence_total"], s["contrary_total"]) == (len(supports), len(by_relation["contradicts"]))
        assert s["mean_valence"] == pytest.approx(sum(q.tags.valence for q in supports) / len(supports), abs=0.001)
        for q in [*supports, *by_relation["contradicts"]]:
            assert q.participant_id in people
            assert not experiences or q.tags.experience in experiences
            assert round(q.tags.confidence, 4) >= confidence
    c = part["coverage"]
    assert c["used"] + c["unplaced"] + c["gap"] + c["skipped"] == c["sentences"]
    assert c["sentences"] - c["skipped"] == sum(whole.quotes[q].sentences for q in part["states"])
    assert c["skipped"] == (0 if experiences or confidence else sum(SKIPPED[p] for p in people))
    assert set(part["summary"]["worst"] + part["summary"]["best"]) <= statements(part).keys()


@given(some_quotes, some_people)
@settings(max_examples=60, deadline=None)
def test_nobody_reads_words_of_somebody_who_is_left_out(quotes, people):
    told = " ".join(s["text"] for s in statements(Drawn(*quotes).narrowed(people)).values())
    assert not [p for p in PEOPLE if p not in people and f"{p}-town" in told]


@given(some_quotes, some_people)
@settings(max_examples=40, deadline=None)
def test_the_curve_of_a_group_is_that_of_the_map_narrowed_to_it(quotes, people):
    whole = Drawn(*quotes)
    (drawn,) = curves(whole.facts, [stage.id for stage in STAGES], [people])
    points = [stage["emotion"] for stage in whole.narrowed(people)["stages"]]
    assert [p and (round(p.score, 3), p.participants) for p in drawn] == [p and (p["score"], p["participants"]) for p in points]


def test_a_statement_cut_from_a_quote_that_is_left_out_is_cut_anew_and_says_what_it_lost():
    whole = Drawn(quote("a", "p1", kind=Kind.OTHER), quote("b", "p2", kind=Kind.OTHER), quote("c", "p2", kind=Kind.OTHER))
    (before,) = whole.document["stages"][5]["lanes"]["pains"]
    strongest = whole.quotes[before["evidence"][0]["quote_id"]].participant_id
    other = "p1" if strongest == "p2" else "p2"
    same, anew = (whole.narrowed({who})["stages"][5]["lanes"]["pains"][0] for who in (strongest, other))
    assert same["text"] == before["text"]
    assert f"{strongest}-town" in before["text"]
    assert f"{other}-town" in anew["text"]
    assert anew["narrowed"] == {"of": 3}
    assert "narrowed" not in whole.narrowed({"p1", "p2"})["stages"][5]["lanes"]["pains"][0]


def test_what_a_model_wrote_stays_and_says_on_how_many_of_its_quotes():
    said = Drawn(
        quote("a", "p1"),
        quote("b", "p2"),
        quote("c", "p3"),
        wordings=lambda slots: {s.id: Wording("Waits on hold", Origin.LLM, ("a", "b")) for s in slots if s.lane is Lane.PAINS},
    )
    (pain,) = said.narrowed({"p2", "p3"})["stages"][5]["lanes"]["pains"]
    assert (pain["text"], pain["evidence_total"], pain["narrowed"]) == ("Waits on hold", 1, {"of": 2})
    assert said.narrowed({"p3"})["stages"][5]["lanes"]["pains"] == []
    assert said.narrowed(set(PEOPLE)) == said.document


def test_an_opportunity_that_one_quote_speaks_for_is_none():
    whole = Drawn(quote("a", "p1"), quote("b", "p2"))
    assert len(whole.document["stages"][5]["lanes"]["opportunities"]) == 1
    assert whole.narrowed({"p1"})["stages"][5]["lanes"]["opportunities"] == []


def test_a_theme_stands_for_the_themes_within_it():
    whole = Drawn(quote("a", theme="t1"), quote("b", theme="t1a"), quote("c", theme="t2"), quote("d", theme=None))
    assert whole.narrowed(themes=("t1",))["states"].keys() == {"a", "b"}
    assert whole.narrowed(themes=("t1a", "t2"))["states"].keys() == {"b", "c"}
    assert [t["id"] for t in whole.narrowed(themes=("t1a",))["themes"]] == ["t1", "t1a"]


def test_what_was_never_tagged_fits_people_and_themes_but_no_channel_experience_or_confidence():
    whole = Drawn(gap("g", "p1", "t1", sentences=3), quote("a", "p1"))
    assert whole.narrowed({"p1"})["coverage"]["gap"] == 3
    assert whole.narrowed(themes=("t1",))["coverage"]["gap"] == 3
    for asked in ({"channels": ("phone",)}, {"experiences": ("pain",)}, {"confidence": 0.1}):
        assert whole.narrowed(**asked)["coverage"] | {"ungrounded": 0} == {
            "sentences": 1,
            "used": 1,
            "unplaced": 0,
            "gap": 0,
            "skipped": 0,
            "ungrounded": 0,
        }


def test_values_of_one_field_add_up_and_fields_must_all_hold():
    whole = Drawn(
        quote("a", "p1"), quote("b", "p2", channel=Channel.CHAT), quote("c", "p2", emotion=Emotion.RELIEF, experience=Experience.DELIGHT)
    )
    assert whole.narrowed(channels=("phone", "chat"))["states"].keys() == {"a", "b", "c"}
    assert whole.narrowed({"p2"}, channels=("phone",))["states"].keys() == {"c"}
    assert whole.narrowed({"p1"}, experiences=("delight",))["states"] == {}


def test_a_part_without_anybody_is_empty_and_adds_up():
    part = Drawn(quote("a", "p1")).narrowed(set())
    assert (part["of_participants"], part["participants"], statements(part)) == (0, [], {})
    assert all(stage["emotion"] is None for stage in part["stages"])
    assert part["coverage"]["sentences"] == 0


def test_channels_experiences_and_confidence_that_there_are_not_are_refused():
    for wrong in ({"channels": ("pigeon",)}, {"experiences": ("bliss",)}, {"confidence": 1.5}):
        with pytest.raises(InvalidInput):
            Narrowing(**wrong)


def compared(whole, left, right):
    stages = compare(whole.part(left), whole.part(right), whole.facts)
    return {stage["id"]: stage for stage in whole.worded({"stages": stages})["stages"]}


def test_two_parts_are_compared_statement_by_statement_what_differs_most_first():
    whole = Drawn(
        quote("a", "p1"),
        quote("b", "p2"),
        quote("c", "p3"),
        quote("d", "p1", theme="t2"),
        quote("e", "p2", theme="t2"),
    )
    support = compared(whole, {"p1", "p2"}, {"p3", "p4"})[SUPPORT]
    staff, hold = support["lanes"]["pains"]
    assert (staff["theme_id"], staff["difference"], staff["right"]) == ("t2", 1.0, None)
    assert staff["left"] == {"participants": 2, "of_participants": 2, "evidence_total": 2}
    assert (hold["theme_id"], hold["difference"]) == ("t1", 0.5)
    assert hold["right"] == {"participants": 1, "of_participants": 2, "evidence_total": 1}
    assert support["left"]["emotion"]["participants"] == 2
    assert "evidence" not in support["right"]["emotion"]


@given(some_quotes, some_people, some_people)
@settings(max_examples=40, deadline=None)
def test_a_comparison_holds_the_statements_of_both_sides_and_words_of_nobody_else(quotes, left, right):
    whole = Drawn(*quotes)
    pairs = [pair for stage in compared(whole, left, right).values() for lane in stage["lanes"].values() for pair in lane]
    mine, other = statements(whole.narrowed(left)), statements(whole.narrowed(right))
    assert {pair["id"] for pair in pairs} == mine.keys() | other.keys()
    assert all((pair["left"] is not None, pair["right"] is not None) == (pair["id"] in mine, pair["id"] in other) for pair in pairs)
    told = " ".join(pair["text"] for pair in pairs)
    assert not [p for p in PEOPLE if p not in left | right and f"{p}-town" in told]
