"""report.md: what a run found, what it left out and why, for reading and for pasting."""

from collections.abc import Mapping, Sequence
from typing import Any

MAX_PER_LANE = 5
LANES = (("pains", "Pains"), ("delights", "Delights"), ("opportunities", "Opportunities"))


def report_markdown(
    document: Mapping[str, Any], files: Sequence[Mapping[str, Any]], refused: Mapping[str, str], personal: Mapping[str, int] | None = None
) -> str:
    """Write the report from a whole map (DESIGN §8), what was understood of each file, and the files that were not read with the reason.

    `personal` counts `findings` of personal data in `transcripts`, where anything was searched.
    """
    parts = [
        [f"# {_plain(document['title'])}", ""],
        _head(document),
        _moments(document),
        _stages(document),
        _themes(document),
        _files(files, refused),
        _coverage(document),
        _personal(document, personal) if personal else [],
    ]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(document: Mapping[str, Any]) -> list[str]:
    run = document["run"]
    people = ", ".join(
        f"{p['pseudonym']} ({', '.join(p['personas'])})" if p["personas"] else p["pseudonym"] for p in document["participants"]
    )
    lines = [
        f"Draft journey map, version {document['version']}, drawn {document['created_at'][:10]}. Review due {document['review_due']}.",
        "",
    ]
    if document.get("question"):
        lines += [f"**Research question:** {_plain(document['question'])}", ""]
    lines += [
        f"**Participants:** {people or 'nobody'}",
        "",
        f"**Tagged by:** {run['tagger']} ({run['model']}, prompt {run['prompts']['tag_quotes']})",
        "",
    ]
    lines += _learned(run["agreement"]) if run.get("agreement") else []
    lines += _written(run["statements"]) if run.get("statements") else []
    if run["tagger"] == "offline":
        lines += ["The offline tagger judges without a language model. Treat its tags as a first sort, not as findings.", ""]
    if document["guessed_languages"]:
        files = ", ".join(map(_plain, document["guessed_languages"]))
        lines += [f"> These files are not in English, which is all the offline tagger knows; use a language model to tag them: {files}", ""]
    if document["unnamed_transcripts"]:
        files = ", ".join(map(_plain, document["unnamed_transcripts"]))
        lines += [f"> These files do not say who speaks; everything in them is quoted as “speaker unknown”: {files}", ""]
    if run["gaps"]:
        lines += ["## Gaps", "", "These parts could not be done. Run the same command again to close them.", ""]
        lines += [f"- {_plain(g['what'])}: {_plain(g['reason'])} ({_counted(g['quotes'])})" for g in run["gaps"]] + [""]
    return lines


def _learned(agreement: Mapping[str, Any]) -> list[str]:
    """How hybrid tagging was divided, and how far the fitted heads agree with the model where nothing was learned from it."""
    told = (
        f"The language model tagged {agreement['asked']} of {_counted(agreement['of'])}; heads fitted on {agreement['learned_from']} of "
        f"its answers tagged the rest. How often they say the same on {_counted(agreement['quotes'])} held back from the fit:"
    )
    rows = [
        f"| {name} | {f['accuracy']:.0%} | {'–' if f['kappa'] is None else format(f['kappa'], '.2f')} |"
        for name, f in agreement["fields"].items()
    ]
    return [told, "", "| field | same answer | kappa |", "|---|---|---|", *rows, ""]


def _written(told: Mapping[str, int]) -> list[str]:
    """How many sentences the model wrote, how many could not be kept, and what a second look at them found."""
    parts = [f"The language model wrote {_statements(told['written'])} of this map."]
    if told["refused"]:
        why = "claimed what no quote says, said nothing specific or went on too long"
        parts.append(f"{told['refused']} more {why}; the quotes' own words stand there.")
    if told["checked"]:
        parts.append(f"A second look at {_statements(told['checked'])} doubts {told['doubted'] or 'none'}.")
    return [" ".join(parts), ""]


def _statements(count: int) -> str:
    return f"{count} statement{'' if count == 1 else 's'}"


def _doubt(statement: Mapping[str, Any]) -> str:
    doubt = statement.get("doubt")
    return f" **Doubtful{': ' + _plain(doubt['reason']) if doubt['reason'] else ''}**" if doubt else ""


def _moments(document: Mapping[str, Any]) -> list[str]:
    by_id = {s["id"]: (s, stage) for stage in document["stages"] for lane in stage["lanes"].values() for s in lane}
    lines = []
    for key, title in (("worst", "Worst moments"), ("best", "Best moments")):
        if document["summary"][key]:
            lines += [f"## {title}", ""]
            for statement_id in document["summary"][key]:
                statement, stage = by_id[statement_id]
                lines.append(f"- **{stage['title']}.** {_plain(statement['text'])} _{_people(statement)}_{_doubt(statement)}")
            lines.append("")
    return lines


def _stages(document: Mapping[str, Any]) -> list[str]:
    lines = ["## Stages", ""]
    for stage in document["stages"]:
        point = stage["emotion"]
        people = f"{point['participants']} participant{'' if point['participants'] == 1 else 's'}" if point else ""
        mood = f"emotion {point['score']:+.1f}, {people}, {_counted(point['quotes'])}" if point else "no evidence"
        lines += [f"### {_plain(stage['title'])}", "", f"_{mood}_", ""]
        for lane, title in LANES:
            statements = stage["lanes"][lane]
            if not statements:
                continue
            lines += [f"**{title}**", ""]
            for s in statements[:MAX_PER_LANE]:
                lines += [f"- {_plain(s['text'])} _{_people(s)}_{_doubt(s)}", *_first_quote(document, s)]
            if len(statements) > MAX_PER_LANE:
                lines.append(f"- … and {len(statements) - MAX_PER_LANE} more in map.html")
            lines.append("")
    return lines


def _first_quote(document: Mapping[str, Any], statement: Mapping[str, Any]) -> list[str]:
    quote = document["quotes"].get(statement["evidence"][0]["quote_id"]) if statement["evidence"] else None
    if quote is None or quote["text"] in statement["text"]:
        return []
    return [f"  - {quote['participant']}: “{_plain(quote['text'])}”"]


def _themes(document: Mapping[str, Any]) -> list[str]:
    if not document["themes"]:
        return ["## Themes", "", "No themes: too few quotes share one.", ""]
    lines = ["## Themes", "", "| theme | quotes | participants |", "|---|---|---|"]
    lines += [f"| {_plain(t['label'])} | {len(t['quote_ids'])} | {t['participants']} |" for t in document["themes"]]
    return [*lines, ""]


def _files(files: Sequence[Mapping[str, Any]], refused: Mapping[str, str]) -> list[str]:
    lines = ["## Files", "", "| file | shape | turns | words | speakers |", "|---|---|---|---|---|"]
    for f in files:
        speakers = ", ".join(f"{_plain(s['name'])} ({s['role']})" for s in f["speakers"])
        lines.append(f"| {_plain(f['file_name'])} | {f['shape']} | {f['turns']} | {f['words']} | {speakers} |")
    lines.append("")
    warned = [f for f in files if f["warnings"]]
    if warned:
        lines += ["Warnings:", "", *(f"- {_plain(f['file_name'])}: {_plain(w)}" for f in warned for w in f["warnings"]), ""]
    if refused:
        lines += ["Not read:", "", *(f"- {_plain(name)}: {_plain(reason)}" for name, reason in sorted(refused.items())), ""]
    return lines


def _coverage(document: Mapping[str, Any]) -> list[str]:
    c = document["coverage"]
    told = (
        f"Of {c['sentences']} participant sentences {c['used']} are used, {c['unplaced']} unplaced, {c['gap']} gaps, "
        f"{c['skipped']} skipped (filler, small talk, too short …). "
        f"{c['ungrounded']} answers of a model resolved to no quote and were dropped."
    )
    return ["## Coverage", "", told, ""]


def _personal(document: Mapping[str, Any], personal: Mapping[str, int]) -> list[str]:
    places = f"{personal['findings']} finding{'' if personal['findings'] == 1 else 's'}"
    files = f"{personal['transcripts']} transcript{'' if personal['transcripts'] == 1 else 's'}"
    what = "replaced in all of these files" if document["redacted"] else "these files have them as spoken"
    return ["## Personal data", "", f"{places} in {files}; {what}.", ""]


def _people(statement: Mapping[str, Any]) -> str:
    against = f", {_counted(statement['contrary_total'])} against" if statement["contrary_total"] else ""
    return f"{statement['participants']} of {statement['of_participants']} participants, {_counted(statement['evidence_total'])}{against}"


def _counted(quotes: int) -> str:
    return f"{quotes} quote{'' if quotes == 1 else 's'}"


def _plain(text: str) -> str:
    """Text that Markdown takes literally, on one line."""
    flat = " ".join(text.split())
    for mark in "\\`*_[]<>|#":
        flat = flat.replace(mark, f"\\{mark}")
    return flat
