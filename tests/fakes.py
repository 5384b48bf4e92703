"""Fakes of the ports: quick, deterministic, and honest about what they stand for."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from scripted_server import sensible_value

from app.domain.identity import sha256
from app.domain.render import Finding
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.domain.themes import ClusterProposal
from app.errors import ModelError
from app.ports import Encoding, Foreseen, ModelReply, ModelRequest, Usage, Window, WindowTags

FEELINGS = ((Emotion.FRUSTRATION, Experience.PAIN), (Emotion.RELIEF, Experience.DELIGHT), (Emotion.NEUTRAL, Experience.NEUTRAL))


def number(text: str) -> int:
    return int(sha256(text)[:8], 16)


class FakeClock:
    def __init__(self) -> None:
        self._now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


class FakeEmbedder:
    """Words decide the vector."""

    name = "fake/1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Encoding:
        self.encoded += texts
        rows = [np.random.default_rng(number(t)).normal(size=8) for t in texts]
        vectors = np.array([r / np.linalg.norm(r) for r in rows], np.float32).reshape(len(texts), 8)
        return Encoding(vectors, vectors.astype(np.float16))

    def glance(self, texts: Sequence[str]) -> np.ndarray:
        return np.zeros((len(texts), 8), np.float32)


class FakeRedactor:
    """Finds nothing, and loads nothing for it."""

    name = "none/1"

    def find(self, _text: str, _names: Sequence[str], _language: str = "en") -> tuple[Finding, ...]:
        return ()


class FakeQueryEncoder:
    """Only the very words of a quote lead to it."""

    name = FakeEmbedder.name

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_query(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return FakeEmbedder().encode([text]).vectors[0]


class FakeLanguageModel:
    """Answers as the scripted server does, in this process and each request once; `broken` names failing tasks, `mend` changes replies."""

    model = "scripted"

    def __init__(self) -> None:
        self.asked: list[ModelRequest] = []
        self.broken: set[str] = set()
        self.mend: Callable[[ModelRequest, dict[str, Any]], None] = lambda _request, _value: None
        self.known: set[str] = set()

    def of(self, task: str) -> list[ModelRequest]:
        return [request for request in self.asked if request.task == task]

    def ask(self, request: ModelRequest) -> ModelReply:
        if request.task in self.broken:
            raise ModelError("the endpoint is down")
        value = sensible_value({"messages": [{"content": request.system}, {"content": request.user}]})
        self.mend(request, value)
        if request.user in self.known:
            return ModelReply(value, Usage(cached=1))
        self.asked.append(request)
        self.known.add(request.user)
        return ModelReply(value, Usage(calls=1, tokens_in=10, tokens_out=5, characters=len(request.system) + len(request.user)))

    def foresee(self, request: ModelRequest) -> Foreseen:
        return Foreseen() if request.user in self.known else Foreseen(1, 10, 5, len(request.system) + len(request.user))


class FakeTagger:
    """Words decide the tags; `refuses` names texts that it leaves out, `broken` makes every call fail, `gists` has it write some."""

    source = "offline"
    prompt = "v1@fake"

    def __init__(self, *, model: str = "fake/1", window_size: int = 10) -> None:
        self.model = model
        self.window_size = window_size
        self.asked: list[str] = []
        self.refuses: set[str] = set()
        self.broken = False
        self.gists = False

    def tag(self, window: Window) -> WindowTags:
        if self.broken:
            raise ModelError("the endpoint is down")
        self.asked += [q.quote_id for q in window.quotes]
        judged = {q.number: self._judge(q.text, window) for q in window.quotes if q.quote_id not in self.refuses}
        reason = None if len(judged) == len(window.quotes) else "the model left quotes out"
        return WindowTags(judged, 0, Usage(calls=1, tokens_in=10, tokens_out=5), reason)

    def foresee(self, window: Window) -> Foreseen:
        return Foreseen(1, 10, 5, sum(len(q.text) for q in window.quotes))

    def _judge(self, text: str, window: Window) -> Tags:
        n = number(text)
        emotion, experience = FEELINGS[n % 3]
        stages = [*(s.id for s in window.stages), "none"]
        kind = (Kind.ACTION, Kind.THOUGHT, Kind.NEED)[n // 3 % 3]
        gist = f"what happened in case {n % 7}" if self.gists else None
        return Tags(stages[n // 9 % len(stages)], Channel.PHONE, "support line" if n % 2 else None, kind, emotion, 2, experience, gist, 0.8)


class GrumblingTagger(FakeTagger):
    """Everything is a pain with the support line, but what is said of the chat, which is a delight."""

    def _judge(self, text: str, window: Window) -> Tags:
        pleased = "chat" in text
        emotion, experience = (Emotion.DELIGHT, Experience.DELIGHT) if pleased else (Emotion.FRUSTRATION, Experience.PAIN)
        return Tags(window.stages[-1].id, Channel.PHONE, "support line", Kind.ACTION, emotion, 2, experience, None, 0.8)


class FakeClusterer:
    """The first number of the vector decides the group; one in five stays unplaced."""

    def cluster(self, quote_ids: Sequence[str], features: np.ndarray) -> ClusterProposal:
        groups: dict[int, list[str]] = {}
        unplaced = []
        for quote_id, row in zip(quote_ids, features, strict=True):
            if number(quote_id) % 5 == 0:
                unplaced.append(quote_id)
            else:
                groups.setdefault(int(abs(row[0]) * 4) if len(row) else 0, []).append(quote_id)
        return ClusterProposal(tuple(sorted(tuple(sorted(g)) for g in groups.values())), tuple(sorted(unplaced)))
