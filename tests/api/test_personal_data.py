"""Personal data over HTTP: what was found, what people say about it, the switch, what is downloaded."""

from house import TALK

WORDS = "Bea: My number is 0161 496 0733, and my sister works at Acme Dental. Acme Dental is where I went first."


def study_with(house, *more):
    study_id = house.study()
    files = [(f"{n}.txt", f"{TALK.format(name='Bea')}\n{words}\n".encode()) for n, words in enumerate((WORDS, *more))]
    assert [f["status"] for f in house.upload(study_id, *files).json()["files"]] == ["stored"] * len(files)
    return study_id


def personal(house, study_id, **params):
    return house.get(f"/studies/{study_id}/personal-data", params=params)


def decide(house, study_id, words, kind):
    return house.script.post(f"/api/v1/studies/{study_id}/personal-data/terms", json={"words": words, "kind": kind})


def test_asking_searches_nothing_and_posting_does(house):
    study_id = study_with(house)
    before = personal(house, study_id)
    assert (before["waiting"], before["cost"]["transcripts"], before["items"]) == (1, 0, [])
    assert house.script.post(f"/api/v1/studies/{study_id}/personal-data").status_code == 200
    after = personal(house, study_id)
    assert (after["waiting"], after["cost"]["transcripts"]) == (0, 1)
    assert after["cost"]["findings"] == sum(t["count"] for t in after["items"])
    assert after["cost"]["took_s"] >= 0
    (phone,) = (t for t in after["items"] if t["kind"] == "phone")
    assert (phone["words"], phone["shown_as"]) == ("0161 496 0733", "[phone]")
    assert phone["example"]["before"].endswith(" My number is ")


def test_terms_come_in_pages(house):
    study_id = study_with(house)
    house.script.post(f"/api/v1/studies/{study_id}/personal-data")
    every, found, cursor = personal(house, study_id), [], None
    while True:
        page = personal(house, study_id, limit=1, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == every["items"]
    assert len(found) == every["total"] > 1


def test_a_term_is_hidden_as_a_kind_then_shown_then_left_to_the_detector(house):
    study_id = study_with(house)
    told = decide(house, study_id, " acme  Dental ", "other").json()
    assert (told["words"], told["count"], told["hidden"], told["decided"], told["shown_as"]) == ("Acme Dental", 2, True, True, "[other]")
    assert decide(house, study_id, "Acme Dental", None).json()["hidden"] is False
    gone = f"/api/v1/studies/{study_id}/personal-data/terms/{told['id']}"
    assert house.script.delete(gone).status_code == 204
    assert house.script.delete(gone).status_code == 404
    assert "acme dental" not in {t["words"].lower() for t in personal(house, study_id)["items"]}


def test_a_decision_that_makes_no_sense_is_a_problem_that_says_the_way_out(house):
    study_id = study_with(house)
    for words, kind, field in (("Acme", "pet", "kind"), ("", "name", "words"), ("x" * 201, "name", "words")):
        answer = decide(house, study_id, words, kind)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert [e["field"] for e in answer.json()["errors"]] == [field]
    assert "letter or digit" in decide(house, study_id, "…", "name").json()["detail"]
    assert house.script.post(f"/api/v1/studies/{study_id}/personal-data/terms", json={"words": "Acme"}).status_code == 422
    assert decide(house, "nowhere", "Acme", "name").status_code == 404
    assert house.script.get(f"/api/v1/studies/{study_id}/personal-data?cursor=x").status_code == 422


def test_the_switch_is_part_of_the_study_and_remembers_who_moved_it(house):
    study_id = study_with(house)
    assert house.get(f"/studies/{study_id}")["redact"] is True
    answer = house.script.patch(f"/api/v1/studies/{study_id}", json={"redact": False})
    assert (answer.status_code, answer.json()["redact"], answer.json()["name"]) == (200, False, "Study")
    told = personal(house, study_id)
    assert (told["redact"], told["switched_by"]) == (False, "owner")
    assert told["switched_at"]


def test_downloads_are_redacted_unless_the_study_or_the_request_says_otherwise(house):
    study_id = study_with(house)
    house.script.post(f"/api/v1/studies/{study_id}/runs")
    decide(house, study_id, "brother in law", "other")
    map_id = house.get(f"/studies/{study_id}/map")["map_id"]

    def download(kind, **params):
        answer = house.script.get(f"/api/v1/maps/{map_id}/export.{kind}", params=params)
        assert answer.status_code == 200
        return answer.text

    assert "brother in law" in str(house.get(f"/maps/{map_id}")), "the owner reads what was said"
    for kind in ("json", "html"):
        assert "brother in law" not in download(kind)
        assert "brother in law" in download(kind, redact="false")
    house.script.patch(f"/api/v1/studies/{study_id}", json={"redact": False})
    for kind in ("json", "html"):
        assert "brother in law" in download(kind)
        assert "brother in law" not in download(kind, redact="true")
