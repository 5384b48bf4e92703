"""What the terminal shows of files: what was understood of each, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.exports.figures import counted, duration
from app.exports.vocabulary import language
from app.services.estimate import Basis, Estimate
from app.services.ingest import Outcome
from app.stages.parse.catalogue import shape_title

BAR = 10
NARROW = 60
ROLE_COLOURS = {"participant": "cyan", "interviewer": "bright_black", "observer": "bright_black"}
PARTS = {
    "tag": "tagging",
    "draft": "drafting the code book",
    "assign": "placing quotes",
    "write": "writing statements",
    "check": "checking statements",
}
INDENT = (0, 0, 0, 2)


def tell_outcomes(screen: Console, outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Say what became of each file in a line, with its warnings; reasons of the refused ones by file name."""
    refused = {}
    for outcome in outcomes:
        if outcome.error:
            refused[outcome.file_name] = outcome.error.message
            screen.print(f"[red]not read[/red] {escape(outcome.error.message)}", soft_wrap=True)
        elif outcome.status == "paired":
            screen.print(f"[yellow]not used[/yellow] {escape(f'{outcome.file_name}: {outcome.note}')}", soft_wrap=True)
        elif outcome.status == "applied":
            if outcome.note:
                screen.print(f"[yellow]note[/yellow] {escape(f'{outcome.file_name}: {outcome.note}')}", soft_wrap=True)
        elif outcome.transcript:
            screen.print(escape(_line(outcome)), soft_wrap=True)
            for warning in outcome.transcript.warnings:
                screen.print(f"  [yellow]note[/yellow] {escape(warning)}", soft_wrap=True)
    return refused


def show_files(files: Sequence[Mapping[str, Any]]) -> None:
    """Write on standard output what was understood of each file, a block a file."""
    screen = Console(highlight=False)
    for file in files:
        screen.print(Text(file["file"], style="bold"), soft_wrap=True)
        for part in _block(file, screen.width):
            screen.print(Padding(part, INDENT))
        screen.print()
    read = sum(bool(file["shape"]) for file in files)
    paired = sum(file["status"] in {"paired", "known"} for file in files)
    refused = sum(file["status"] == "refused" for file in files)
    told = [counted(read, "transcript"), *([f"{paired} of a talk that another file tells better"] if paired else [])]
    screen.print(", ".join([*told, *([f"{refused} not read"] if refused else [])]), style="bold")


def _block(file: Mapping[str, Any], width: int) -> list[Text | Table]:
    if file["error"]:
        return [Text(file["error"].removeprefix(f"{file['file']}: "), style="red")]
    if file["status"] == "table":
        return [Text("says who the participants are; applied when the transcripts are taken in", style="bright_black")]
    length = duration(file["duration_ms"]) if file["duration_ms"] is not None else "no time codes"
    facts = [shape_title(file["shape"]), language(file["language"]), length, counted(file["turns"], "turn"), counted(file["words"], "word")]
    parts: list[Text | Table] = [Text(" · ".join(facts), style="bright_black")]
    if file["note"]:
        parts.append(Text(file["note"], style="yellow"))
    parts.append(_speakers(file["speakers"]))
    for line in file["first_lines"]:
        said = Text(f"{line['speaker']}: ", style="bright_black")
        said.append(line["text"], style="default")
        said.truncate(max(NARROW, width - 4), overflow="ellipsis")
        parts.append(said)
    parts += [Text.assemble(("note ", "yellow"), warning) for warning in file["warnings"]]
    return parts


def _speakers(speakers: Sequence[Mapping[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for speaker in speakers:
        colour = ROLE_COLOURS.get(speaker["role"], "default")
        filled = round(speaker["share"] * BAR)
        bar = Text("█" * filled, style=colour) + Text("░" * (BAR - filled), style="bright_black")
        share = "<1 %" if 0 < speaker["share"] < 0.005 else f"{speaker['share']:.0%}".replace("%", " %")  # noqa: PLR2004  # half a percent
        table.add_row(bar, Text(share, justify="right"), Text(speaker["name"]), Text(speaker["role"], style=colour))
    return table


def _line(outcome: Outcome) -> str:
    t = outcome.transcript
    if t is None:
        return outcome.file_name
    speakers = ", ".join(f"{s.name} ({s.role.value})" for s in t.speakers)
    told = f"{outcome.file_name}: {t.shape}, {counted(t.turns, 'turn')}, {t.words} words, {speakers}"
    return f"{told}; {outcome.note}" if outcome.status == "known" else told


def tell_estimate(screen: Console, told: Estimate) -> None:
    """What a run would take."""
    if not told.parts:
        screen.print("No model will be asked.")
        return
    for part in told.parts:
        screen.print(f"{PARTS[part.name]:<19} {part.calls:>5} calls {part.tokens_in:>10,} tokens in {part.tokens_out:>10,} out at most")
    price = "" if told.price is None else f", at a price of at most {told.price:.2f}"
    screen.print(f"In all {told.calls} calls, about {told.tokens_in:,} tokens in, at most {told.tokens_out:,} out{price}.", soft_wrap=True)
    if told.basis is not Basis.REQUESTS:
        by = "the study's last run" if told.basis is Basis.LAST_RUN else "what is usual"
        screen.print(f"Code book and statements depend on the tags; they are foretold by {by}.", soft_wrap=True)
