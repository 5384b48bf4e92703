"""Every word that a page shows comes from the catalogue, and each reader reads it in their own language."""

import ast
import asyncio
import re
import threading
from html import unescape
from pathlib import Path
from string import ascii_letters
from typing import Annotated

import httpx
import pytest
from babel import Locale
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from house import TALK, House
from jinja2 import nodes
from page_samples import STUDY, journey
from speaking import TAG, circled, plain_words, spoken_here

from app.domain.terms import PERSONAL_KINDS
from app.exports import present
from app.exports.catalogue import ENGLISH, Language, _, spoken, spoken_in
from app.exports.figures import decimal, signed
from app.exports.html import map_html
from app.web import component_samples, component_samples_files, pages, words
from app.web.pages import render_page
from app.web.script_words import script_words
from app.web.speaking import COOKIE, Speaking
from app.web.views_components import components_context

TEMPLATES = sorted([*(pages.HERE / "templates").glob("*.html"), *present.TEMPLATES.glob("*.html")])
SCRIPTS = sorted((pages.HERE / "static").glob("*.js"))
ENV = present.environment()
NAMES = {"Throughline", "https"}
"""What reads the same in every language."""
WRITTEN = {"P1", "P2", ".txt", *(f"[{kind}]" for kind in PERSONAL_KINDS)}
"""What is not the pages' own: pseudonyms, ends of files, placeholders as others read them."""
STALE = "words that are not from the list, or a list that is not what the code says (`make words`)"
CUT = 40
"""Characters that are left at least of a text that is cut short."""
GREEK = str.maketrans(ascii_letters, "αβγδεζηθικλμνξοπρστυφχψωϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫ")


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    with spoken_here(tmp_path_factory.mktemp("locale")) as language:
        yield language


@pytest.fixture(scope="module")
def house(made_up, tmp_path_factory):  # noqa: ARG001  # its language has to be there first
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


def wordless(tag):
    """A language that has no words yet, only its numbers, dates and direction."""
    return Language(tag, Locale.parse(tag), ENGLISH.words)


def test_the_language_is_the_chosen_one_else_what_the_browser_prefers_else_english(house):
    def tag(header, **cookies):
        answer = house.client(cookies=cookies).get("/sign-in", headers={"Accept-Language": header})
        shown = re.search(r'<html lang="(\w+)" dir="(\w+)">', answer.text)
        assert answer.headers["content-language"] == shown[1]
        assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer.headers["vary"].split(",")}
        return shown[1]

    assert tag("el") == tag("el-CY, en;q=0.8") == tag("en;q=0.5, el;q=0.7") == tag("fr, el;q=0.1") == TAG
    assert tag("en-US, el;q=0.9") == tag("fr") == tag("") == tag("el;q=0, en") == tag(";;q=x, *") == "en"
    assert tag("en", **{COOKIE: TAG}) == TAG
    assert tag("el", **{COOKIE: "nonsense"}) == TAG


def test_whoever_chooses_a_language_keeps_it_and_stays_where_they_were(house):
    reader = house.client(headers={"Referer": "http://127.0.0.1/sign-in?next=%2Fquality"})
    answer = reader.post("/language", data={"language": TAG})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fquality")
    assert f'<html lang="{TAG}"' in reader.get("/sign-in").text
    reader.post("/language", data={"language": "zz"})
    assert '<html lang="en"' in reader.get("/sign-in").text
    away = house.client(headers={"Referer": "http://elsewhere.example/x"}).post("/language", data={"language": "en"})
    assert away.headers["location"] == "/"


def test_programs_are_answered_in_english_whatever_they_prefer(house):
    answer = house.script.get("/api/v1/studies/none", headers={"Accept-Language": TAG})
    assert answer.json()["title"] == "Not found"
    assert "content-language" not in answer.headers


@pytest.mark.usefixtures("made_up")
def test_two_readers_at_the_same_time_each_get_their_own_language():
    web = FastAPI()
    web.add_middleware(Speaking)
    together = threading.Barrier(2, timeout=20)

    def first_word():
        together.wait()
        return _("Studies")

    @web.get("/")
    def page(first: Annotated[str, Depends(first_word)]):
        together.wait()
        return HTMLResponse(f"{spoken().tag}: {first} {_('Quotes')}")

    async def both():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://test") as client:
            asked = [client.get("/", headers={"Accept-Language": tag}) for tag in (TAG, "en")]
            return [answer.text for answer in await asyncio.gather(*asked)]

    assert asyncio.run(both()) == [f"{TAG}: {circled('Studies Quotes')}", "en: Studies Quotes"]
    assert spoken() is ENGLISH


def test_numbers_dates_and_lists_of_words_follow_the_language_of_each_drawing():
    template = present.environment().from_string(
        '{{ 1204 | number }} {{ 0.256 | percent }} {{ -0.254 | decimal(2) }} {{ "2025-06-04" | day }}'
    )
    assert template.render() == "1,204 26% −0.25 4 June 2025"
    with spoken_in(wordless("de")):
        assert template.render() == "1.204 26\xa0% −0,25 4. Juni 2025"
    assert template.render() == "1,204 26% −0.25 4 June 2025"


def test_no_template_keeps_the_words_of_the_language_that_it_was_first_drawn_in(made_up):
    source = '{{ "auto" | worded }} {{ LANE_TITLES.pains }} {% for key, title, gloss in LANES %}{{ title }} {% endfor %}{{ _("Study") }}'
    template = present.environment().from_string(source)
    english = template.render()
    with spoken_in(made_up):
        assert template.render() == circled(english)


def test_a_page_in_a_language_from_right_to_left_runs_that_way():
    document = journey()
    with spoken_in(wordless("ar")):
        page = render_page("map.html", study=STUDY, map=document, open=None)
        signs = signed(-1.2), decimal(0.4)
    assert '<html lang="ar" dir="rtl">' in page
    first = page.index('data-panel="point-s1"')
    assert 'cx="75.000%"' in page[first : first + 200]  # of two columns the first one is the right one
    assert signs == ("\u200e−1.2", "0.4")


def test_the_map_file_is_english_unless_another_language_is_asked_for(made_up):
    with spoken_in(made_up):
        file = map_html(journey())
    assert '<html lang="en" dir="ltr">' in file
    assert "Worst moments" in file
    assert circled("Worst moments") in map_html(journey(), made_up)


def test_a_language_that_would_break_a_page_is_found_out(tmp_path, monkeypatch):
    place = tmp_path / "de" / "LC_MESSAGES" / "throughline.po"
    place.parent.mkdir(parents=True)
    told = [
        'msgid "Role of %(name)s"\nmsgstr "Rolle von %(nam)s"',
        'msgid "Sign in"\nmsgstr "100 % da"',
        'msgid "Studies"\nmsgstr "Studien {"',
        'msgid "{n} of {m}"\nmsgid_plural "{n} of {m}"\nmsgstr[0] "eins von {m}, 100 %%"',
        'msgid "right, %%"\nmsgstr "richtig, %%"',
        'msgid "Quotes"\nmsgstr ""',
    ]
    place.write_text("\n\n".join(told))
    monkeypatch.setattr(words, "LOCALES", tmp_path)
    found = list(words._faults_of(place))
    assert [re.search("“(.*)”", fault)[1] for fault in found] == ["Rolle von %(nam)s", "100 % da", "Studien {"]


def test_what_scripts_say_comes_with_the_page_and_all_of_it_is_said():
    asked = {name for script in SCRIPTS for name in re.findall(r'\bsay\("(\w+)"', script.read_text(encoding="utf-8"))}
    assert asked == script_words().keys()
    assert script_words()["with_quotes"] == {"one": "With this quote:", "other": "With these {n} quotes:"}


def test_templates_hold_no_words_of_their_own():
    found = {path.name: bare for path in TEMPLATES if (bare := _bare_words(path))}
    assert found == {}


@pytest.mark.slow
def test_every_page_speaks_only_from_the_catalogue(house):
    study_id = _study_without_plain_letters(house)
    reader = house.client(cookies=house.browser.cookies, headers={"Accept-Language": TAG})
    named = NAMES | WRITTEN | {stage[key] for stage in house.get(f"/studies/{study_id}/stages")["items"] for key in ("title", "definition")}
    named |= {measured["tagger"]["prompt"] for measured in house.app.evaluation.measured()}
    named |= {
        study["field"][:1].upper() + study["field"][1:] for measured in house.app.evaluation.measured() for study in measured["studies"]
    }
    seen, waiting, plain = set(), ["/", "/studies/none", f"/studies/{study_id}/estimate"], {}
    while waiting:
        address = waiting.pop()
        answer = reader.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if bare := plain_words(answer.text, named):
            plain[address] = bare
        for link in map(unescape, re.findall(r'href="(/[^"]*)"', answer.text)):
            kind = _kind(link)
            if kind not in seen and len(kind[1]) < 2 and not link.startswith(("/static/", "/api/", "/components")):
                seen.add(kind)
                waiting.append(link)
    assert plain == {}, STALE


def test_every_component_speaks_only_from_the_catalogue(made_up):
    with spoken_in(made_up):
        page = render_page("components.html", **components_context())
    sources = [Path(module.__file__).read_text(encoding="utf-8") for module in (component_samples, component_samples_files)]
    trees = [ast.parse(source) for source in sources]
    keys = {id(key) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    made_of = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in keys}
    template = ENV.parse((pages.HERE / "templates" / "components.html").read_text(encoding="utf-8"))
    made_of |= {node.value for node in template.find_all(nodes.Const)}
    texts = {text for text in made_of if isinstance(text, str) and len(text) > 1}
    texts |= {text[: space.start()] for text in texts for space in re.finditer(" ", text) if space.start() > CUT}
    assert plain_words(page, NAMES | WRITTEN | texts) == set(), STALE


def _study_without_plain_letters(house):
    """A study in which nobody's name and nobody's word has a letter of those that are looked for."""
    said = {name: TALK.format(name="Name").translate(GREEK).replace("Name".translate(GREEK), name) for name in ("Βέα", "Κάρλ")}
    study_id = house.study(name="Μελέτη")
    answer = house.upload(study_id, *((f"{name}.txt", text.encode()) for name, text in said.items()))
    assert [file["status"] for file in answer.json()["files"]] == ["stored", "stored"]
    assert house.script.post(f"/api/v1/studies/{study_id}/runs").status_code == 202
    return study_id


def _kind(address):
    """An address without its ids and values: one page of each kind is enough."""
    path, _question, query = address.partition("#")[0].partition("?")
    path = re.sub(r"/[0-9a-f-]{12,}|(?<=/)[\w-]*\d[\w-]*", "/:id", path)
    return path, tuple(sorted({part.partition("=")[0] for part in query.split("&") if part}))


def _bare_words(path: Path):
    """Words of a template that stand in it as they are: text, attributes that are read out, and constants that are printed."""
    tree = ENV.parse(path.read_text(encoding="utf-8"))
    named = {id(output) for block in tree.find_all(nodes.Block) if block.name == "page_class" for output in block.find_all(nodes.Output)}
    outputs = [output for output in tree.find_all(nodes.Output) if id(output) not in named]
    text = "".join(node.data if isinstance(node, nodes.TemplateData) else "·" for output in outputs for node in output.nodes)
    printed = {words_ for output in outputs for node in output.nodes for words_ in _printed(node)}
    shown = plain_words(text.replace("<·", "<x").replace("</·", "</x"), NAMES)
    return {said for said in shown if not re.match(r'class="', said)} | printed  # a macro may write an element's class


def _printed(node):
    match node:
        case nodes.Const(value=str(value)) if re.search(r"[A-Z][a-z]|[a-z] [a-z]", value) and value not in NAMES:
            yield value
        case nodes.CondExpr():
            yield from _printed(node.expr1)
            if node.expr2 is not None:
                yield from _printed(node.expr2)
        case nodes.Or() | nodes.And():
            yield from _printed(node.left)
            yield from _printed(node.right)
        case nodes.Concat():
            for part in node.nodes:
                yield from _printed(part)
