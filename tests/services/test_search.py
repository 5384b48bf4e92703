from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeQueryEncoder
from services.conftest import Bench, talk

from app.domain.people import Role
from app.domain.render import Audience
from app.errors import AssetError, InvalidInput, NotFound
from app.services.search import Search
from app.services.search_index import SearchIndexes

WHO = "kept me waiting"


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A study of three interviews with its map; only read."""
    bench = Bench(tmp_path_factory.mktemp("search"))
    bench.upload(talk("Bea Larsson"), talk("Carl Osei"), talk("Dina Haddad", who="Bea Larsson of the support line"))
    bench.run()
    yield bench
    bench.app.db.dispose()


def filled(bench, *names):
    made = bench()
    made.upload(*(talk(name) for name in names or ("Bea Larsson", "Carl Osei")))
    made.run()
    return made


def texts(found):
    return [hit.quote.text for hit in found.hits]


def ids(found):
    return [hit.quote.id for hit in found.hits]


def every(bench, **more):
    return bench.app.quotes.page(bench.study.id, {}, limit=200, **more).quotes


def test_a_quote_is_found_by_its_words_and_they_are_pointed_at(one):
    found = one.app.search.find(one.study.id, "waited minutes", mode="words")
    assert found.total == len(found.hits) == 3
    assert found.meaning == "not_asked"
    for hit in found.hits:
        assert [hit.quote.text[a:b] for a, b in hit.places] == ["waiting", "minutes"]
        assert (hit.by, hit.similarity) == (("words",), None)


def test_a_quote_is_found_by_its_meaning_though_it_shares_no_word_form(one):
    wanted = every(one)[0].text
    found = one.app.search.find(one.study.id, wanted, mode="meaning")
    assert texts(found)[0] == wanted
    assert found.hits[0].similarity == pytest.approx(1, abs=1e-5)
    assert found.hits[0].by == ("meaning",)
    nearness = [hit.similarity for hit in found.hits]
    assert nearness == sorted(nearness, reverse=True)


def test_both_ways_together_put_first_what_both_find(one):
    wanted = every(one)[0].text
    found = one.app.search.find(one.study.id, wanted)
    assert texts(found)[0] == wanted
    assert found.hits[0].by == ("words", "meaning")


def test_a_hit_is_the_very_quote_that_the_list_shows(one):
    listed = {q.id: q for q in every(one)}
    found = one.app.search.find(one.study.id, "price", limit=200)
    assert found.hits
    assert all(hit.quote == listed[hit.quote.id] for hit in found.hits)


def test_what_was_left_out_is_found_only_where_it_is_asked_for(bench):
    made = bench()
    given = talk("Bea Larsson")
    made.upload(
        replace(given, data=given.data.replace(b"And what happened next?", b"Right?\n\nBea Larsson: Mm.\n\nAnn Interviewer: Next?"))
    )
    made.run()
    assert made.app.search.find(made.study.id, "mm", mode="words").total == 0
    found = made.app.search.find(made.study.id, "mm", mode="words", filters={"state": "skipped"})
    assert [(hit.quote.text, hit.quote.skip_reason) for hit in found.hits] == [("Mm.", "filler")]


@pytest.mark.parametrize(
    "field", ["stage", "channel", "kind", "emotion", "experience", "state", "participant", "transcript", "theme", "review"]
)
def test_every_filter_of_the_list_of_quotes_filters_a_search_alike(one, field):
    for quote in every(one)[:6]:
        tags = quote.tags
        value = {
            "stage": tags.stage,
            "state": quote.state,
            "participant": quote.participant,
            "transcript": quote.transcript_id,
            "theme": quote.theme_id,
            "review": "open",
        }.get(field) or (str(getattr(tags, field)) if hasattr(tags, field) else None)
        if value:
            listed = {q.id for q in one.app.quotes.page(one.study.id, {field: value}, limit=200).quotes}
            found = one.app.search.find(one.study.id, "I the and to my", mode="words", filters={field: value}, limit=200)
            among = one.app.search.find(one.study.id, "I the and to my", mode="words", limit=200)
            assert set(ids(found)) == set(ids(among)) & listed


def test_filters_by_touchpoint_persona_and_how_sure_the_tags_are(bench):
    made = filled(bench)
    bea = made.app.people.participants(made.study.id)[0][0]
    persona = made.app.people.add_persona(made.study.id, "Careful")
    made.app.people.update_participant(bea.id, name=bea.name, attributes={}, persona_ids=[persona.id])
    asked = "the and to"
    for wanted in ({"persona": persona.id}, {"persona": "Careful"}, {"participant": "P1"}):
        found = made.app.search.find(made.study.id, asked, mode="words", filters=wanted, limit=200)
        assert {hit.quote.participant for hit in found.hits} == {"P1"}
    for quote in every(made):
        found = made.app.search.find(made.study.id, quote.text, mode="words", filters={"touchpoint": "Support Line"}, limit=200)
        assert (quote.id in ids(found)) == (quote.tags.touchpoint == "support line")
    assert made.app.search.find(made.study.id, asked, mode="words", filters={"min_confidence": "0.9"}).total == 0
    sure = made.app.search.find(made.study.id, asked, mode="words", filters={"max_confidence": "0.9"}, limit=200)
    assert sure.total == made.app.search.find(made.study.id, asked, mode="words", limit=200).total


def test_pages_join_to_the_whole_without_gaps_or_repeats(one):
    whole = one.app.search.find(one.study.id, "price", limit=200)
    seen, cursor = [], None
    while True:
        page = one.app.search.find(one.study.id, "price", limit=2, cursor=cursor)
        seen += ids(page)
        assert page.total == whole.total
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ids(whole)
    assert len(set(seen)) == len(seen) == whole.total > 4


def test_what_was_not_as_asked_is_said(one):
    find = one.app.search.find
    assert find(one.study.id, "brillant").notes == ("“brillant” is in no quote; looked for “brilliant”",)
    assert find(one.study.id, "waiting xylophones", mode="words").notes == ("no quote has “xylophones”",)
    assert find(one.study.id, "xylophones", mode="words").notes == ("no quote has this word",)
    assert find(one.study.id, "waiting brilliant", mode="words").notes == ("no quote has all of these words; these have some of them",)
    assert find(one.study.id, "price", mode="words", filters={"participant": "P9"}).notes == ("no quote fits the filter",)
    nearest = find(one.study.id, "xylophones")
    assert nearest.notes[0] in {"no quote has this word; these are nearest in meaning", "no quote has this word"}
    assert bool(nearest.hits) == ("nearest" in nearest.notes[0])


def test_a_phrase_binds_the_search_by_meaning_too(one):
    for mode in ("all", "words", "meaning"):
        found = one.app.search.find(one.study.id, '"fed up" provider', mode=mode)
        assert all("fed up" in text for text in texts(found))
        assert found.hits or mode == "meaning"


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ("", {}),
        ("  ?! ", {}),
        ("x" * 501, {}),
        ("price", {"mode": "magic"}),
        ("price", {"limit": 0}),
        ("price", {"cursor": "x"}),
        ("price", {"filters": {"colour": "red"}}),
        ("price", {"filters": {"min_confidence": "2"}}),
        ("price", {"filters": {"max_confidence": "sure"}}),
    ],
)
def test_what_cannot_be_looked_for_is_refused(one, asked, more):
    with pytest.raises(InvalidInput):
        one.app.search.find(one.study.id, asked, **more)


def test_an_unknown_study_or_quote_is_told(one):
    with pytest.raises(NotFound):
        one.app.search.find("nowhere", "price")
    with pytest.raises(NotFound):
        one.app.search.similar("nothing")


def test_more_like_a_quote_leaves_it_out_and_lets_others_speak(one):
    quote = every(one)[1]
    found = one.app.search.similar(quote.id, limit=200)
    assert quote.id not in ids(found)
    assert found.hits
    ahead = [hit.quote.participant for hit in found.hits[:5]]
    others = {hit.quote.participant for hit in found.hits}
    assert len(others) < 3 or max(ahead.count(p) for p in others) <= 2
    same = [hit for hit in found.hits if hit.quote.text == quote.text]
    assert {hit.quote.participant for hit in same} == {q.participant for q in every(one) if q.text == quote.text and q.id != quote.id}
    assert one.app.search.similar(quote.id, filters={"participant": quote.participant}).total < found.total


def test_before_the_first_run_nothing_is_found_and_a_run_is_found_at_once(bench):
    made = bench()
    made.upload(talk("Bea Larsson"))
    empty = made.app.search.find(made.study.id, "price")
    assert (empty.total, empty.meaning) == (0, "not_ready")
    made.run()
    found = made.app.search.find(made.study.id, "price")
    assert found.total
    assert found.meaning == "used"


def test_a_correction_is_found_at_once_and_leaves_the_words_as_they_are(bench):
    made = filled(bench)
    quote = every(made)[0]
    assert made.app.search.find(made.study.id, "sister", mode="words", filters={"channel": "docs"}).total == 0
    before = made.app.search._indexes.of  # what is kept is kept by identity
    with made.app.store.read() as repo:
        old = before(repo, made.study.id, Audience.OWNER)
    made.app.review.correct(quote.id, {"channel": "docs"}, actor="test")
    found = made.app.search.find(made.study.id, "sister", mode="words", filters={"channel": "docs", "review": "corrected"})
    assert ids(found) == [quote.id]
    assert found.hits[0].quote.review == "corrected"
    with made.app.store.read() as repo:
        new = before(repo, made.study.id, Audience.OWNER)
    assert new.texts is old.texts
    assert new.facets is not old.facets
    made.app.review.undo(quote.id)
    assert made.app.search.find(made.study.id, "sister", mode="words", filters={"channel": "docs"}).total == 0


def test_an_interview_that_is_added_is_found_and_one_that_is_erased_is_not(bench):
    made = filled(bench, "Bea Larsson")
    assert made.app.search.find(made.study.id, '"E-town"', mode="words").total == 0
    made.upload(talk("Emil Novak"))
    made.run()
    assert made.app.search.find(made.study.id, '"E-town"', mode="words").total > 0
    emil = next(t for t in made.app.studies.transcripts(made.study.id) if t.file_name == "emil.txt")
    made.app.studies.delete_transcript(emil.id)
    made.app.search.forget(made.study.id)
    assert made.app.search.size == 0
    assert made.app.search.find(made.study.id, '"E-town"', mode="words").total == 0


def test_who_turns_out_to_be_no_participant_is_not_found_any_more(bench):
    made = filled(bench)
    assert made.app.search.find(made.study.id, '"C-town"', mode="words").total > 0
    carl = next(s for t in made.app.studies.transcripts(made.study.id) for s in t.speakers if s.name == "Carl Osei")
    made.app.people.set_role(carl.id, Role.OBSERVER, actor="test")
    assert made.app.search.find(made.study.id, '"C-town"', mode="words").total == 0


def test_what_is_hidden_from_others_leads_them_nowhere(one):
    find = one.app.search.find
    owner = find(one.study.id, "Larsson", mode="words")
    assert owner.total > 0
    shared = find(one.study.id, "Larsson", mode="words", audience=Audience.SHARE)
    assert (shared.total, shared.notes) == (0, ("no quote has this word",))
    hidden = owner.hits[0].quote
    by_meaning = find(one.study.id, hidden.text, mode="meaning", audience=Audience.SHARE)
    assert hidden.id not in ids(by_meaning)
    assert one.app.search.similar(hidden.id, audience=Audience.SHARE).meaning == "not_ready"
    shown = find(one.study.id, "nobody answered", mode="words", audience=Audience.SHARE)
    assert shown.total == 3
    assert not any("Larsson" in text for text in texts(shown))


def test_a_term_that_people_hide_later_leads_others_nowhere_from_then_on(bench):
    made = filled(bench)
    asked = {"mode": "words", "audience": Audience.SHARE}
    assert made.app.search.find(made.study.id, "brilliant", **asked).total == 2
    made.app.redaction.decide(made.study.id, "brilliant", "other", actor="test")
    assert made.app.search.find(made.study.id, "brilliant", **asked).total == 0
    assert made.app.search.find(made.study.id, "brilliant", mode="words").total == 2


def test_without_the_encoder_words_are_still_found_and_that_is_said(one):
    class Missing(FakeQueryEncoder):
        def encode_query(self, _text):
            raise AssetError

    found = Search(one.app.store, one.app.privacy, Missing()).find(one.study.id, WHO)
    assert found.total == 3
    assert found.meaning == "not_ready"
    assert "doctor" in found.notes[-1]


def test_the_same_words_are_encoded_once_however_many_pages_are_read(one):
    encoder = FakeQueryEncoder()
    search = Search(one.app.store, one.app.privacy, encoder)
    for cursor in (None, "2", "4"):
        search.find(one.study.id, WHO, limit=2, cursor=cursor)
    search.find(one.study.id, WHO, mode="words")
    assert encoder.asked == [WHO]


def test_the_index_that_was_not_used_for_longest_goes_when_there_is_no_room(bench):
    made = filled(bench, "Bea Larsson")
    other = made.app.studies.create("Other", key="other")
    made.app.ingest.upload(other.id, [talk("Carl Osei")], actor="test")
    indexes = SearchIndexes(made.app.privacy, "fake/1", room_bytes=1)
    with made.app.store.read() as repo:
        first = indexes.of(repo, made.study.id, Audience.OWNER)
        assert indexes.of(repo, made.study.id, Audience.OWNER).texts is first.texts
        indexes.of(repo, other.id, Audience.OWNER)
        assert indexes.of(repo, made.study.id, Audience.OWNER).texts is not first.texts


def test_the_same_search_gives_the_same_answer_in_another_process_s_index(one):
    again = Search(one.app.store, one.app.privacy, FakeQueryEncoder())
    for asked in ("price waiting", '"support line"', "brillant"):
        assert again.find(one.study.id, asked) == one.app.search.find(one.study.id, asked)
    quote = every(one)[2].id
    assert again.similar(quote) == one.app.search.similar(quote)


def test_the_vectors_of_the_index_are_those_of_the_quotes(one):
    with one.app.store.read() as repo:
        index = one.app.search._indexes.of(repo, one.study.id, Audience.OWNER)
    for row, quote in enumerate(index.texts.ids):
        shown = index.shown(row)
        assert shown.id == quote
        if index.texts.embedded[row]:
            assert np.array_equal(index.texts.vectors[row], FakeQueryEncoder().encode_query(shown.text))
