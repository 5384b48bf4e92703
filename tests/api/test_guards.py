import logging

import pytest

from app.services.studies import Studies

SECRET_WORDS = "my sister’s diagnosis"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "127.0.0.2:8000"])
def test_a_foreign_host_name_is_refused_before_anything_is_looked_at(house, host):
    for path in ("/", "/api/v1/studies", "/static/throughline.css", "/sign-in"):
        answer = house.script.get(path, headers={"Host": host})
        assert answer.status_code == 421, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert "THROUGHLINE_ALLOWED_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "maps.example", "other.example:443"])
def test_known_host_names_are_served_with_any_port(make_house, host):
    house = make_house(allowed_hosts="maps.example, Other.example")
    assert house.script.get("/api/v1/studies", headers={"Host": host}).status_code == 200


def test_the_wildcard_address_is_no_host_name(make_house):
    house = make_house(access_key="a-long-enough-access-key", host="0.0.0.0")  # noqa: S104 - nothing listens
    assert house.script.get("/api/v1/studies", headers={"Host": "0.0.0.0"}).status_code == 421  # noqa: S104 - refused


def test_probes_are_answered_under_any_name(house):
    assert house.stranger.get("/healthz", headers={"Host": "10.1.2.3"}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "file://"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
)
def test_other_sites_cannot_write_even_with_the_cookie(house, headers):
    for path in ("/studies", "/api/v1/studies", "/sign-out", "/sign-in"):
        assert house.browser.post(path, headers=headers).status_code == 403
    assert house.browser.get("/").status_code == 200  # nobody was signed out


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_our_own_pages_and_programs_can_write(house, headers):
    assert house.browser.post("/api/v1/studies", json={"name": "A"}, headers=headers).status_code == 201


def test_other_sites_may_link_here(house):
    assert house.browser.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_every_answer_carries_the_headers_that_keep_it_to_itself(house):
    for path in ("/", "/sign-in", "/api/v1/studies", "/static/throughline.css", "/nowhere"):
        headers = house.browser.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_no_page_needs_what_the_policy_forbids(house, drawn):
    study = drawn
    run = house.get(f"/studies/{study}/runs")["items"][0]["id"]
    transcript = house.get(f"/studies/{study}/transcripts")["items"][0]["id"]
    for path in (
        "/",
        f"/studies/{study}",
        f"/runs/{run}",
        f"/studies/{study}/map",
        f"/transcripts/{transcript}",
        f"/studies/{study}/quotes",
    ):
        page = house.browser.get(path)
        assert page.status_code == 200
        for forbidden in (" style=", "<style", "javascript:", " onclick=", "<script>"):
            assert forbidden not in page.text, path


def broken(*_args, **_more):
    raise ValueError(SECRET_WORDS)


def test_an_unexpected_error_shows_and_logs_no_words_and_no_traceback(house, monkeypatch, caplog):
    monkeypatch.setattr(Studies, "all", broken)
    with caplog.at_level(logging.DEBUG):
        answer = house.script.get("/api/v1/studies")
        page = house.browser.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == "urn:throughline:problem:unexpected"
    assert page.status_code == 500
    assert page.headers["content-type"].startswith("text/html")
    for text in (answer.text, page.text, caplog.text):
        assert SECRET_WORDS not in text
        assert "Traceback" not in text
    assert "unexpected ValueError at " in caplog.text
    assert "test_guards.py" in caplog.text
