"""Makes the lists in `data/` again: `python -m app.adapters.redaction.collect`.

Needs faker, gender, names and spacy-lookups-data, which are all under the MIT licence.

Run by hand when a list should grow; the tool itself only reads the files.
"""

import gzip
import importlib
import importlib.util
import json
import math
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.adapters.redaction.lexicon import DATA, PARTICLES, fold

SURNAMES_KEPT = 15_000
"""Of the US census, by frequency."""
WORDS_KEPT = 24_000
WORD_LOG_PROB = -15.0
COMMON_LOG_PROB = -9.6
LOWER_SHARE = 0.35
"""A name that is written in lower case at least this often in ordinary English is also a word."""
MIN_RARE = 3
OTHER_WORDS = ("de", "es")
LEMMAS = ("fr", "it", "nl", "pt")


def main() -> None:
    """Write `names.tsv.gz`, `proper.txt` and `words.txt`."""
    first, last, cjk = _people()
    german = _people("de_")[0]
    english = _frequencies("en")
    capitalised = (w for w in english if english[w] > WORD_LOG_PROB and w.isascii() and w.isalpha() and w.istitle())
    proper = {w.lower() for w in capitalised if len(w) >= MIN_RARE}
    proper = {w for w in proper if w not in first and not _wordness(w, english)}
    rare = _rarer() - first - proper
    nouns = {fold(v) for k, v in _table("de_lemma_lookup").items() if v[0].isupper() and k != v}
    foreign = {fold(w) for language in OTHER_WORDS for w, p in _frequencies(language).items() if p > WORD_LOG_PROB and w.islower()}
    lemmas = {fold(w) for language in LEMMAS for w in _table(f"{language}_lemma_lookup") if w.islower()}
    lines = []
    for name in sorted(first | last | rare):
        flags = ("f" if name in first else "r" if name in rare else "") + ("s" if name in last else "")
        flags += "n" if name in nouns and name not in german else ""
        flags += _wordness(name, english) + ("x" if name in foreign or name in lemmas else "")
        lines.append(f"{name}\t{flags}\n")
    lines += [f"{name}\tj\n" for name in sorted(cjk)]
    (DATA / "names.tsv.gz").write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    (DATA / "proper.txt").write_text("".join(f"{w}\n" for w in sorted(proper - last)), encoding="utf-8")
    words = sorted((w for w in english if w.isascii() and w.isalpha() and w.islower()), key=lambda w: -english[w])
    kept = [w for w in words if _wordness(w, english) and not (w in first and "c" not in _wordness(w, english) and len(w) > MIN_RARE)]
    (DATA / "words.txt").write_text("".join(f"{w}\n" for w in sorted(kept[:WORDS_KEPT])), encoding="utf-8")


def _wordness(word: str, english: dict[str, float]) -> str:
    lower = english.get(word, -30.0)
    if lower < WORD_LOG_PROB:
        return ""
    share = math.exp(lower) / (math.exp(lower) + math.exp(english.get(word.capitalize(), -30.0)))
    if share < LOWER_SHARE:
        return ""
    return "c" if lower > COMMON_LOG_PROB and share > 1 - LOWER_SHARE else "w"


def _frequencies(language: str) -> dict[str, float]:
    table: dict[str, float] = _table(f"{language}_lexeme_prob")
    return table


def _table(name: str) -> dict[str, Any]:
    spec = importlib.util.find_spec("spacy_lookups_data")
    if spec is None or spec.origin is None:
        sys.exit("pip install spacy-lookups-data faker names")
    with gzip.open(Path(spec.origin).parent / "data" / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table


def _people(locale: str = "") -> tuple[set[str], set[str], set[str]]:
    first: set[str] = set()
    last: set[str] = set()
    cjk: set[str] = set()
    person = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(person.__path__):
        if not module.name.startswith(locale):
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            listed = getattr(provider, attribute)
            if not isinstance(listed, (list, tuple, dict)) or not ("first" in attribute or "last" in attribute):
                continue
            for name in _parts(str(x) for x in listed if isinstance(x, str)):
                if name.isascii() or "\u0370" <= name[0] <= "\u04ff":
                    (last if "last" in attribute else first).add(name)
                elif module.name == "ja_JP":
                    cjk.add(name)
    if locale:
        return first, last, cjk
    census = Path(importlib.import_module("names").__file__ or "").parent
    for file in ("dist.female.first", "dist.male.first"):
        first |= {line.split()[0].lower() for line in (census / file).read_text().splitlines()}
    last |= {line.split()[0].lower() for line in (census / "dist.all.last").read_text().splitlines()[:SURNAMES_KEPT]}
    return {n for n in first if len(n) > 1}, {n for n in last if len(n) > 1}, cjk


def _rarer() -> set[str]:
    """First names from all over the world that the other lists lack."""
    package = Path(importlib.import_module("gender").__file__ or "").parent / "data"
    listed = json.loads((package / "data_names_.json").read_text(encoding="utf-8"))
    return {n for n in _parts(iter(listed)) if len(n) >= MIN_RARE and n.isascii()}


def _parts(names: Iterator[str]) -> Iterator[str]:
    for name in names:
        for part in fold(name).replace("-", " ").replace("'", "").split():
            if part.isalpha() and part not in PARTICLES:
                yield part


if __name__ == "__main__":
    main()
