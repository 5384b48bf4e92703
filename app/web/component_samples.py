"""What the page of all components is drawn with: plain dicts as the services give them, about a study that nobody made."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.narrowing import Narrowing
from app.exports.vocabulary import LANES
from app.web.map_choices import Choices, chips_of
from app.web.map_look import GRID, Look
from app.web.opportunity_chart import opportunity_chart
from app.web.people_charts import small_curve
from app.web.stage_rows import StageForm, StageRow
from app.web.theme_charts import saturation_chart

Sample = dict[str, Any]
AT = "2025-03-14T09:20:00+00:00"
DOUBT = {"verdict": "partly", "reason": "nobody says that they were asked"}
LATER = "2025-03-14T09:31:40+00:00"
OF = 5
_JOURNEY = (
    ("hearing", "Hearing of it", 0.6, 0.5),
    ("choosing", "Choosing", -0.3, 0.8),
    ("paying", "Paying", None, 0.0),
    ("fitting", "First fitting", 0.9, 0.4),
    ("wearing", "Wearing it every day", -0.2, 1.1),
    ("mending", "When it breaks", -1.4, 0.5),
    ("telling", "Telling others", 1.1, 0.3),
)
_SAID = (
    ("They rang me back the same afternoon, and it was the same woman, so I did not have to begin again.", "relief", 2, "delight"),
    ("Forty minutes, and then the line went dead. I sat there with the thing in my hand like an old shoe.", "anger", 3, "pain"),
    ("I read the letter three times. I still could not say what it costs.", "confusion", 2, "pain"),
    ("I take them out for the choir. I always have.", "neutral", 1, "neutral"),
)
_STEPS = ("Notices", "Looks for the receipt", "Rings", "Waits", "Explains", "Is cut off", "Rings again", "Sends it in")


def quote(number: int = 1, said: int = 0, **changes: Any) -> Sample:
    """A quote with its tags; `said` chooses the words."""
    text, emotion, intensity, experience = _SAID[said]
    return (
        {"id": f"q{number}", "transcript_id": "t1", "transcript": "02-ines.vtt", "participant": f"P{number}", "speaker": "Ines"}
        | {"text": text, "prefix": "and so on. ", "suffix": " And that was that, more or less.", "start": 10, "end": 90, "gist": None}
        | {"start_ms": 312_000, "end_ms": 318_000, "stage": "mending", "channel": "phone", "touchpoint": "support line"}
        | {"kind": "action", "emotion": emotion, "intensity": intensity, "experience": experience, "valence": 0, "confidence": 0.81}
        | {"source": "llm", "theme_id": "th1", "state": "used", "skip_reason": None, "map": None, "listen": None, "review": None}
        | changes
    )


def reviewed(status: str, number: int) -> Sample:
    """A quote that nobody has looked at (`open`), or that people confirmed or corrected."""
    shown = quote(number, 1, touchpoint="support line")
    proposed = {key: shown[key] for key in ("stage", "experience", "emotion", "intensity", "channel", "touchpoint", "kind")}
    decided = {"emotion": {"decision_id": "d", "actor": "Ann", "at": AT}} if status != "open" else {}
    if status == "corrected":
        shown |= {"emotion": "disappointment", "source": "human"}
    return shown | {"review": {"status": status, "proposed": proposed, "decided": decided}}


def statement(key: str, text: str, people: int = 2, against: int = 0, **more: Any) -> Sample:
    """A statement of the sample map."""
    return (
        {"id": f"st-{key}", "text": text, "theme_id": None, "origin": "llm", "status": "draft", "participants": people}
        | {"of_participants": OF, "evidence_total": people + 2, "contrary_total": against, "channel": "phone", "evidence": []}
        | more
    )


def _stage(key: str, title: str, score: float | None, spread: float, lanes: Mapping[str, Sequence[Sample]]) -> Sample:
    people = 4 if lanes else 2
    emotion: Sample = {"score": score, "spread": spread, "participants": people, "quotes": 9, "contrary": 2, "evidence": []}
    return {"id": key, "key": key, "title": title, "definition": f"What belongs in “{title}”", "base": [], "absorbed": []} | {
        "emotion": emotion if score is not None else None,
        "lanes": {lane: list(lanes.get(lane, ())) for lane, *_ in LANES},
    }


def journey() -> Sample:
    """The map as the overview shows it: seven stages, one of them without evidence."""
    told: dict[str, dict[str, list[Sample]]] = {
        "hearing": {"delights": [statement("o1", "Hears of it from a neighbour who can follow the news again", 3)]},
        "choosing": {"pains": [statement("o2", "Reads the offer three times and cannot say what it costs", 3, 1)]},
        "fitting": {"delights": [statement("o3", "Hears the kettle for the first time in years", 4)]},
        "wearing": {"pains": [statement("o4", "Takes it out for choir, because music turns to tin", 2)]},
        "mending": {
            "pains": [
                statement("o5", "Waits 40 minutes on hold, then is cut off before anyone answers", 4, 1),
                statement("o6", "“I sat there with the thing in my hand” — waiting for a call", 1),
            ],
            "delights": [statement("o7", "Is rung back by the same person the same afternoon", 2)],
        },
        "telling": {"delights": [statement("o8", "Has talked two friends into trying it", 2)]},
    }
    return _map(
        [_stage(key, title, score, spread, told.get(key, {})) for key, title, score, spread in _JOURNEY],
        {"worst": ["st-o5", "st-o2"], "best": ["st-o3"]},
    )


def full_map() -> Sample:
    """The map in full: a stage with every lane and more pains than a cell shows, one with few, one without evidence."""
    pains = [statement(f"f{n}", f"Pain number {n} of a cell that holds more than it shows", 6 - n, n % 2) for n in range(1, 6)]
    before = {
        "actions": [statement("f10", "Calls the shop, the maker and then a nephew", 3)],
        "thoughts": [statement("f11", "Expects to be asked for a receipt nobody kept", 2, status="edited", doubt=DOUBT)],
        "touchpoints": [statement("f12", "support line", 4), statement("f13", "letter with the offer", 2, channel="email")],
        "pains": pains,
        "delights": [statement("f14", "“They rang me back the same afternoon” — being rung back", 2)],
        "opportunities": [statement("f15", "How might we call back within the hour? — “Forty minutes, and then the line went dead.”", 4)],
        "business_actions": [{"id": "b1", "text": "Call-back queue from May", "line": "back", "origin": "human"}],
    }
    after = {"actions": [statement("f20", "Tells the story at every coffee", 2)]}
    steps = [statement(f"step{n}", text, 4 - n // 3) for n, text in enumerate(_STEPS)]
    stages = [
        _stage("before", "Before the repair", -1.1, 0.6, before) | {"steps": steps},
        _stage("during", "During the repair", None, 0, {}),
        _stage("after", "After the repair", 0.8, 0.5, after),
    ]
    rows = [{"key": key, "title": "", "shown": True} for key in ("steps", *(lane for lane, *_ in LANES if lane != "steps"))]
    own = {"key": "own-1", "title": "What we measure", "shown": True, "cells": {"before": "Share of calls that are answered in a minute"}}
    return _map(stages, {"worst": ["st-f1", "st-f2", "st-f3"], "best": ["st-f14"]}) | {"layout": {"rows": [*rows, own]}}


def maps() -> list[Sample]:
    """The maps of a study, the default one first."""
    told: tuple[tuple[str, str, str | None, bool, list[str]], ...] = (
        ("m1", "Everybody", None, True, []),
        ("m2", "Newcomers", "The first year", False, ["Newcomers", "Phone"]),
    )
    return [
        {"id": key, "name": name, "scenario": scenario, "is_default": default, "only": only}
        | {"age": "2 days old", "version": 3, "drawn_at": AT}
        for key, name, scenario, default, only in told
    ]


def _map(stages: list[Sample], summary: Sample) -> Sample:
    gaps = [{"item": "w7", "what": "02-ines.vtt, window 7", "reason": "the model’s endpoint gave no answer after 4 tries", "quotes": 6}]
    return (
        {"schema_version": 1, "id": "v3", "map_id": "m1", "study_id": "sample", "version": 3, "status": "draft", "created_at": AT}
        | {"title": "Living with hearing aids", "scenario": "From the first doubt to every day", "review_due": LATER, "redacted": True}
        | {"question": "Where do people give up on them?", "filter": {"personas": ["Newcomers"], "channels": ["phone"]}}
        | {
            "run": {"id": "r1", "tagger": "llm", "model": "a-model-32b", "prompts": {}, "gaps": gaps},
            "participants": [{"id": f"p{n}", "pseudonym": f"P{n}", "personas": ["Newcomers"] if n % 2 else []} for n in range(1, OF + 1)],
            "of_participants": OF,
            "unnamed_transcripts": ["05-two-friends.txt"],
            "guessed_languages": ["04-amine.vtt"],
        }
        | {"summary": summary, "stages": stages, "quotes": {}, "themes": themes()}
        | {
            "coverage": {"sentences": 1412, "used": 968, "unplaced": 205, "gap": 16, "skipped": 223, "ungrounded": 2},
        }
    )


def curves(stages: Sequence[Sample]) -> list[Sample]:
    """A line for each of two personas over these stages."""
    heights = ((0.9, 0.4, 0, 1.4, 0.6, -0.6, 1.4), (0.2, -1.1, 0, 0.3, -1.0, -1.8, 0.4))
    names = ("Newcomers", "Old hands")
    return [
        {"id": name, "name": name, "participants": 3 - n}
        | {
            "points": [
                {"stage_id": stage["id"], "score": heights[n][i], "participants": 2} if stage["emotion"] else None
                for i, stage in enumerate(stages)
            ],
        }
        for n, name in enumerate(names)
    ]


def themes() -> list[Sample]:
    """Themes with every mark and leaning."""
    told = (
        ("th1", "Waiting to be heard", "Queues and repeated stories stand between people and an answer.", 4, 31, "pain", "key"),
        ("th2", "Being known by name", "", 3, 12, "delight", None),
        ("th3", "Small talk about the weather", "", 1, 2, "neutral", "noise"),
    )
    return [
        {"id": key, "label": label, "summary": summary, "summary_extracted": False, "parent_id": None, "study_id": "sample"}
        | {"participants": people, "of_participants": OF, "quotes": quotes, "leaning": leaning, "mark": mark, "inside": []}
        | {"pinned": mark == "key", "origin": "human" if mark == "key" else "llm", "single_participant": people == 1}
        | {
            "keyphrases": ["on hold", "line went dead", "ring back"],
            "central": [quote(3, 2)],
            "definition": "What it takes to be heard",
            "use_when": "Somebody waits for an answer",
            "not_when": "",
            "at": AT,
        }
        | {
            "stages": [{"title": "When it breaks", "quotes": 9}, {"title": "Choosing", "quotes": 2}],
        }
        for key, label, summary, people, quotes, leaning, mark in told
    ]


def proposals() -> list[Sample]:
    """A merge and a split that a run proposes."""
    part = {"quote_ids": ["q1", "q2"], "participants": 2, "keyphrases": ["on hold"], "examples": [quote(1, 1)]}
    why = {"why": "their quotes are as near to each other as within one theme", "effect": "43 quotes come together"}
    return [
        {"id": "pr1", "kind": "merge", "theme_ids": ["th1", "th2"], "parts": [], **why},
        {"id": "pr2", "kind": "split", "theme_ids": ["th1"], "parts": [part | {"label": "On hold"}, part | {"label": "Told twice"}], **why},
    ]


def saturation() -> Sample:
    """New themes by interview, with what its drawing needs."""
    rows = [
        {"transcript_id": "t1", "file_name": f"0{n}.vtt", "participants": [f"P{n}"], "themes": n, "new": new, "seen": seen}
        | {"new_themes": [{"id": "th1", "label": "Waiting to be heard"}][:new]}
        for n, (new, seen) in enumerate(((4, 4), (3, 7), (2, 9), (1, 10), (0, 10)), start=1)
    ]
    band = [{"interviews": n, "low": n + 1, "high": n + 4, "mean": n + 2.5} for n in range(1, 6)]
    told = {"interviews": rows, "band": band, "permutations": 120, "reading": "The last interview brought no new theme."}
    return told | {"chart": saturation_chart(told)}


def prevalence() -> Sample:
    """Who speaks of which theme, and where."""
    parts = [{"share": share} for share in (0.1, 0.4, 0, 0.2)]
    people = [{"participants": n, "of_participants": 3} for n in (3, 0)]
    return {
        "personas": [{"id": "pe1", "name": "Newcomers", "participants": 3}, {"id": "pe2", "name": "Old hands", "participants": 2}],
        "stages": [{"title": title} for _, title, *_ in _JOURNEY[:3]],
        "themes": [
            theme | {"by_persona": people, "by_stage": [{"quotes": n} for n in (9, 2, 0)], "by_interview": parts} for theme in themes()
        ],
    }


def runs() -> list[Sample]:
    """A run in every state it can be in."""
    gaps = [{"item": f"w{n}", "what": f"02-ines.vtt, window {n}", "reason": "no answer after 4 tries", "quotes": 6} for n in range(1, 7)]
    at = {
        "queued": {},
        "running": {"segment": (5, 5), "embed": (841, 841), "tag": (312, 841)},
        "partial": {"segment": (5, 5), "embed": (841, 841), "tag": (805, 841), "cluster": (1, 1), "write": (7, 7), "assemble": (1, 1)},
        "failed": {"segment": (5, 5), "embed": (200, 841)},
        "cancelled": {"segment": (5, 5)},
        "succeeded": {"segment": (5, 5), "embed": (841, 841), "tag": (841, 841), "cluster": (1, 1), "write": (7, 7), "assemble": (1, 1)},
    }
    ended = {"partial", "succeeded"}
    return [
        {"id": f"r-{status}", "study_id": "sample", "status": status, "tagger": "llm", "model": "a-model-32b", "created_at": AT}
        | {"started_at": AT if steps else None, "ended_at": LATER if status in ended else None}
        | {"map_id": "m1" if status in ended else None, "gaps": gaps if status == "partial" else []}
        | {
            "progress": [{"name": name, "done": done, "total": total} for name, (done, total) in steps.items()],
            "usage": {"calls": 64 if steps else 0, "cached": 12, "tokens_in": 182_400, "tokens_out": 31_220, "cost": None},
            "error": "the disk is full; make room and resume" if status == "failed" else None,
        }
        for status, steps in at.items()
    ]


def people() -> list[Sample]:
    """Somebody who says much and somebody who says nothing."""
    scores = {key: score for key, _, score, _ in _JOURNEY if score is not None}
    shown = {"transcript_id": "t1", "file_name": "02-ines.vtt", "duration_ms": 1_560_000}
    other = {"id": "p3", "pseudonym": "P3", "name": "Ines M."}
    told: tuple[tuple[str, str, Sample], ...] = (
        ("p1", "Ines", {"quotes": 41, "words": 3510, "pains": 9, "delights": 4, "scores": scores, "maybe_same": [other]}),
        ("p2", "Speaker 2", {"quotes": 0, "words": 12, "pains": 0, "delights": 0, "scores": {}, "joined": [other]}),
    )
    voices = [{"speaker_id": "s1", "name": "Ines", "file_name": "02-ines.vtt"}, {"speaker_id": "s2", "name": "I.", "file_name": "07.vtt"}]
    return [
        {"id": key, "pseudonym": key.upper(), "name": name, "attributes": {"wears_them": "two years"}, "persona_ids": ["pe1"]}
        | {"personas": [{"id": "pe1", "name": "Newcomers"}], "interviews": [shown], "voices": voices, "joined": [], "maybe_same": []}
        | {
            **said,
            "curve": small_curve([stage[0] for stage in _JOURNEY], said["scores"]),
        }
        for key, name, said in told
    ]


def persona_proposal() -> Sample:
    """A group of participants with like needs."""
    counts = {"inside": 2, "of_inside": 2, "elsewhere": 0, "of_elsewhere": 3, "quotes": [quote(1, 1), quote(2, 2)]}
    shared = [("theme", "th1", "Waiting to be heard", "pain"), ("stage", "mending", "When it breaks", "delight")]
    return {"id": "pp1", "name": "People who wait", "participants": people()} | {
        "shared": [{"kind": kind, "key": key, "text": text, "mostly": felt} | counts for kind, key, text, felt in shared]
        + [{"kind": "touchpoint", "key": "x", "text": "support line", "mostly": "neutral"} | counts],
    }


def opportunities() -> Sample:
    """Opportunities as a list with its drawing, one of them decided about."""
    told = (
        ("o1", "How might we call back within the hour?", 4, 1.8, 62, "planned", "Ann"),
        ("o2", "How might we say the price once, in one place?", 3, 1.1, 34, "open", None),
    )
    rows = [
        {"id": key, "study_id": "sample", "etag": "1", "text": text, "beside": "“Forty minutes, and then the line went dead.”"}
        | {"origin": "llm", "theme_id": "th1", "theme": "Waiting to be heard", "participants": reach, "of_participants": OF}
        | {"intensity": felt, "works_for": 1, "mixed": 1, "quotes": 9, "working_quotes": 1, "priority": value}
        | {"computed_priority": value, "why": f"{reach} of {OF} need help, felt clearly; it works for 1.", "owner": owner}
        | {"status": status, "note": "", "said": [quote(1, 1)], "working": [quote(2, 0)]}
        | {
            "decided": {"owner": {"decision_id": "d", "actor": "Ann", "at": AT}} if owner else {},
            "stages": [{"id": "mending", "title": "When it breaks", "statement_id": "st-o5", "quotes": 9}],
        }
        for key, text, reach, felt, value, status, owner in told
    ]
    recent = [{"id": "d", "field": "owner", "value": "Ann", "target_id": "st-o5", "actor": "Ann", "at": AT, "undone_at": None}]
    found = {"items": rows, "total": 2, "of": 2, "of_participants": OF, "owners": ["Ann"], "next_cursor": "c", "orphans": []}
    return {"found": found, "chart": opportunity_chart(rows, OF), "first": 1, "filters": {}, "recent": recent, "saved": "o1"} | {
        "undone": False,
        "statuses": ["open", "planned", "done", "rejected"],
        "stages": stages(),
    }


def stages() -> list[Sample]:
    """Stages of the study as its pages have them."""
    return [
        {"id": key, "key": key, "title": title, "definition": f"All of “{title}”", "base": ["support"], "absorbed": []}
        for key, title, *_ in _JOURNEY
    ]


def effects() -> list[Sample]:
    """What a change of stages would do: one of each fate."""
    held = {"quotes": 9, "participants": 3, "decisions": 2, "statements": 4, "business_actions": 1, "title_before": "Repairs"}
    other = {"id": "wearing", "key": "wearing", "title": "Wearing it every day"}
    fates = (
        ("stays", ["retitled", "redefined"]),
        ("moves", ["merged"]),
        ("disappears", ["removed"]),
        ("returns", ["taken_out"]),
        ("waits", ["added"]),
    )
    named = {"id": "mending", "key": "mending", "title": "When it breaks", "other": other}
    return [named | held | {"fate": fate, "changes": changes} for fate, changes in fates]


def stage_form() -> StageForm:
    """Rows of the form that changes stages: one that stays and one that is merged away."""
    return StageForm(
        (StageRow("mending", "When it breaks", "Repairs and help", ("support",)), StageRow("telling", "Telling others", fate="mending"))
    )


def choices(look: Look) -> Choices:
    """What the sample map can be narrowed to."""
    lists = {
        "personas": (("pe1", "Newcomers"), ("pe2", "Old hands")),
        "participants": tuple((f"p{n}", f"P{n}") for n in range(1, OF + 1)),
        "channels": (("phone", "Phone"), ("email", "Email")),
        "experiences": (("pain", "Pain"), ("delight", "Delight")),
        "themes": (("th1", "Waiting to be heard"),),
    }
    return Choices(**lists, chips=chips_of(look, lists))


def narrowed_look() -> Look:
    """A map in full, narrowed to one persona's surest quotes on the phone."""
    return Look(narrowing=Narrowing(personas=("pe1",), channels=("phone",), confidence=0.7), view=GRID)


def two_sides() -> list[Sample]:
    """The stages with the emotions of one person and of everybody."""
    feel = {"spread": 0.3, "participants": 2, "quotes": 4, "contrary": 0}
    return [
        {"id": key, "title": title}
        | {side: {"emotion": None if score is None else feel | {"score": score + by}} for side, by in (("left", -0.4), ("right", 0.2))}
        for key, title, score, _ in _JOURNEY
    ]


def nowhere(_side: int, _stage_id: str) -> str:
    """Where the points of these curves lead."""
    return "#people"
