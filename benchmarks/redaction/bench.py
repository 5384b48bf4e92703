"""Recall and precision of the redaction by class: `make bench-redaction`, or with ARGS="--set dev --show".

Prints totals only; `--show` prints what was missed and is meant for the development set, never for the test set.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.adapters.redaction import LayeredRedactor
from app.domain.render import Finding

HERE = Path(__file__).parent
CLASSES = ("name", "email", "phone", "address", "card", "account", "id")
MENTION = re.compile(r"\{\{(\w+)\|(\w+)\|(.*?)\}\}", re.DOTALL)
TARGET = 0.8
WORDS_AN_HOUR = 10_000


@dataclass(frozen=True)
class Mention:
    """A marked piece of personal data: half-open code points into the passage's text."""

    kind: str
    difficulty: str
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """One passage without its marks."""

    language: str
    names: tuple[str, ...]
    text: str
    mentions: tuple[Mention, ...]


def read(path: Path) -> Iterator[Passage]:
    """Passages of a set, marks removed."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        parts: list[str] = []
        mentions: list[Mention] = []
        at = length = 0
        for match in MENTION.finditer(row["text"]):
            before = row["text"][at : match.start()]
            length += len(before)
            mentions.append(Mention(match[1], match[2], length, length + len(match[3])))
            parts += [before, match[3]]
            length += len(match[3])
            at = match.end()
        yield Passage(row["language"], tuple(row["names"]), "".join(parts) + row["text"][at:], tuple(mentions))


@dataclass
class Score:
    """What was found of a group of mentions; `typed` counts those covered under their own class."""

    mentions: int = 0
    covered: int = 0
    touched: int = 0
    typed: int = 0

    def add(self, mention: Mention, text: str, found: Iterable[Finding]) -> bool:
        """Count one mention; whether every letter and digit of it is covered."""
        over = [f for f in found if f.start < mention.end and f.end > mention.start]
        hidden = set().union(*(range(f.start, f.end) for f in over)) if over else set()
        covered = all(at in hidden for at in range(mention.start, mention.end) if text[at].isalnum())
        self.mentions += 1
        self.covered += covered
        self.touched += bool(over)
        self.typed += covered and any(f.kind == mention.kind for f in over)
        return covered

    def line(self, title: str) -> str:
        """One row of the table."""
        partial = self.touched - self.covered
        typed = f"{self.typed / self.covered:8.2f}" if self.covered else "       -"
        return f"{title:22}{self.mentions:9}{self.recall:9.3f}{partial:9}{typed}"

    @property
    def recall(self) -> float:
        """Share of mentions that were covered wholly; 1 when there are none."""
        return self.covered / self.mentions if self.mentions else 1.0


def main() -> None:
    """Print the tables; exit 0 whether or not the targets are reached."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--set", default="set", choices=["set", "dev"])
    options.add_argument("--detector", default="layered", choices=["layered", "rules"])
    options.add_argument("--show", action="store_true")
    told = options.parse_args()
    if told.show and told.set == "set":
        sys.exit("The test set stays unread: --show is for --set dev.")
    detector = LayeredRedactor(model=told.detector == "layered")
    passages = list(read(HERE / f"{told.set}.jsonl"))
    started = time.perf_counter()
    for language in sorted({p.language for p in passages}):
        detector.find("Warm up.", (), language)
    loaded_s = time.perf_counter() - started
    started = time.perf_counter()
    found = [detector.find(p.text, p.names, p.language) for p in passages]
    spent_s = time.perf_counter() - started
    report(passages, found, show=told.show)
    words = sum(len(p.text.split()) for p in passages)
    hourly_s = spent_s / words * WORDS_AN_HOUR
    print(f"\n{detector.name}: {loaded_s:.1f} s to load, {hourly_s:.2f} s for an hour of interview ({WORDS_AN_HOUR} words; {words} here)")


def report(passages: list[Passage], found: list[tuple[Finding, ...]], *, show: bool) -> None:
    """Print recall by class and difficulty, precision by class, recall by language and the targets."""
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for passage, findings in zip(passages, found, strict=True):
        for m in passage.mentions:
            keys = ((m.kind, m.difficulty), ("all", m.difficulty), (passage.language, "all"))
            covered = [scores[key].add(m, passage.text, findings) for key in keys]
            tell("MISSED", m.kind, passage.text, m.start, m.end, told=show and not covered[0])
        for f in findings:
            hit = any(f.start < m.end and f.end > m.start for m in passage.mentions)
            made[f.kind] += 1
            right[f.kind] += hit
            tell("EXTRA", f.kind, passage.text, f.start, f.end, told=show and not hit)
    print("Found: every letter and digit is covered, by whatever class. Typed: under its own class, of those found.")
    print("Precision: share of findings that touch a mention of any class.\n")
    print_recall(scores, sorted({p.language for p in passages}))
    print_precision(made, right)
    for kind in ("all", *CLASSES):
        reached = scores[kind, "hard"].recall
        print(f"target: {TARGET} of the hard mentions, {kind}: {reached:.3f} {'reached' if reached >= TARGET else 'MISSED'}")


def tell(what: str, kind: str, text: str, start: int, end: int, *, told: bool) -> None:
    """Print one mistake with what stands around it."""
    if told:
        print(f"{what} {kind} {text[start:end]!r} in {text[max(0, start - 50) : end + 20]!r}")


def print_recall(scores: dict[tuple[str, str], Score], languages: list[str]) -> None:
    """A row a class and difficulty, then a row a language."""
    print(f"{'':22}{'mentions':>9}{'recall':>9}{'partly':>9}{'typed':>8}")
    for difficulty in ("easy", "hard"):
        for kind in (*CLASSES, "all"):
            print(scores[kind, difficulty].line(f"{kind} {difficulty}"))
    for language in languages:
        print(scores[language, "all"].line(f"language {language}"))


def print_precision(made: Counter[str], right: Counter[str]) -> None:
    """A row a class."""
    print(f"\n{'':22}{'findings':>9}{'precision':>10}")
    for kind in CLASSES:
        print(f"{kind:22}{made[kind]:9}{right[kind] / max(1, made[kind]):10.3f}")
    print(f"{'all':22}{made.total():9}{right.total() / max(1, made.total()):10.3f}")


if __name__ == "__main__":
    main()
