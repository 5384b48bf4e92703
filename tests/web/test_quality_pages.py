"""How good are these tags? Over HTTP and as pages, without script."""

import html
import re

import pytest
from fakes import FakeEmbedder, FakeTagger
from golden import write_study
from house import House

from app.adapters.agreement import LibraryAgreement
from app.adapters.gold_folder import read_gold
from app.domain.review import Decision
from app.services.evaluation import Evaluation, measure


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gold") / "test"
    write_study(folder / "kettle", second=True)
    write_study(folder / "toaster", about={"field": "more <kitchen> things"})
    return measure(read_gold(folder), FakeTagger(), FakeEmbedder(), LibraryAgreement())


@pytest.fixture(scope="module")
def house(tmp_path_factory, document):
    made = House(tmp_path_factory.mktemp("house"))
    made.app.__dict__["evaluation"] = Evaluation(made.app.store, LibraryAgreement(), lambda: [document])
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    return house.drawn()


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text)), answer.text


def test_what_was_measured_is_told_as_json(house, document):
    told = house.get("/quality")
    assert told["next_cursor"] is None
    (measured,) = told["items"]
    assert measured["gold"] == document["gold"]
    assert measured["all"] == document["all"]
    assert measured["labellers"]["first_second"]["fields"]["stage"]["kappa"] is not None


def test_a_studys_quality_names_its_tagger_and_says_that_nobody_reviewed(house, drawn, document):
    told = house.get(f"/studies/{drawn}/quality")
    assert told["tagger"] == {"source": "offline", "model": "fake/1", "prompt": "v1@fake"}
    assert (told["same_model"], told["same_prompt"]) == (True, True)
    assert told["measured"]["tagger"] == document["tagger"]
    assert told["reviewed"]["decisions"] == 0


def test_a_study_without_a_run_has_no_tagger_and_an_unknown_one_is_not_found(house):
    told = house.get(f"/studies/{house.study()}/quality")
    assert (told["tagger"], told["measured"]) == (None, None)
    assert house.script.get("/api/v1/studies/nowhere/quality").status_code == 404
    assert house.browser.get("/studies/nowhere/quality").status_code == 404


def test_the_page_shows_figures_what_they_rest_on_and_both_labellers(house, document):
    words, page = show(house, "/quality")
    assert "How good are these tags?" in words
    assert "10 quotes of 4 interviews in 2 fields of life" in " ".join(words.split())
    assert "5 quotes were labelled a second time" in " ".join(words.split())
    assert "More <kitchen> things" in words
    stage = document["all"]["fields"]["stage"]
    assert f"<b>{stage['kappa']:.2f}</b>".replace("-", "−") in page
    assert 'role="img" aria-label="Reliability diagram' in page
    assert page.count('<details class="confusion">') == len(document["all"]["fields"])


def test_a_confusion_table_has_a_row_a_label_a_column_an_answer_and_the_counts(house, document):
    _, page = show(house, "/quality")
    experience = document["all"]["fields"]["experience"]
    table = re.search(r"Pain or delight: down what the labeller said.*?</table>", page, re.DOTALL)[0]
    rows = re.findall(r'<tr><th scope="row">(\w+)</th>(.*?)</tr>', table, re.DOTALL)
    assert [name.lower() for name, _ in rows] == list(experience["values"])
    counts = [[int(re.match(r"\d*", cell)[0] or 0) for cell in re.findall(r'heat-\d">([^/]*)<', row)] for _, row in rows]
    assert counts == [row[:-1] for row in experience["confusion"]]


def test_the_studys_page_says_plainly_when_nobody_reviewed_and_leads_there_from_the_study(house, drawn):
    words, _ = show(house, f"/studies/{drawn}/quality")
    assert "Nobody has reviewed a tag in this study yet" in words
    assert f'href="/studies/{drawn}/quality"' in house.browser.get(f"/studies/{drawn}").text
    assert 'href="/quality"' in house.browser.get("/").text


def test_what_reviewers_said_is_counted_on_the_page(house):
    study = house.drawn("Dina")
    with house.app.store.write() as repo:
        run = repo.runs.of_study(study)[0]
        first, second = sorted(repo.reviews.suggestions(study, "quote", run.tagger_key))[:2]
        proposed = repo.reviews.suggestions(study, "quote", run.tagger_key)[first].payload["emotion"]
        for number, (quote, value) in enumerate(((first, proposed), (second, "surprise"))):
            at = house.app.store.now()
            repo.reviews.decide(study, Decision(f"decided{number}", "quote", quote, "emotion", value, "ann", at))
    words, page = show(house, f"/studies/{study}/quality")
    assert "2 quotes reviewed" in words
    row = re.search(r'<tr><th scope="row">Emotion</th><td class="num">2</td><td class="num">1</td>.*?</tr>', page)
    assert row
    assert "50%" in row[0]


def test_another_model_or_version_than_the_one_measured_is_said(house, drawn, document):
    other = document | {"tagger": {"source": "offline", "model": "older/1", "prompt": "v0"}}
    kept = house.app.__dict__["evaluation"]
    house.app.__dict__["evaluation"] = Evaluation(house.app.store, LibraryAgreement(), lambda: [other])
    try:
        words, _ = show(house, f"/studies/{drawn}/quality")
    finally:
        house.app.__dict__["evaluation"] = kept
    assert "Another model." in words


def test_an_installation_without_measurements_says_so(house, drawn):
    kept = house.app.__dict__["evaluation"]
    house.app.__dict__["evaluation"] = Evaluation(house.app.store, LibraryAgreement(), list)
    try:
        assert "No measurement came with this installation" in show(house, "/quality")[0]
        assert "has not been measured yet" in show(house, f"/studies/{drawn}/quality")[0]
    finally:
        house.app.__dict__["evaluation"] = kept


def test_who_is_not_signed_in_is_shown_nothing(house, drawn):
    for path in ("/quality", f"/studies/{drawn}/quality"):
        assert house.stranger.get(path).status_code in {303, 307, 401}
        assert house.stranger.get(f"/api/v1{path}").status_code == 401
