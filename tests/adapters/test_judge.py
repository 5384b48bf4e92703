import json
from dataclasses import replace
from pathlib import Path

import codebook
import pytest
from ask import collect, keep, messages_of, replay, unpack, write
from endpoint import NO_REPLY, JudgeEndpoint
from exchange import Exchange, count_tokens
from prompt_sizes import reply_of

from app.adapters.gold_folder import read_gold
from app.adapters.prompts import load_prompt
from app.domain.tags import Experience
from app.stages.codebook import GistLine
from app.stages.parse import parse

TALK = (
    "Int: How was the set-up?\n\nAda: Ten minutes, done.\n\nInt: And when it broke?\n\nAda: An hour of pan pipes. Lovely music, really.\n"
)
ROOT = Path(__file__).resolve().parents[2]
RECORDED, GOLD = ROOT / "benchmarks" / "judge" / "recorded", ROOT / "fixtures" / "gold"
LABELS = {"touchpoint": None, "gist": None, "theme": None, "hard": [], "intensity": 1}
EMPTY = {"study": "", "product": None, "question": None, "language": "en", "usual": (1, 2)}
EMPTY |= {"stages": [], "entries": [], "lines": [], "drafts": [], "quotes": []}
SAID = (
    ("Ten minutes, done.", {"stage": "onboarding", "channel": "app", "kind": "action", "emotion": "satisfaction", "experience": "delight"}),
    (
        "An hour of pan pipes. Lovely music, really.",
        {"stage": "support", "channel": "phone", "kind": "action", "emotion": "frustration", "experience": "pain"},
    ),
)


@pytest.fixture
def gold(tmp_path):
    study = tmp_path / "gold" / "pan-pipes"
    study.mkdir(parents=True)
    (study / "01-ada.txt").write_text(TALK, encoding="utf-8")
    (study / "study.json").write_text(json.dumps({"field": "f", "title": "T", "product": "A lamp", "interviewers": ["Int"]}))
    text = _canonical(study / "01-ada.txt")
    rows = []
    for words, labels in SAID:
        start = text.index(words)
        rows.append({"file": "01-ada.txt", "start": start, "end": start + len(words), "text": words, **LABELS, **labels})
    (study / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_gold(study), rows


def _canonical(path):
    return parse(path.read_bytes(), path.name).canonical.text


def test_every_request_is_written_once_as_a_page_that_can_be_answered_alone(gold, tmp_path):
    box = tmp_path / "box"
    assert write(gold[0], box, None) == write(gold[0], box, None) == 1
    (page,) = box.glob("*.request.md")
    text = page.read_text(encoding="utf-8")
    assert "PRODUCT A lamp" in text
    assert "<q n=2>An hour of pan pipes." in text
    assert '"additionalProperties"' in text
    assert "onboarding" not in text.partition("<data>\n")[2].partition("## JSON")[0]
    assert page.name.removesuffix(".request.md") in (box / "list.txt").read_text(encoding="utf-8")


def test_recorded_replies_are_scored_by_the_ordinary_tagger_and_survive_being_kept(gold, tmp_path):
    studies, rows = gold
    exchange = Exchange(tmp_path / "box")
    write(studies, exchange.folder, None)
    _, unanswered = replay(studies, exchange, None)
    (key,) = unanswered
    said = {"answered_by": "a reader", "answered_at": "2026-01-01T00:00Z", "reply": json.loads(reply_of(rows))}
    (exchange.folder / f"{key}.reply.json").write_text(json.dumps(said), encoding="utf-8")
    document, unanswered = replay(studies, exchange, None)
    assert not unanswered
    assert document["gaps"]["quotes"] == 0
    assert {document["all"]["fields"][name]["accuracy"] for name in ("stage", "channel", "emotion", "experience", "kind")} == {1.0}
    asked = collect(studies, None).requests[0]
    assert document["cost"]["tokens_in"] == count_tokens(asked.system) + count_tokens(asked.user)
    assert keep(studies, exchange, tmp_path / "kept", None) == 1
    again, unanswered = replay(studies, unpack(tmp_path / "kept", tmp_path / "unpacked"), None)
    assert (again, unanswered) == (document, set())
    assert exchange.reply(key).answered_by == "a reader"


def test_a_request_waits_for_its_reply_and_half_a_reply_is_none(tmp_path):
    exchange = Exchange(tmp_path)
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
    key = exchange.put(messages, None)
    reply = tmp_path / f"{key}.reply.json"
    reply.write_text('{"q": [', encoding="utf-8")
    with JudgeEndpoint(exchange) as server:
        assert server.answer({"messages": messages})[0] == NO_REPLY
        assert server.unanswered == {key}
        reply.write_text('{"q": []}', encoding="utf-8")
        status, body = server.answer({"messages": messages})
    assert status == 200
    assert body["choices"][0]["message"]["content"] == '{"q":[]}'


def test_the_same_request_has_the_same_key_and_another_has_another(gold):
    asked = collect(gold[0], None).requests[0]
    exchange_key = {json.dumps(messages_of(asked)), json.dumps(messages_of(collect(gold[0], None).requests[0]))}
    assert len(exchange_key) == 1
    assert messages_of(collect(gold[0], "v1").requests[0]) != messages_of(asked)


@pytest.mark.parametrize("store", sorted(f.parent for f in RECORDED.glob("*/windows.jsonl")), ids=lambda store: store.name)
def test_recorded_replies_of_readers_belong_to_the_requests_that_are_rendered_today(store, tmp_path):
    version, _, part = store.name.partition("-")
    gold = GOLD / part if (GOLD / part).is_dir() else GOLD / "train" / part  # the whole test part, or one study of the train part
    document, unanswered = replay(read_gold(gold), unpack(store, tmp_path), version)
    assert not unanswered
    assert document["gaps"]["quotes"] == 0
    reached = {name: figures["kappa"] for name, figures in document["all"]["fields"].items()}
    assert reached["stage"] > 0.9
    assert min(reached["channel"], reached["experience"]) > 0.85
    assert reached["emotion"] > 0.75
    assert document["cost"]["per_quote"]["tokens_out"] <= 45
    lines = (store / "windows.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["answered_by"] and json.loads(line)["answered_at"] for line in lines)


def answer(folder, name, reply):
    said = {"answered_by": "reader 1", "answered_at": "2026-11-22T12:00:00Z", "reply": reply}
    (folder / f"{name}.reply.json").write_text(json.dumps(said), encoding="utf-8")


def test_a_code_book_is_drafted_and_quotes_are_placed_by_readers_and_both_survive_being_kept(gold, tmp_path, monkeypatch):
    study = replace(gold[0].studies[0], name="pan-pipes")
    told = {q.quote.id: ("use", "pain", f"gist {n}") for n, q in enumerate(study.quotes)}
    places = {q.quote.id: f"01-ada.txt:{q.quote.start}:{q.quote.end}" for q in study.quotes}
    sheet = codebook.Sheet(study, told, places)
    monkeypatch.setattr(codebook.Sheet, "lines", lambda s: tuple(GistLine(q, told[q][2], "use", Experience.PAIN, "P1") for q in s.asked))
    box = tmp_path / "box"
    codebook.write_drafts(box, iter([sheet]))
    assert "2 P1 use - gist 1" in (box / "draft" / "pan-pipes.txt").read_text(encoding="utf-8")
    codebook.write_assignments(box, iter([sheet]))
    assert not (box / "assign").exists(), "nothing can be placed before the draft is answered"
    entry = {"label": "Pan pipes while waiting", "definition": "D.", "use_when": "", "not_when": "", "n": [2], "parent": None}
    answer(box / "draft", "pan-pipes", {"t": [entry]})
    codebook.write_assignments(box, iter([sheet]))
    assert "1: Pan pipes while waiting. D." in (box / "assign" / "pan-pipes-1.txt").read_text(encoding="utf-8")
    answer(box / "assign", "pan-pipes-1", {"a": [[1, 0], [2, 1]]})
    expected = {"pan-pipes": dict(zip(places.values(), [None, "Pan pipes while waiting"], strict=True))}
    assert codebook.placements(box) == expected
    codebook.keep(box, tmp_path / "kept")
    codebook.lay_out(tmp_path / "kept", tmp_path / "again")
    assert codebook.placements(tmp_path / "again") == expected


def test_the_recorded_placements_are_whole(tmp_path, capsys):
    codebook.lay_out(RECORDED / "v1-themes", tmp_path)
    placed = codebook.placements(tmp_path)
    assert {study: len(quotes) for study, quotes in placed.items()} == {
        "building-permit": 198,
        "electric-car-charging": 176,
        "first-hearing-aids": 365,
        "invoicing-app": 353,
        "sleeper-train": 341,
        "veterinary-practice": 179,
    }
    said = capsys.readouterr().out.splitlines()
    assert all(line.endswith(": 0 quotes without an answer, 0 ungrounded") for line in said)
    unplaced = sum(label is None for quotes in placed.values() for label in quotes.values())
    assert unplaced > 0, "leaving a quote unplaced is an answer"


def test_readers_answered_the_prompts_that_are_recorded_as_theirs():
    for kind, task in (("draft", "draft_codebook"), ("assign", "assign_themes")):
        prompt = load_prompt(task, "v1")
        assert (RECORDED / "v1-themes" / f"{kind}.system.txt").read_text(encoding="utf-8") == prompt.request(EMPTY, 1).system
        lines = [json.loads(line) for file in (RECORDED / "v1-themes").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
        assert {line["prompt"] for line in lines if line["kind"] == kind} == {prompt.id}
        assert all(line["answered_by"] and line["answered_at"] for line in lines)


def test_placing_a_quote_costs_no_more_tokens_than_promised(tmp_path):
    codebook.lay_out(RECORDED / "v1-themes", tmp_path)
    for folder, read_most, written_most in ((tmp_path / "draft", 13, 11), (tmp_path / "assign", 60, 6)):
        read = written = quotes = 0
        for request in folder.glob("*.json"):
            if not request.stem.endswith(".reply"):
                asked, value = codebook.answered(folder, request.stem)
                quotes += len(asked["places"])
                read += count_tokens(asked["messages"][1]["content"].partition("<data>")[2])
                written += count_tokens(json.dumps(value, separators=(",", ":")))
        assert read / quotes <= read_most
        assert written / quotes <= written_most
