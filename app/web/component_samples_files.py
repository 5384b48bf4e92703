"""What the page of all components is drawn with where it is about files, personal data and measurements; see `component_samples`."""

from typing import Any

Sample = dict[str, Any]
AT = "2025-03-14T09:20:00+00:00"


def transcripts() -> list[Sample]:
    """A transcript as a study lists it."""
    told = (
        ("s1", "Hanne Lund", "interviewer", 0.15, None),
        ("s2", "Ines", "participant", 0.82, "P1"),
        ("s3", "Ben", "observer", 0.03, None),
    )
    speakers = [
        {"id": key, "name": name, "role": role, "role_guess": "participant" if role == "observer" else role, "words": 100}
        | {"share": share, "turns": 24, "participant_id": pseudonym, "pseudonym": pseudonym}
        for key, name, role, share, pseudonym in told
    ]
    return [
        {"id": "t1", "study_id": "sample", "file_name": "02-ines.vtt", "shape": "vtt", "language": "en", "turns": 49, "words": 5020}
        | {"duration_ms": 4_320_000, "named": True, "recording": None, "created_at": AT, "decisions": 3, "speakers": speakers}
        | {"warnings": ["two cues run backwards in time; their words were kept, their times left out"]}
    ]


def outcomes() -> list[Sample]:
    """What can become of an uploaded file."""
    told = (
        ("02-ines.vtt", "stored", None),
        ("02-ines (copy).vtt", "known", None),
        ("02-ines.docx", "paired", None),
        ("people.csv", "applied", None),
        ("holiday.mp4", "refused", "this is a video; export its transcript and upload that"),
    )
    return [{"file_name": name, "status": status, "transcript": None, "error": error, "note": None} for name, status, error in told]


def previews() -> list[Sample]:
    """Files as they were understood before anything is stored: one of each outcome."""
    voices = [
        {"name": "Hanne Lund", "role": "interviewer", "share": 0.2, "words": 800, "turns": 24},
        {"name": "Ines", "role": "participant", "share": 0.8, "words": 3200, "turns": 24},
    ]
    lines = [
        {"speaker": "Hanne Lund", "text": "How did you first notice that something was wrong?"},
        {"speaker": "Ines", "text": "The kettle. I thought it had stopped boiling."},
    ]
    whole: Sample = {"archive": None, "shape": "vtt", "language": "en", "named": True, "speakers": voices, "turns": 48, "words": 4000} | {
        "duration_ms": 1_560_000,
        "first_lines": lines,
        "warnings": [],
        "about": {},
        "same_as": None,
        "note": None,
        "error": None,
    }
    return [
        whole | {"file_name": "06-omar.vtt", "status": "new", "warnings": ["no time codes after 40:12"], "about": {"wears_them": "no"}},
        whole | {"file_name": "02-ines.vtt", "status": "known", "note": "the same words are in this study already"},
        whole | {"file_name": "02-ines.docx", "status": "paired", "note": "this is 02-ines.vtt without times"},
        whole | {"file_name": "people.csv", "status": "table"},
        whole | {"file_name": "holiday.mp4", "status": "refused", "archive": "all.zip", "error": "this is a video; export its transcript"},
    ]


def turns() -> list[Sample]:
    """A talk with a pain, a delight, another quote and words that were left out."""
    bare = {"quote_id": None, "state": None, "skip_reason": None, "stage_title": None, "emotion": None, "experience": None}
    used = bare | {"state": "used", "stage_title": "When it breaks"}
    head = {"pseudonym": None, "listen": None}
    said = [
        bare | {"text": "Mm. Well. ", "state": "skipped", "skip_reason": "filler", "skip_id": "sk1"},
        used | {"text": "Forty minutes, and then the line went dead. ", "quote_id": "q1", "emotion": "anger", "experience": "pain"},
        used | {"text": "But they rang me back. ", "quote_id": "q2", "emotion": "relief", "experience": "delight"},
        used | {"text": "It was a Tuesday, I think.", "quote_id": "q3", "emotion": "neutral", "experience": "neutral"},
    ]
    return [
        {"index": 0, "speaker": "Hanne Lund", "role": "interviewer", "start_ms": 6100, "pieces": [bare | {"text": "And then?"}]} | head,
        {"index": 1, "speaker": "Ines", "role": "participant", "start_ms": 14_500, "pieces": said}
        | {"pseudonym": "P1", "listen": "https://recordings.example/ines#t=14"},
    ]


def coverage() -> Sample:
    """Which parts of a talk the map rests on."""
    states = ("interviewer", "used", "skipped", "interviewer", "unplaced", "used", "gap", "interviewer", "used")
    segments = [{"start": n * 100, "end": n * 100 + 100, "state": state, "place": None, "turn": n} for n, state in enumerate(states)]
    return {"length": 900, "segments": segments, "sentences": 60, "used": 38, "unplaced": 9, "gap": 6, "skipped": 7, "used_share": 0.63} | {
        "reasons": {"filler": 5, "too_short": 2}
    }


def terms() -> list[Sample]:
    """Personal data: a name that is hidden, and one that people show."""
    example = {"before": "and then ", "words": "Maren", "after": " rang me back", "transcript_id": "t1", "file_name": "02-ines.vtt"}
    hidden = {"id": "te1", "words": "Maren", "kind": "name", "shown_as": "[name 1]", "hidden": True, "decided": False}
    found = {"count": 4, "transcripts": 2, "example": example}
    return [hidden | found, hidden | found | {"id": "te2", "words": "May", "hidden": False, "decided": True}]


def preview_turn() -> Sample:
    """A turn as its owner and as others see it."""
    pieces = [{"text": "And then ", "shown": None}, {"text": "Maren", "shown": "[name 1]"}, {"text": " rang me back.", "shown": None}]
    return {"speaker": "Ines", "shown_speaker": "P1", "pieces": pieces}


def measurement() -> Sample:
    """How good tags were on labelled interviews, much shortened."""
    values = ["pain", "delight", "neutral"]
    field = {"accuracy": 0.84, "kappa": 0.71, "kappa_low": 0.64, "kappa_high": 0.78, "ac1": 0.77, "alpha": 0.71, "macro_f1": 0.79} | (
        {"n": 412, "values": values, "confusion": [[120, 4, 16, 0], [3, 80, 9, 1], [14, 8, 160, 2]]}
        | {"prevalence": {"pain": 0.34, "delight": 0.22, "neutral": 0.44}}
    )
    fields = {"experience": field}
    return {
        "gold": {
            "name": "sample/test",
            "quotes": 412,
            "interviews": 18,
            "fields": ["health"],
            "hard": 40,
            "labelled_twice": 120,
            "sha256": "0" * 64,
        },
        "tagger": {"source": "offline", "model": "a-small-model", "prompt": "v1@0000"},
        "all": {"fields": fields, "touchpoint": {"presence_agreed": 0.88, "overlap": 0.7}},
        "hard": {"fields": {"experience": field | {"kappa": 0.5}}},
        "labellers": {"first_second": {"fields": {"experience": field | {"kappa": 0.82}}}},
        "gaps": {"quotes": 2},
        "calibration": {"bins": [{"confidence": c, "right": c - 0.04, "n": 80} for c in (0.4, 0.6, 0.8, 0.95)]}
        | {"confidence": 0.78, "right": 0.76, "ece": 0.03},
        "studies": [{"field": "health", "fields": fields, "quotes": 412}],
        "cost": {"calls": 12, "cached": 3, "tokens_in": 61_000, "tokens_out": 9_000, "per_quote": {"tokens_in": 148, "tokens_out": 22}},
    }


def reviewed_tags() -> Sample:
    """What a study's reviewers agreed with."""
    return {"source": "llm", "fields": {"experience": {"n": 40, "agreed": 36, "agreement": 0.9, "kappa": 0.84}}}
