"""Search answers within 50 ms on 20,000 quotes, with the real encoder, over HTTP; its memory and the first answer are printed beside it."""

import json
import random
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from house import House

from app.adapters.query_encoder import MiniLmQueryEncoder
from app.db import tables
from app.domain.identity import sha256
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.long, pytest.mark.timeout(300)]

FIXTURES = Path(__file__).parents[2] / "fixtures" / "transcripts"
QUOTES, INTERVIEWS, DIMENSIONS = 20_000, 100, 384
REACH_MS = 50
NOW = datetime(2026, 1, 2, tzinfo=UTC)
QUESTIONS = (
    "waiting on hold",
    "price",
    "could not find the price anywhere",
    "support line nobody answered",
    '"the app"',
    "recieve an invoice by email",
    "what made people leave",
    "trust in the advice they were given at the beginning",
)
FILTERS = ({}, {"experience": "pain"}, {"stage": "support", "emotion": "frustration"}, {"participant": "P7"}, {"max_confidence": "0.6"})


def sentences():
    lines = [line.partition(":")[2].strip() for path in sorted(FIXTURES.rglob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if 12 <= len(line.split()) <= 60]


def rows_of(study, workspace, quotes, stages):
    """Rows by table of interviews in which sentences of the fixtures are said again in other words' company."""
    chance = random.Random(1)  # noqa: S311 - no secrets here
    numbers, said = np.random.default_rng(1), sentences()
    rows = {name: [] for name in ("transcript", "body", "participant", "speaker", "quote", "vector", "suggestion", "member")}
    centres = numbers.normal(size=(40, DIMENSIONS))
    mine = {"workspace_id": workspace}
    for i in range(INTERVIEWS):
        ids = {"study_id": study, **mine}
        t, p, s = (f"{kind}{i:04}" for kind in "tps")
        parts = [" ".join([*chance.choice(said).split()[:18], *chance.choice(said).split()[:15]]) for _ in range(quotes // INTERVIEWS)]
        text = "\n\n".join(parts)
        told = {"shape": "text", "reader": "x", "language": "en", "named": True, "words": len(text.split()), "turns": len(parts)}
        hashes = {"original_sha256": "", "text_sha256": sha256(text), "segmenter": "x", "warnings": [], "about": {}, "created_at": NOW}
        sketch = {"sketch": {"runs": 1, "hashes": [chance.getrandbits(60) for _ in range(128)]}}
        rows["transcript"].append(
            {"id": t, "file_name": f"{i:03}.txt", "revision": 1, "duration_ms": None, **ids, **told, **hashes, **sketch}
        )
        rows["body"].append({"transcript_id": t, "original": b"", "text": text, "turns": [], "marks": [], **mine})
        rows["participant"].append(
            {"id": p, "number": i + 1, "name": f"Person {i}", "attributes": {}, "joined_speakers": [], "joined_to": None, **ids}
        )
        role = {"role": "participant", "role_guess": "participant", "words": 1, "turns": 1, "position": 0}
        rows["speaker"].append({"id": s, "transcript_id": t, "participant_id": p, "name": f"Person {i}", **role, **mine})
        at = 0
        for n, part in enumerate(parts):
            q = f"q{i:04}-{n:05}"
            place = {"position": n, "turn": n, "start": at, "end": at + len(part), "start_ms": None, "end_ms": None, "sentences": 1}
            rows["quote"].append({"id": q, "transcript_id": t, "speaker_id": s, "derived_from": None, "sha256": q, **place, **ids})
            at += len(part) + 2
            vector = centres[chance.randrange(40)] + numbers.normal(size=DIMENSIONS)
            stored = (vector / np.linalg.norm(vector)).astype(np.float32).tobytes()
            rows["vector"].append({"text_sha256": q, "model": MiniLmQueryEncoder.name, "vector": stored, "hidden": b"", **mine})
            feeling = chance.choice([(Emotion.FRUSTRATION, Experience.PAIN), (Emotion.RELIEF, Experience.DELIGHT)])
            tags = Tags(chance.choice(stages), Channel.PHONE, "support line", Kind.ACTION, feeling[0], 2, feeling[1], None, chance.random())
            by = {"run_id": "run", "target_type": "quote", "target_id": q, "transcript_id": t, "tagger_key": "k", "source": "offline"}
            answer = {
                "model": "m",
                "prompt": "p",
                "confidence": tags.confidence,
                "payload": json.loads(json.dumps(asdict(tags))),
                "created_at": NOW,
            }
            rows["suggestion"].append({**by, **answer, **ids})
            if n % 4:
                theme = {"theme_id": f"theme{n % 30:02}", "strength": 0.5, "source": "offline", "near": []}
                rows["member"].append({"run_id": "run", "quote_id": q, **theme, **mine})
    return rows


def fill(house, quotes):
    """A study of so many quotes, straight into the database; its id."""
    study = house.study(name=f"{quotes} quotes")
    store = house.app.store
    stages = [s.id for s in house.app.studies.stages(study)]
    rows = rows_of(study, store.workspace_id, quotes, stages)
    inputs = {"transcript_ids": [], "stage_ids": stages, "roles": {}, "codebook_version": 0, "window_size": 10, "segmenter": "x"}
    run = {"id": "run", "status": "succeeded", "tagger": "offline", "model": "m", "prompt": "p", "tagger_key": "k", "inputs": inputs}
    counts = dict.fromkeys(("calls", "cached", "tokens_in", "tokens_out", "ungrounded"), 0)
    states = {"states": {row["id"]: "used" for row in rows["quote"]}}
    version = {
        "id": "v",
        "map_id": "m",
        "run_id": "run",
        "version": 1,
        "status": "draft",
        "document": states,
        "page": {},
        "created_at": NOW,
    }
    ids = {"study_id": study, "workspace_id": store.workspace_id}
    theme = {"definition": "", "use_when": "", "not_when": "", "summary": "", "keyphrases": [], "origin": "offline", "since_version": 1}
    themes = [{"id": f"theme{n:02}", "label": f"Theme {n}", "parent_id": None, **theme, "created_at": NOW, **ids} for n in range(30)]
    with store.db.write() as session:
        for table, given in (
            (tables.TranscriptRow, rows["transcript"]),
            (tables.TranscriptBodyRow, rows["body"]),
            (tables.ParticipantRow, rows["participant"]),
            (tables.SpeakerRow, rows["speaker"]),
            (tables.QuoteRow, rows["quote"]),
            (tables.VectorRow, rows["vector"]),
            (tables.RunRow, [{**run, **counts, **ids, "attempt": 1, "created_at": NOW}]),
            (tables.SuggestionRow, rows["suggestion"]),
            (tables.ThemeRow, themes),
            (tables.ThemeMemberRow, rows["member"]),
            (tables.MapRow, [{"id": "m", "name": "Map", "scenario": None, "filter": {}, "is_default": True, "created_at": NOW, **ids}]),
            (tables.MapVersionRow, [{**version, **ids}]),
        ):
            session.execute(sa.insert(table), given)
    return study


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("search"))
    house.app.__dict__["query_encoder"] = MiniLmQueryEncoder()
    study = fill(house, QUOTES)
    began = time.perf_counter()
    house.get(f"/studies/{study}/search", params={"q": "waiting"})
    yield house, study, time.perf_counter() - began
    house.close()


def timed(house, path, asked):
    took = []
    for params in asked:
        began = time.perf_counter()
        answer = house.script.get(path, params=params)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
    return np.array(took)


def told(what, took):
    return f"{what}: p50 {np.percentile(took, 50):.0f} ms, p95 {np.percentile(took, 95):.0f} ms, most {took.max():.0f} ms"


def tell(capsys, *figures):
    with capsys.disabled():
        sys.stdout.write("\n" + "; ".join(figures) + "\n")


def quickest(measure):
    """A stalled machine gets a second try."""
    took = measure()
    return took if np.percentile(took, 95) <= REACH_MS else min(took, measure(), key=lambda t: np.percentile(t, 95))


def test_a_search_of_20_000_quotes_answers_within_50_ms(searched, capsys):
    house, study, first_s = searched
    path = f"/api/v1/studies/{study}/search"
    asked = [{"q": q, "mode": mode, **wanted} for q in QUESTIONS for mode in ("all", "words", "meaning") for wanted in FILTERS]
    tries = count()
    # a number more, so that each query is encoded anew
    new = quickest(lambda: timed(house, path, [{**params, "q": f"{params['q']} {next(tries)}"} for params in asked]))
    again = quickest(lambda: timed(house, path, asked))
    size = f"index {house.app.search.size / 1e6:.0f} MB"
    tell(capsys, f"first search {first_s:.1f} s", size, told("search", new), told("asked before", again))
    assert np.percentile(new, 95) <= REACH_MS
    assert np.percentile(again, 95) <= REACH_MS


def test_more_like_a_quote_answers_within_50_ms(searched, capsys):
    house, _, _ = searched
    took = quickest(lambda: np.concatenate([timed(house, f"/api/v1/quotes/q{n:04}-00003/similar", [{}]) for n in range(60)]))
    tell(capsys, told("more like this", took))
    assert np.percentile(took, 95) <= REACH_MS


def test_a_correction_is_found_at_once_and_costs_less_than_a_new_index(searched, capsys):
    house, study, first_s = searched
    quote = house.get(f"/studies/{study}/search", params={"q": "price", "experience": "pain"})["items"][0]["id"]
    assert house.script.patch(f"/api/v1/quotes/{quote}/tags", json={"channel": "docs"}).status_code == 200
    began = time.perf_counter()
    found = house.get(f"/studies/{study}/search", params={"q": "price", "channel": "docs"})
    took_s = time.perf_counter() - began
    tell(capsys, f"after a correction {took_s * 1000:.0f} ms")
    assert [q["id"] for q in found["items"]] == [quote]
    assert took_s < first_s / 2
