"""A whole server over a real database, with fakes where models would be, and a browser and a script to ask it."""

from fakes import FakeClusterer, FakeEmbedder, FakeQueryEncoder, FakeTagger
from fastapi.testclient import TestClient

from app.main import create_app
from app.services.sign_in import SignIn
from app.services.synthesis import Inline, describe, synthesize
from app.settings import Settings
from app.wiring import Application

BASE = "http://127.0.0.1"
TALK = """\
Ann Interviewer: Thanks for making the time. How did you first hear about it?

{name}: My sister in {name}-town told me about it on the phone last spring. I was fed up with the old provider because they kept me \
waiting for forty minutes. So I looked at the website that evening and I could not find the price anywhere.

Ann Interviewer: And what happened next?

{name}: I signed up with my card and the email never came. I rang the support line twice and nobody answered. But then the chat sorted \
it out in two minutes, which was brilliant, honestly.

Ann Interviewer: That must have been a relief after all that waiting.

{name}: Mm.

Ann Interviewer: Would you recommend it?

{name}: I already have, to my brother in law. I still think the app is slow when I open it in the morning. Maybe I will leave next year if \
they raise the price again. That is how we are in {name}-town.
"""


class InlineQueue:
    """Does a run at once, here; with `holding` it waits until `work` is called."""

    def __init__(self, app, *, holding=False):
        self.app = app
        self.holding = holding
        self.waiting = []
        self.cancelled = []
        self.forgotten = []

    def start(self, run_id, _attempt):
        if self.holding:
            self.waiting.append(run_id)
        else:
            self.work(run_id)

    def work(self, run_id):
        try:
            synthesize(run_id, Inline(), self.app.steps)
        except Exception as error:
            self.app.runs.fail(run_id, describe(error))
            raise

    def cancel(self, run_id, attempt):
        self.cancelled.append((run_id, attempt))

    def propose_stages(self, proposal_id):
        if self.holding:
            self.waiting.append(proposal_id)
        else:
            self.app.stage_proposing.work(proposal_id)

    def forget(self, run_id):
        self.forgotten.append(run_id)


class House:
    """`browser` is signed in by cookie, `stranger` is nobody, `script` sends the bearer token."""

    def __init__(self, folder, *, holding=False, worker_ready=lambda: True, **settings):
        self.app = Application(Settings(data_dir=folder, **settings))
        self.app.__dict__.update({"embedder": FakeEmbedder(), "taggers": {"offline": FakeTagger()}, "clusterer": FakeClusterer()})
        self.app.__dict__["query_encoder"] = FakeQueryEncoder()
        self.queue = InlineQueue(self.app, holding=holding)
        self.sign_in = SignIn(self.app.settings)
        self.web = create_app(self.app, self.queue, self.sign_in, worker_ready=worker_ready)
        self.stranger = self.client()
        self.browser = self.client()
        self.browser.get(f"/sign-in?token={self.sign_in.issue()}")
        self.script = self.client(headers={"Authorization": f"Bearer {self.key()}"})

    def client(self, **more):
        return TestClient(self.web, base_url=BASE, follow_redirects=False, **more)

    def key(self):
        given = self.app.settings.access_key
        return given.get_secret_value() if given else (self.app.settings.data_dir / "api-token").read_text().strip()

    def close(self):
        self.app.db.dispose()

    def study(self, **given):
        answer = self.script.post("/api/v1/studies", json={"name": "Study", **given})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def upload(self, study_id, *files):
        return self.script.post(f"/api/v1/studies/{study_id}/transcripts", files=[("files", file) for file in files])

    def drawn(self, *names):
        """A study with a transcript for each name, run to its end."""
        study_id = self.study()
        answer = self.upload(study_id, *(talk(name) for name in names or ("Bea", "Carl")))
        assert [f["status"] for f in answer.json()["files"]] == ["stored"] * len(names or ("Bea", "Carl"))
        assert self.script.post(f"/api/v1/studies/{study_id}/runs").status_code == 202
        return study_id

    def grouped(self, *names):
        """A study of four of whom the first two speak of one half of the themes, and the last two of the other."""
        study_id = self.drawn(*(names or ("Bea", "Carl", "Dina", "Emil")))
        said = {}
        for quote in self.get(f"/studies/{study_id}/quotes", params={"limit": 200})["items"]:
            if quote["state"] != "skipped":
                said.setdefault(quote["participant"], []).append(quote["id"])
        for one, other in (("P1", "P2"), ("P3", "P4")):
            for n, pair in enumerate(zip(said[one], said[other], strict=True), start=1):
                for quote_id in pair:
                    assert self.script.patch(f"/api/v1/quotes/{quote_id}/tags", json={"experience": "pain"}).status_code == 200
                given = {"label": f"What {one} and {other} say {n}", "quote_ids": list(pair)}
                assert self.script.post(f"/api/v1/studies/{study_id}/themes", json=given).status_code == 201
        return study_id

    def get(self, path, **more):
        answer = self.script.get(f"/api/v1{path}", **more)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json()


def talk(name):
    return (f"{name.lower()}.txt", TALK.format(name=name).encode())
