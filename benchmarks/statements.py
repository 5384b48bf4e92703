"""How well the statements of a map stand by rules alone: too long, empty, claiming numbers that no quote says, without a quote.

`python benchmarks/statements.py [MAP.json …]`; without a file the bundled interviews are drawn by the offline tagger first. Touchpoints
are left out, since their text is a name. A statement that was cut from a quote is measured by the words that were cut, not by the topic
after the dash; a question with words beside it counts as two sentences. Contrary evidence is told of those that have a theme.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.commands import draw_demo
from app.domain.journey import Lane, Relation
from app.exports.phrases import asked_and_said, said_and_topic
from app.settings import Settings
from app.stages.claims import MAX_STATEMENT_WORDS, Fault, faults_of, length_of
from app.wiring import build

COLUMNS = {"long": "> 22 words", "empty": "empty", "number": "number unsaid", "sweeping": "always, all", "uncited": "no quote"}
MEASURED = tuple(lane for lane in Lane if lane is not Lane.TOUCHPOINTS)


def statements_of(document: Mapping[str, Any]) -> Iterator[tuple[Lane, Mapping[str, Any]]]:
    """Every statement that is measured, with its lane."""
    for stage in document["stages"]:
        for lane in MEASURED:
            for statement in stage["lanes"][lane]:
                yield lane, statement


def faults_in(document: Mapping[str, Any], statement: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is wrong with a statement, held against the quotes that it cites in `document`, a whole map.json."""
    cited = [document["quotes"][e["quote_id"]]["text"] for e in statement["evidence"] if e["relation"] == Relation.SUPPORTS]
    said, topic = said_and_topic(statement["text"])
    parts = [said] if topic else [part for part in asked_and_said(statement["text"]) if part]
    found = set(faults_of(" ".join(parts), cited)) - {Fault.LONG}
    if any(length_of(part) > MAX_STATEMENT_WORDS for part in parts):
        found.add(Fault.LONG)
    return tuple(fault for fault in Fault if fault in found)


def measure(document: Mapping[str, Any]) -> dict[str, Counter[str]]:
    """By lane how many statements there are, have each fault, have a theme, and have contrary evidence."""
    counts = {lane.value: Counter[str]() for lane in MEASURED}
    for lane, statement in statements_of(document):
        told = counts[lane]
        told["statements"] += 1
        told["themed"] += statement["theme_id"] is not None
        told["contrary"] += bool(statement["contrary_total"])
        told.update(fault.value for fault in faults_in(document, statement))
    return counts


def show(name: str, counts: Mapping[str, Counter[str]]) -> None:
    """Print a table: shares of the statements of each lane and of all."""
    whole = sum(counts.values(), Counter())
    print(f"\n{name}: {whole['statements']} statements")
    print(f"  {'lane':<14}{'n':>5}" + "".join(f"{title:>15}" for title in COLUMNS.values()) + f"{'with contrary':>15}")
    for lane, told in {**counts, "all": whole}.items():
        if told["statements"]:
            shares = "".join(f"{told[key] / told['statements']:>15.1%}" for key in COLUMNS)
            print(f"  {lane:<14}{told['statements']:>5}{shares}{told['contrary']:>9} of {told['themed']}")


def demo_maps() -> Iterator[tuple[str, dict[str, Any]]]:
    """The bundled studies as the offline tagger draws them."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Settings(data_dir=Path(folder), llm_base_url=None, llm_model=None))
        draw_demo(app.settings)
        for overview in app.studies.all():
            yield overview.study.name, app.maps.read(app.maps.default_id(overview.study.id), full=True)
        app.db.dispose()


def main(arguments: list[str]) -> int:
    """Measure the maps that are named, or the demo's; exit status 1 where a statement has no quote."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("maps", nargs="*", type=Path, help="map.json files")
    given = parser.parse_args(arguments).maps
    uncited = 0
    for name, document in ((str(path), json.loads(path.read_text(encoding="utf-8"))) for path in given) if given else demo_maps():
        counts = measure(document)
        show(name, counts)
        uncited += sum(told[Fault.UNCITED] for told in counts.values())
    return 1 if uncited else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
