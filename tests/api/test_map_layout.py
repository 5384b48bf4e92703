"""Name, scenario and rows of a map over the API: read, changed under an ETag, listed, deleted."""

import pytest
from querying import noted_queries


@pytest.fixture
def made(house, drawn):
    """A further map of the study, deleted again."""
    given = {"name": "Late parcels", "scenario": "A customer whose parcel is late", "channels": ["phone"]}
    answer = house.script.post(f"/api/v1/studies/{drawn}/maps", json=given)
    assert answer.status_code == 201, answer.text
    yield answer.json()["id"]
    house.script.delete(f"/api/v1/maps/{answer.json()['id']}")


def patch(house, map_id, given, status=200, **headers):
    answer = house.script.patch(f"/api/v1/maps/{map_id}", json=given, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


def test_a_map_is_renamed_and_laid_out_under_the_etag_that_was_read(house, made):
    etag = house.script.get(f"/api/v1/maps/{made}").headers["etag"]
    rows = [{"key": "pains"}, {"title": "KPI", "cells": {"support": "42 %"}}, {"key": "steps", "shown": False}]
    answer = patch(house, made, {"name": "Parcels", "layout": {"rows": rows}}, **{"If-Match": etag})
    told = answer.json()
    assert (told["name"], told["scenario"]) == ("Parcels", "A customer whose parcel is late"), "what is left out stays"
    assert [row["key"] for row in told["layout"]["rows"] if not row["shown"]] == ["steps"]
    document = house.get(f"/maps/{made}")
    assert document["title"] == "Parcels"
    own = next(row for row in document["layout"]["rows"] if row["title"])
    assert own["cells"] == {next(s["id"] for s in document["stages"] if s["key"] == "support"): "42 %"}
    assert house.script.get(f"/api/v1/maps/{made}").headers["etag"] == answer.headers["etag"] != etag
    patch(house, made, {"scenario": None}, status=412, **{"If-Match": etag})
    assert patch(house, made, {"scenario": None}, **{"If-Match": "*"}).json()["scenario"] is None


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"title": "x"},
        {"layout": {"rows": [{"key": "moods"}]}},
        {"layout": {"rows": [{"title": "x" * 61}]}},
        {"layout": {"rows": [{"key": "pains"}, {"key": "pains"}]}},
        {"layout": {"rows": [{"title": "KPI", "cells": {"nowhere": "x"}}]}},
        {"layout": {"rows": [{"title": "KPI"}] * 13}},
    ],
)
def test_what_cannot_be_said_of_a_map_is_a_problem(house, made, given):
    assert patch(house, made, given, status=422).headers["content-type"] == "application/problem+json"


def test_maps_are_listed_with_what_they_are_about_and_when_they_were_drawn(house, drawn, made):
    default, other = house.get(f"/studies/{drawn}/maps")["items"]
    assert (default["is_default"], default["version"]) == (True, 1)
    assert (other["id"], other["scenario"], other["filter"]["channels"]) == (made, "A customer whose parcel is late", ["phone"])
    assert other["drawn_at"] == house.get(f"/maps/{made}")["created_at"]


def test_a_map_is_deleted_but_not_the_default_one(house, drawn):
    made = house.script.post(f"/api/v1/studies/{drawn}/maps", json={"name": "Short-lived"}).json()["id"]
    assert house.script.delete(f"/api/v1/maps/{made}").status_code == 204
    assert house.script.get(f"/api/v1/maps/{made}").status_code == 404
    assert house.script.delete(f"/api/v1/maps/{made}").status_code == 404
    default = house.get(f"/studies/{drawn}/map")["map_id"]
    assert house.script.delete(f"/api/v1/maps/{default}").status_code == 409


def test_settings_ask_a_handful_of_queries(house, drawn, made):
    with noted_queries() as asked:
        patch(house, made, {"layout": {"rows": [{"title": f"Row {n}", "cells": {}} for n in range(12)]}})
    assert len(asked) <= 8, asked
    with noted_queries() as asked:
        house.get(f"/studies/{drawn}/maps")
    assert len(asked) <= 6, asked
