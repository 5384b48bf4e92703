"""No page or route asks the database more than its bound, nor more of a study that holds more."""

import pytest
from querying import BOUNDS, noted_queries

WORDED = 3
"""What a part of a map may ask more where a statement has to be worded anew, which only some parts have."""


@pytest.fixture(scope="module")
def named(house, drawn):
    """What the addresses name, in a study and in a larger one."""

    def names(study):
        told = house.get(f"/studies/{study}/map")
        people = [p["id"] for p in told["participants"]]
        persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Newcomer"}).json()["id"]
        assert house.script.patch(f"/api/v1/participants/{people[0]}", json={"persona_ids": [persona]}).status_code == 200
        stage = next(s for s in told["stages"] if s["emotion"])
        statement = next(s for lanes in told["stages"] for lane in ("pains", "actions", "thoughts") for s in lanes["lanes"][lane])
        quote = house.get(f"/studies/{study}/quotes", params={"limit": 1})["items"][0]
        ids = {"study": study, "map": told["map_id"], "persona": persona, "person": people[0], "other": people[1], "stage": stage["id"]}
        theme = next(t["id"] for t in told["themes"])
        run = told["run"]["id"]
        return ids | {"statement": statement["id"], "quote": quote["id"], "transcript": quote["transcript_id"], "theme": theme, "run": run}

    return names(drawn), names(house.drawn("Dina", "Emil", "Fay", "Gus", "Hal"))


def asked(house, address):
    """How many queries an address takes when it is asked for the second time, and what it answered."""
    client = house.script if address.startswith("/api/") else house.browser
    client.get(address)
    with noted_queries() as queries:
        answer = client.get(address)
    return len(queries), answer.status_code


def test_no_page_or_route_asks_more_than_its_bound_nor_more_of_a_larger_study(house, named):
    small, large = named
    took = {address: [asked(house, address.format(**names)) for names in (small, large)] for address in BOUNDS}
    assert {address: found for address, found in took.items() if {status for _, status in found} != {200}} == {}
    over = {address: (few, many) for address, ((few, _), (many, _)) in took.items() if max(few, many) > BOUNDS[address]}
    assert over == {}
    grown = {address: (few, many) for address, ((few, _), (many, _)) in took.items() if many > few + WORDED}
    assert grown == {}
