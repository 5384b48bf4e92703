"""How good themes are, and how fast they come: ours beside plain HDBSCAN and BERTopic's default, in one run on the same vectors.

`python benchmarks/themes.py [--banking77 CSV] [--gold DIR] [--llm JSON] [--stability] [--large N] [--short] [--json PATH]`

- gold: the studies of the gold standard whose quotes have themes, tagged offline on the spot. Figures are over the quotes that have a
  theme; those that are left unplaced count as one group.
- 20,000: vectors made of two quotes of one theme each, averaged, with a little noise; its labels are study and theme.
- `--llm` reads where another run placed the quotes: {"study": {"file:start:end": label or null}}.
- `--short` leaves BERTopic and the 20,000 out.
"""

import argparse
import csv
import json
import resource
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score
from sklearn.metrics.cluster import pair_confusion_matrix

from app.adapters.gold_folder import FIRST, read_gold
from app.adapters.hdbscan import HdbscanClusterer
from app.adapters.kmeans import KMeansClusterer, SizedClusterer
from app.adapters.offline.tagger import OfflineTagger
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.domain.gold import GoldStudy
from app.domain.tags import NO_STAGE
from app.services.asking import gold_windows
from app.stages.features import Clusterable, cluster_features

GOLD = Path(__file__).resolve().parents[1] / "fixtures" / "gold"
FIXTURES = ("first-hearing-aids", "invoicing-app", "sleeper-train")
MADE, NOISE, SEED = 20_000, 0.02, 0
NOWHERE = -1
COLUMNS = ("seconds", "themes", "unplaced", "largest", "V", "ARI", "AMI", "AMI in stages")

Labels = NDArray[np.intp]
Rows = NDArray[np.float32]


@dataclass
class Material:
    """Quotes to group: what is known of each, their words and vectors, and the theme and stage people gave them ("" for none)."""

    quotes: list[Clusterable]
    texts: list[str]
    vectors: Rows
    themes: NDArray[np.str_]
    questions: Rows | None = None
    stages: NDArray[np.str_] | None = None
    places: list[str] = field(default_factory=list)

    def only(self, rows: NDArray[Any]) -> "Material":
        """Some of the quotes."""
        return Material(
            [self.quotes[i] for i in rows],
            [self.texts[i] for i in rows],
            self.vectors[rows],
            self.themes[rows],
            None if self.questions is None else self.questions[rows],
            None if self.stages is None else self.stages[rows],
            [self.places[i] for i in rows] if self.places else [],
        )


Grouping = Callable[[Material], Labels]


def main() -> None:
    """Measure what was asked for and print it."""
    asked = _arguments()
    figures: dict[str, Any] = {}
    rivals: dict[str, Grouping] = {"ours": bare, "plain HDBSCAN": plain_hdbscan}
    if not asked.short:
        rivals["BERTopic's default"] = bertopic
    embedder = MiniLmEmbedder()
    if asked.banking77:
        figures |= {f"BANKING77: {name}": row for name, row in compare("BANKING77", banking77(asked.banking77, embedder), rivals).items()}
    else:
        print("BANKING77 is left out: name its test questions with --banking77 CSV\n")
    parts = {part: studies_of(asked.gold / part, embedder) for part in ("train", "test") if (asked.gold / part).is_dir()}
    for part, studies in parts.items():
        figures |= {f"{part}: {name}": row for name, row in gold_table(part, studies, rivals, asked.llm).items()}
    if not asked.short:
        made = made_of([m for studies in parts.values() for m in studies.values()])
        title = f"{MADE:,} vectors, each of two quotes of one theme averaged with noise"
        figures |= {f"20,000: {name}": row for name, row in compare(title, made, rivals).items()}
    if asked.stability:
        figures["stability"] = stability({name: m for studies in parts.values() for name, m in studies.items()})
    if asked.large:
        figures["large"] = large(asked.large, next(iter(parts.values())))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--banking77", type=Path, help="BANKING77's test questions, a CSV with the columns text and category")
    parser.add_argument("--gold", type=Path, default=GOLD, help="a folder with the parts train and test of a gold standard")
    parser.add_argument("--llm", type=Path, help="where another run placed the quotes, a JSON file or a folder of such")
    parser.add_argument("--stability", action="store_true", help="leave each interview out and group anew")
    parser.add_argument("--large", type=int, metavar="N", help="group so many vectors, for time and memory")
    parser.add_argument("--short", action="store_true", help="without BERTopic and the 20,000 vectors")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args()


def banking77(path: Path, embedder: MiniLmEmbedder) -> Material:
    """Questions that stand alone, with their intents for themes."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    return Material(_alone(len(rows)), texts, embedder.encode(texts).vectors, np.array([row["category"] for row in rows]))


def _alone(n: int) -> list[Clusterable]:
    return [Clusterable(f"{i:07d}", f"{i:07d}", 0, None, "", "", "") for i in range(n)]


def studies_of(part: Path, embedder: MiniLmEmbedder) -> dict[str, Material]:
    """The studies of a part whose quotes have themes, tagged offline as the pipeline would."""
    found = {}
    for study in read_gold(part).studies:
        rows = [json.loads(line) for line in (part / study.name / FIRST).read_text(encoding="utf-8").splitlines()]
        labels = {f"{row['file']}:{row['start']}:{row['end']}": row for row in rows}
        if any(row.get("theme") for row in rows):
            found[study.name] = _material(study, labels, embedder)
    return found


def _material(study: GoldStudy, labels: Mapping[str, Mapping[str, Any]], embedder: MiniLmEmbedder) -> Material:
    tagger = OfflineTagger(embedder)
    quotes, vectors, places = [], [], []
    for interview in study.interviews:
        asked, before = 0, None
        for window in gold_windows(study, interview, tagger, embedder):
            tags = tagger.tag(window).tags
            vectors.append(window.encoding.vectors)
            told = {quote.quote.id: quote for quote in interview.quotes}
            for quote in window.quotes:
                asked += quote.question != before
                before = quote.question
                span, t = told[quote.quote_id].quote, tags[quote.number]
                places.append(f"{interview.name}:{span.start}:{span.end}")
                number = asked if quote.question else None
                quotes.append(Clusterable(quote.quote_id, interview.name, span.start, number, t.stage, t.channel, t.experience))
    by_id = {quote.quote.id: quote for quote in study.quotes}
    given = [labels[place] for place in places]
    return Material(
        quotes,
        [by_id[q.quote_id].text for q in quotes],
        np.concatenate(vectors),
        np.array([row.get("theme") or "" for row in given]),
        questions_of([by_id[q.quote_id].question or "" for q in quotes], embedder),
        np.array([row["stage"] for row in given]),
        places,
    )


def questions_of(texts: Sequence[str], embedder: MiniLmEmbedder) -> Rows:
    """A vector for the question of each quote, zero where nothing was asked."""
    known = sorted({text for text in texts if text})
    vectors = dict(zip(known, embedder.encode(known).vectors, strict=True))
    return np.array([vectors.get(text, np.zeros(384, np.float32)) for text in texts], np.float32)


def made_of(studies: Sequence[Material]) -> Material:
    """Many vectors between those of two quotes of the same theme."""
    vectors = np.concatenate([m.vectors for m in studies])
    texts = [text for m in studies for text in m.texts]
    themes = np.array([f"{number}/{theme}" if theme else "" for number, m in enumerate(studies) for theme in m.themes])
    rng = np.random.default_rng(SEED)
    rows = {theme: np.flatnonzero(themes == theme) for theme in sorted({*themes} - {""})}
    chosen = rng.choice(sorted(rows), size=MADE)
    pairs = np.array([rng.choice(rows[theme], size=2) for theme in chosen])
    mixed = vectors[pairs].sum(axis=1) + NOISE * rng.normal(size=(MADE, vectors.shape[1]))
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return Material(_alone(MADE), [f"{texts[a]} {texts[b]}" for a, b in pairs], mixed.astype(np.float32), chosen)


def bare(material: Material) -> Labels:
    """Ours from the vectors alone."""
    quotes = [Clusterable(q.quote_id, q.quote_id, 0, None, "", "", "") for q in material.quotes]
    return _grouped(quotes, cluster_features(quotes, material.vectors))


def offline(material: Material) -> Labels:
    """Ours as the pipeline does without a model: quotes of no stage stay unplaced."""
    rows = np.flatnonzero([q.stage != NO_STAGE for q in material.quotes])
    chosen = material.only(rows)
    labels = np.full(len(material.quotes), NOWHERE)
    labels[rows] = _grouped(chosen.quotes, cluster_features(chosen.quotes, chosen.vectors, chosen.questions))
    return labels


def _grouped(quotes: Sequence[Clusterable], features: Rows) -> Labels:
    ids = [q.quote_id for q in quotes]
    proposal = SizedClusterer(HdbscanClusterer(), KMeansClusterer()).cluster(ids, features)
    group = {quote_id: number for number, members in enumerate(proposal.groups) for quote_id in members}
    return np.array([group.get(quote_id, NOWHERE) for quote_id in ids])


def plain_hdbscan(material: Material) -> Labels:
    """HDBSCAN as it comes, on the vectors as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own, and of what it calls
        import hdbscan  # noqa: PLC0415 - heavy, and not for every row

        labels: Labels = hdbscan.HDBSCAN().fit(material.vectors.astype(np.float64)).labels_
    return labels


def bertopic(material: Material) -> Labels:
    """BERTopic as it comes, given the vectors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # same
        from bertopic import BERTopic  # noqa: PLC0415 - same

        topics, _ = BERTopic().fit_transform(material.texts, material.vectors)
    return np.array(topics)


def compare(title: str, material: Material, rivals: Mapping[str, Grouping]) -> dict[str, dict[str, float]]:
    """One table: a row for each way of grouping the same quotes."""
    _head(title)
    return {name: _row(name, [_figures(material, *_timed(group, material))]) for name, group in rivals.items()}


def gold_table(part: str, studies: Mapping[str, Material], rivals: Mapping[str, Grouping], llm: Path | None) -> dict[str, dict[str, float]]:
    """Means over the studies of one part of the gold standard, a row for each way of grouping."""
    note = "; the offline tagger was fitted on these very labels" if part == "train" else ""
    _head(f"gold, {part} part, means over {', '.join(studies)}{note}")
    ways = {"embeddings alone, ours": bare, "offline, ours": offline} | {name: way for name, way in rivals.items() if way is not bare}
    rows = {}
    for name, way in ways.items():
        each = {study: _figures(material, *_timed(way, material)) for study, material in studies.items()}
        rows[name] = _row(name, list(each.values()))
        if way is offline:
            rows |= {f"{name}: {study}": _row(f"   {study}", [figures]) for study, figures in each.items()}
    placed = placements(llm) if llm else {}
    each = {study: _figures(m, recorded(m, placed[study]), 0.0) for study, m in studies.items() if study in placed}
    if each:
        rows["recorded model"] = _row("recorded model", list(each.values()))
        rows |= {f"recorded model: {study}": _row(f"   {study}", [figures]) for study, figures in each.items()}
    return rows


def placements(path: Path) -> dict[str, dict[str, str | None]]:
    """By study and place the label of the theme that a quote was given, from one file or all of a folder."""
    found: dict[str, dict[str, str | None]] = {}
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        for study, places in json.loads(file.read_text(encoding="utf-8")).items():
            found.setdefault(study, {}).update(places)
    return found


def recorded(material: Material, places: Mapping[str, str | None]) -> Labels:
    """Where another run placed the quotes; what it does not name is unplaced."""
    labels = [places.get(place) or "" for place in material.places]
    numbers = {label: number for number, label in enumerate(sorted({*labels} - {""}))}
    return np.array([numbers.get(label, NOWHERE) for label in labels])


def _timed(group: Grouping, material: Material) -> tuple[Labels, float]:
    start = time.perf_counter()
    labels = group(material)
    return labels, time.perf_counter() - start


def _figures(material: Material, labels: Labels, seconds: float) -> dict[str, float]:
    """What a grouping comes to; agreement is over the quotes that people gave a theme."""
    sizes = np.bincount(labels[labels != NOWHERE]) if (labels != NOWHERE).any() else np.zeros(1)
    themed = material.themes != ""
    gold, told = material.themes[themed], labels[themed]
    stages = material.stages[themed] if material.stages is not None else None
    return {
        "seconds": seconds,
        "themes": int((sizes > 0).sum()),
        "unplaced": float((labels == NOWHERE).mean()),
        "largest": float(sizes.max() / len(labels)),
        "V": v_measure_score(gold, told),
        "ARI": adjusted_rand_score(gold, told),
        "AMI": adjusted_mutual_info_score(gold, told),
        "AMI in stages": float("nan") if stages is None else _inside(stages, gold, told),
    }


def _inside(stages: NDArray[np.str_], gold: NDArray[np.str_], told: Labels) -> float:
    """Mean agreement inside each stage that people gave, weighted by quotes; stages of a single theme say nothing."""
    weighted = [
        (int(here.sum()), adjusted_mutual_info_score(gold[here], told[here]))
        for here in (stages == stage for stage in sorted({*stages}))
        if len({*gold[here]}) > 1
    ]
    return sum(n * figure for n, figure in weighted) / max(1, sum(n for n, _ in weighted))


def stability(studies: Mapping[str, Material]) -> dict[str, dict[str, float]]:
    """Leave one interview out and group the others from scratch: the share of pairs of quotes that stay together or apart, and ARI."""
    print(f"{'one interview left out':<34}{'pairs as before':>17}{'worst':>8}{'together, still':>17}{'ARI':>8}")
    found = {}
    for study, material in studies.items():
        before = offline(material)
        talks = np.array([q.transcript_id for q in material.quotes])
        each = [_kept(before[rows], offline(material.only(rows))) for rows in _without_each(talks)]
        pairs, together, rand = (float(np.mean([kept[i] for kept in each])) for i in range(3))
        worst = min(kept[0] for kept in each)
        print(f"{study:<34}{pairs:>17.3f}{worst:>8.3f}{together:>17.3f}{rand:>8.3f}")
        found[study] = {"pairs": pairs, "worst": worst, "together": together, "ARI": rand}
    print()
    return found


def _without_each(talks: NDArray[np.str_]) -> Iterator[NDArray[np.intp]]:
    for talk in sorted({*talks}):
        yield np.flatnonzero(talks != talk)


def _kept(before: Labels, now: Labels) -> tuple[float, float, float]:
    """Shares of pairs as before, of pairs that were together and still are, and ARI; an unplaced quote is together with none."""
    alone = np.arange(len(before)) + max(before.max(), now.max()) + 1
    then, again = np.where(before == NOWHERE, alone, before), np.where(now == NOWHERE, alone, now)
    pairs = pair_confusion_matrix(then, again)
    together = pairs[1, 1] / max(1, pairs[1].sum())
    return float((pairs[0, 0] + pairs[1, 1]) / pairs.sum()), float(together), float(adjusted_rand_score(then, again))


def large(n: int, studies: Mapping[str, Material]) -> dict[str, float]:
    """Time and peak memory of grouping so many quotes with questions and tags: vectors of real quotes with noise, in talks of 200."""
    vectors = np.concatenate([m.vectors for m in studies.values()])
    rng = np.random.default_rng(SEED)
    rows = vectors[rng.integers(len(vectors), size=n)]
    for first in range(0, n, MADE):
        rows[first : first + MADE] += NOISE * rng.normal(size=rows[first : first + MADE].shape).astype(np.float32)
    quotes = [Clusterable(f"{i:07d}", f"{i // 200:05d}", i, i // 3, "abcdefg"[i % 7], "abc"[i % 3], "pain") for i in range(n)]
    questions = rows[np.arange(n) // 3 * 3]
    start = time.perf_counter()
    features = cluster_features(quotes, rows, questions)
    middle = time.perf_counter()
    labels = _grouped(quotes, features)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{n:,} quotes: features {middle - start:.1f} s, themes {end - middle:.1f} s, {int(labels.max()) + 1} themes; "
        f"peak memory of this process {peak:.2f} GB\n"
    )
    return {"quotes": n, "features_s": middle - start, "themes_s": end - middle, "themes": int(labels.max()) + 1, "peak_gb": peak}


def _head(title: str) -> None:
    print(f"\n{title}")
    print(f"{'':<34}" + "".join(f"{column:>{max(9, len(column) + 2)}}" for column in COLUMNS))


def _row(name: str, each: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Print the means of some figures."""
    means = {column: float(np.mean([figures[column] for figures in each])) for column in COLUMNS}
    shown = [f"{means[c]:.1f}" if c in {"seconds", "themes"} else "–" if np.isnan(means[c]) else f"{means[c]:.3f}" for c in COLUMNS]
    print(f"{name:<34}" + "".join(f"{cell:>{max(9, len(c) + 2)}}" for c, cell in zip(COLUMNS, shown, strict=True)), flush=True)
    return {column: value for column, value in means.items() if not np.isnan(value)}


if __name__ == "__main__":
    main()
