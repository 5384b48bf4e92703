"""Fit the offline tagger on the train part of the gold standard: `python -m app.adapters.offline.train` (`make train`).

Nothing of the test part is read. Cross-validation leaves out whole studies, so that every figure is of products never seen in the fit.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, log_loss
from sklearn.model_selection import GroupKFold
from torch import nn
from torch.nn import functional

from app.adapters.gold_folder import read_gold
from app.adapters.offline.net import FIELDS, WEIGHTS_PATH, WIDTH, Array, features_of, softmax, standardised
from app.adapters.sentence_transformers import DIMENSIONS, HIDDEN_LAYERS, MiniLmEmbedder
from app.domain.tags import Emotion
from app.ports import WindowQuote

GOLD = Path(__file__).resolve().parents[3] / "fixtures" / "gold" / "train"
SEED = Path(__file__).with_name("data") / "quotes.jsonl"
KNOWN = DIMENSIONS * len(HIDDEN_LAYERS) + DIMENSIONS
"""Columns that are standardised: hidden units and question words; those after them are as they are."""
UNITS = 96
DROPOUT, INPUT_DROPOUT, SILENCED = 0.4, 0.2, 0.1
EPOCHS, RATE, DECAY, SMOOTHING = 14, 2e-3, 0.05, 0.05
BATCH_QUOTES, CROP = 160, (8, 40)
"""A batch holds about so many quotes; interviews are cut anew at every pass into stretches of such lengths."""
WEIGHT = {"stage": 1.0, "channel": 1.0, "emotion": 0.7, "experience": 1.0, "kind": 0.5, "intensity": 0.3}
NETS, FOLDS, NETS_A_FOLD = 4, 5, 2
UNLABELLED = -100


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled quotes: raw `features` (n, k), class numbers a field, the rows of each interview in order, each row's study."""

    features: Array
    labels: dict[str, NDArray[np.int64]]
    classes: dict[str, tuple[str, ...]]
    interviews: tuple[NDArray[np.int64], ...]
    studies: NDArray[Any]


class TrainedNet(nn.Module):
    """The net of `offline.net` with what it needs to be fitted."""

    def __init__(self, columns: int, classes: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.inner = nn.Linear(columns, UNITS)
        self.near = nn.Conv1d(UNITS, UNITS, WIDTH, padding=WIDTH // 2)
        self.far = nn.Conv1d(UNITS, UNITS, WIDTH, padding=WIDTH // 2 * 2, dilation=2)
        self.heads = nn.ModuleDict({field: nn.Linear(2 * UNITS, len(names)) for field, names in classes.items()})

    def forward(self, features: torch.Tensor, there: torch.Tensor) -> dict[str, torch.Tensor]:
        """Scores a field, (interviews, quotes, classes); `there` is 1 where a place holds a quote."""
        own = functional.relu(self.inner(self._drop(features, INPUT_DROPOUT)))
        own = self._drop(own, DROPOUT) * there[..., None]
        near = self._drop(functional.relu(self.near(own.transpose(1, 2))), DROPOUT) * there[:, None]
        far = near + self._drop(functional.relu(self.far(near)), DROPOUT)
        states = torch.cat([own, far.transpose(1, 2)], dim=-1)
        return {field: head(states) for field, head in self.heads.items()}

    def _drop(self, values: torch.Tensor, share: float) -> torch.Tensor:
        return functional.dropout(values, share, self.training)

    def arrays(self, number: int) -> dict[str, NDArray[np.float16]]:
        """Weights as `offline.net` reads them."""
        layers: dict[str, Any] = {"inner": self.inner, "near": self.near, "far": self.far, **self.heads}
        found: dict[str, NDArray[np.float16]] = {}
        for name, layer in layers.items():
            weights: torch.Tensor = layer.weight.detach()
            flat = weights.permute(2, 1, 0).reshape(-1, UNITS) if weights.dim() == 3 else weights.T  # noqa: PLR2004 - a convolution's
            found[f"{number}.{name}.weights"] = flat.numpy().astype(np.float16)
            found[f"{number}.{name}.bias"] = layer.bias.detach().numpy().astype(np.float16)
        return found


def main() -> None:
    """Cross-validate, fit on everything, write the weights, print how well unseen studies are tagged."""
    torch.set_num_threads(1)  # matrices this small lose more to waiting threads than they gain, and one thread is reproducible
    corpus = load_corpus()
    mean, scale = corpus.features[:, :KNOWN].mean(axis=0), corpus.features[:, :KNOWN].std(axis=0) + 1e-2
    columns = standardised(corpus.features, mean, scale)
    unseen = cross_validate(corpus, columns)
    temperatures = {field: _temperature(*_judged(unseen, corpus, field)) for field in FIELDS}
    every = np.arange(len(corpus.interviews))
    arrays: dict[str, Any] = {"nets": NETS, "mean": mean, "scale": scale}
    for number in range(NETS):
        arrays |= fit(corpus, columns, every, number).arrays(number)
    for field in FIELDS:
        arrays |= {f"{field}.classes": np.array(corpus.classes[field]), f"{field}.temperature": temperatures[field]}
    np.savez_compressed(WEIGHTS_PATH, **arrays)
    sys.stdout.write(report(corpus, unseen, temperatures))


def load_corpus() -> Corpus:
    """The gold standard's train part, and the seed quotes, which stand alone; encoded anew."""
    embedder = MiniLmEmbedder()
    features: list[Array] = []
    labels: list[dict[str, str]] = []
    lengths: list[int] = []
    studies: list[str] = []
    for study, quotes, said in _documents():
        hidden = embedder.encode([quote.text for quote in quotes]).hidden
        features.append(features_of(quotes, hidden, embedder.glance([quote.question or "" for quote in quotes])))
        labels += said
        lengths.append(len(quotes))
        studies += [study] * len(quotes)
    classes = {field: tuple(sorted({row[field] for row in labels if field in row})) for field in FIELDS}
    numbers = {
        field: np.array([classes[field].index(row[field]) if field in row else UNLABELLED for row in labels], np.int64) for field in FIELDS
    }
    ends = np.cumsum(lengths)
    interviews = tuple(np.arange(end - length, end) for end, length in zip(ends, lengths, strict=True))
    return Corpus(np.vstack(features), numbers, classes, interviews, np.array(studies))


def _documents() -> Iterator[tuple[str, list[WindowQuote], list[dict[str, str]]]]:
    """Study, quotes and labels of every interview, and of every seed quote."""
    for study in read_gold(GOLD).studies:
        for interview in study.interviews:
            quotes = [WindowQuote(n, q.quote.id, q.text, q.question, q.quote.speaker) for n, q in enumerate(interview.quotes, 1)]
            yield study.name, quotes, [_fitting(dict(q.labels)) for q in interview.quotes]
    for line in SEED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield f"seed {row['field']}", [WindowQuote(1, "", row["text"], None, "")], [{f: row[f] for f in FIELDS if row.get(f)}]


def _fitting(labels: dict[str, str]) -> dict[str, str]:
    """Labels to learn from: an intensity only where there is a feeling."""
    return {f: v for f, v in labels.items() if f in FIELDS and (f != "intensity" or labels["emotion"] != Emotion.NEUTRAL)}


def cross_validate(corpus: Corpus, columns: Array) -> dict[str, Array]:
    """Log-probabilities of quotes of studies that were not fitted on; of seed quotes, which help to fit only, zeros."""
    whole = [i for i, rows in enumerate(corpus.interviews) if len(rows) > 1]
    alone = np.array([i for i, rows in enumerate(corpus.interviews) if len(rows) == 1], np.int64)
    groups = [corpus.studies[corpus.interviews[i][0]] for i in whole]
    unseen = {field: np.zeros((len(columns), len(names)), np.float32) for field, names in corpus.classes.items()}
    for fold, (seen, left) in enumerate(GroupKFold(FOLDS).split(whole, groups=groups)):
        nets = [fit(corpus, columns, np.concatenate([np.array(whole)[seen], alone]), 100 + 10 * fold + n) for n in range(NETS_A_FOLD)]
        rows = [corpus.interviews[whole[i]] for i in left]
        for interview in rows:
            for field, chances in _average(nets, columns[interview]).items():
                unseen[field][interview] = np.log(chances + 1e-9)
    return unseen


@torch.no_grad()
def _average(nets: Sequence[TrainedNet], columns: Array) -> dict[str, Array]:
    """Mean probabilities of some nets for one interview."""
    given, there = torch.from_numpy(columns)[None], torch.ones(1, len(columns))
    scores = [net(given, there) for net in nets]
    return {field: np.mean([softmax(s[field][0].numpy()) for s in scores], axis=0) for field in FIELDS}


def fit(corpus: Corpus, columns: Array, chosen: NDArray[np.int64], seed: int) -> TrainedNet:
    """Fit one net on these interviews; the same seed gives the same net."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = TrainedNet(columns.shape[1], corpus.classes)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = [list(_batches(corpus, chosen, rng)) for _ in range(EPOCHS)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=sum(map(len, steps)), pct_start=0.15)
    for batch in (batch for epoch in steps for batch in epoch):
        there = batch >= 0
        given = torch.from_numpy(columns[np.maximum(batch, 0)])
        given[..., KNOWN - DIMENSIONS : KNOWN] *= torch.rand(*batch.shape, 1) > SILENCED
        scores = net(given, torch.from_numpy(there.astype(np.float32)))
        loss = torch.zeros(())
        for field, weight in WEIGHT.items():
            labels = torch.from_numpy(np.where(there, corpus.labels[field][np.maximum(batch, 0)], UNLABELLED)).flatten()
            if bool((labels != UNLABELLED).any()):
                loss = loss + weight * functional.cross_entropy(
                    scores[field].flatten(0, 1), labels, ignore_index=UNLABELLED, label_smoothing=SMOOTHING
                )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return net.eval()


def _batches(corpus: Corpus, chosen: NDArray[np.int64], rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Rows of some interviews' stretches, (stretches, quotes), -1 where there is none."""
    stretches: list[NDArray[np.int64]] = []
    for rows in (corpus.interviews[i] for i in chosen):
        length = int(rng.integers(*CROP))
        cuts = range(int(rng.integers(length)), len(rows), length)
        stretches += [part for part in np.split(rows, [cut for cut in cuts if cut]) if len(part)]
    order = rng.permutation(len(stretches))
    batch: list[NDArray[np.int64]] = []
    for place in order:
        batch.append(stretches[place])
        if sum(map(len, batch)) >= BATCH_QUOTES or place == order[-1]:
            padded = np.full((len(batch), max(map(len, batch))), -1, np.int64)
            for row, part in zip(padded, batch, strict=True):
                row[: len(part)] = part
            yield padded
            batch = []


def _judged(unseen: dict[str, Array], corpus: Corpus, field: str) -> tuple[Array, NDArray[np.int64]]:
    """Log-probabilities and labels of the quotes that cross-validation judged."""
    rows = (unseen[field].any(axis=1)) & (corpus.labels[field] != UNLABELLED)
    return unseen[field][rows], corpus.labels[field][rows]


def _temperature(scores: Array, labels: NDArray[np.int64]) -> float:
    classes = np.arange(scores.shape[1])
    return float(minimize_scalar(lambda t: log_loss(labels, softmax(scores / t), labels=classes), bounds=(0.3, 3.0), method="bounded").x)


def report(corpus: Corpus, unseen: dict[str, Array], temperatures: dict[str, float]) -> str:
    """A row a field: how well quotes of studies not seen in the fit are judged, before any rule of the tagger."""
    lines = ["| field | quotes | accuracy | kappa | macro-F1 | temperature |", "|---|---|---|---|---|---|"]
    for field in FIELDS:
        scores, labels = _judged(unseen, corpus, field)
        picks = scores.argmax(axis=1)
        accuracy, kappa = accuracy_score(labels, picks), cohen_kappa_score(labels, picks)
        lines.append(
            f"| {field} | {len(labels)} | {accuracy:.2f} | {kappa:.2f} | {f1_score(labels, picks, average='macro'):.2f} "
            f"| {temperatures[field]:.2f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
