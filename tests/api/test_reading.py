import html
import json
import re

import pytest
from house import talk


def statements(drawn):
    return [s for stage in drawn["stages"] for lane, said in stage["lanes"].items() if lane != "business_actions" for s in said]


def test_studies_are_listed_newest_first_with_their_counts(house):
    older, newer = house.study(name="Older"), house.drawn()
    listed = [s for s in house.get("/studies")["items"] if s["id"] in {older, newer}]
    assert [s["id"] for s in listed] == [newer, older]
    assert (listed[0]["transcripts"], listed[0]["participants"], listed[0]["latest_run"]["status"]) == (2, 2, "succeeded")
    assert listed[0]["quotes"] == house.get(f"/studies/{newer}/quotes")["total"]
    assert (listed[1]["quotes"], listed[1]["latest_run"], listed[1]["map_id"]) == (0, None, None)


def test_what_is_left_out_of_a_patch_stays_and_null_empties(house):
    study = house.study(question="Why?", product="Things")
    patched = house.script.patch(f"/api/v1/studies/{study}", json={"name": " New  ", "question": None}).json()
    assert (patched["name"], patched["question"], patched["product"]) == ("New", None, "Things")


def test_pages_of_quotes_join_to_the_whole_without_gaps_or_repeats(house, drawn):
    whole = house.get(f"/studies/{drawn}/quotes", params={"limit": 200})
    pages, cursor = [], None
    while True:
        page = house.get(f"/studies/{drawn}/quotes", params={"limit": 4} | ({"cursor": cursor} if cursor else {}))
        pages.append(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(pages) > 2
    assert [q for page in pages for q in page] == whole["items"]
    assert whole["total"] == len(whole["items"])


@pytest.mark.parametrize("wrong", [{"cursor": "x"}, {"limit": 0}, {"limit": 201}, {"emotion": "joy"}, {"state": "lost"}])
def test_a_page_that_cannot_be_is_refused(house, drawn, wrong):
    assert house.script.get(f"/api/v1/studies/{drawn}/quotes", params=wrong).status_code == 422


def test_quotes_are_filtered_by_tag_and_by_either_name_of_stage_and_person(house, drawn):
    every = house.get(f"/studies/{drawn}/quotes", params={"limit": 200})["items"]
    stage = next(s for s in house.get(f"/studies/{drawn}/stages")["items"] if any(q["stage"] == s["key"] for q in every))
    person = house.get(f"/studies/{drawn}/participants")["items"][1]
    for field, asked, value in (
        ("stage", stage["key"], stage["key"]),
        ("stage", stage["id"], stage["key"]),
        ("participant", person["id"], "P2"),
        ("participant", "P2", "P2"),
        ("emotion", "relief", "relief"),
        ("state", "used", "used"),
    ):
        found = house.get(f"/studies/{drawn}/quotes", params={field: asked, "limit": 200})["items"]
        assert found == [q for q in every if q[field] == value]
        assert found


def test_what_was_left_out_is_listed_with_its_reason_and_words(house, drawn):
    skipped = house.get(f"/studies/{drawn}/quotes", params={"state": "skipped"})["items"]
    assert [(q["text"], q["skip_reason"], q["transcript"]) for q in skipped] == [
        ("Mm.", "filler", "bea.txt"),
        ("Mm.", "filler", "carl.txt"),
    ]
    text = house.script.get(f"/api/v1/transcripts/{skipped[0]['transcript_id']}/text").text
    assert text[skipped[0]["start"] : skipped[0]["end"]] == "Mm."


def test_every_quote_on_the_wire_is_its_span_of_the_text_on_the_wire(house, drawn):
    texts = {
        t["id"]: house.script.get(f"/api/v1/transcripts/{t['id']}/text").text for t in house.get(f"/studies/{drawn}/transcripts")["items"]
    }
    quotes = house.get(f"/studies/{drawn}/quotes", params={"limit": 200})["items"]
    for q in quotes:
        assert q["text"] == texts[q["transcript_id"]][q["start"] : q["end"]]
        assert house.get(f"/quotes/{q['id']}") == q
    for quote_id, q in house.get(f"/studies/{drawn}/map")["quotes"].items():
        assert next(other for other in quotes if other["id"] == quote_id)["text"] == q["text"]


def test_a_map_over_http_holds_just_the_quotes_it_cites_and_the_file_holds_all(house, drawn):
    sent = house.get(f"/studies/{drawn}/map")
    cited = {e["quote_id"] for s in statements(sent) for e in s["evidence"]}
    cited |= {e["quote_id"] for stage in sent["stages"] for e in (stage["emotion"] or {}).get("evidence", [])}
    assert cited == sent["quotes"].keys()
    answer = house.script.get(f"/api/v1/maps/{sent['map_id']}/export.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="map.json"'
    whole = json.loads(answer.text)
    members = {q for theme in whole["themes"] for q in theme["quote_ids"]}
    assert members
    assert members <= whole["quotes"].keys()


def test_the_exported_page_carries_everything_and_runs_nothing(house, drawn):
    map_id = house.get(f"/studies/{drawn}")["map_id"]
    answer = house.script.get(f"/api/v1/maps/{map_id}/export.html?redact=false")
    assert answer.headers["content-disposition"] == 'attachment; filename="map.html"'
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    words = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    assert all(said["text"] in words for said in statements(house.get(f"/maps/{map_id}")))


def test_a_statement_opens_all_its_quotes(house, drawn):
    sent = house.get(f"/studies/{drawn}/map")
    for statement in statements(sent):
        told = house.get(f"/maps/{sent['map_id']}/statements/{statement['id']}")
        assert len(told["supporting"]) == statement["evidence_total"]
        assert len(told["contrary"]) == statement["contrary_total"]
        assert told["statement"] == {key: value for key, value in statement.items() if key != "evidence"}
        assert any(
            s["id"] == statement["id"] for s in next(c for c in sent["stages"] if c["id"] == told["stage"]["id"])["lanes"][told["lane"]]
        )
        assert house.get(f"/statements/{statement['id']}") == told


def test_evidence_comes_by_pages(house, drawn, monkeypatch):
    for module in ("maps", "shapes"):
        monkeypatch.setattr(f"app.services.{module}.EVIDENCE_PAGE", 1)
    sent = house.get(f"/studies/{drawn}/map")
    stage = max((s for s in sent["stages"] if s["emotion"]), key=lambda s: s["emotion"]["quotes"])
    total, seen, offset = stage["emotion"]["quotes"], [], 0
    assert total > 1
    while offset is not None:
        page = house.get(f"/maps/{sent['map_id']}/curve/{stage['id']}", params={"offset": offset})
        seen += [q["id"] for q in (*page["supporting"], *page["contrary"])]
        assert (page["total"], page["more"]) == (total, total - len(seen))
        offset = page["next_offset"]
    assert len(set(seen)) == len(seen) == total


def test_a_theme_lists_its_members(house, drawn):
    themes = house.get(f"/studies/{drawn}/themes")["items"]
    assert themes
    for theme in themes:
        told = house.get(f"/themes/{theme['id']}")
        assert {key: told[key] for key in theme} == theme
        assert len(told["members"]) == theme["quotes"]
        assert {q["theme_id"] for q in told["members"]} == {theme["id"]}


def test_a_map_for_one_persona_holds_only_their_words(house):
    study = house.drawn("Bea", "Carl")
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Careful"}).json()["id"]
    bea = house.get(f"/studies/{study}/participants")["items"][0]
    house.script.patch(f"/api/v1/participants/{bea['id']}", json={"persona_ids": [persona]})
    made = house.script.post(f"/api/v1/studies/{study}/maps", json={"name": "The careful", "personas": [persona]}).json()
    assert made["filter"] == {"personas": [persona], "channels": []}
    drawn = house.get(f"/maps/{made['id']}")
    assert [(p["pseudonym"], p["personas"]) for p in drawn["participants"]] == [("P1", ["Careful"])]
    assert drawn["of_participants"] == 1
    assert {q["participant"] for q in drawn["quotes"].values()} == {"P1"}
    assert [m["is_default"] for m in house.get(f"/studies/{study}/maps")["items"]] == [True, False]
    assert house.get(f"/studies/{study}/map")["of_participants"] == 2


def test_a_map_for_a_persona_or_channel_that_is_not_there_is_refused(house, drawn):
    for given, status in (({"personas": ["x"]}, 404), ({"channels": ["pigeon"]}, 422), ({"name": " "}, 422)):
        assert house.script.post(f"/api/v1/studies/{drawn}/maps", json={"name": "A"} | given).status_code == status


def test_retitled_and_reordered_stages_show_on_the_map_at_once_and_keep_every_tag(house):
    study = house.drawn()
    before = house.get(f"/studies/{study}/map")
    rows = [{"id": s["id"], "title": s["title"]} for s in house.get(f"/studies/{study}/stages")["items"]]
    rows[0]["title"] = "Hearing of it"
    given = {"stages": [*rows[1:], rows[0]]}
    assert house.script.put(f"/api/v1/studies/{study}/stages", json=given).status_code == 200
    after = house.get(f"/studies/{study}/map")
    assert [s["title"] for s in after["stages"]] == [s["title"] for s in given["stages"]]
    assert {s["id"]: s["emotion"] for s in after["stages"]} == {s["id"]: s["emotion"] for s in before["stages"]}
    assert after["id"] == before["id"]


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([], "1 to 40"),
        ([{"title": "A"}] * 41, "1 to 40"),
        ([{"title": "A"}, {"title": "a"}], "same name"),
        ([{"title": "…"}], "cannot name"),
        ([{"title": "A", "base": ["later"]}], "later"),
        ([{"title": "A", "id": "unknown"}], "unknown"),
        ([{"title": " "}], "stages.0.title"),
    ],
)
def test_stages_that_cannot_be_are_refused_and_the_old_ones_stay(house, drawn, stages, said):
    before = house.get(f"/studies/{drawn}/stages")
    answer = house.script.put(f"/api/v1/studies/{drawn}/stages", json={"stages": stages})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert house.get(f"/studies/{drawn}/stages") == before


def test_a_role_that_is_changed_is_shown_beside_the_guess(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    ann = house.get(f"/studies/{study}/transcripts")["items"][0]["speakers"][0]
    changed = house.script.patch(f"/api/v1/speakers/{ann['id']}", json={"role": "participant"}).json()
    assert (changed["name"], changed["role"], changed["role_guess"], changed["pseudonym"]) == (
        "Ann Interviewer",
        "participant",
        "interviewer",
        "P2",
    )
    back = house.script.patch(f"/api/v1/speakers/{ann['id']}", json={"role": "interviewer"}).json()
    assert (back["role"], back["pseudonym"], back["participant_id"]) == ("interviewer", None, None)
    assert house.script.patch(f"/api/v1/speakers/{ann['id']}", json={"role": "boss"}).status_code == 422


def test_a_participant_keeps_the_pseudonym_whatever_else_is_restated(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    bea = house.get(f"/studies/{study}/participants")["items"][0]
    given = {"name": "Beatrice", "attributes": {"plan": "Quill"}}
    changed = house.script.patch(f"/api/v1/participants/{bea['id']}", json=given).json()
    assert changed == bea | given
    assert house.script.patch(f"/api/v1/participants/{bea['id']}", json={"persona_ids": ["x"]}).status_code == 404
    assert house.get(f"/participants/{bea['id']}") == changed


def test_a_persona_that_is_removed_leaves_its_participants(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Careful"}).json()
    bea = house.get(f"/studies/{study}/participants")["items"][0]["id"]
    house.script.patch(f"/api/v1/participants/{bea}", json={"persona_ids": [persona["id"]]})
    assert house.get(f"/studies/{study}/personas")["items"][0]["participants"] == 1
    assert house.script.delete(f"/api/v1/personas/{persona['id']}").status_code == 204
    assert house.get(f"/participants/{bea}")["persona_ids"] == []
