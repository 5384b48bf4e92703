"""What the terminal shows of a measurement: figures by field, hard quotes, labellers, studies, confusion tables, calibration, cost."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

Shape = Mapping[str, Any]
NOTHING = "–"
PIPED_WIDTH = 120
"""Columns where no terminal says how many there are: room for every table."""
INNERMOST = re.compile(r"([\[{])\s+([^\[\]{}]*?)\s+([\]}])")
STUDY_FIELDS = ("stage", "channel", "emotion", "experience")


def document_text(document: Shape) -> str:
    """A measurement as JSON of few lines: what holds no further list or object stands on one."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return INNERMOST.sub(lambda found: found[1] + " ".join(found[2].split()) + found[3], text) + "\n"


@contextmanager
def watched(screen: Console, tagger: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many quotes have been judged while the block runs."""
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=screen, transient=True) as progress:
        task = progress.add_task(f"{tagger} judges the quotes", total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)


def show_quality(document: Shape) -> None:
    """Write a measurement on standard output."""
    screen = Console(highlight=False)
    if not screen.is_terminal:
        screen.width = PIPED_WIDTH
    gold, tagger = document["gold"], document["tagger"]
    screen.print(Text(f"{tagger['source']} ({tagger['model']}, {tagger['prompt']}) on {gold['name']}", style="bold"), soft_wrap=True)
    told = f"{gold['quotes']} quotes, {gold['hard']} of them hard, {gold['interviews']} interviews, {len(gold['fields'])} fields of life"
    screen.print(f"{told}; labels {gold['sha256'][:12]}", soft_wrap=True)
    screen.print()
    screen.print(_figures(document))
    touchpoint = document["all"]["touchpoint"]
    if touchpoint:
        overlap = _number(touchpoint["overlap"])
        told = f"touchpoint: presence agreed {_number(touchpoint['presence_agreed'])}, words shared where both name one {overlap}"
        screen.print(told, soft_wrap=True)
    if document["labellers"]:
        screen.print()
        screen.print(_labellers(document["labellers"]))
    screen.print()
    screen.print(_studies(document))
    for name, figures in document["all"]["fields"].items():
        screen.print()
        screen.print(_confusion(name, figures))
    screen.print()
    _show_calibration(screen, document["calibration"])
    _show_cost(screen, document)


def _figures(document: Shape) -> Group:
    table = _table(["field", "quotes", "accuracy", "macro-F1", "kappa", "95 %", "AC1", "alpha", "untagged", "kappa, hard"])
    hard = (document["hard"] or {"fields": {}})["fields"]
    for name, f in document["all"]["fields"].items():
        between = f"{_number(f['kappa_low'])} … {_number(f['kappa_high'])}"
        figures = [_number(f[key]) for key in ("accuracy", "macro_f1", "kappa")]
        rest = [_number(f[key]) for key in ("ac1", "alpha", "untagged")]
        table.add_row(name, str(f["n"]), *figures, between, *rest, _number(hard.get(name, {}).get("kappa")))
    return _titled("all quotes", table)


def _labellers(labellers: Shape) -> Group:
    table = _table(["field", "two labellers", "tagger, first", "tagger, second"])
    for name, f in labellers["first_second"]["fields"].items():
        others = [labellers[key]["fields"].get(name, {}).get("kappa") for key in ("tagger_first", "tagger_second")]
        table.add_row(name, *map(_number, (f["kappa"], *others)))
    return _titled(f"kappa on the {labellers['quotes']} quotes labelled twice", table)


def _studies(document: Shape) -> Group:
    table = _table(["study", "quotes", *STUDY_FIELDS])
    for study in document["studies"]:
        table.add_row(study["name"], str(study["quotes"]), *(_number(study["fields"].get(f, {}).get("kappa")) for f in STUDY_FIELDS))
    return _titled("kappa by study", table)


def _confusion(name: str, figures: Shape) -> Group:
    """Labels down, answers across by the labels' numbers; the last column counts quotes without an answer."""
    values = figures["values"]
    table = _table(["", "share", *map(str, range(1, len(values) + 1)), "?"])
    for number, (value, row) in enumerate(zip(values, figures["confusion"], strict=True), start=1):
        share = _number(figures["prevalence"].get(value, 0.0))
        table.add_row(f"{number} {value}", share, *(str(cell) if cell else "·" for cell in row))
    return _titled(f"{name}: label (rows) and answer (columns)", table)


def _show_calibration(screen: Console, calibration: Shape | None) -> None:
    if calibration is None:
        screen.print("No tags, so there is no confidence to judge.")
        return
    screen.print(
        f"confidence {_number(calibration['confidence'])}, right {_number(calibration['right'])}, "
        f"expected calibration error {_number(calibration['ece'])}"
    )
    table = _table(["quotes", "confidence", "right"])
    for b in calibration["bins"]:
        table.add_row(str(b["n"]), _number(b["confidence"]), _number(b["right"]))
    screen.print(_titled("share of stage, channel, emotion and experience that is right", table))


def _show_cost(screen: Console, document: Shape) -> None:
    cost, gaps = document["cost"], document["gaps"]
    if cost["calls"] or cost["cached"]:
        each = cost["per_quote"]
        told = f"{cost['calls']} calls, {cost['cached']} answered from the cache, {cost['tokens_in']} tokens in, {cost['tokens_out']} out"
        screen.print(f"{told}; a quote {each['tokens_in']:.0f} in, {each['tokens_out']:.0f} out", soft_wrap=True)
    else:
        screen.print("no model was asked")
    if gaps["quotes"]:
        screen.print(f"[yellow]{gaps['quotes']} quotes have no tags and count as wrong:[/yellow]")
        for reason, count in gaps["reasons"].items():
            screen.print(Text(f"  {count}: {reason}"), soft_wrap=True)


def _titled(title: str, table: Table) -> Group:
    return Group(Text(title, style="bold"), table)


def _table(columns: list[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}".replace("-", "−")
