"""What `estimate` says before a run against what the run then uses: the bundled studies, a server that tags as the gold labels say."""

import json
import re
from pathlib import Path

import bpe_openai
import pytest
from scripted_server import Behaviour, Request, Response, ScriptedServer, completion, entry_of, gist_lines, quote_lines, sensible_value

from app.adapters.openai import OpenAITagger
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.domain.runs import Run, RunStatus, TaggerKind
from app.services.intake import Upload
from app.services.synthesis import Inline, synthesize
from app.settings import Settings
from app.wiring import Application

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
STUDIES = ("first-hearing-aids", "invoicing-app", "sleeper-train")
FORMATS = {".txt", ".vtt", ".srt", ".md"}
WITHIN = 0.10
O200K = bpe_openai.get_encoding("o200k_base")


class NothingPersonal:
    """Spares the tests the search for personal data (`ports.Redactor`)."""

    name = "none/1"

    def find(self, *_: object):
        return ()


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def as_labelled(*studies: str) -> Behaviour:
    """Tag and place every quote as its gold label says, draft the gold themes, and count tokens as a large model does."""
    folders = [FIXTURES / "gold" / "train" / study for study in studies]
    lines = [line for folder in folders for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    labels = {label["text"]: label for label in map(json.loads, lines)}
    themes = [theme for folder in folders for theme in json.loads((folder / "themes.json").read_text(encoding="utf-8"))]

    def behave(request: Request, _count: int) -> Response:
        value = sensible_value(request)
        user = request["messages"][1]["content"]
        for item in value.get("q", []):
            label = labels[quote_lines(request)[item["n"]]]
            mood = label["emotion"] if label["emotion"] == "neutral" else f"{label['emotion']}{label['intensity']}"
            told = {"s": label["stage"], "c": label["channel"], "k": label["kind"], "e": mood, "x": label["experience"]}
            item |= {**told, "g": label["gist"]}
        if "t" in value and "<data>\npart 1\n" not in user:
            value["t"] = drafted(user, themes, {label["gist"]: label["theme"] for label in labels.values()})
        if "a" in value:
            keys = {label: int(n) for n, label in re.findall(r"^(\d+): ([^.]*)\.", user, re.MULTILINE)}
            value["a"] = [[n, keys.get(labels[text]["theme"], 0)] for n, text in quote_lines(request).items()]
        content = json.dumps(value, separators=(",", ":"))
        body = completion(content).body
        read = sum(len(O200K.encode(message["content"])) for message in request["messages"])
        written = len(O200K.encode(content))
        body["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        return Response(body)

    return behave


def drafted(user: str, themes: list[dict], theme_of: dict[str, str | None]) -> list[dict]:
    """The gold themes of which at least three lines speak and that the code book does not hold, as long as a reader words them."""
    numbers: dict[str | None, list[int]] = {}
    for n, (_, gist) in gist_lines(user).items():
        numbers.setdefault(theme_of[gist], []).append(n)
    there = set(re.findall(r"^= ([^:\n]*)", user, re.MULTILINE))
    hint = "a cost, a wait or a person comes up that bears on how this goes for them"
    return [
        entry_of(t["label"], numbers[t["label"]][:6]) | {"definition": t["definition"], "use_when": hint, "not_when": hint}
        for t in themes
        if len(numbers.get(t["label"], ())) >= 3 and t["label"] not in there
    ]


def application(server: ScriptedServer, folder: Path, embedder: MiniLmEmbedder) -> Application:
    settings = Settings(data_dir=folder, llm_base_url=server.url, llm_model="m", llm_price_in=2.0, llm_price_out=8.0)
    app = Application(settings)
    app.__dict__.update({"embedder": embedder, "redactor": NothingPersonal(), "taggers": {"llm": OpenAITagger(app.model)}})
    return app


def interviews(study: str) -> list[Upload]:
    return [Upload(p.name, p.read_bytes()) for p in sorted((FIXTURES / "transcripts" / study).iterdir()) if p.suffix in FORMATS]


def tasks(requests: list[Request]) -> list[str]:
    return re.findall(r"Task: (\w+)", " ".join(request["messages"][0]["content"] for request in requests))


@pytest.mark.parametrize("name", [STUDIES[0], *(pytest.param(name, marks=pytest.mark.long) for name in STUDIES[1:])])
def test_the_estimate_is_within_a_tenth_of_a_first_run_of_a_larger_one_and_of_none(name, embedder, tmp_path):
    with ScriptedServer(as_labelled(name)) as server:
        app = application(server, tmp_path, embedder)
        study = app.studies.create(name.replace("-", " "), question="What happens?")
        files = interviews(name)
        for some in (files[:-1], files[-1:], []):
            app.ingest.upload(study.id, some, actor="test")
            told = app.estimates.of(study.id)
            before = len(server.calls)
            used = run(app, study.id)
            asked = tasks(server.calls[before:])
            said = {p.name: (p.calls, p.tokens_in, p.tokens_out) for p in told.parts}
            spent = {s.task: (s.calls, s.tokens_in, s.tokens_out) for s in used.spent}
            where = f"{len(some)} files: foretold {said}, used {spent}"
            assert used.calls == len(asked)
            assert abs(told.calls - used.calls) <= WITHIN * used.calls, where
            assert abs(told.tokens_in - used.tokens_in) <= WITHIN * used.tokens_in, where
            assert told.tokens_out >= used.tokens_out, where
            assert told.price >= used.cost if used.calls else told.price == 0
            assert said["tag"][0] == asked.count("tag_quotes")
        app.db.dispose()


def run(app: Application, study_id: str) -> Run:
    made = app.runs.create(study_id, TaggerKind.LLM)
    synthesize(made.id, Inline(llm_at_once=4), app.steps)
    ended = app.runs.get(made.id)
    assert ended.status is RunStatus.SUCCEEDED
    return ended


def test_an_eleventh_interview_is_the_only_one_that_is_tagged_and_a_re_run_asks_nothing(embedder, tmp_path):
    with ScriptedServer(as_labelled(*STUDIES)) as server:
        app = application(server, tmp_path, embedder)
        study = app.studies.create("Ten and one")
        files = [file for name in STUDIES for file in interviews(name)][:11]
        app.ingest.upload(study.id, files[:10], actor="test")
        run(app, study.id)
        first = len(server.calls)
        run(app, study.id)
        assert len(server.calls) == first
        (added,) = app.ingest.upload(study.id, files[10:], actor="test")
        run(app, study.id)
        asked = tasks(server.calls[first:])
        new = [q["text"] for q in app.quotes.every(study.id) if q["transcript_id"] == added.transcript.id]
        tagged = [text for call in server.calls[first:] if tasks([call]) == ["tag_quotes"] for text in quote_lines(call).values()]
        assert sorted(tagged) == sorted(new)
        assert asked.count("tag_quotes") <= 4
        assert asked.count("assign_themes") <= 8  # the new quotes, and since they bring new themes those of the ten that had none
        assert asked.count("draft_codebook") <= 1
        assert asked.count("write_stage") <= tasks(server.calls[:first]).count("write_stage") + 4  # one a stage, two where it outgrew one
        app.db.dispose()
