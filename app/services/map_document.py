"""A map as it is shown: a version with the words of its quotes, as one audience may read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion
from app.domain.journey import Lane
from app.domain.layout import STEPS, read_layout
from app.domain.render import Audience
from app.domain.runs import Run
from app.domain.study import Transcript
from app.domain.themes import CodeBook
from app.services.blueprint import with_actions
from app.services.book import load_book
from app.services.map_settings import layout_told
from app.services.own_words import laid_over, own_words
from app.services.presenting import Presenter, ShownQuote

SCHEMA_VERSION = 1
OFFLINE = "offline"
LANES = (*(lane.value for lane in Lane), "business_actions")


def present_map(
    repo: Repositories, version: MapVersion, run: Run, show: Presenter, audience: Audience, *, quotes: bool = True
) -> dict[str, Any]:
    """A version as DESIGN §8 writes it, with the `quotes` that it cites or none; a part of one says by `narrowing` which it is."""
    document, view = version.document, repo.maps.get(version.map_id)
    words = own_words(repo, version.study_id, document["stages"])
    worded = [_stage_for(stage, show, words) for stage in document["stages"]]
    stages = with_actions(repo, version.map_id, worded, show.stages, show.free)
    cited = [e["quote_id"] for stage in stages for e in (stage["emotion"] or {}).get("evidence", [])]
    cited += [e["quote_id"] for stage in stages for lane in stage["lanes"].values() for s in lane for e in s.get("evidence", [])]
    cited += [e["quote_id"] for stage in stages for step in stage[STEPS] for e in step["evidence"]]
    cited += [q for theme in document["themes"] for q in theme.get("quote_ids", [])]
    shown = show.show(list(dict.fromkeys(cited)), document.get("states")) if quotes else {}
    personas = {p.id: show.free(p.name) for p in repo.people.personas(version.study_id)}
    book = load_book(repo, version.study_id, run.tagger_key)
    return {
        "schema_version": SCHEMA_VERSION,
        "id": version.id,
        "map_id": version.map_id,
        "study_id": version.study_id,
        "version": version.version,
        "status": version.status,
        "created_at": version.created_at.isoformat(),
        "title": show.free(view.name),
        "question": show.free(repo.studies.get(version.study_id).question or "") or None,
        "scenario": show.free(view.scenario or "") or None,
        "filter": document["filter"],
        "layout": layout_told(read_layout(view.layout), [stage["id"] for stage in stages], show.stages, show.free),
        "review_due": document["review_due"],
        "redacted": audience is not Audience.OWNER,
        "run": {
            "id": run.id,
            "tagger": run.tagger,
            "model": run.model,
            "prompts": {"tag_quotes": run.prompt},
            "agreement": run.agreement,
            "statements": document.get("written"),
            "gaps": [
                {"item": g.item.partition("/")[2], "what": show.free(g.what), "reason": show.free(g.reason), "quotes": g.quotes}
                for g in run.gaps
            ],
        },
        "participants": _people(document["participants"], show, personas),
        "of_participants": document["of_participants"],
        "unnamed_transcripts": [show.files[t.id] for t in show.transcripts.values() if not t.named and t.id in run.inputs.transcript_ids],
        "guessed_languages": [show.files[t.id] for t in show.transcripts.values() if run.tagger == OFFLINE and not _english(t)],
        "summary": document["summary"],
        "stages": stages,
        "themes": [
            {
                **theme,
                "label": show.free(theme["label"]),
                "summary": show.free(_summary(book, theme["id"])),
            }
            for theme in document["themes"]
        ],
        "quotes": {quote_id: quote.fields() | {"stage": _key(show, quote)} for quote_id, quote in shown.items()},
        "coverage": document["coverage"],
        **({"narrowing": _narrowing(document["narrowing"], show)} if "narrowing" in document else {}),
    }


def present_comparison(
    repo: Repositories, version: MapVersion, sides: Sequence[dict[str, Any]], stages: Sequence[dict[str, Any]], show: Presenter
) -> dict[str, Any]:
    """Two parts of a version, left and right, and what `compare` says of them."""
    personas = {p.id: show.free(p.name) for p in repo.people.personas(version.study_id)}
    left, right = (
        {
            "narrowing": _narrowing(side["narrowing"], show),
            "of_participants": side["of_participants"],
            "participants": _people(side["participants"], show, personas),
        }
        for side in sides
    )
    whole = {stage["id"]: stage for stage in version.document["stages"]}
    words = own_words(repo, version.study_id, whole.values())
    return {
        "id": version.id,
        "map_id": version.map_id,
        "study_id": version.study_id,
        "left": left,
        "right": right,
        "stages": [{**_pairs(stage, show, words), "title": show.stage_told(whole[stage["id"]])["title"]} for stage in stages],
    }


def _narrowing(told: dict[str, Any], show: Presenter) -> dict[str, Any]:
    return {**told, "renamed": {theme: show.free(name) for theme, name in told["renamed"].items()}}


def _people(participants: Iterable[str], show: Presenter, personas: Mapping[str, str]) -> list[dict[str, Any]]:
    known = [show.participants[p] for p in participants if p in show.participants]
    return [{"id": p.id, "pseudonym": p.pseudonym, "personas": [personas[x] for x in p.persona_ids]} for p in known]


def _pairs(stage: dict[str, Any], show: Presenter, words: Mapping[str, str]) -> dict[str, Any]:
    """A compared stage without the quotes that its sentences were cut from."""
    worded = _worded(stage, show, words)
    lanes = {lane: [{k: v for k, v in s.items() if k != "evidence"} for s in pairs] for lane, pairs in worded["lanes"].items()}
    return {**worded, "lanes": lanes}


def _worded(stage: dict[str, Any], show: Presenter, words: Mapping[str, str]) -> dict[str, Any]:
    lanes = {lane: [shown_statement(laid_over(s, words), show) for s in told] for lane, told in stage["lanes"].items()}
    return {**stage, "lanes": lanes}


def shown_statement(statement: dict[str, Any], show: Presenter) -> dict[str, Any]:
    """A statement in words for an audience, with the reason why it is doubted, if it is."""
    doubt = statement.get("doubt")
    freed = {"doubt": {**doubt, "reason": show.free(doubt["reason"])}} if doubt else {}
    return {**statement, "text": show.free(statement["text"]), **freed}


def _summary(book: CodeBook, theme_id: str) -> str:
    entry = book.entries.get(theme_id)
    return (entry.summary or entry.definition) if entry else ""


def _english(transcript: Transcript) -> bool:
    """Whether the offline tagger knows the language, or the text is too short to tell."""
    return transcript.language in {"en", "und"}


def _key(show: Presenter, quote: ShownQuote) -> str | None:
    return show.stage_key(quote.tags.stage) if quote.tags else None


def _stage_for(stage: dict[str, Any], show: Presenter, words: Mapping[str, str]) -> dict[str, Any]:
    worded = _worded(stage, show, words)
    steps = [{**step, "text": show.free(step["text"])} for step in stage.get(STEPS, ())]
    return {**worded, **show.stage_told(stage), STEPS: steps, "lanes": {lane: worded["lanes"][lane] for lane in LANES}}
