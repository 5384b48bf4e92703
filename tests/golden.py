"""A small gold standard on disk: two interviews about a kettle, labelled twice."""

import json

ASK = "Ann Interviewer"
TALKS = {
    "01-bea.txt": (
        "How did you hear of it?",
        [("My sister told me about it on the phone.", "awareness"), ("I rang the shop and nobody answered.", "support")],
    ),
    "02-carl.txt": (
        "How is it now?",
        [("It boils water every morning.", "use"), ("I grew up in Leeds.", "none"), ("I would buy it again.", "loyalty")],
    ),
}
FEELINGS = {"support": ("frustration", 2, "pain"), "loyalty": ("trust", 1, "delight")}


def label(file, text, start, stage, **changes):
    emotion, intensity, experience = FEELINGS.get(stage, ("neutral", 1, "neutral"))
    return {
        "file": file,
        "start": start,
        "end": start + len(text),
        "text": text,
        "stage": stage,
        "channel": "phone" if stage in {"awareness", "support"} else "none",
        "touchpoint": "support line" if stage == "support" else None,
        "kind": "other" if stage == "none" else "action",
        "emotion": emotion,
        "intensity": intensity,
        "experience": experience,
        "gist": None,
        "theme": None,
        "hard": ["implied"] if stage == "support" else [],
    } | changes


def write_study(folder, *, second=False, about=None):
    """Write a study folder; the rows of its labels."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"field": "kitchen things", "title": "Kettle", "question": "How is it?", "product": "a kettle", "interviewers": [ASK]}
    (folder / "study.json").write_text(json.dumps(told | (about or {})), encoding="utf-8")
    rows = []
    for file, (question, said) in TALKS.items():
        name = file[3:-4].capitalize()
        (folder / file).write_text(f"{ASK}: {question}\n\n{name}: {' '.join(text for text, _ in said)}\n", encoding="utf-8")
        start = len(question) + 2
        for text, stage in said:
            rows.append(label(file, text, start, stage))
            start += len(text) + 1
    write_rows(folder / "labels.jsonl", rows)
    if second:
        other = [row | {"stage": "use", "hard": []} if row["stage"] == "loyalty" else row for row in rows]
        write_rows(folder / "labels-second.jsonl", other)
    return rows


def write_rows(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
