import pytest


@pytest.fixture
def study(house):
    return house.drawn("Bea", "Carl", "Dina")


def entries(house, study):
    outer = house.get(f"/studies/{study}/codebook")["themes"]
    return {e["id"]: e for o in outer for e in (o, *o["children"])}


def by_size(house, study):
    found = entries(house, study)
    return sorted(found, key=lambda t: (-found[t]["own_quotes"], t))


def ask(house, method, path, status=200, **more):
    answer = house.script.request(method, f"/api/v1{path}", **more)
    assert answer.status_code == status, answer.text
    return answer


def members(house, theme):
    return [q["id"] for q in house.get(f"/themes/{theme}")["members"]]


def theme_of(house, quote):
    return house.get(f"/quotes/{quote}")["theme_id"]


def test_the_code_book_has_a_tag_that_every_edit_changes(house, study):
    first = ask(house, "GET", f"/studies/{study}/codebook")
    assert first.headers["etag"] == f'"{first.json()["etag"]}"'
    assert ask(house, "GET", f"/studies/{study}/codebook").headers["etag"] == first.headers["etag"]
    ask(house, "PATCH", f"/themes/{by_size(house, study)[0]}", json={"pinned": True})
    second = ask(house, "GET", f"/studies/{study}/codebook")
    assert second.headers["etag"] != first.headers["etag"]
    assert second.json()["version"] == first.json()["version"] + 1


def test_an_entry_is_renamed_and_every_place_shows_it(house, study):
    theme = by_size(house, study)[0]
    told = ask(house, "PATCH", f"/themes/{theme}", json={"label": " Waiting on hold ", "definition": "Nobody answers"}).json()
    assert told["text"].endswith("to “Waiting on hold”, rewrote “Waiting on hold” (definition)")
    assert told["themes"][0]["decided"].keys() == {"label", "definition"}
    shown = house.get(f"/themes/{theme}")
    assert (shown["label"], shown["definition"], shown["origin"]) == ("Waiting on hold", "Nobody answers", "human")
    assert "Waiting on hold" in {t["label"] for t in house.get(f"/studies/{study}/themes")["items"]}
    assert "Waiting on hold" in {t["label"] for t in house.get(f"/studies/{study}/map")["themes"]}


def test_an_edit_of_what_somebody_else_has_changed_since_is_refused(house, study):
    theme = by_size(house, study)[0]
    read = ask(house, "GET", f"/themes/{theme}").headers["etag"]
    changed = ask(house, "PATCH", f"/themes/{theme}", json={"label": "One"}, headers={"If-Match": read})
    problem = ask(house, "PATCH", f"/themes/{theme}", 412, json={"label": "Two"}, headers={"If-Match": read}).json()
    assert problem["type"] == "urn:throughline:problem:outdated"
    assert "read it again" in problem["detail"]
    for method, path, body in (
        ("DELETE", "", None),
        ("POST", "/merge", {"into": by_size(house, study)[1]}),
        ("POST", "/split", {"parts": [{"quote_ids": members(house, theme)[:1]}]}),
    ):
        ask(house, method, f"/themes/{theme}{path}", 412, json=body, headers={"If-Match": read})
    tags = f'W/"other", {changed.headers["etag"]}'
    assert ask(house, "PATCH", f"/themes/{theme}", json={"label": "Two"}, headers={"If-Match": tags}).json()["themes"][0]["label"] == "Two"
    ask(house, "PATCH", f"/themes/{theme}", json={"label": "Three"}, headers={"If-Match": "*"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 121}, "label"),
        ({"mark": "red"}, "mark"),
        ({"lable": "x"}, "lable"),
        ({"pinned": "maybe"}, "pinned"),
        ({"merged_into": "x"}, "merged_into"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(house, drawn, body, field):
    problem = ask(house, "PATCH", f"/themes/{by_size(house, drawn)[0]}", 422, json=body).json()
    assert [e["field"] for e in problem["errors"]] == [field]


def test_what_the_schema_lets_through_the_service_refuses_in_words(house, drawn):
    theme = by_size(house, drawn)[0]
    for body, said in (({}, "say at least one of"), ({"label": None}, "label is a text"), ({"pinned": None}, "true or false")):
        assert said in ask(house, "PATCH", f"/themes/{theme}", 422, json=body).json()["detail"]
    assert "nothing" in ask(house, "PATCH", "/themes/nothing", 404, json={"pinned": True}).json()["detail"]


def test_an_entry_is_made_moved_into_merged_and_all_of_it_taken_back(house, study):
    one, other = by_size(house, study)[:2]
    mine, before = members(house, one), entries(house, study)
    made = ask(house, "POST", f"/studies/{study}/themes", 201, json={"label": "Mine", "quote_ids": mine[:1]}).json()
    theme = made["themes"][0]["id"]
    assert theme_of(house, mine[0]) == theme
    moved = ask(house, "POST", f"/studies/{study}/placements", json={"quote_ids": mine[:2], "theme_id": other}).json()
    assert {theme_of(house, q) for q in mine[:2]} == {other}
    assert ask(house, "DELETE", f"/quotes/{mine[1]}/placement").json()["theme_id"] == one
    ask(house, "POST", f"/themes/{other}/merge", json={"into": theme})
    assert theme_of(house, mine[0]) == theme
    problem = ask(house, "POST", f"/studies/{study}/codebook/undo", 409, json={"action_id": made["action_id"]}).json()
    assert "take that back first: “Owner merged" in problem["detail"]
    ask(house, "POST", f"/studies/{study}/codebook/undo")
    ask(house, "POST", f"/studies/{study}/codebook/undo", json={"action_id": moved["action_id"]})
    ask(house, "POST", f"/studies/{study}/codebook/undo", json={})
    assert entries(house, study) == before
    ask(house, "POST", f"/studies/{study}/codebook/undo", 409)
    history = house.get(f"/studies/{study}/codebook/history", params={"limit": 2})
    assert [a["kind"] for a in history["items"]] == ["merge", "move"]
    assert all(a["undone_at"] for a in history["items"])
    assert (history["total"], history["next_cursor"]) == (3, "2")


def test_a_removed_entry_is_gone_everywhere_until_that_is_taken_back(house, study):
    theme = by_size(house, study)[0]
    quote = members(house, theme)[0]
    told = ask(house, "DELETE", f"/themes/{theme}").json()
    assert (told["themes"], theme_of(house, quote)) == ([], None)
    assert "taken out" in ask(house, "GET", f"/themes/{theme}", 404).json()["detail"]
    assert theme not in {t["id"] for t in house.get(f"/studies/{study}/map")["themes"]}
    ask(house, "PATCH", f"/themes/{theme}", 409, json={"label": "x"})
    decided = house.get(f"/studies/{study}/decisions", params={"target_type": "theme"})["items"]
    assert ask(house, "POST", f"/decisions/{decided[0]['id']}/undo").json()["undone_at"]
    assert theme_of(house, quote) == theme


def test_a_split_as_it_was_proposed(house, study):
    theme = by_size(house, study)[0]
    parts = house.get(f"/themes/{theme}/split-proposal", params={"parts": 2})["parts"]
    assert sum(p["quotes"] for p in parts) == len(members(house, theme))
    given = [{"label": None if n else "First", "quote_ids": p["quote_ids"]} for n, p in enumerate(parts)]
    made = ask(house, "POST", f"/themes/{theme}/split", json={"parts": given}).json()["themes"]
    assert [t["label"] for t in made] == ["First", parts[1]["label"]]
    assert [t["own_quotes"] for t in made] == [p["quotes"] for p in parts]
    assert house.script.get(f"/api/v1/themes/{theme}/split-proposal?parts=5").status_code == 422


def test_entries_of_another_study_are_not_found(house, study):
    other = house.study()
    theirs = ask(house, "POST", f"/studies/{other}/themes", 201, json={"label": "Theirs"}).json()["themes"][0]["id"]
    mine = by_size(house, study)[0]
    for path, body in (
        (f"/themes/{mine}/merge", {"into": theirs}),
        (f"/studies/{study}/placements", {"quote_ids": members(house, mine)[:1], "theme_id": theirs}),
        (f"/studies/{other}/placements", {"quote_ids": members(house, mine)[:1], "theme_id": None}),
        (f"/studies/{other}/codebook/undo", {"action_id": "nothing"}),
        ("/proposals/nothing/accept", None),
    ):
        ask(house, "POST", path, 404, json=body)
    ask(house, "GET", "/studies/nothing/codebook", 404)
    ask(house, "DELETE", "/quotes/nothing/placement", 404)


def test_all_themes_are_listed_on_request_noise_and_empty_ones_too(house, study):
    noise = by_size(house, study)[0]
    ask(house, "PATCH", f"/themes/{noise}", json={"mark": "noise"})
    empty = ask(house, "POST", f"/studies/{study}/themes", 201, json={"label": "Nothing yet"}).json()["themes"][0]["id"]
    on_map = {t["id"]: t for t in house.get(f"/studies/{study}/themes")["items"]}
    assert not {noise, empty} & on_map.keys()
    every = {t["id"]: t for t in house.get(f"/studies/{study}/themes?all=true")["items"]}
    assert every.keys() == entries(house, study).keys()
    assert (every[noise]["mark"], every[empty]["quotes"]) == ("noise", 0)
    assert every[noise]["quotes"] > 0


def test_a_theme_that_was_merged_away_is_told_with_the_one_it_went_into(house, study):
    one, other = by_size(house, study)[:2]
    ask(house, "POST", f"/themes/{one}/merge", json={"into": other})
    detail = ask(house, "GET", f"/themes/{one}", 404).json()["detail"]
    assert "was merged into" in detail
    assert other in detail


def test_quotes_without_a_theme_come_with_the_nearest_themes(house, study):
    theme = by_size(house, study)[0]
    mine = members(house, theme)[:2]
    ask(house, "POST", f"/studies/{study}/placements", json={"quote_ids": mine, "theme_id": None})
    told = house.get(f"/studies/{study}/unplaced?limit=200")
    left = {q["id"]: q for q in told["items"]}
    assert left.keys() == {q["id"] for q in house.get(f"/studies/{study}/quotes?limit=200")["items"] if q["theme_id"] is None}
    assert all(left[q]["left_out"] and left[q]["near"][0]["theme_id"] == theme for q in mine)
    assert {q["id"] for q in house.get(f"/studies/{study}/unplaced?near={theme}")["items"]} >= set(mine)
    ask(house, "GET", f"/studies/{study}/unplaced?limit=0", 422)
    ask(house, "GET", "/studies/nowhere/unplaced", 404)


def test_an_undo_that_would_give_two_themes_one_name_is_refused(house, study):
    one, other = by_size(house, study)[:2]
    was = entries(house, study)[one]["label"]
    renamed = ask(house, "PATCH", f"/themes/{one}", json={"label": "Waiting"}).json()["action_id"]
    ask(house, "PATCH", f"/themes/{other}", json={"label": was})
    detail = ask(house, "POST", f"/studies/{study}/codebook/undo", 409, json={"action_id": renamed}).json()["detail"]
    assert f"two themes called “{was}”" in detail
