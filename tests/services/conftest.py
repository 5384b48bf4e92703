import shutil

import pytest
from fakes import FakeClusterer, FakeEmbedder, FakeQueryEncoder, FakeTagger

from app.domain.runs import TaggerKind
from app.services.ingest import Upload
from app.services.synthesis import Inline, synthesize
from app.settings import Settings
from app.wiring import Application

TALK = """\
Ann Interviewer: Thanks for making the time. How did you first hear about it?

{name}: My sister in {town} told me about it on the phone last spring. I was fed up with the old provider because they \
kept me waiting for forty minutes. So I looked at the website that evening and I could not find the price anywhere.

Ann Interviewer: And what happened next?

{name}: I signed up with my card and the email never came. I rang {who} twice and nobody answered. But then the chat sorted it out in two \
minutes, which was brilliant, honestly.

Ann Interviewer: Would you recommend it?

{name}: I already have, to my brother in law. I still think the app is slow when I open it in the morning. Maybe I will leave next year if \
they raise the price again. That is how we are in {town}.
"""
NAMES = ("Bea Larsson", "Carl Osei", "Dina Haddad", "Emil Novak")


def talk(name, who="the support line"):
    return Upload(f"{name.split()[0].lower()}.txt", TALK.format(name=name, who=who, town=f"{name[0]}-town").encode())


class Bench:
    """A study with fakes behind it."""

    def __init__(self, folder, *, settings=None, **tagger):
        self.app = Application(Settings(data_dir=folder, **settings or {}))
        self.tagger = FakeTagger(**tagger)
        self.embedder = FakeEmbedder()
        self.replace(tagger=self.tagger)
        self.app.__dict__["query_encoder"] = FakeQueryEncoder()
        self.study = self.app.studies.create("Study", key="study")

    def replace(self, *, tagger):
        for name in ("steps", "runs", "taggers", "estimates"):
            self.app.__dict__.pop(name, None)
        self.tagger = tagger
        self.app.__dict__.update({"embedder": self.embedder, "taggers": {tagger.source: tagger}, "clusterer": FakeClusterer()})

    def upload(self, *uploads):
        return self.app.ingest.upload(self.study.id, uploads, actor="test")

    def run(self):
        run = self.app.runs.create_or_resume(self.study.id, TaggerKind.AUTO)
        synthesize(run.id, Inline(), self.app.steps)
        return self.app.runs.get(run.id)

    def map(self):
        return self.app.maps.read(self.app.maps.default_id(self.study.id), full=True)

    def statements(self):
        return {s["id"]: s for stage in self.map()["stages"] for lane in stage["lanes"].values() for s in lane}


@pytest.fixture(scope="session")
def drawn_once(tmp_path_factory):
    """The folder of a study of four interviews with its map, to be copied: drawing it takes longer."""
    made = Bench(tmp_path_factory.mktemp("drawn"))
    made.upload(*map(talk, NAMES))
    made.run()
    made.app.db.dispose()
    return made.app.settings.data_dir


@pytest.fixture
def bench(tmp_path):
    made = []

    def make(name="one", like=None, **tagger):
        if like:
            shutil.copytree(like, tmp_path / name)
        made.append(Bench(tmp_path / name, **tagger))
        return made[-1]

    yield make
    for one in made:
        one.app.db.dispose()
