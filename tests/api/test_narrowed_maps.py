import pytest


@pytest.fixture(scope="module")
def personas(house, drawn):
    """Bea is careful and Carl is quick: the id of each persona by its name."""
    path = f"/api/v1/studies/{drawn}/personas"
    ids = {name: house.script.post(path, json={"name": name}).json()["id"] for name in ("Careful", "Quick", "None")}
    people = house.get(f"/studies/{drawn}/participants")["items"]
    for person, name in zip(people, ("Careful", "Quick"), strict=True):
        house.script.patch(f"/api/v1/participants/{person['id']}", json={"persona_ids": [ids[name]]})
    return ids


@pytest.fixture(scope="module")
def at(house, drawn):
    return house.get(f"/studies/{drawn}/map")["map_id"]


def statements(document):
    return [(lane, s) for stage in document["stages"] for lane, found in stage["lanes"].items() for s in found]


def refused(house, path, **params):
    answer = house.script.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["detail"]


def test_a_map_is_narrowed_by_what_is_asked_for(house, drawn, personas, at):
    part = house.get(f"/maps/{at}", params={"persona": personas["Careful"], "channel": ["phone", "chat", "none"]})
    assert part == house.get(f"/studies/{drawn}/map", params={"persona": personas["Careful"], "channel": ["phone", "chat", "none"]})
    assert part["of_participants"] == 1
    assert {q["participant"] for q in part["quotes"].values()} == {"P1"}
    assert {q["channel"] for q in part["quotes"].values()} <= {"phone", "chat", "none"}
    assert part["narrowing"] == {
        "personas": [personas["Careful"]],
        "participants": [],
        "channels": ["phone", "chat", "none"],
        "experiences": [],
        "themes": [],
        "confidence": 0.0,
        "of_participants": 2,
    }
    whole = {s["id"]: s for _, s in statements(house.get(f"/maps/{at}"))}
    for _, s in statements(part):
        less = s["evidence_total"] < whole[s["id"]]["evidence_total"]
        assert s.get("narrowed") == ({"of": whole[s["id"]]["evidence_total"]} if less else None)


def test_two_values_of_one_parameter_are_either_of_them(house, personas, at):
    both = house.get(f"/maps/{at}", params={"persona": [personas["Careful"], personas["Quick"]]})
    whole = house.get(f"/maps/{at}")
    assert {k: v for k, v in both.items() if k != "narrowing"} == whole
    assert "narrowing" not in whole


def test_participants_go_by_pseudonym_and_themes_by_id(house, drawn, at):
    theme = house.get(f"/studies/{drawn}/themes")["items"][0]
    part = house.get(f"/maps/{at}", params={"participant": "P2", "theme": theme["id"]})
    assert {q["participant"] for q in part["quotes"].values()} <= {"P2"}
    assert theme["id"] in {t["id"] for t in house.get(f"/maps/{at}", params={"theme": theme["id"]})["themes"]}


def test_only_sure_tags_count_where_that_is_asked(house, at):
    part = house.get(f"/maps/{at}", params={"confidence": 0.7})
    assert all(q["confidence"] >= 0.7 for q in part["quotes"].values())
    assert house.get(f"/maps/{at}", params={"confidence": 1, "experience": "pain"})["coverage"]["skipped"] == 0


@pytest.mark.parametrize("name", ["persona", "participant", "theme"])
def test_what_the_study_does_not_have_is_a_problem_and_no_empty_map(house, at, name):
    assert f"no {name} “nobody”" in refused(house, f"/maps/{at}", **{name: "nobody"})
    assert f"no {name} “nobody”" in refused(house, f"/maps/{at}/compare", **{f"left_{name}": "nobody"})


def test_values_that_there_are_not_and_parameters_that_are_unknown_are_refused(house, at):
    assert refused(house, f"/maps/{at}", channel="pigeon").startswith("channel.0")
    assert refused(house, f"/maps/{at}", experience="bliss").startswith("experience.0")
    assert refused(house, f"/maps/{at}", confidence=2).startswith("confidence")
    assert refused(house, f"/maps/{at}", personas="x").startswith("personas")
    assert refused(house, f"/maps/{at}/compare", left_channel="pigeon").startswith("left_channel.0")
    assert refused(house, f"/maps/{at}/curves", by="nobody").startswith("by")


def test_evidence_of_a_part_opens(house, personas, at):
    asked = {"persona": personas["Quick"]}
    part = house.get(f"/maps/{at}", params=asked)
    for lane, s in statements(part):
        told = house.get(f"/maps/{at}/statements/{s['id']}", params=asked)
        assert told["lane"] == lane
        assert told["statement"] == {key: value for key, value in s.items() if key != "evidence"}
        assert {q["participant"] for q in (*told["supporting"], *told["contrary"])} == {"P2"}
        assert (len(told["supporting"]), len(told["contrary"])) == (s["evidence_total"], s["contrary_total"])
    stage = next(stage for stage in part["stages"] if stage["emotion"])
    told = house.get(f"/maps/{at}/curve/{stage['id']}", params=asked)
    assert told["total"] == stage["emotion"]["quotes"]
    assert told["stage"]["emotion"] == {key: value for key, value in stage["emotion"].items() if key != "evidence"}
    gone = {"persona": personas["None"]}
    assert house.script.get(f"/api/v1/maps/{at}/curve/{stage['id']}", params=gone).status_code == 404


def test_evidence_of_a_part_comes_by_pages(house, personas, at, monkeypatch):
    for module in ("maps", "shapes"):
        monkeypatch.setattr(f"app.services.{module}.EVIDENCE_PAGE", 1)
    part = house.get(f"/maps/{at}", params={"persona": personas["Careful"]})
    stage = max((s for s in part["stages"] if s["emotion"]), key=lambda s: s["emotion"]["quotes"])
    seen, offset = [], 0
    while offset is not None:
        page = house.get(f"/maps/{at}/curve/{stage['id']}", params={"offset": offset, "persona": personas["Careful"]})
        seen += [q["id"] for q in (*page["supporting"], *page["contrary"])]
        offset = page["next_offset"]
    assert len(set(seen)) == len(seen) == stage["emotion"]["quotes"]


def test_two_personas_are_compared(house, personas, at):
    told = house.get(f"/maps/{at}/compare", params={"left_persona": personas["Careful"], "right_persona": personas["Quick"]})
    assert [p["pseudonym"] for p in told["left"]["participants"]] == ["P1"]
    assert told["right"]["narrowing"]["personas"] == [personas["Quick"]]
    pairs = [pair for stage in told["stages"] for lane in stage["lanes"].values() for pair in lane]
    assert pairs
    assert all(pair["difference"] == bool(pair["left"]) - bool(pair["right"]) for pair in pairs)


def test_a_side_of_which_nothing_is_said_is_the_whole_map(house, personas, at):
    told = house.get(f"/maps/{at}/compare", params={"left_persona": personas["Careful"], "left_confidence": 0.1})
    assert told["right"]["of_participants"] == 2
    whole = house.get(f"/maps/{at}")
    assert [stage["right"]["emotion"] for stage in told["stages"]] == [
        stage["emotion"] and {k: v for k, v in stage["emotion"].items() if k != "evidence"} for stage in whole["stages"]
    ]


@pytest.mark.usefixtures("personas")
def test_curves_come_for_each_persona_and_each_participant(house, at):
    told = house.get(f"/maps/{at}/curves")["items"]
    assert [(c["name"], c["participants"]) for c in told] == [("Careful", 1), ("None", 0), ("Quick", 1)]
    assert set(told[1]["points"]) == {None}
    people = house.get(f"/maps/{at}/curves", params={"by": "participants"})["items"]
    assert [c["name"] for c in people] == ["P1", "P2"]
    assert people[0]["points"] == told[0]["points"]
    assert len(people[0]["points"]) == len(house.get(f"/maps/{at}")["stages"])


def test_a_map_that_is_not_there_cannot_be_compared(house):
    for path in ("/maps/nothing/compare", "/maps/nothing/curves", "/maps/nothing?persona=x"):
        assert house.script.get(f"/api/v1{path}").status_code == 404


def test_a_map_comes_without_the_words_of_its_quotes_where_that_is_asked(house, personas, at):
    for asked in ({}, {"persona": personas["Careful"]}):
        whole, bare = (house.get(f"/maps/{at}", params={**asked, "quotes": quotes}) for quotes in (True, False))
        assert whole["quotes"]
        assert bare == {**whole, "quotes": {}}
