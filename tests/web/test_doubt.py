"""What a second look at statements found, on pages, in the file and over the API."""

import re

import pytest
from fakes import FakeLanguageModel, FakeTagger
from house import House, talk

from app.adapters.prompts import PromptLibrary
from app.exports.html import map_html
from app.services.words import Words

REASON = "No <b>quote</b> says two."


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"), llm_base_url="http://127.0.0.1:9/v1", llm_model="scripted")
    tagger, model = FakeTagger(), FakeLanguageModel()
    tagger.source = "llm"

    def doubt(request, value):
        if request.task == "check_statements":
            value["c"] = [{**item, "v": "partly" if n else "not", "r": REASON if n else ""} for n, item in enumerate(value["c"])]

    model.mend = doubt
    made.app.__dict__.update({"taggers": {"llm": tagger}, "words": Words(model, PromptLibrary(), 16_384)})
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    """A study that was run without a second look, and then from the form with one."""
    study_id = house.study()
    house.app.redaction.switch(study_id, on=False, actor="me")  # to search for personal data takes longer than all the rest
    house.upload(study_id, talk("Bea"), talk("Carl"))
    assert house.script.post(f"/api/v1/studies/{study_id}/runs").status_code == 202
    answer = house.browser.post(f"/studies/{study_id}/runs", data={"check": ["0", "1"]})
    assert answer.status_code == 303
    return study_id


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_the_form_of_a_run_offers_the_second_look_and_its_page_names_the_step(house, drawn):
    page = show(house, f"/studies/{drawn}")
    assert re.search(r'<input type="hidden" name="check" value="0"><label[^>]*><input type="checkbox" name="check" value="1"><span>', page)
    newest, first = house.get(f"/studies/{drawn}/runs")["items"]
    assert (newest["check_statements"], first["check_statements"]) == (True, False)
    assert "Look at them again" in show(house, f"/runs/{newest['id']}")
    assert "Look at them again" not in show(house, f"/runs/{first['id']}")


@pytest.mark.parametrize(("asked", "kept"), [("check=0&check=1", "1"), ("check=0", "0"), ("", None)])
def test_the_page_of_an_estimate_passes_on_what_was_asked_for(house, drawn, asked, kept):
    page = show(house, f"/studies/{drawn}/estimate?{asked}")
    assert ('name="check"' in page) == (kept is not None)
    assert kept is None or f'<input type="hidden" name="check" value="{kept}">' in page


def test_the_api_takes_the_wish_for_a_second_look_and_tells_what_it_costs(house, drawn):
    parts = {p["name"] for p in house.get(f"/studies/{drawn}/estimate", params={"check_statements": True})["parts"]}
    assert "check" in parts
    assert "check" not in {p["name"] for p in house.get(f"/studies/{drawn}/estimate")["parts"]}


def test_a_doubted_statement_says_so_in_words_on_the_map_in_its_panel_in_the_file_and_over_the_api(house, drawn):
    document = house.get(f"/studies/{drawn}/map")
    statements = [s for stage in document["stages"] for lane in stage["lanes"].values() for s in lane if s.get("doubt")]
    assert {s["doubt"]["verdict"] for s in statements} == {"partly", "not"}
    counts = document["run"]["statements"]
    assert counts["doubted"] == counts["checked"] == len(statements)
    page = show(house, f"/studies/{drawn}/map?view=grid")
    assert "Doubtful: <bdi>No &lt;b&gt;quote&lt;/b&gt; says two.</bdi>" in page
    for verdict, words in (("partly", "bear it out in part only"), ("not", "do not bear it out")):
        one = next(s for s in statements if s["doubt"]["verdict"] == verdict)
        panel = show(house, f"/studies/{drawn}/map?statement={one['id']}").partition('<aside class="panel"')[2]
        assert words in panel
        assert house.get(f"/statements/{one['id']}")["statement"]["doubt"] == one["doubt"]
    whole = map_html(house.app.maps.read(document["map_id"], full=True))
    assert whole.count('class="doubt"') >= len(statements)
    assert "<b>quote</b>" not in whole
