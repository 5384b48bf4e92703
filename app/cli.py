"""The `throughline` command; what its commands do is loaded when one is called, which takes seconds that `--help` does not have."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.domain.runs import TaggerKind
from app.errors import ThroughlineError, UsageError
from app.settings import load_settings

OK, DAMAGED, BAD_USAGE, SOME_FAILED, NONE_READ, WITH_GAPS = range(6)

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Interview transcripts to a draft journey map in which every sentence can be traced to the participant's own words.",
)


@cli.command()
def demo(
    serve: Annotated[bool, typer.Option(help="Serve the maps when they are drawn.")] = True,
    data: Annotated[Path, typer.Option(help="Folder for the demo's database.")] = Path("throughline-demo"),
) -> None:
    """Draw maps of the bundled studies and show them in the browser; needs no key and no network."""
    from app import commands  # noqa: PLC0415  # as the module says

    settings = load_settings(data_dir=data, database_url="", jobs_url="")
    commands.draw_demo(settings)
    if serve:
        commands.serve(settings)


@cli.command()
def synthesize(
    paths: Annotated[list[Path], typer.Argument(help="Transcripts, or folders of them.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder to write into.", show_default=False)],
    study: Annotated[str | None, typer.Option(help="Name of the study; the folder's name if left out.")] = None,
    template: Annotated[
        str, typer.Option(help="Journey template: which stages. A key, or the title of one saved in this database.")
    ] = "customer-experience",
    tagger: Annotated[TaggerKind, typer.Option(help="auto takes the language model when one is configured.")] = TaggerKind.AUTO,
    db: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the database; a file in the folder if left out.")] = None,
    redact: Annotated[bool, typer.Option(help="Write pseudonyms and placeholders instead of personal data.")] = False,
    retag: Annotated[bool, typer.Option("--retag", help="Tag every quote again, learning from people's corrections.")] = False,
    recode: Annotated[bool, typer.Option("--recode", help="Have the model place every quote again in the code book as it is now.")] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help="Say what the run would take of a language model, and stop.")] = False,
) -> None:
    """Do the whole job without a server: transcripts in, map.json, quotes.jsonl, map.html and report.md out."""
    from app import commands  # noqa: PLC0415  # as the module says

    settings = load_settings(data_dir=out, database_url=db or "", jobs_url="")
    asked = commands.Asked(tagger, retag=retag, recode=recode, estimate=estimate)
    done = commands.synthesize(settings, paths, out, study=study, template=template, asked=asked, redact=redact)
    if done.none_read:
        raise typer.Exit(NONE_READ)
    raise typer.Exit(WITH_GAPS if done.gaps else (SOME_FAILED if done.refused else OK))


@cli.command()
def inspect(
    paths: Annotated[list[Path], typer.Argument(help="Transcripts, ZIP archives or folders of them.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead.")] = False,
) -> None:
    """Show what is understood of each file: shape, language, speakers, first lines, warnings. Nothing is stored."""
    from app import commands  # noqa: PLC0415  # as the module says

    done = commands.inspect(load_settings(), paths, as_json=as_json)
    raise typer.Exit(NONE_READ if done.none_read else SOME_FAILED if done.refused else OK)


@cli.command()
def evaluate(
    gold: Annotated[Path, typer.Option(help="Folder of labelled interviews, or a .jsonl file of labelled quotes.", show_default=False)],
    tagger: Annotated[TaggerKind, typer.Option(help="auto takes the language model when one is configured.")] = TaggerKind.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON to this file as well.", show_default=False)] = None,
) -> None:
    """Measure how far a tagger agrees with people's labels, field by field. Nothing is stored."""
    from app import commands  # noqa: PLC0415  # as the module says

    complete = commands.evaluate(load_settings(), gold, tagger=tagger, as_json=as_json, out=out)
    raise typer.Exit(OK if complete else WITH_GAPS)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; anything but loopback needs THROUGHLINE_ACCESS_KEY.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the database.")] = None,
) -> None:
    """Serve pages and API, with a worker beside them."""
    from app import commands  # noqa: PLC0415  # as the module says

    chosen = {"host": host, "port": port, "data_dir": data}
    commands.serve(load_settings(**{name: value for name, value in chosen.items() if value is not None}))


@cli.command()
def verify(
    db: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the database to check.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the database to check, such as one that synthesize wrote.")] = None,
) -> None:
    """Recompute every hash and cut every quote again; exit 1 and name each one that does not match."""
    from app import commands  # noqa: PLC0415  # as the module says

    chosen = {"database_url": db, "data_dir": data}
    settings = load_settings(**{name: value for name, value in chosen.items() if value is not None})
    if not commands.verify(settings):
        raise typer.Exit(DAMAGED)


@cli.command()
def doctor() -> None:
    """Check that everything a run needs is there and whole."""
    from app import commands  # noqa: PLC0415  # as the module says

    if not commands.doctor(load_settings()):
        raise typer.Exit(DAMAGED)


def main() -> NoReturn:
    """Run the command; our own errors become one line and an exit status, never a traceback."""
    try:
        cli(standalone_mode=True)
    except UsageError as error:
        sys.stderr.write(f"throughline: {error.message}\n")
        sys.exit(BAD_USAGE)
    except ThroughlineError as error:
        sys.stderr.write(f"throughline: {error.message}\n")
        sys.exit(BAD_USAGE if error.status in {400, 404, 409, 422} else DAMAGED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"throughline: {where}{error.strerror or type(error).__name__}\n")
        sys.exit(BAD_USAGE)
    except KeyboardInterrupt:
        sys.stderr.write("\nthroughline: stopped; the same command goes on where it was\n")
        sys.exit(130)
    sys.exit(OK)
