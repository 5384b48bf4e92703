import stat

import pytest
from fastapi.routing import iter_route_contexts

from app.api.deps import current_actor
from app.errors import NotSignedIn, UsageError
from app.services.sign_in import SESSION_AGE_S, SignIn
from app.settings import Settings

OPEN = {"/healthz", "/readyz", "/sign-in", "/language", "/static"}
KEY = "a-long-enough-access-key"


def dependencies(dependant):
    yield dependant.call
    for inner in dependant.dependencies:
        yield from dependencies(inner)


def test_every_route_but_sign_in_language_health_and_static_files_asks_who_is_there(house):
    routes = {c.path: c for c in iter_route_contexts(house.web.routes)}
    asking = {path for path, c in routes.items() if getattr(c, "dependant", None) and current_actor in dependencies(c.dependant)}
    assert len(routes) > 40
    assert routes.keys() - asking == OPEN


def test_no_answer_of_a_protected_route_reaches_a_stranger(house):
    for context in iter_route_contexts(house.web.routes):
        if context.path in OPEN:
            continue
        path = context.path.replace("{", "").replace("}", "")
        for method in context.methods:
            answer = house.stranger.request(method, path)
            if path.startswith("/api/"):
                assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), path
                assert answer.headers["www-authenticate"] == "Bearer"
            else:
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith("/sign-in")


def test_a_link_signs_in_once_and_leads_on_with_a_cookie_that_scripts_cannot_read(house):
    someone, another = house.client(), house.client()
    link = f"/sign-in?token={house.sign_in.issue()}&next=/studies/x%3Fupload=1"
    answer = someone.get(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/studies/x?upload=1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert someone.get("/").status_code == 200
    again = another.get(link)
    assert again.status_code == 401
    assert "used already" in again.text
    assert another.get("/").status_code == 303


def test_the_cookie_is_for_encrypted_connections_only_where_the_page_came_over_one(house):
    answer = house.client().get(f"https://127.0.0.1/sign-in?token={house.sign_in.issue()}")
    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/x", "/\\evil.example", "javascript:alert(1)", "evil", "/\n/evil.example", "//[", ""]
)
def test_signing_in_never_leads_to_another_site(house, wanted):
    answer = house.client().get("/sign-in", params={"token": house.sign_in.issue(), "next": wanted})
    assert answer.headers["location"] == "/"


def test_a_used_link_opened_by_who_is_signed_in_just_leads_on(house):
    assert house.browser.get("/sign-in?token=used&next=/studies/a").headers["location"] == "/studies/a"


def test_serve_hears_when_a_link_was_used(tmp_path):
    used = []
    sign_in = SignIn(Settings(data_dir=tmp_path), on_used=lambda: used.append(sign_in.issue()))
    session = sign_in.consume(sign_in.issue())
    assert sign_in.by_session(session)
    assert len(used) == 1
    assert sign_in.consume(used[0])


def test_signing_out_ends_the_session_of_the_browser(house):
    someone = house.client()
    someone.get(f"/sign-in?token={house.sign_in.issue()}")
    assert someone.get("/").status_code == 200
    assert someone.post("/sign-out").status_code == 303
    assert someone.get("/").status_code == 303


def test_a_session_that_somebody_made_up_or_altered_counts_for_nothing(house):
    session = house.sign_in.consume(house.sign_in.issue())
    assert house.sign_in.by_session(session)
    for forged in ("", "owner", session[:-1], f"{session}x", session.replace(".", "", 1)):
        assert house.sign_in.by_session(forged) is None


def test_a_session_ends_by_itself(house, monkeypatch):
    session = house.sign_in.consume(house.sign_in.issue())
    monkeypatch.setattr("app.services.sign_in.SESSION_AGE_S", -1)
    assert SESSION_AGE_S > 0
    assert house.sign_in.by_session(session) is None


def test_a_restart_keeps_sessions_and_the_token_of_scripts(house):
    session = house.sign_in.consume(house.sign_in.issue())
    after = SignIn(house.app.settings)
    assert after.by_session(session)
    assert after.by_bearer(house.key(), "")
    with pytest.raises(NotSignedIn):
        after.consume(house.sign_in.issue())


def test_secrets_on_disk_are_for_the_owner_alone(house):
    for name in ("secret", "api-token"):
        mode = (house.app.settings.data_dir / name).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def test_scripts_on_this_machine_use_the_token_in_the_data_folder_and_are_told_so(house):
    assert house.script.get("/api/v1/studies").status_code == 200
    wrong = house.stranger.get("/api/v1/studies", headers={"Authorization": "Bearer nonsense"})
    assert wrong.status_code == 401
    assert "api-token" in wrong.json()["detail"]
    assert "api-token" in house.stranger.get("/api/v1/studies").json()["detail"]


def test_with_an_access_key_people_and_scripts_use_that_key_and_no_token_is_made(make_house):
    house = make_house(access_key=KEY, host="0.0.0.0")  # noqa: S104 - only named, nothing listens
    assert not (house.app.settings.data_dir / "api-token").exists()
    assert house.script.get("/api/v1/studies").status_code == 200
    someone = house.client()
    assert "is not the one" in someone.post("/sign-in", data={"key": "wrong"}).text
    answer = someone.post("/sign-in", data={"key": KEY, "next": "/studies/a"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/studies/a")
    assert someone.get("/").status_code == 200


def test_another_access_key_ends_the_sessions_of_the_old_one(tmp_path):
    old = SignIn(Settings(data_dir=tmp_path, access_key=KEY))
    session = old.trade(KEY, "")
    assert old.by_session(session)
    assert SignIn(Settings(data_dir=tmp_path, access_key=f"{KEY}-2")).by_session(session) is None


def test_who_tries_many_keys_has_to_wait_and_nobody_else_has(tmp_path):
    now = [0.0]
    sign_in = SignIn(Settings(data_dir=tmp_path, access_key=KEY), clock=lambda: now[0])
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            sign_in.by_bearer("wrong", "10.0.0.1")
    with pytest.raises(Exception, match="wait a minute"):
        sign_in.by_bearer(KEY, "10.0.0.1")
    assert sign_in.by_bearer(KEY, "10.0.0.2")
    now[0] = 61.0
    assert sign_in.by_bearer(KEY, "10.0.0.1")


def test_too_many_wrong_keys_are_answered_with_429_and_when_to_try_again(make_house):
    house = make_house(access_key=KEY)
    for _ in range(10):
        house.stranger.get("/api/v1/studies", headers={"Authorization": "Bearer wrong"})
    answer = house.stranger.get("/api/v1/studies", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert house.stranger.post("/sign-in", data={"key": KEY}).status_code == 429


def test_an_address_that_others_can_reach_needs_an_access_key(tmp_path):
    with pytest.raises(UsageError, match="THROUGHLINE_ACCESS_KEY"):
        SignIn(Settings(data_dir=tmp_path, host="0.0.0.0"))  # noqa: S104 - refused
