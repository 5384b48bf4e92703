import pytest


def hits(house, study, **asked):
    return house.get(f"/studies/{study}/search", params=asked)


def test_a_hit_is_the_quote_of_the_list_with_how_it_was_found(house, drawn):
    listed = {q["id"]: q for q in house.get(f"/studies/{drawn}/quotes", params={"limit": 200})["items"]}
    found = hits(house, drawn, q="waited minutes", mode="words")
    assert found["total"] == len(found["items"]) == 2
    for hit in found["items"]:
        match = hit.pop("match")
        assert hit == listed[hit["id"]]
        assert match == {"by": ["words"], "similarity": None, "places": match["places"]}
        assert [hit["text"][a:b] for a, b in match["places"]] == ["waiting", "minutes"]


def test_words_and_meaning_are_told_apart(house, drawn):
    words = house.get(f"/studies/{drawn}/quotes")["items"][0]["text"]
    found = hits(house, drawn, q=words)
    assert (found["meaning"], found["items"][0]["text"]) == ("used", words)
    assert found["items"][0]["match"]["by"] == ["words", "meaning"]
    assert found["items"][0]["match"]["similarity"] == pytest.approx(1, abs=1e-3)
    assert hits(house, drawn, q=words, mode="words")["meaning"] == "not_asked"


def test_filters_and_pages_work_as_they_do_for_the_list(house, drawn):
    every = hits(house, drawn, q="price", limit=200)["items"]
    person = hits(house, drawn, q="price", participant="P2", limit=200)["items"]
    assert person
    assert {q["id"] for q in person} <= {q["id"] for q in house.get(f"/studies/{drawn}/quotes?participant=P2&limit=200")["items"]}
    first = hits(house, drawn, q="price", limit=1)
    second = hits(house, drawn, q="price", limit=1, cursor=first["next_cursor"])
    assert [q["id"] for page in (first, second) for q in page["items"]] == [q["id"] for q in every[:2]]


def test_what_was_taken_for_a_slip_is_said(house, drawn):
    assert hits(house, drawn, q="brillant", mode="words")["notes"] == ["“brillant” is in no quote; looked for “brilliant”"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"q": ""},
        {"q": "?!"},
        {"q": "x" * 501},
        {"q": "a", "mode": "x"},
        {"q": "a", "limit": 0},
        {"q": "a", "cursor": "x"},
        {"q": "a", "order": "place"},
    ],
)
def test_a_search_that_cannot_be_is_refused(house, drawn, wrong):
    answer = house.script.get(f"/api/v1/studies/{drawn}/search", params=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_studies_and_quotes_are_told(house):
    assert house.script.get("/api/v1/studies/nowhere/search?q=price").status_code == 404
    assert house.script.get("/api/v1/quotes/nothing/similar").status_code == 404


def test_more_like_a_quote_leaves_the_quote_out(house, drawn):
    bea, carl = (
        next(q for q in house.get(f"/studies/{drawn}/quotes?participant={p}")["items"] if "brilliant" in q["text"]) for p in ("P1", "P2")
    )
    found = house.get(f"/quotes/{bea['id']}/similar", params={"limit": 200})
    assert (found["items"][0]["id"], found["items"][0]["match"]["similarity"]) == (carl["id"], 1.0)
    assert bea["id"] not in {q["id"] for q in found["items"]}
    assert house.get(f"/quotes/{bea['id']}/similar", params={"participant": "P1"})["total"] < found["total"]


def test_what_is_erased_is_found_no_more(house):
    study = house.drawn("Bea", "Carl")
    assert hits(house, study, q='"Carl-town"', mode="words")["total"] == 2
    carl = next(t for t in house.get(f"/studies/{study}/transcripts")["items"] if t["file_name"] == "carl.txt")
    held = house.app.search.size
    assert house.script.delete(f"/api/v1/transcripts/{carl['id']}").status_code == 204
    assert house.app.search.size < held
    assert hits(house, study, q='"Carl-town"', mode="words")["total"] == 0
    assert house.script.delete(f"/api/v1/studies/{study}").status_code == 204
    assert house.script.get(f"/api/v1/studies/{study}/search?q=price").status_code == 404


def test_a_search_whose_filters_leave_nothing_says_which_stand_in_the_way(house, drawn):
    nothing = hits(house, drawn, q="price", mode="words", participant="P1", touchpoint="xylophone")
    alone = hits(house, drawn, q="price", mode="words", participant="P1")
    assert nothing["notes"] == ["no quote fits the filters together"]
    assert nothing["without"] == [{"filter": "touchpoint", "total": alone["total"]}]
    assert nothing["unfiltered"] == hits(house, drawn, q="price", mode="words")["total"]
    assert (alone["without"], alone["unfiltered"]) == ([], None)
    elsewhere = hits(house, drawn, q='"Carl-town"', mode="words", participant="P1")
    assert elsewhere["notes"] == ["no quote that fits the filters has this word"]
    assert [w["filter"] for w in elsewhere["without"]] == ["participant"]
    quote = house.get(f"/studies/{drawn}/quotes")["items"][0]["id"]
    similar = house.get(f"/quotes/{quote}/similar", params={"touchpoint": "xylophone"})
    assert similar["notes"] == ["no quote fits the filter"]
    assert similar["without"][0]["total"] == similar["unfiltered"] > 0
