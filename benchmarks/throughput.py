"""Speed on this machine, side by side in one run: reading files, embedding against the library's own, offline tagging, the whole job.

`python benchmarks/throughput.py [--quotes N] [--json PATH]`; takes about a minute on two cores.
"""

import argparse
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as progress

from app.adapters.isolation import IsolatedParser
from app.adapters.offline.tagger import OfflineTagger
from app.adapters.sentence_transformers import MiniLmEmbedder, model_directory
from app.domain.stages import CUSTOMER_EXPERIENCE, stages_from
from app.errors import UnreadableFile
from app.ports import Window, WindowQuote
from app.stages.parse import parse
from app.stages.segment import segment

STUDIES = Path(__file__).resolve().parents[1] / "fixtures" / "transcripts"
COMMAND = Path(sys.executable).with_name("throughline")
ROUNDS = 3
HOURS, CAPTIONS_AN_HOUR = 100, 900


def main() -> None:
    """Measure, print a table, write JSON where asked."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quotes", type=int, default=600, help="how many of the bundled quotes to embed and tag")
    arguments.add_argument("--json", type=Path, help="write the figures here too")
    asked = arguments.parse_args()
    texts = bundled_quotes()[: asked.quotes]
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads, {len(texts)} quotes of {words:.0f} words\n")
    figures = {**reading(), **embedding(texts), **tagging(texts), **whole_job()}
    for name, (value, unit) in figures.items():
        print(f"{name:<58} {value:>9,.1f} {unit}")
    if asked.json:
        asked.json.write_text(
            json.dumps({name: {"value": value, "unit": unit} for name, (value, unit) in figures.items()}, indent=1) + "\n"
        )


def bundled_quotes() -> list[str]:
    """Every quote of the bundled interviews, in order of file."""
    found = []
    for path in sorted(STUDIES.glob("*/*")):
        if path.suffix in {".vtt", ".srt", ".txt", ".md"}:
            canonical = parse(path.read_bytes(), path.name).canonical
            found += [quote.span.cut(canonical.text) for quote in segment(path.stem, canonical).quotes]
    return found


def seconds_of(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of each work's fastest round; rounds alternate, so that whatever else the machine does hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS + 1):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - start)
    return {name: min(rounds[1:]) for name, rounds in taken.items()}


def reading() -> dict[str, tuple[float, str]]:
    """Seconds for 100 one-hour WebVTT files, from bytes to canonical text as an upload reads them: processes, checks and all."""
    rng = random.Random(3)  # noqa: S311 - the same files on every run
    words = [word for text in bundled_quotes() for word in text.split()]
    files = [(one_hour_of_captions(rng, words, voices=bool(i % 2)), f"{i}.vtt") for i in range(HOURS)]
    start = time.perf_counter()
    with closing(IsolatedParser()) as parser:
        read = parser.parse_each(files)
    seconds = time.perf_counter() - start
    unread = [result for result in read if isinstance(result, UnreadableFile)]
    if unread:
        raise unread[0]
    megabytes = sum(len(data) for data, _ in files) / 1e6
    return {f"reading {HOURS} one-hour VTT files ({megabytes:.0f} MB)": (seconds, "s")}


def one_hour_of_captions(rng: random.Random, words: list[str], *, voices: bool) -> bytes:
    """A caption every four seconds, ten words each, names in voice spans (Teams) or before a colon (Zoom)."""
    blocks, speaker = ["WEBVTT\n"], 0
    for i in range(CAPTIONS_AN_HOUR):
        speaker = rng.choice((speaker, speaker, 1 - speaker))
        name, said = ("Anna Kowalski", "Ben Okafor")[speaker], " ".join(rng.choices(words, k=10))
        start, end = (f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.{ms}" for s, ms in ((i * 4, "000"), (i * 4 + 3, "900")))
        blocks.append(f"{i + 1}\n{start} --> {end}\n" + (f"<v {name}>{said}</v>\n" if voices else f"{name}: {said}\n"))
    return "\n".join(blocks).encode()


def embedding(texts: list[str]) -> dict[str, tuple[float, str]]:
    """Quotes a second: ours, the library's float32 default, the library in bf16."""
    ours = MiniLmEmbedder()
    progress.disable_progress_bar()
    library = {
        name: SentenceTransformer(str(model_directory()), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype})
        for name, dtype in (("float32, its default", torch.float32), ("bf16", torch.bfloat16))
    }
    works = {"embedding: Throughline": lambda: ours.encode(texts)}
    for name, model in library.items():
        works[f"embedding: the library in {name}"] = lambda model=model: model.encode(texts, convert_to_tensor=True)
    reference = library["float32, its default"].encode(texts)
    closeness = float(np.sum(ours.encode(texts).vectors * reference, axis=1).mean())
    figures = {name: (len(texts) / s, "quotes/s") for name, s in seconds_of(works).items()}
    return {**figures, "embedding: mean cosine with float32": (100 * closeness, "%")}


def tagging(texts: list[str]) -> dict[str, tuple[float, str]]:
    """Milliseconds a quote that offline tagging costs beyond the embedding pass."""
    embedder = MiniLmEmbedder()
    tagger = OfflineTagger(embedder)
    quotes = tuple(WindowQuote(n, f"q{n}", text, None, "P1") for n, text in enumerate(texts, 1))
    window = Window("w", "en", "benchmark", None, stages_from(CUSTOMER_EXPERIENCE, "benchmark"), quotes, embedder.encode(texts))
    name = "offline tagging beyond the embedding pass"
    return {name: (1000 * seconds_of({name: lambda: tagger.tag(window)})[name] / len(texts), "ms/quote")}


def whole_job() -> dict[str, tuple[float, str]]:
    """Seconds from files to map for all bundled interviews in one study, start of the process included, and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [str(COMMAND), "synthesize", str(STUDIES), "--out", folder, "--tagger", "offline"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        seconds = time.perf_counter() - start
    peak: Any = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    in_mb = 1e6 if sys.platform == "darwin" else 1e3
    return {"all bundled interviews, files to map": (seconds, "s"), "its peak memory": (peak / in_mb, "MB")}


if __name__ == "__main__":
    main()
