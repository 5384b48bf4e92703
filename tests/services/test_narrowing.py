import pytest
import sqlalchemy as sa
from querying import noted_queries
from services.conftest import NAMES

from app.db.tables import MapVersionRow
from app.domain.narrowing import Narrowing
from app.domain.render import Audience
from app.errors import Conflict, InvalidInput, NotFound
from app.services.ingest import Upload

TABLE = "file,speaker,personas\nbea.txt,Bea Larsson,Newcomer\ncarl.txt,Carl Osei,Newcomer; Sceptic\n"


@pytest.fixture
def drawn(bench, drawn_once):
    made = bench(like=drawn_once)
    made.upload(Upload("participants.csv", TABLE.encode()))
    return made


def personas(drawn):
    return {p.name: p.id for p in drawn.app.people.personas(drawn.study.id)}


def participants(drawn):
    return {p.pseudonym: p.id for p in drawn.app.people.participants(drawn.study.id)[0]}


def map_id(drawn):
    return drawn.app.maps.default_id(drawn.study.id)


def read(drawn, *, full=True, **narrowing):
    return drawn.app.maps.read(map_id(drawn), full=full, narrowing=Narrowing(**narrowing))


def statements(document):
    return {s["id"]: (stage, lane, s) for stage in document["stages"] for lane, list_ in stage["lanes"].items() for s in list_}


def counted(document):
    """What a map counts, whatever its statements are called."""
    cells = [
        (stage["key"], lane, s["theme_id"], s["participants"], s["of_participants"], s["evidence_total"], s["contrary_total"])
        for stage, lane, s in statements(document).values()
    ]
    return cells, [stage["emotion"] for stage in document["stages"]], document["coverage"], document["themes"], document["participants"]


def forget_facts(drawn):
    """As versions were kept before maps could be narrowed."""
    with drawn.app.store.write() as repo:
        for row in repo.maps.session.scalars(sa.select(MapVersionRow)):
            row.facts = {}
            row.document = {k: v for k, v in row.document.items() if k != "facts"}
            row.page = {k: v for k, v in row.page.items() if k != "facts"}


def test_a_map_narrowed_to_a_persona_counts_as_a_map_of_that_persona(drawn):
    newcomer = personas(drawn)["Newcomer"]
    view = drawn.app.maps.create(drawn.study.id, "Newcomers", scenario=None, personas=[newcomer], channels=[])
    part = read(drawn, personas=(newcomer,))
    assert counted(part) == counted(drawn.app.maps.read(view.id, full=True))
    assert part["of_participants"] == 2
    assert {q["participant"] for q in part["quotes"].values()} == {"P1", "P2"}
    assert part["narrowing"]["personas"] == (newcomer,)
    assert part["narrowing"]["of_participants"] == 4


def test_a_map_narrowed_to_a_channel_counts_as_a_map_of_that_channel(drawn):
    view = drawn.app.maps.create(drawn.study.id, "By phone", scenario=None, personas=[], channels=["phone"])
    assert counted(read(drawn, channels=("phone",))) == counted(drawn.app.maps.read(view.id, full=True))


def test_a_map_that_is_not_narrowed_says_nothing_of_parts(drawn):
    assert read(drawn) == drawn.map()
    assert "narrowing" not in drawn.map()
    everybody = read(drawn, participants=tuple(participants(drawn).values()))
    assert {k: v for k, v in everybody.items() if k != "narrowing"} == drawn.map()


def test_a_page_of_a_part_holds_just_the_quotes_that_it_cites(drawn):
    part = read(drawn, full=False, participants=(participants(drawn)["P2"],))
    cited = {e["quote_id"] for _, _, s in statements(part).values() for e in s["evidence"]}
    cited |= {e["quote_id"] for stage in part["stages"] for e in (stage["emotion"] or {}).get("evidence", [])}
    assert cited == part["quotes"].keys()
    assert all("quote_ids" not in theme and theme["quotes"] for theme in part["themes"])


def test_persona_names_pseudonyms_and_people_who_were_joined_are_understood(drawn):
    ids = participants(drawn)
    assert read(drawn, personas=("Sceptic",))["participants"] == read(drawn, participants=("P2",))["participants"]
    drawn.app.people.join(ids["P4"], ids["P1"])
    drawn.app.maps.redraw(drawn.study.id)
    assert [p["pseudonym"] for p in read(drawn, participants=(ids["P4"],))["participants"]] == ["P1"]


def test_a_change_of_personas_counts_at_once(drawn):
    drawn.upload(Upload("participants.csv", b"file,speaker,personas\ndina.txt,Dina Haddad,Sceptic\n"))
    assert read(drawn, personas=(personas(drawn)["Sceptic"],))["of_participants"] == 2


@pytest.mark.parametrize("field", ["personas", "participants", "themes"])
def test_what_the_study_does_not_have_is_named_and_is_no_empty_map(drawn, field):
    with pytest.raises(InvalidInput, match=f"no {field[:-1]} “nobody” in this study"):
        read(drawn, **{field: ("nobody",)})


def test_a_theme_that_was_merged_means_the_one_it_went_into(drawn):
    one, other = (t["id"] for t in drawn.map()["themes"][:2])
    drawn.app.codebooks.merge(other, one, actor="ann")
    assert read(drawn, themes=(other,))["themes"] == read(drawn, themes=(one,))["themes"] != []


def test_evidence_of_a_part_is_that_of_its_people(drawn):
    maps, ids = drawn.app.maps, participants(drawn)
    narrowing = Narrowing(participants=(ids["P1"], ids["P3"]))
    part = maps.read(map_id(drawn), full=True, narrowing=narrowing)
    for key, (stage, lane, s) in statements(part).items():
        cited = maps.evidence(map_id(drawn), key, narrowing=narrowing)
        assert (cited.total, cited.lane, cited.of_participants) == (len(s["evidence"]), lane, 2)
        assert cited.stage["id"] == stage["id"]
        shown = [*cited.supporting, *cited.contrary]
        assert [q.id for q in shown] == [e["quote_id"] for e in s["evidence"]]
        assert {q.participant for q in shown} <= {"P1", "P3"}
        assert {q.state for q in shown} == {"used"}
        assert cited.cited["text"] == s["text"]
    for stage in part["stages"]:
        if stage["emotion"]:
            cited = maps.curve(map_id(drawn), stage["id"], narrowing=narrowing)
            assert cited.total == stage["emotion"]["quotes"]
            assert cited.cited["score"] == stage["emotion"]["score"]


def test_a_statement_that_nobody_of_a_part_made_is_not_on_it(drawn):
    alone = next(key for key, (_, _, s) in drawn_statements(drawn).items() if s["participants"] == 1)
    speaker = drawn.app.maps.evidence(map_id(drawn), alone).supporting[0].participant
    others = tuple(p for p in participants(drawn) if p != speaker)
    with pytest.raises(NotFound, match="part of the map"):
        drawn.app.maps.evidence(map_id(drawn), alone, narrowing=Narrowing(participants=others))


def drawn_statements(drawn):
    return statements(drawn.map())


def test_all_evidence_of_a_map_opens_also_where_it_was_kept_before_there_were_parts(drawn):
    maps, whole = drawn.app.maps, drawn.map()

    def opened():
        shown = {key: maps.evidence(map_id(drawn), key) for key in statements(whole)}
        points = {stage["id"]: maps.curve(map_id(drawn), stage["id"]) for stage in whole["stages"] if stage["emotion"]}
        return {k: ([q.id for q in c.supporting], [q.id for q in c.contrary], c.total) for k, c in (shown | points).items()}

    before = opened()
    forget_facts(drawn)
    assert opened() == before
    assert {k: v for k, v in before.items() if k in statements(whole)} == {
        key: (
            [e["quote_id"] for e in s["evidence"] if e["relation"] == "supports"],
            [e["quote_id"] for e in s["evidence"] if e["relation"] == "contradicts"],
            s["evidence_total"] + s["contrary_total"],
        )
        for key, (_, _, s) in statements(whole).items()
    }


def test_a_version_from_before_there_were_parts_is_drawn_again_when_it_is_first_narrowed(drawn):
    before = read(drawn, participants=("P1",))
    forget_facts(drawn)
    assert {k: v for k, v in read(drawn, participants=("P1",)).items() if k != "created_at"} == {
        k: v for k, v in before.items() if k != "created_at"
    }


def test_an_older_version_from_before_there_were_parts_says_that_it_cannot_be_narrowed(drawn):
    first = drawn.map()["id"]
    forget_facts(drawn)
    drawn.run()
    assert drawn.map()["id"] != first
    with pytest.raises(Conflict, match="before maps could be narrowed"):
        drawn.app.maps.read(first, narrowing=Narrowing(participants=("P1",)))
    assert read(drawn, participants=("P1",))["of_participants"] == 1


def test_a_statement_is_found_on_whichever_map_has_it(drawn):
    view = drawn.app.maps.create(drawn.study.id, "By phone", scenario=None, personas=[], channels=["phone"])
    for either_id in (view.id, map_id(drawn)):
        key = next(iter(statements(drawn.app.maps.read(either_id, full=True))))
        assert drawn.app.maps.statement(key).map_id == either_id
    for nothing in ("nothing", "%", 'a"b', ""):
        with pytest.raises(NotFound):
            drawn.app.maps.statement(nothing)


def test_two_personas_stand_side_by_side(drawn):
    left, right = (Narrowing(personas=(name,)) for name in ("Newcomer", "Sceptic"))
    told = drawn.app.maps.compare(map_id(drawn), left, right)
    assert [p["pseudonym"] for p in told["left"]["participants"]] == ["P1", "P2"]
    assert told["right"]["of_participants"] == 1
    one, other = statements(read(drawn, personas=("Newcomer",))), statements(read(drawn, personas=("Sceptic",)))
    seen = set()
    for stage in told["stages"]:
        for lane, pairs in stage["lanes"].items():
            assert [abs(p["difference"]) for p in pairs] == sorted((abs(p["difference"]) for p in pairs), reverse=True)
            for pair in pairs:
                seen.add(pair["id"])
                for side, part in (("left", one), ("right", other)):
                    told_of = part.get(pair["id"], (None, None, None))[2]
                    assert (pair[side] is None) == (told_of is None)
                    assert told_of is None or pair[side] == {k: told_of[k] for k in ("participants", "of_participants", "evidence_total")}
                assert lane != "business_actions"
    assert seen == one.keys() | other.keys()


def test_each_persona_and_each_participant_has_a_curve(drawn):
    maps = drawn.app.maps
    for by, field in (("personas", "personas"), ("participants", "participants")):
        told = maps.curves(map_id(drawn), by)
        assert [c["name"] for c in told] == {"personas": ["Newcomer", "Sceptic"], "participants": ["P1", "P2", "P3", "P4"]}[by]
        for curve in told:
            part = read(drawn, **{field: (curve["id"],)})
            assert curve["participants"] == part["of_participants"]
            for point, stage in zip(curve["points"], part["stages"], strict=True):
                feeling = stage["emotion"]
                assert point == (feeling and {"stage_id": stage["id"], **{k: feeling[k] for k in ("score", "participants")}})


def test_others_than_the_owner_read_no_names_in_a_part(drawn):
    maps, narrowing = drawn.app.maps, Narrowing(participants=("P1", "P3"))
    told = str(maps.read(map_id(drawn), Audience.SHARE, narrowing=narrowing))
    told += str(maps.compare(map_id(drawn), narrowing, Narrowing(participants=("P2",)), Audience.SHARE))
    assert not any(part in told for name in NAMES for part in name.split())


def queries_of(ask):
    with noted_queries() as asked:
        ask()
    return len(asked)


def test_the_number_of_queries_is_bounded(drawn):
    maps, at = drawn.app.maps, map_id(drawn)
    statement = next(iter(drawn_statements(drawn)))
    stage = max((s for s in drawn.map()["stages"] if s["emotion"]), key=lambda s: s["emotion"]["participants"])["id"]
    narrowing = Narrowing(personas=("Newcomer",), participants=("P1", "P2"), themes=(drawn.map()["themes"][0]["id"],))
    bounds = {
        "read": (lambda: maps.read(at), 32),
        "narrowed read": (lambda: maps.read(at, narrowing=narrowing), 48),
        "evidence": (lambda: maps.evidence(at, statement), 30),
        "narrowed evidence": (lambda: maps.curve(at, stage, narrowing=Narrowing(personas=("Newcomer", "Sceptic"))), 40),
        "compare": (lambda: maps.compare(at, Narrowing(personas=("Newcomer",)), Narrowing(personas=("Sceptic",))), 50),
        "curves": (lambda: maps.curves(at, "participants"), 30),
        "statement": (lambda: maps.statement(statement), 30),
    }
    took = {what: queries_of(ask) for what, (ask, _) in bounds.items()}
    assert {what: n for what, n in took.items() if n > bounds[what][1]} == {}, took
