"""Has readers draft the code books of labelled studies and place every quote: writes the requests, later says where quotes were placed.

    codebook.py draft  --gold DIR [--tags RECORDED] [--study NAME …] --out DIR    # DIR/draft/STUDY.txt
    codebook.py assign --gold DIR [--tags RECORDED] [--study NAME …] --out DIR    # DIR/assign/STUDY-N.txt, where the draft is answered
    codebook.py export (--out DIR | --recorded FOLDER) --to FILE                  # {"study": {"file:start:end": label or null}}
    codebook.py keep   --out DIR --recorded FOLDER                                # requests and replies in one file a study

A reply stands beside its request, as `STUDY.reply.json` or `STUDY-N.reply.json`. Gists and tags are those of recorded tag replies
(`--tags`), else the labels' own.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ask import SCHEMA, SYSTEM, collect, messages_of, unpack
from exchange import Exchange, count_tokens, key_of, page_of

from app.adapters.gold_folder import FIRST, read_gold
from app.adapters.hdbscan import HdbscanClusterer
from app.adapters.kmeans import KMeansClusterer, SizedClusterer
from app.adapters.prompts import PromptLibrary
from app.adapters.sentence_transformers import MiniLmEmbedder
from app.domain.gold import Gold, GoldQuote, GoldStudy
from app.domain.tags import NO_STAGE, Experience
from app.domain.themes import ClusterProposal, Theme, theme_id
from app.ports import ModelRequest
from app.stages.codebook import (
    Draft,
    GistLine,
    PlacedQuote,
    assign_request,
    batch_size,
    draft_parts,
    draft_request,
    entry_order,
    order_lines,
    parse_assignments,
    parse_draft,
)
from app.stages.features import Clusterable, cluster_features
from app.stages.tag import parse_reply
from app.stages.tokens import estimate_tokens
from app.stages.wording import Setting

CONTEXT_TOKENS = 16384
Told = Mapping[str, tuple[str, str, str | None]]
"""By quote id its stage's key, experience and gist."""


@dataclass(frozen=True)
class Sheet:
    """A study with what is known of its quotes; `places` are `file:start:end` by quote id, in transcript order."""

    study: GoldStudy
    told: Told
    places: Mapping[str, str]

    @property
    def setting(self) -> Setting:
        """What requests say of the study."""
        return Setting(self.study.title, self.study.question, self.study.interviews[0].language, self.study.product)

    @property
    def asked(self) -> list[str]:
        """Ids of the quotes that have a gist; background has no theme."""
        return [q for q in self.places if q in self.told and self.told[q][2] and self.told[q][0] != NO_STAGE]

    def draft(self) -> Draft:
        """What the draft is asked from."""
        return Draft(self.setting, tuple((stage.key, stage.title) for stage in self.study.stages))

    def lines(self) -> tuple[GistLine, ...]:
        """Gists in the order of the clusters that the tool would find without a model."""
        quotes = {q.quote.id: q for q in self.study.quotes}
        placed = [q for q in self.places if q in self.told and self.told[q][0] != NO_STAGE]
        groups = clusters([quotes[q] for q in placed], self.told).groups
        group = {q: n for n, members in enumerate(groups, start=1) for q in members}
        who = {name: f"P{n}" for n, name in enumerate(dict.fromkeys(q.quote.speaker for q in self.study.quotes), start=1)}
        return order_lines(
            GistLine(q, gist, stage, Experience(experience), who[quotes[q].quote.speaker], group.get(q))
            for q in self.asked
            for stage, experience, gist in [self.told[q]]
            if gist
        )

    def quotes(self) -> list[PlacedQuote]:
        """What is placed, in transcript order."""
        text = {q.quote.id: q.text for q in self.study.quotes}
        return [PlacedQuote(q, text[q], self.told[q][2] or "", self.told[q][0]) for q in self.asked]


def clusters(quotes: Sequence[GoldQuote], told: Told) -> ClusterProposal:
    """Groups as the tool would find them without a model, from what these quotes say, answer and are about."""
    asked = [(q.quote.transcript_id, q.question or "") for q in quotes]
    numbers = {question: n for n, question in enumerate(dict.fromkeys(asked))}
    rows = [
        Clusterable((i := q.quote.id), q.quote.transcript_id, q.quote.start, numbers[question], told[i][0], "", told[i][1])
        for q, question in zip(quotes, asked, strict=True)
    ]
    encode = MiniLmEmbedder().encode
    vectors, questions, gists = (
        encode(texts).vectors
        for texts in ([q.text for q in quotes], [text for _, text in asked], [told[q.quote.id][2] or "" for q in quotes])
    )
    return SizedClusterer(HdbscanClusterer(), KMeansClusterer()).cluster(
        [row.quote_id for row in rows], cluster_features(rows, vectors, questions, gists)
    )


def sheets(gold_folder: Path, tags: Path | None, names: Sequence[str]) -> Iterator[Sheet]:
    """The studies of a gold standard, or those named, with gists and tags."""
    gold = read_gold(gold_folder)
    told = recorded_tags(gold, tags) if tags else None
    for study in gold.studies:
        if names and study.name not in names:
            continue
        places = {q.quote.id: f"{i.name}:{q.quote.start}:{q.quote.end}" for i in study.interviews for q in i.quotes}
        folder = gold_folder if (gold_folder / FIRST).is_file() else gold_folder / study.name
        yield Sheet(study, labelled(folder, places) if told is None else told, places)


def labelled(folder: Path, places: Mapping[str, str]) -> Told:
    """What the labels say of the quotes; their themes are not looked at."""
    rows = [json.loads(line) for line in (folder / FIRST).read_text(encoding="utf-8").splitlines()]
    by_place = {f"{row['file']}:{row['start']}:{row['end']}": row for row in rows}
    found = {quote_id: by_place[place] for quote_id, place in places.items()}
    return {q: (row["stage"], row["experience"], row.get("gist")) for q, row in found.items()}


def recorded_tags(gold: Gold, store: Path) -> Told:
    """What readers said of the quotes when they were asked to tag them."""
    told: dict[str, tuple[str, str, str | None]] = {}
    asked = collect(gold, None)
    with tempfile.TemporaryDirectory() as temporary:
        exchange = unpack(store, Path(temporary))
        for request, window in zip(asked.requests, asked.windows, strict=True):
            reply = exchange.reply(key_of(messages_of(request), request.schema))
            if reply is None:
                continue
            keys = {stage.id: stage.key for stage in window.stages} | {NO_STAGE: NO_STAGE}
            tags = parse_reply(json.loads(reply.text), window).tags
            ids = {quote.number: quote.quote_id for quote in window.quotes}
            told |= {ids[n]: (keys[t.stage], t.experience.value, t.gist) for n, t in tags.items()}
    return told


def write(folder: Path, name: str, request: ModelRequest, places: Sequence[str]) -> None:
    """A request as a page and as data, with the places that its numbers stand for."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = messages_of(request)
    (folder / f"{name}.txt").write_text(page_of(name, messages, request.schema), encoding="utf-8", newline="\n")
    data = {"task": request.task, "prompt": request.prompt, "places": list(places), "messages": messages, "schema": request.schema}
    (folder / f"{name}.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def answered(folder: Path, name: str) -> tuple[dict[str, Any], Any] | None:
    """A request and its reply; None where nobody has answered."""
    reply = Exchange(folder).reply(name)
    if reply is None or not (folder / f"{name}.json").is_file():
        return None
    asked = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return {**asked, "answered_by": reply.answered_by, "answered_at": reply.answered_at}, json.loads(reply.text)


def write_drafts(out: Path, chosen: Iterator[Sheet]) -> None:
    """The request for each study's code book; these studies fit one request."""
    prompts = PromptLibrary()
    for sheet in chosen:
        (lines,) = draft_parts(prompts, sheet.draft(), sheet.lines(), CONTEXT_TOKENS)
        request = draft_request(prompts, sheet.draft(), lines)
        write(out / "draft", sheet.study.name, request, [sheet.places[line.quote_id] for line in lines])
        read = [count_tokens(request.system), count_tokens(request.user)]
        sys.stdout.write(f"{sheet.study.name}: {len(lines)} gists, {read[0]} tokens fixed, {read[1] / len(lines):.1f} a quote\n")


def entries_of(out: Path, study: str) -> tuple[list[Theme], int] | None:
    """The entries that a reader drafted, and how much of the reply stood for nothing; None without a reply."""
    found = answered(out / "draft", study)
    if found is None:
        return None
    asked, value = found
    drafted = parse_draft(value, [GistLine(place, "", "", Experience.NEUTRAL, "") for place in asked["places"]])
    ids = [theme_id(study, entry.quote_ids) for entry in drafted.entries]
    themes = [
        Theme(key, e.label, e.definition, e.use_when, e.not_when, None if e.parent is None else ids[e.parent], "llm")
        for key, e in zip(ids, drafted.entries, strict=True)
    ]
    return list(entry_order(themes, {}, None)), drafted.ungrounded


def write_assignments(out: Path, chosen: Iterator[Sheet]) -> None:
    """The requests that place every quote in the entries that were drafted."""
    prompts = PromptLibrary()
    for sheet in chosen:
        drafted = entries_of(out, sheet.study.name)
        if drafted is None:
            sys.stdout.write(f"{sheet.study.name}: its draft is not answered\n")
            continue
        entries, ungrounded = drafted
        quotes = sheet.quotes()
        usual = sum(estimate_tokens(q.text + q.gist) for q in quotes) / len(quotes)
        size = batch_size(prompts, sheet.setting, entries, CONTEXT_TOKENS, usual)
        parts = [quotes[i : i + size] for i in range(0, len(quotes), size)]
        requests = [assign_request(prompts, sheet.setting, entries, part) for part in parts]
        for n, (request, part) in enumerate(zip(requests, parts, strict=True), start=1):
            write(out / "assign", f"{sheet.study.name}-{n}", request, [sheet.places[q.quote_id] for q in part])
        fixed = count_tokens(requests[0].system) + count_tokens(requests[0].user.partition("<data>")[0])
        read = sum(count_tokens(request.user.partition("<data>")[2]) for request in requests) / len(quotes)
        told = f"{len(entries)} entries, {ungrounded} ungrounded, {len(requests)} requests"
        sys.stdout.write(f"{sheet.study.name}: {told}, {fixed} tokens fixed, {read:.1f} a quote beyond\n")


def placements(out: Path) -> dict[str, dict[str, str | None]]:
    """By study and place the label of the theme that a reader placed a quote in; None for none, also where no reader was asked."""
    found: dict[str, dict[str, str | None]] = {}
    for request in sorted((out / "draft").glob("*.json")):
        study = request.stem
        if study.endswith(".reply") or (drafted := entries_of(out, study)) is None:
            continue
        labels = {entry.id: entry.label for entry in drafted[0]}
        placed: dict[str, str | None] = {}
        for page_file in sorted((out / "assign").glob(f"{study}-*.json")):
            if page_file.stem.endswith(".reply") or (answer := answered(out / "assign", page_file.stem)) is None:
                continue
            quotes = [PlacedQuote(place, "", "", "") for place in answer[0]["places"]]
            read = parse_assignments(answer[1], quotes, drafted[0])
            placed |= {q.quote_id: labels.get(read.themes.get(q.quote_id) or "") for q in quotes}
            left = len(quotes) - len(read.themes)
            sys.stdout.write(f"{page_file.stem}: {left} quotes without an answer, {read.ungrounded} ungrounded\n")
        found[study] = placed
    return found


def keep(out: Path, store: Path) -> None:
    """Store what was asked and answered, a file a study; what is the same in every request once."""
    store.mkdir(parents=True, exist_ok=True)
    studies = sorted(p.stem for p in (out / "draft").glob("*.json") if not p.stem.endswith(".reply"))
    for study in studies:
        names = [("draft", study)] + [("assign", p.stem) for p in sorted((out / "assign").glob(f"{study}-*.json"))]
        lines = []
        for kind, name in names:
            found = None if name.endswith(".reply") else answered(out / kind, name)
            if found is None:
                continue
            asked, value = found
            (store / f"{kind}.{SYSTEM}").write_text(asked["messages"][0]["content"], encoding="utf-8", newline="\n")
            (store / f"{kind}.{SCHEMA}").write_text(json.dumps(asked["schema"]) + "\n", encoding="utf-8", newline="\n")
            said = {key: asked[key] for key in ("task", "prompt", "answered_by", "answered_at", "places")}
            case = {"kind": kind, "name": name, **said, "user": asked["messages"][1]["content"], "reply": value}
            lines.append(json.dumps(case, ensure_ascii=False) + "\n")
        (store / f"{study}.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")


def lay_out(store: Path, out: Path) -> None:
    """Lay a store of recorded requests and replies out as a folder again."""
    for file in sorted(store.glob("*.jsonl")):
        for case in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            folder, name = out / case["kind"], case["name"]
            system = (store / f"{case['kind']}.{SYSTEM}").read_text(encoding="utf-8")
            schema = json.loads((store / f"{case['kind']}.{SCHEMA}").read_text(encoding="utf-8"))
            write(folder, name, ModelRequest(case["task"], case["prompt"], system, case["user"], schema, 0), case["places"])
            (folder / f"{name}.reply.json").write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")


def main() -> int:
    """Do what the options say."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["draft", "assign", "export", "keep"])
    parser.add_argument("--gold", type=Path, help="folder of labelled studies")
    parser.add_argument("--tags", type=Path, help="store of recorded tag replies; by default the labels' own gists and tags are taken")
    parser.add_argument("--study", action="append", default=[], help="only this one; may be given several times")
    parser.add_argument("--out", type=Path, help="folder with requests and replies")
    parser.add_argument("--recorded", type=Path, help="store of recorded cases")
    parser.add_argument("--to", type=Path, help="file to write placements to")
    options = parser.parse_args()
    needed = {"draft": ("gold", "out"), "assign": ("gold", "out"), "export": ("to",), "keep": ("out", "recorded")}[options.what]
    if missing := [name for name in needed if getattr(options, name) is None]:
        parser.error(f"{options.what} needs --{' and --'.join(missing)}")
    if options.what in {"draft", "assign"}:
        (write_drafts if options.what == "draft" else write_assignments)(options.out, sheets(options.gold, options.tags, options.study))
    elif options.what == "keep":
        keep(options.out, options.recorded)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            if options.recorded:
                lay_out(options.recorded, Path(temporary))
            found = placements(Path(temporary) if options.recorded else options.out)
        options.to.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
