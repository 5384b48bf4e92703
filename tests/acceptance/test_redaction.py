"""No request to a language model holds personal data of the easy kind, over the whole test set of the redaction."""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from scripted_server import ScriptedServer

from app.adapters.redaction import LayeredRedactor
from app.cli import main

SET = Path(__file__).resolve().parents[2] / "benchmarks" / "redaction" / "set.jsonl"
MENTION = re.compile(r"\{\{(\w+)\|(\w+)\|(.*?)\}\}", re.DOTALL)
CONTEXT = 12


def passages() -> list[dict]:
    return [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


def plain(marked: str) -> str:
    return " ".join(MENTION.sub(lambda m: m[3], marked).split())


def write_transcripts(folder: Path) -> int:
    """One file for the passages that share their labels, a turn a passage; how many files."""
    files: dict[tuple[str, ...], list[dict]] = defaultdict(list)
    for passage in passages():
        files[*passage["names"], passage["language"]].append(passage)
    for number, together in enumerate(files.values()):
        greetings = [f"{name}: Good morning, everybody." for name in together[0]["names"]]  # all labels are known where all speak
        turns = [*greetings, *(f"{p['speaker']}: {plain(p['text'])}" for p in together)]
        (folder / f"t{number:03}.txt").write_text("\n\n".join(turns) + "\n", encoding="utf-8")
    return len(files)


def easy_mentions() -> list[tuple[str, str]]:
    """Every easy mention, alone and with a little of what stands around it."""
    found = []
    for passage in passages():
        for match in MENTION.finditer(passage["text"]):
            if match[2] == "easy":
                before = plain(passage["text"][: match.start()])[-CONTEXT:]
                after = plain(passage["text"][match.end() :])[:CONTEXT]
                found.append((" ".join(match[3].split()), f"{before}|{after}"))
    return found


def stands_elsewhere(words: str) -> bool:
    """Whether these words are also part of what is no easy mention: a name that others bear, or an ordinary word."""
    rest = " ".join(MENTION.sub(lambda m: "" if m[2] == "easy" else m[3], p["text"]) for p in passages())
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", rest) is not None


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_easy_mention_of_the_test_set_reaches_a_model(monkeypatch, tmp_path):
    folder = tmp_path / "interviews"
    folder.mkdir()
    assert write_transcripts(folder) > 10
    with ScriptedServer() as server:
        told = {"THROUGHLINE_LLM_BASE_URL": server.url, "THROUGHLINE_LLM_MODEL": "scripted"}
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["throughline", "synthesize", str(folder), "--out", str(tmp_path / "out"), "--tagger", "llm"])
        with pytest.raises(SystemExit):
            main()
        sent = "\n".join(message["content"] for call in server.calls for message in call["messages"])
    assert sent.count("[name]") > 100
    assert sent.count("[email]") > 20
    leaks = sum(leaked(words, around, sent) for words, around in easy_mentions())
    assert leaks == 0  # a number, never the words: nobody who tunes the detector reads the set


def leaked(words: str, around: str, sent: str) -> bool:
    """Whether a mention stands raw in what was sent; words that others bear too are looked for with what stands around them."""
    if not words.isascii() and len(words) == 1:
        return False
    raw = rf"(?<!\w){re.escape(words)}(?!\w)"
    if stands_elsewhere(words):
        before, after = around.split("|")
        raw = rf"{re.escape(before.lstrip())}\s?{raw}\s?{re.escape(after[:4].rstrip())}"
    return re.search(raw, sent) is not None


def test_every_easy_mention_of_the_test_set_is_covered_in_its_transcript():
    detector = LayeredRedactor(model=False)
    open_ones = 0
    for passage in passages():
        text = MENTION.sub(lambda m: m[3], passage["text"])
        hidden = {at for f in detector.find(text, passage["names"], passage["language"]) for at in range(f.start, f.end)}
        moved = 0
        for match in MENTION.finditer(passage["text"]):
            start = match.start() - moved
            moved += len(match.group()) - len(match[3])
            letters = [start + i for i, c in enumerate(match[3]) if c.isalnum()]
            open_ones += match[2] == "easy" and not hidden.issuperset(letters)
    assert open_ones == 0
