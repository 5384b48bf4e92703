import pytest
import sqlalchemy as sa
from querying import noted_queries
from services.conftest import NAMES, talk

from app.db.tables import VectorRow
from app.domain.render import Audience
from app.errors import NotFound
from app.services.shapes import stage_keys
from app.services.theme_shapes import prevalence_shape, saturation_shape, theme_seen_shape


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


def themes(drawn, **more):
    keys = stage_keys(drawn.app.studies.stages(drawn.study.id))
    return [theme_seen_shape(seen, keys) for seen in drawn.app.portraits.themes(drawn.study.id, **more)]


def theme(drawn, theme_id):
    return theme_seen_shape(drawn.app.portraits.theme(theme_id), {})


def saturation(drawn):
    return saturation_shape(drawn.app.portraits.saturation(drawn.study.id))


def prevalence(drawn):
    return prevalence_shape(drawn.app.portraits.prevalence(drawn.study.id))


def members(drawn):
    """Ids of the quotes in each theme, those inside it included, as the code book counts them."""
    book = drawn.app.codebooks.read(drawn.study.id)
    return {e["id"]: e for outer in book["themes"] for e in (outer, *outer["children"])}


def test_before_the_first_run_there_is_nothing_to_portray(bench):
    made = bench()
    made.upload(talk(NAMES[0]))
    assert themes(made) == []
    with pytest.raises(NotFound, match="start a run"):
        saturation(made)
    with pytest.raises(NotFound, match="start a run"):
        prevalence(made)
    with pytest.raises(NotFound):
        made.app.portraits.theme("no-such-theme")


def test_every_theme_is_portrayed_with_the_counts_of_the_code_book(drawn):
    book, seen = members(drawn), themes(drawn)
    assert [t["id"] for t in seen] == list(book)
    assert all((t["quotes"], t["participants"]) == (book[t["id"]]["quotes"], book[t["id"]]["participants"]) for t in seen)
    assert {t["of_participants"] for t in seen} == {len(NAMES)}
    total = drawn.app.codebooks.read(drawn.study.id)["quotes"]
    assert all(t["share"] == pytest.approx(t["quotes"] / total, abs=1e-4) for t in seen)


def test_exemplars_are_quotes_of_the_theme_in_peoples_own_words(drawn):
    for shown in themes(drawn):
        ids = {q.id for q in drawn.app.codebooks.theme(shown["id"])[1]}
        assert {q["id"] for part in ("central", "diverse", "contrary") for q in shown[part]} <= ids
        assert shown["central"]
        assert shown["central"][0]["text"]
        assert len(theme(drawn, shown["id"])["central"]) >= len(shown["central"])


def test_a_summary_that_nobody_wrote_is_cut_from_quotes_and_gives_way_to_a_written_one(drawn):
    first = themes(drawn)[0]
    assert first["summary_extracted"]
    spoken = " ".join(quote["text"] for quote in all_quotes(drawn).values())
    for part in first["summary"].split("“")[1:]:
        assert part.split("”")[0].strip("… ") in spoken
    drawn.app.codebooks.change(first["id"], {"summary": "People wait."}, actor="ann")
    after = theme(drawn, first["id"])
    assert (after["summary"], after["summary_extracted"]) == ("People wait.", False)


def all_quotes(drawn):
    return drawn.app.maps.read(drawn.app.maps.default_id(drawn.study.id), full=True)["quotes"]


def test_a_theme_inside_another_counts_in_both(drawn):
    inner, outer = (t["id"] for t in themes(drawn)[:2])
    alone = {t: theme(drawn, t)["quotes"] for t in (inner, outer)}
    drawn.app.codebooks.change(inner, {"parent_id": outer}, actor="ann")
    above = theme(drawn, outer)
    assert above["quotes"] == alone[inner] + alone[outer]
    assert above["own_quotes"] == alone[outer]
    assert above["children"] == [inner]
    assert theme(drawn, inner)["quotes"] == alone[inner]
    assert [t["id"] for t in themes(drawn)].index(inner) == [t["id"] for t in themes(drawn)].index(outer) + 1
    assert saturation(drawn)["themes"] == len([t for t in themes(drawn) if t["parent_id"] is None])


def test_a_merged_theme_is_portrayed_no_more(drawn):
    gone, kept = (t["id"] for t in themes(drawn)[:2])
    drawn.app.codebooks.merge(gone, kept, actor="ann")
    assert gone not in [t["id"] for t in themes(drawn)]
    with pytest.raises(NotFound, match="merged"):
        theme(drawn, gone)


def test_saturation_counts_themes_by_interview_in_the_order_of_files(drawn):
    told = saturation(drawn)
    assert [i["file_name"] for i in told["interviews"]] == sorted(f"{n.split()[0].lower()}.txt" for n in NAMES)
    assert told["interviews"][-1]["seen"] == told["themes"] == sum(i["new"] for i in told["interviews"])
    assert told["band"][-1]["mean"] == told["themes"]
    assert [t["id"] for i in told["interviews"] for t in i["new_themes"]]
    assert told["reading"]


def test_an_interview_that_was_added_since_the_run_waits_for_the_next_one(drawn):
    drawn.upload(talk("Zoe Quist"))
    assert len(saturation(drawn)["interviews"]) == len(NAMES)
    assert {t["of_participants"] for t in themes(drawn)} == {len(NAMES)}


def test_prevalence_adds_up_over_stages_and_interviews(drawn):
    told = prevalence(drawn)
    for row in told["themes"]:
        assert sum(i["quotes"] for i in row["by_interview"]) == row["quotes"]
        assert row["by_interview"][-1]["participants_so_far"] == row["participants"]
        assert sum(s["quotes"] for s in row["by_stage"]) <= row["quotes"]
    assert told["personas"] == []


def test_prevalence_counts_people_by_persona_and_those_of_none(drawn):
    persona = drawn.app.people.add_persona(drawn.study.id, "Regular")
    one = drawn.app.people.participants(drawn.study.id)[0][0]
    drawn.app.people.update_participant(one.id, name=None, attributes=None, persona_ids=[persona.id])
    told = prevalence(drawn)
    assert [(p["name"], p["participants"]) for p in told["personas"]] == [("Regular", 1), ("No persona", len(NAMES) - 1)]
    for row in told["themes"]:
        assert sum(p["participants"] for p in row["by_persona"]) == row["participants"]
    assert {p["name"] for t in themes(drawn) for p in t["personas"]} == {"Regular", "No persona"}


def test_others_than_the_owner_read_no_names(drawn):
    shown = str(themes(drawn, audience=Audience.SHARE)) + str(
        saturation_shape(drawn.app.portraits.saturation(drawn.study.id, audience=Audience.SHARE))
    )
    assert not any(part in shown for name in NAMES for part in name.split())
    assert "bea.txt" not in shown


def test_vectors_that_are_gone_are_done_without(drawn):
    with drawn.app.store.write() as repo:
        repo.cache.session.execute(sa.delete(VectorRow))
    assert all(t["diverse"] for t in themes(drawn))


def queries_of(drawn):
    with noted_queries() as asked:
        drawn.app.portraits.themes(drawn.study.id)
    return len(asked)


def test_the_number_of_queries_does_not_grow_with_the_number_of_themes(drawn):
    before = queries_of(drawn)
    for n, quote_id in enumerate(list(all_quotes(drawn))[:6]):
        drawn.app.codebooks.add(drawn.study.id, {"label": f"Further theme {n}"}, [quote_id], actor="ann")
    assert queries_of(drawn) == before


def test_examples_are_the_central_quotes_of_the_portraits(drawn):
    seen = drawn.app.portraits.themes(drawn.study.id)
    assert seen
    assert drawn.app.portraits.examples(drawn.study.id) == {s.entry["id"]: s.central for s in seen}
    every, saturation, prevalence = drawn.app.portraits.all(drawn.study.id)
    assert every == seen
    assert (saturation, prevalence) == (drawn.app.portraits.saturation(drawn.study.id), drawn.app.portraits.prevalence(drawn.study.id))
