"""What each command does, between the command line and the use cases."""

import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from app.domain.runs import RunStatus, TaggerKind
from app.domain.study import Transcript
from app.errors import ThroughlineError, UsageError
from app.measuring import document_text, show_quality, watched
from app.progress import RunProgress
from app.services.evaluation import measure
from app.services.ingest import Outcome, foresee, tables_foreseen
from app.services.intake import COMPANIONS, HEAD, MEGABYTE, PARTICIPANT_TABLE, Upload, safe_name
from app.services.runs import choose_tagger
from app.services.shapes import foreseen_shape
from app.services.synthesis import Inline
from app.services.synthesis import synthesize as run_pipeline
from app.services.verify import verify as verify_store
from app.settings import Settings
from app.telling import show_files, tell_estimate, tell_outcomes
from app.wiring import Application, build

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "transcripts"
LIBRARIES = ("torch", "sentence-transformers", "hdbscan", "openai", "fastapi", "sqlmodel", "dbos")
DEMO_STUDIES = {
    "sleeper-train": (
        "Night trains",
        "How do people come to take a night train, and what makes them do it again?",
        "a sleeper train operator",
    ),
    "first-hearing-aids": (
        "First hearing aids",
        "How do people get from noticing a hearing loss to wearing hearing aids every day?",
        "hearing aids",
    ),
    "invoicing-app": (
        "Invoicing app",
        "How do small firms take up an invoicing service, and why do they stay or leave?",
        "an online invoicing service",
    ),
}

NOTHING_READ: dict[str, Any] = {
    "status": "refused",
    "shape": None,
    "language": None,
    "speakers": [],
    "turns": 0,
    "words": 0,
    "duration_ms": None,
    "warnings": [],
}

screen = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which run is wanted, and whether only its estimate."""

    tagger: TaggerKind = TaggerKind.AUTO
    retag: bool = False
    recode: bool = False
    estimate: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """How `synthesize` ended."""

    refused: int
    gaps: int
    none_read: bool


def synthesize(
    settings: Settings,
    paths: Sequence[Path],
    out: Path,
    *,
    study: str | None,
    template: str,
    asked: Asked,
    redact: bool,
) -> Done:
    """Read files, run the pipeline here and now, write the folder; or say what that would take."""
    files = find_files(paths, out)
    app = build(settings)
    name = study or _study_name(paths)
    out.mkdir(parents=True, exist_ok=True)
    app.runs.choose(asked.tagger)  # what cannot work is said before the work, not after it
    made = app.studies.create(name, key=name, template=template)
    uploads, refused = _read_files(files, settings.max_upload_mb * MEGABYTE)
    outcomes = app.ingest.upload(made.id, uploads, actor="synthesize")
    refused |= tell_outcomes(screen, outcomes)
    held = app.studies.transcripts(made.id)
    if not held:
        screen.print("[red]None of the files could be read, so there is no map.[/red]")
        return Done(len(refused), 0, none_read=True)
    _tell_earlier(held, outcomes)
    if asked.estimate:
        tell_estimate(screen, app.estimates.of(made.id, asked.tagger, retag=asked.retag, recode=asked.recode))
        return Done(len(refused), 0, none_read=False)
    gaps = run_study(app, made.id, asked.tagger, retag=asked.retag, recode=asked.recode)
    written = app.export.write_folder(made.id, out, refused, redact=redact)
    _tell_personal_data(app, made.id, redact=redact)
    screen.print(f"Wrote {len(written)} files to {escape(str(out))}. Open {escape(str(out / 'map.html'))} in a browser.", soft_wrap=True)
    if redact and not settings.database_url:
        screen.print(
            f"[yellow]note[/yellow] {escape(str(out / 'throughline.db'))} holds names and words as spoken: do not pass it on.",
            soft_wrap=True,
        )
    return Done(len(refused), gaps, none_read=False)


def _tell_personal_data(app: Application, study_id: str, *, redact: bool) -> None:
    """Say what was found of personal data and what that cost, where anything was searched."""
    found = app.privacy.totals(study_id)
    if found.transcripts:
        screen.print(
            f"Personal data: {found.findings} finding{'' if found.findings == 1 else 's'} in {found.transcripts} "
            f"transcript{'' if found.transcripts == 1 else 's'}, {found.took_ms / 1000:.1f} s ({escape(app.privacy.detector)})"
            f"{'; replaced in the folder' if redact else ''}."
        )


def inspect(settings: Settings, paths: Sequence[Path], *, as_json: bool) -> Done:
    """Say what is understood of each file, on standard output; nothing is stored."""
    uploads, unread = _read_files(find_files(paths), settings.max_upload_mb * MEGABYTE)
    batch = build(settings).intake.read(uploads)
    seen = [*(foresee(file, None) for file in batch.files), *tables_foreseen(batch.tables)]
    files: list[dict[str, Any]] = []
    for shown, path in ((foreseen_shape(f), f.understood.upload.file_name) for f in seen):
        files.append({"file": shown.pop("file_name"), "path": path, **shown})
    files += [{"file": name, "path": name, **NOTHING_READ, "error": why} for name, why in unread.items()]
    if as_json:
        sys.stdout.write(json.dumps(files, ensure_ascii=False, indent=2) + "\n")
    else:
        show_files(files)
    refused = sum(f["status"] == "refused" for f in files)
    return Done(refused, 0, none_read=not any(f["shape"] for f in files))


def evaluate(settings: Settings, gold: Path, *, tagger: TaggerKind, as_json: bool, out: Path | None) -> bool:
    """Measure a tagger against labelled interviews and show the figures; whether every quote got tags."""
    app = build(settings)
    labelled = app.gold(gold)
    chosen = choose_tagger(app.taggers, tagger)
    with watched(screen, chosen.source) as progress:
        document = measure(labelled, chosen, app.embedder, app.agreement, at_once=settings.llm_at_once, progress=progress)
    if out:
        out.write_text(document_text(document), encoding="utf-8")
    if as_json:
        sys.stdout.write(document_text(document))
    else:
        show_quality(document)
    return not document["gaps"]["quotes"]


def find_files(paths: Sequence[Path], out: Path | None = None) -> list[Path]:
    """Files at these paths and below these folders, hidden ones and companions left out; `UsageError` for a path that is not there."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p for p in path.rglob("*") if _is_file(p) and not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
            found |= dict.fromkeys(p for p in inside if not _is_companion(p) and not (out and p.is_relative_to(out)))
        elif path.is_file():
            found[path] = None
        else:
            raise UsageError(f"there is no file or folder {path}")
    return list(found)


def run_study(app: Application, study_id: str, tagger: TaggerKind, *, retag: bool = False, recode: bool = False) -> int:
    """Run a study here, going on with an unfinished run of the same tagger where there is one; the number of gaps."""
    chosen = app.runs.create_or_resume(study_id, tagger, retag=retag, recode=recode)
    with RunProgress(screen, lambda: app.runs.get(chosen.id)) as progress:
        try:
            run_pipeline(
                chosen.id,
                Inline(progress.show, llm_at_once=1 if chosen.tagger == TaggerKind.OFFLINE else app.settings.llm_at_once),
                app.steps,
            )
        except ThroughlineError as error:
            app.runs.fail(chosen.id, error.message)
            raise
        progress.show(now=True)
    run = app.runs.get(chosen.id)
    for gap in run.gaps:
        screen.print(f"[yellow]Gap:[/yellow] {escape(gap.what)}: {escape(gap.reason)}", soft_wrap=True)
    if run.status is RunStatus.PARTIAL:
        screen.print("The map is drawn without these. The same command again closes them.")
    if run.agreement:
        _tell_agreement(run.agreement)
    if chosen.tagger == TaggerKind.OFFLINE:
        for name in (t.file_name for t in app.studies.transcripts(study_id) if t.language not in {"en", "und"}):
            screen.print(
                f"[yellow]note[/yellow] {escape(name)} is not in English, which is all the offline tagger knows; use a language model"
            )
    if run.calls or run.cached:
        screen.print(
            f"{run.calls} model calls ({run.cached} answered from the cache), {run.tokens_in} tokens in, {run.tokens_out} out"
            f"{'' if run.cost is None else f', at a price of {run.cost:.2f}'}."
        )
    return len(run.gaps)


def _tell_agreement(learned: Mapping[str, Any]) -> None:
    """Say how hybrid tagging was divided, and how well the heads learned."""
    screen.print(
        f"The language model tagged {learned['asked']} of {learned['of']} quotes; heads fitted on {learned['learned_from']} of its answers "
        "tagged the rest.",
        soft_wrap=True,
    )
    if learned["fields"]:
        kappas = {name: "–" if f["kappa"] is None else f"{f['kappa']:.2f}" for name, f in learned["fields"].items()}
        told = ", ".join(f"{name} {f['accuracy']:.0%} (kappa {kappas[name]})" for name, f in learned["fields"].items())
        screen.print(f"On {learned['quotes']} quotes held back from the fit they say the same as the model: {told}.", soft_wrap=True)


def draw_demo(settings: Settings) -> None:
    """Draw a map of every bundled study that has none yet."""
    app = build(settings)
    for folder in sorted(p for p in FIXTURES.iterdir() if p.is_dir()):
        name, question, product = DEMO_STUDIES.get(folder.name, (folder.name, None, None))
        study = app.studies.create(name, key=f"demo/{folder.name}", question=question, product=product)
        if app.studies.overview(study.id).map_id:
            continue
        screen.print(f"[bold]{name}[/bold]")
        files = find_files([folder])
        tell_outcomes(screen, app.ingest.upload(study.id, _read_files(files, settings.max_upload_mb * MEGABYTE)[0], actor="demo"))
        run_study(app, study.id, TaggerKind.OFFLINE)
    for overview in app.studies.all():
        screen.print(f"{escape(overview.study.name)}: {overview.counts.transcripts} interviews, {overview.counts.quotes} quotes, map drawn")
    app.db.dispose()


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    from app.serving import serve_forever  # noqa: PLC0415  # the other commands need no web server

    serve_forever(settings, screen)


def verify(settings: Settings) -> bool:
    """Check a database; whether all of it is whole."""
    if settings.data_url.startswith("sqlite") and not Path(settings.data_url.removeprefix("sqlite:///")).exists():
        raise UsageError(f"there is no database at {settings.data_url.removeprefix('sqlite:///')}; name its folder with --data")
    found = verify_store(build(settings).store)
    for line in found.damage:
        screen.print(f"[red]damaged[/red] {escape(line)}", soft_wrap=True)
    verdict = f"{len(found.damage)} damaged" if found.damage else "all match"
    sys.stdout.write(f"checked {found.transcripts} transcripts, {found.quotes} quotes and {found.evidence} citations: {verdict}\n")
    return not found.damage


def doctor(settings: Settings) -> bool:
    """Say what is there and what is not; whether a run can start."""
    lines: list[tuple[bool, str]] = [(sys.version_info >= (3, 11), f"Python {platform.python_version()}")]
    lines.append((True, ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)))
    app = build(settings)
    lines.append(_tried("encoder weights match their SHA-256", app.embedder.check_model))
    lines.append(_tried("encoder answers", lambda: app.embedder.encode(["A short test."])))
    lines.append(_tried("offline tagger's weights are whole", lambda: app.taggers["offline"].prompt))
    lines.append(_tried("redaction's lists and English model are whole", app.redactor.check))
    lines.append(_tried(f"database {settings.data_url.rpartition('@')[2]}", lambda: app.store))
    if settings.llm_configured:
        lines.append((True, f"language model {settings.llm_model} at {settings.llm_host}: redacted text is sent there"))
    else:
        lines.append((True, "no language model configured (THROUGHLINE_LLM_BASE_URL): nothing is sent anywhere, the offline tagger judges"))
    if "OPENAI_API_KEY" in os.environ:
        lines.append((True, "OPENAI_API_KEY is set but not used; only THROUGHLINE_LLM_* configure a model"))
    for good, line in lines:
        screen.print("[green]ok  [/green]" if good else "[red]FAIL[/red]", escape(line), soft_wrap=True)
    return all(good for good, _ in lines)


def _tried(what: str, check: Callable[[], object]) -> tuple[bool, str]:
    try:
        check()
    except ThroughlineError as error:
        return False, f"{what}: {error.message}"
    except Exception as error:  # noqa: BLE001  # doctor names what is broken instead of breaking
        return False, f"{what}: {type(error).__name__}: {error}"
    return True, what


def _read_files(files: Sequence[Path], largest: int) -> tuple[list[Upload], dict[str, str]]:
    """Files as uploads, and the reasons of those that the system does not give out, by file name.

    Of a file larger than `largest` bytes, a recording beside its transcript say, only the beginning is read.
    """
    uploads, refused = [], {}
    for file in files:
        try:
            with file.open("rb") as opened:
                data = opened.read(largest + 1)
                size = max(len(data), file.stat().st_size)
        except OSError as error:
            refused[safe_name(str(file))] = f"{safe_name(str(file))}: {error.strerror}"
            screen.print(f"[red]not read[/red] {escape(f'{safe_name(str(file))}: {error.strerror}')}", soft_wrap=True)
        else:
            uploads.append(Upload(str(file), data if size <= largest else data[:HEAD], size))
    return uploads, refused


def _is_file(path: Path) -> bool:
    """Whether this is a file, or cannot be looked at, which reading it will say."""
    try:
        return path.is_file()
    except OSError:
        return True


def _tell_earlier(held: Sequence[Transcript], outcomes: Sequence[Outcome]) -> None:
    """Say which files of the study were not given this time: they are on the map too."""
    given = {o.transcript.id for o in outcomes if o.transcript and o.status != "paired"}  # the words of a paired file are not used
    earlier = [t.file_name for t in held if t.id not in given]
    if earlier:
        told = f"also in this study, from before: {', '.join(earlier)}. For a map without them choose another --study or --out."
        screen.print(f"[yellow]note[/yellow] {escape(told)}", soft_wrap=True)


def _is_companion(path: Path) -> bool:
    return path.name.lower() in COMPANIONS - {PARTICIPANT_TABLE}


def _study_name(paths: Sequence[Path]) -> str:
    first = min(path.resolve() for path in paths)
    return first.name if first.is_dir() else first.parent.name
