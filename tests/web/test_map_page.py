"""The map page over a real server: two views, what it is narrowed to, lanes, several maps, states that are not the usual one."""

import html
import re

import pytest
from house import House
from page_samples import STUDY, journey, stage, statement
from querying import noted_queries

from app.errors import InvalidInput
from app.exports.arrange import at_a_glance, glances, grouped, moment_rank
from app.web.map_look import read_look
from app.web.pages import PageLinks, render_page


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    """A study of two participants, one of each of two personas, to be read only."""
    study = house.drawn()
    for name, participant in zip(("Careful", "Hasty"), people(house, study), strict=True):
        persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": name}).json()["id"]
        house.script.patch(f"/api/v1/participants/{participant['id']}", json={"persona_ids": [persona]})
    return study


def people(house, study):
    return house.get(f"/studies/{study}/participants")["items"]


def show(house, path, status=200, **more):
    answer = house.browser.get(path, **more)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.text


def links(page):
    return [html.unescape(href) for href in re.findall(r'href="([^"]*)"', page)]


def map_links(page, study):
    """Links that lead to some view of the same map."""
    return [href for href in links(page) if href.startswith(f"/studies/{study}/map?") or href == f"/studies/{study}/map"]


def statements(house, study):
    return [s for column in house.get(f"/studies/{study}/map")["stages"] for lane in column["lanes"].values() for s in lane]


def queries(house, path):
    with noted_queries() as asked:
        show(house, path)
    return len(asked)


class Query(dict):
    """A query as a request has it."""

    def getlist(self, name):
        return self.get(name, [])


def test_the_map_opens_as_an_overview_and_leads_to_the_full_map_and_back(house, drawn):
    overview = show(house, f"/studies/{drawn}/map")
    assert re.search(r'href="/studies/\w+/map" aria-current="page">Overview<', overview)
    assert "Hurts most" in overview
    assert "What we do" not in overview
    full = show(house, f"/studies/{drawn}/map?view=grid")
    assert f"/studies/{drawn}/map?view=grid" in links(overview)
    assert re.search(r'aria-current="page">Full map<', full)
    assert "What we do" in full


def test_the_overview_shows_of_each_stage_its_curve_point_and_what_hurts_most_and_each_opens(house, drawn):
    page = show(house, f"/studies/{drawn}/map")
    for column in house.get(f"/studies/{drawn}/map")["stages"]:
        if column["emotion"]:
            assert f"/studies/{drawn}/map?stage={column['id']}&curve=1" in links(page)
        for lane in ("pains", "delights"):
            shown = [s["id"] for s in column["lanes"][lane] if f'id="s-{s["id"]}"' in page]
            assert bool(shown) == bool(column["lanes"][lane])
            if shown:
                assert f"/studies/{drawn}/map?view=grid#c-{column['id']}-{lane}" in links(page)
                assert f'id="c-{column["id"]}-{lane}"' in show(house, f"/studies/{drawn}/map?view=grid")
    for statement_id in at_a_glance(house.get(f"/studies/{drawn}/map")):
        assert f"/studies/{drawn}/map?statement={statement_id}#s-{statement_id}" in links(page)


def test_a_statement_that_the_overview_leaves_out_opens_on_the_full_map(house, drawn):
    seen = at_a_glance(house.get(f"/studies/{drawn}/map"))
    other = next(s["id"] for s in statements(house, drawn) if s["id"] not in seen and s.get("evidence"))
    page = show(house, f"/studies/{drawn}/map?statement={other}")
    assert 'aria-current="page">Full map<' in page
    assert f"/studies/{drawn}/map?view=grid#s-{other}" in links(page)


def test_a_stages_telling_pain_is_the_one_that_most_people_feel_most_strongly():
    mild = statement(1, participants=3, mean_valence=-0.5)
    strong = statement(2, participants=2, mean_valence=-2.0)
    document = journey() | {"stages": [stage("s1", pains=[mild, strong])], "summary": {"worst": [], "best": []}}
    assert [s["id"] for s in glances(document)[0].pains] == ["st2"]
    assert glances(document)[0].pain_count == 2


def test_moments_that_matter_are_always_at_a_glance_and_named():
    document = journey() | {"summary": {"worst": ["st3", "st1"], "best": []}}
    assert at_a_glance(document) == {"st3", "st1"}
    assert [moment_rank(document, s) for s in ("st3", "st1", "st2")] == ["worst moment", "2nd worst moment", ""]


def test_a_filter_stands_in_every_link_of_the_page_and_can_be_taken_away_part_by_part(house, drawn):
    who = people(house, drawn)[0]
    asked = f"view=grid&participant={who['id']}&confidence=0.1"
    page = show(house, f"/studies/{drawn}/map?{asked}")
    opening = [href for href in map_links(page, drawn) if "statement=" in href or "curve=" in href]
    assert opening
    assert all(f"participant={who['id']}" in href and "confidence=0.1" in href and "view=grid" in href for href in opening)
    assert 'aria-label="Remove P1 from the filter"' in page
    assert f"/studies/{drawn}/map?view=grid&confidence=0.1" in links(page)
    assert f"/studies/{drawn}/map?view=grid&participant={who['id']}" in links(page)
    assert f"/studies/{drawn}/map?view=grid" in links(page)  # everything again
    assert f'name="participant" value="{who["id"]}" checked' in page


def test_within_a_filter_people_and_statements_are_counted_and_only_they_are_shown(house, drawn):
    who = people(house, drawn)[0]
    page = show(house, f"/studies/{drawn}/map?view=grid&participant={who['id']}")
    shown = set(re.findall(r'id="s-([^"]+)"', page))
    assert f"1 of 2 participants, {len(shown)} statements</b> within this filter" in page
    assert 0 < len(shown) < len(statements(house, drawn))
    assert " of 2<span" not in page


def test_the_panel_keeps_the_filter_and_shows_only_what_is_within_it(house, drawn):
    who = people(house, drawn)[0]
    look = f"/studies/{drawn}/map?view=grid&participant={who['id']}"
    wanted = next(href for href in links(show(house, look)) if "statement=" in href)
    for page in (show(house, wanted), show(house, wanted, headers={"X-Fragment": "evidence"})):
        panel = page.partition('id="evidence"')[2].partition("</aside>")[0]
        assert set(re.findall(r'<bdi class="who">(\w+)</bdi>', panel)) == {"P1"}
        closing = next(href for href in links(panel) if "#s-" in href)
        assert closing.startswith(look + "#s-")
        assert f'name="back" value="{html.escape(look)}&amp;statement=' in panel


def test_a_filter_that_leaves_nothing_says_what_to_remove(house, drawn):
    page = show(house, f"/studies/{drawn}/map?channel=billing&channel=ad&confidence=0.99")
    assert "No evidence within this filter" in page
    assert [f"Remove {words} from the filter" in page for words in ("Advert", "Billing", "At least 99% sure")] == [True] * 3
    assert "map-frame" not in page


def test_a_statement_outside_the_filter_is_said_to_be_and_the_map_still_opens(house, drawn):
    who = people(house, drawn)[0]
    inside = set(re.findall(r'id="s-([^"]+)"', show(house, f"/studies/{drawn}/map?view=grid&participant={who['id']}")))
    outside = next(s["id"] for s in statements(house, drawn) if s["id"] not in inside and s.get("evidence"))
    page = show(house, f"/studies/{drawn}/map?participant={who['id']}&statement={outside}")
    assert "What you came for has no evidence within this filter." in page
    assert "map-frame" in page


@pytest.mark.parametrize("wrong", ["channel=pigeon", "experience=joy", "confidence=sure", "confidence=7", "map=nowhere"])
def test_what_cannot_be_looked_at_is_refused_on_a_page(house, drawn, wrong):
    assert house.browser.get(f"/studies/{drawn}/map?{wrong}").status_code in {404, 422}


def test_lanes_are_hidden_and_shown_by_the_same_form(house, drawn):
    page = show(house, f"/studies/{drawn}/map?view=grid&hide=thoughts&hide=pains")
    assert 'class="cell lane-thoughts' not in page
    assert 'class="cell lane-pains' not in page
    assert 'data-lanes="5"' in page
    assert 'name="hide" value="pains" checked' in page
    assert all("hide=thoughts" in href for href in map_links(page, drawn) if "statement=" in href)
    assert '<input type="hidden" name="hide" value="pains">' in show(house, f"/studies/{drawn}/map?hide=pains")


def test_a_line_for_each_persona_comes_with_its_key_and_a_table(house, drawn):
    page = show(house, f"/studies/{drawn}/map?curves=personas")
    assert page.count('class="curve-side') >= 2
    table = page.partition('<table class="curves-table">')[2].partition("</table>")[0]
    assert [name in table for name in ("Careful", "Hasty", "Everybody")] == [True] * 3
    assert "curve-side" not in show(house, f"/studies/{drawn}/map")


def test_a_further_map_is_made_by_form_listed_and_opened(house):
    study = house.drawn()
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Careful"}).json()["id"]
    house.script.patch(f"/api/v1/participants/{people(house, study)[0]['id']}", json={"persona_ids": [persona]})
    form = {"name": "Only the careful", "scenario": "Switching", "personas": [persona]}
    answer = house.browser.post(f"/studies/{study}/maps", data=form)
    assert answer.status_code == 303
    page = show(house, answer.headers["location"])
    made = next(m for m in house.get(f"/studies/{study}/maps")["items"] if not m["is_default"])
    assert answer.headers["location"] == f"/studies/{study}/map?map={made['id']}"
    assert "Maps (2)" in page
    assert f'href="/studies/{study}/map?map={made["id"]}" aria-current="page"><span dir="auto">Only the careful' in page
    assert all(f"map={made['id']}" in href for href in map_links(page, study) if "statement=" in href)
    assert f'<input type="hidden" name="map" value="{made["id"]}">' in page
    assert house.browser.post(f"/studies/{study}/maps", data={"name": " "}).status_code == 422
    other = house.study()
    assert house.browser.get(f"/studies/{other}/map?map={made['id']}").status_code == 404


def test_the_default_map_has_one_address(house, drawn):
    default = house.get(f"/studies/{drawn}/map")["map_id"]
    page = show(house, f"/studies/{drawn}/map?map={default}")
    assert not [href for href in map_links(page, drawn) if "map=" in href.partition("?")[2]]


def test_a_study_without_a_map_says_what_to_do_next(house):
    study = house.study()
    page = show(house, f"/studies/{study}/map", status=404)
    assert "No map yet" in page
    assert f"/studies/{study}#transcripts" in links(page)
    assert "No map yet" in show(house, f"/studies/{study}/map/compare", status=404)


def test_one_interview_is_called_one_persons_story(house, drawn):
    study = house.drawn("Bea")
    assert "one person’s story" in show(house, f"/studies/{study}/map")
    assert "one person’s story" not in show(house, f"/studies/{drawn}/map")
    assert "one person’s story" not in show(house, f"/studies/{drawn}/map?participant={people(house, drawn)[0]['id']}")


def overview_of(document, **more):
    links_of = PageLinks("st")
    return render_page("map.html", study=STUDY, map=document, open=None, view="overview", links=links_of, **more)


def test_a_study_without_pains_says_so_stage_by_stage():
    page = overview_of(journey() | {"stages": [stage("s1", delights=[statement(1)])], "summary": {"worst": [], "best": ["st1"]}})
    assert "no pain here" in page
    assert "no pain</span>" in page
    assert "Best moment" in page


def test_twelve_stages_are_one_row_of_columns_in_a_frame_of_their_own():
    page = overview_of(journey() | {"stages": [stage(f"s{n}", pains=[statement(n)]) for n in range(1, 13)]})
    assert 'class="map" data-stages="12"' in page
    assert 'class="map-frame is-long"' in page


def test_a_map_without_any_stage_or_word_still_reads():
    document = journey() | {"stages": [], "participants": [], "themes": [], "summary": {"worst": [], "best": []}}
    assert "The journey at a glance" in overview_of(document)


def test_arabic_keeps_its_own_direction_at_a_glance():
    words = "انتظرت أربعين دقيقة"
    document = journey() | {"stages": [stage("s1", pains=[statement(1, words)])]}
    assert f'<span class="statement-text" dir="auto">{words}</span>' in overview_of(document)


def test_much_that_does_not_fit_a_cell_is_grouped_by_theme_with_loners_last():
    labels = {"a": "Waiting", "b": "Price", "c": "Once"}
    themes = ["a", "b", "c", "a", None, "b", "a", "b", "a"]
    groups = grouped([statement(n, theme_id=theme) for n, theme in enumerate(themes)], labels)
    assert [(label, len(members)) for label, members in groups] == [("Waiting", 4), ("Price", 3), ("", 2)]
    assert [s["id"] for s in groups[0][1]] == ["st0", "st3", "st6", "st8"]
    assert grouped([statement(n, theme_id="a") for n in range(8)], labels)[0][0] == ""


def test_thirty_statements_in_a_cell_show_three_and_the_rest_under_its_themes():
    pains = [statement(n, f"Pain {n}", theme_id="th" if n % 2 else None) for n in range(30)]
    page = render_page("map.html", study=STUDY, map=journey() | {"stages": [stage("s1", pains=pains)]}, open=None)
    shown, folded = page.split('<details class="rest"')
    assert shown.count('class="statement"') == 3
    assert "27 more" in folded
    assert folded.index(">Waiting</h5>") < folded.index(">Further</h5>")


def test_a_map_that_is_too_much_for_one_page_leads_to_the_rest_of_each_cell():
    pains = [statement(n, f"Pain {n}") for n in range(30)]
    document = journey() | {"stages": [stage("s1", pains=pains)]}

    def drawn_folded(**more):
        return render_page("map.html", study=STUDY, map=document, open=None, folded=True, **more)

    page = drawn_folded()
    assert page.count('class="statement"') == 3
    assert "/studies/st/map?view=grid&all=s1.pains#c-s1-pains" in links(page)
    assert drawn_folded(unfolded="s1.pains").count('class="statement"') == 30
    assert drawn_folded(unfolded="s1.delights").count('class="statement"') == 3


def test_a_look_is_written_as_it_was_read():
    look = read_look(
        Query(map="m", view="grid", persona=["a", "b"], theme=["t"], hide=["pains", "nothing"], confidence="0.7", curves="personas")
    )
    assert look.pairs() == (
        ("map", "m"), ("view", "grid"), ("persona", "a"), ("persona", "b"), ("theme", "t"), ("confidence", "0.7"), ("hide", "pains"),
        ("curves", "personas"),
    )  # fmt: skip
    assert read_look(Query(view="upside-down")).pairs() == ()
    with pytest.raises(InvalidInput, match="confidence goes from 0 to 1"):
        read_look(Query(confidence="very"))


def test_the_number_of_queries_of_the_map_page_is_bounded_and_does_not_grow_with_the_quotes(house, drawn):
    larger = house.drawn("Dina", "Emil", "Fay", "Gus")
    for view in ("", "?view=grid", "?experience=pain", "?curves=personas"):
        show(house, f"/studies/{drawn}/map{view}")
        show(house, f"/studies/{larger}/map{view}")
        few, many = queries(house, f"/studies/{drawn}/map{view}"), queries(house, f"/studies/{larger}/map{view}")
        assert many <= few <= 46, (view, few, many)
