import asyncio

import pytest


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"].startswith("urn:throughline:problem:")
    assert {"type", "title", "status", "detail"} <= told.keys() <= {"type", "title", "status", "detail", "errors"}
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    "path",
    [
        "/studies/{}",
        "/studies/{}/transcripts",
        "/studies/{}/participants",
        "/studies/{}/personas",
        "/studies/{}/stages",
        "/studies/{}/runs",
        "/studies/{}/quotes",
        "/studies/{}/themes",
        "/studies/{}/maps",
        "/studies/{}/map",
        "/transcripts/{}",
        "/transcripts/{}/text",
        "/transcripts/{}/speakers",
        "/participants/{}",
        "/runs/{}",
        "/runs/{}/events",
        "/quotes/{}",
        "/themes/{}",
        "/maps/{}",
        "/maps/{}/versions",
        "/maps/{}/export.json",
        "/maps/{}/statements/x",
        "/maps/{}/curve/x",
        "/statements/{}",
    ],
)
def test_what_is_not_there_is_a_404_that_says_so(house, path):
    for unknown in ("unknown", "%00", "..%2f..%2fetc%2fpasswd", "’; drop table studies; --"):
        answer = house.script.get(f"/api/v1{path.format(unknown)}")
        assert problem(answer)["status"] == 404


def test_unknown_addresses_and_methods_are_problems_too(house):
    assert problem(house.script.get("/api/v1/nothing"))["status"] == 404
    wrong = house.script.put("/api/v1/studies")
    assert problem(wrong)["status"] == 405
    assert "POST" in wrong.headers["allow"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": 7}, "name"),
        ({"name": "A", "question": "x" * 501}, "question"),
        ([], "body"),
        (None, "body"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(house, body, field):
    told = problem(house.script.post("/api/v1/studies", json=body))
    assert told["status"] == 422
    assert told["errors"][0]["field"] == field
    assert told["detail"].startswith(field)


def test_a_template_that_does_not_exist_is_refused_with_those_that_do(house):
    told = problem(house.script.post("/api/v1/studies", json={"name": "A", "template": "none"}))
    assert told["status"] == 422
    assert "three-stage" in told["detail"]


def test_a_cursor_that_no_page_ever_gave_is_refused_however_long(house):
    for cursor in ("x", "-1", "9" * 5000):
        answer = house.script.get(f"/api/v1/studies/{house.study()}/quotes", params={"cursor": cursor})
        assert problem(answer)["status"] == 422


def test_a_boundary_longer_than_any_program_sends_is_an_invalid_upload(house):
    headers = {"Content-Type": f"multipart/form-data; boundary={'y' * 5000}"}
    answer = house.script.post(f"/api/v1/studies/{house.study()}/transcripts", content=b"--y\r\n", headers=headers)
    assert problem(answer)["status"] == 422


def test_what_is_no_json_is_told_without_repeating_it(house):
    answer = house.script.post("/api/v1/studies", content=b'{"name": secret', headers={"Content-Type": "application/json"})
    told = problem(answer)
    assert (told["status"], told["errors"]) == (422, [{"field": "body", "message": "this is no valid JSON"}])
    assert "secret" not in answer.text


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_far_too_large_is_cut_off_while_it_comes_in(house, declared):
    content = b" " * 2_000_000 if declared else (b" " * 100_000 for _ in range(20))
    answer = house.script.post("/api/v1/studies", content=content, headers={"Content-Type": "application/json"})
    assert problem(answer)["status"] == 413


def test_nothing_more_is_read_of_a_body_once_it_is_too_large(house):
    read, sent = [], []

    async def receive():
        read.append(100_000)
        return {"type": "http.request", "body": b" " * 100_000, "more_body": True}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {house.key()}".encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "root_path": ""}
    scope |= {"path": "/api/v1/studies", "raw_path": b"/api/v1/studies", "query_string": b"", "headers": headers, "client": ("::1", 1)}
    asyncio.run(house.web(scope, receive, send))
    assert sent[0]["status"] == 413
    assert sum(read) <= 1_100_000


def test_pages_say_what_went_wrong_as_pages(house):
    answer = house.browser.get("/studies/unknown")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no study “unknown” here." in answer.text
    assert house.browser.get("/nowhere").status_code == 404
    assert house.browser.post("/studies", data={"name": " "}).status_code == 422
    assert "study needs a name" in house.browser.post("/studies", data={"name": " "}).text
