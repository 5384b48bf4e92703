"""Whatever people write, wherever they may write it, is words on every page there is."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from fakes import GrumblingTagger
from fastapi.routing import APIRoute
from house import House, talk
from walking import walk

ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*'zq'}}"
SHORT = "\"'><img src=x onerror=alert(1)>{{7*'zq'}}"
"""For what may not be long."""
COMPUTED = "zqzqzq"
NOT_PAGES = ("/api/", "/healthz", "/readyz", "/metrics", "/static", "/sign-in")


class Markup(HTMLParser):
    """Collects what in a page would run or be fetched from a place that is not this house's."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "img" or (tag == "script" and not (given.get("src") or "").startswith("/static/")):
            self.found.append(f"<{tag} {given}>")
        self.found += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"<{tag} {name}={value}>" for name, value in attrs if (value or "").lower().lstrip().startswith("javascript:")]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    made.app.__dict__["taggers"] = {"offline": GrumblingTagger()}
    yield made
    made.close()


def ask(house, method, path, **given):
    answer = house.script.request(method, f"/api/v1{path}", json=given)
    assert answer.is_success, f"{path}: {answer.text}"
    return answer.json() if answer.content else {}


def study_of(house):
    """A study in which everything that people can write is hostile; a persona, a further map and a run that failed are in it."""
    study = house.study(name=ATTACK, question=ATTACK, product=ATTACK)
    (_, bea), (_, carl) = talk("Bea"), talk("Carl")
    spoken = f"Bea: I typed {ATTACK} into the form and it was frustrating to see what came of it.\n".encode()
    assert house.upload(study, (f"{SHORT}.txt", bea + b"\n" + spoken), ("carl.txt", carl)).status_code == 200
    ask(house, "POST", f"/studies/{study}/runs")
    first = house.get(f"/studies/{study}/participants")["items"][0]["id"]
    rule = {"attribute": SHORT, "value": SHORT}
    ask(house, "POST", f"/studies/{study}/personas", name=ATTACK, description=ATTACK, rule=rule)
    ask(house, "PATCH", f"/participants/{first}", name=ATTACK, attributes={SHORT: SHORT})
    quotes = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"] if q["state"] != "skipped"]
    for each in quotes[:2]:
        ask(house, "PATCH", f"/quotes/{each}/tags", touchpoint=SHORT)
    told = dict.fromkeys(("definition", "use_when", "not_when", "summary"), ATTACK)
    ask(house, "POST", f"/studies/{study}/themes", label=ATTACK, quote_ids=quotes[:4], **told)
    stages = house.get(f"/studies/{study}/stages")["items"]
    renamed = [{"id": s["id"], "title": f"{SHORT}{n}", "definition": ATTACK, "base": s["base"]} for n, s in enumerate(stages)]
    ask(house, "PUT", f"/studies/{study}/stages", stages=renamed)
    view = ask(house, "POST", f"/studies/{study}/maps", name=ATTACK, scenario=ATTACK)
    for each in (view["id"], house.get(f"/studies/{study}/map")["map_id"]):
        ask(house, "POST", f"/maps/{each}/business-actions", stage=stages[0]["id"], text=ATTACK)
    found = house.get(f"/studies/{study}/opportunities")["items"]
    for each in found[:2]:
        ask(house, "PATCH", f"/opportunities/{each['id']}", text=ATTACK, owner=SHORT, note=ATTACK)
    assert found
    house.queue.holding = True
    house.app.runs.fail(ask(house, "POST", f"/studies/{study}/runs")["id"], ATTACK)
    house.queue.holding = False
    return study


def starts(house, study):
    """Where the walk begins: what no link leads to by itself, and addresses that are hostile themselves."""
    columns = house.get(f"/studies/{study}/map")["stages"]
    statement = next(s["id"] for column in columns for s in column["lanes"]["pains"])
    quoted = next(q for q in house.get(f"/studies/{study}/quotes")["items"] if q["touchpoint"] == SHORT)
    place, evil = f"/studies/{study}", quote(ATTACK, safe="")
    yield from ("/", f"{place}/evidence?statement={statement}", f"{place}/map/statements/{statement}", f"/runs/{evil}")
    yield from (
        f"{place}/map?view=grid",
        f"{place}/map?statement={statement}",
        f"/transcripts/{quoted['transcript_id']}?quote={quoted['id']}",
    )
    yield from (f"{place}/map?{name}={evil}" for name in ("theme", "channel", "confidence", "map"))
    yield from (f"{place}/map/compare?left={evil}&right=persona:{evil}", f"{place}/search?q={evil}", f"{place}/quotes?participant={evil}")


def page_routes(house):
    gets = [r for r in house.web.routes if isinstance(r, APIRoute) and "GET" in r.methods]
    return {r.path: r.path_regex for r in gets if not r.path.startswith(NOT_PAGES)}


def test_hostile_words_are_only_words_on_every_page_there_is(house):
    study = study_of(house)
    visited, said = [], 0

    def visit(address):
        nonlocal said
        answer = house.browser.get(address)
        visited.append(urlsplit(address).path)
        if answer.is_redirect:
            return [answer.headers["location"]]
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        page = answer.text
        assert answer.status_code < 500, address
        assert not Markup(page).found, address
        assert COMPUTED not in page, address
        said += "alert(1)" in page
        return [href for href in map(unescape, re.findall(r'href="(/[^"?]*)', page)) if not href.startswith(NOT_PAGES)]

    seen = walk(starts(house, study), visit)
    unseen = [path for path, pattern in page_routes(house).items() if not any(pattern.match(one) for one in visited)]
    assert not unseen, "no link leads to these pages"
    assert {"/studies/*/map view", "/studies/*/map statement", "/studies/*/map/compare left right", "/transcripts/* quote"} <= seen
    assert said > len(page_routes(house))
