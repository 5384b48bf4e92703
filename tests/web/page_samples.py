"""Sample contexts of the pages: the smallest study that shows everything."""

LANES = ("actions", "thoughts", "touchpoints", "pains", "delights", "opportunities", "business_actions")


def quote(**changes):
    return {
        "id": "q1",
        "transcript_id": "t1",
        "transcript": "a.vtt",
        "participant": "P1",
        "speaker": "Ada",
        "text": "It went dead.",
        "prefix": "were you on hold?\n\nForty minutes. ",
        "suffix": " And then\n\nOh dear.",
        "start": 10,
        "end": 23,
        "start_ms": 312_000,
        "end_ms": 318_000,
        "stage": "s1",
        "channel": "phone",
        "touchpoint": "support line",
        "kind": "action",
        "emotion": "anger",
        "intensity": 3,
        "valence": -2,
        "experience": "pain",
        "gist": None,
        "confidence": 0.91,
        "source": "offline",
        "theme_id": None,
        "state": "used",
        "skip_reason": None,
        "map": None,
    } | changes


def statement(number, text="Is cut off", **changes):
    return {
        "id": f"st{number}",
        "text": text,
        "theme_id": None,
        "origin": "offline",
        "status": "draft",
        "participants": 2,
        "of_participants": 3,
        "evidence_total": 3,
        "contrary_total": 1,
        "channel": "phone",
        "evidence": [{"quote_id": "q1", "relation": "supports"}, {"quote_id": "q2", "relation": "contradicts"}],
    } | changes


def stage(key, **lanes):
    evidence = [{"quote_id": "q1", "relation": "supports"}]
    emotion = {"score": -1.2, "spread": 0.4, "participants": 2, "quotes": 3, "contrary": 0, "evidence": evidence} if lanes else None
    return {
        "id": key,
        "key": key,
        "title": key.upper(),
        "definition": "",
        "emotion": emotion,
        "lanes": {lane: lanes.get(lane, []) for lane in LANES},
    }


def journey():
    pains = [statement(n, f"Pain number {n}") for n in range(1, 8)]
    return {
        "schema_version": 1,
        "id": "v",
        "map_id": "m",
        "study_id": "st",
        "version": 2,
        "status": "draft",
        "created_at": "2025-03-14T09:20:00+00:00",
        "title": "On hold",
        "scenario": None,
        "filter": {"personas": [], "channels": []},
        "review_due": "2025-09-14T00:00:00+00:00",
        "redacted": False,
        "run": {"id": "r", "tagger": "offline", "model": None, "prompts": {}, "gaps": []},
        "participants": [{"id": f"p{n}", "pseudonym": f"P{n}", "personas": ["Sole trader"]} for n in (1, 2, 3)],
        "summary": {"worst": ["st1"], "best": []},
        "stages": [stage("s1", pains=pains), stage("s2")],
        "themes": [{"id": "th", "label": "Waiting", "summary": "", "parent_id": None, "quote_ids": ["q1", "q2"], "participants": 2}],
        "quotes": {"q1": quote(), "q2": quote(id="q2", text="They rang me back.", experience="delight", emotion="relief")},
        "coverage": {"sentences": 10, "used": 5, "unplaced": 2, "gap": 1, "skipped": 2, "ungrounded": 0},
    }


STUDY = {
    "id": "st",
    "name": "On hold",
    "question": None,
    "product": None,
    "created_at": "2025-03-14T09:20:00+00:00",
    "redact": True,
    "template": "three-stage",
    "transcripts": 1,
    "participants": 3,
    "quotes": 2,
    "latest_run": None,
    "map_id": "m",
}
RUN = {
    "id": "r",
    "study_id": "st",
    "status": "running",
    "tagger": "offline",
    "model": None,
    "created_at": "2025-03-14T09:20:00+00:00",
    "started_at": None,
    "ended_at": None,
    "progress": [{"name": "segment", "done": 2, "total": 2}, {"name": "tag", "done": 3, "total": 9}],
    "gaps": [],
    "usage": {"calls": 0, "cached": 0, "tokens_in": 0, "tokens_out": 0},
    "error": None,
    "map_id": None,
}
SPEAKER = {
    "id": "sp",
    "name": "Ada",
    "role": "participant",
    "role_guess": "interviewer",
    "words": 90,
    "share": 0.9,
    "turns": 3,
    "participant_id": "p1",
    "pseudonym": "P1",
}
TRANSCRIPT = {
    "id": "t1",
    "study_id": "st",
    "file_name": "a.vtt",
    "shape": "vtt",
    "language": "en",
    "turns": 5,
    "words": 100,
    "duration_ms": 1_560_000,
    "named": True,
    "warnings": [],
    "created_at": "2025-03-14T09:20:00+00:00",
    "speakers": [SPEAKER],
}
STAGES = [{"id": "s1", "key": "s1", "title": "Before", "definition": "All of it", "base": []}]
PARTICIPANT = {
    "id": "p1",
    "pseudonym": "P1",
    "name": "Ada",
    "attributes": {"plan": "Quill"},
    "persona_ids": ["pe"],
    "transcripts": [{"id": "t1", "file_name": "a.vtt"}],
}
TURN = {
    "index": 0,
    "speaker": "Ada",
    "role": "participant",
    "pseudonym": "P1",
    "start_ms": 3_723_000,
    "pieces": [
        {
            "text": "Mm.",
            "quote_id": None,
            "state": "skipped",
            "skip_reason": "filler",
            "stage_title": None,
            "emotion": None,
            "experience": None,
        },
        {
            "text": "It went dead.",
            "quote_id": "q1",
            "state": "used",
            "skip_reason": None,
            "stage_title": "Before",
            "emotion": "anger",
            "experience": "pain",
        },
    ],
}


def swapped(value, words):
    """The same data with every free text replaced; codes from closed sets, ids and times stay."""
    free = {
        "name",
        "title",
        "text",
        "label",
        "summary",
        "question",
        "product",
        "definition",
        "file_name",
        "speaker",
        "touchpoint",
        "error",
        "detail",
        "way_out",
        "reason",
        "what",
        "prefix",
        "suffix",
        "description",
        "model",
        "host",
        "transcript",
    }
    if isinstance(value, dict):
        return {k: words if k in free and isinstance(v, str) and "done" not in value else swapped(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [swapped(v, words) for v in value]
    return value
