"""Has readers answer a prompt version's hard cases: writes their requests, then says where replies are not among what is expected.

`cases.py --out DIR`, later `cases.py --replay DIR [--store]`; `--store` adds the replies to the version's cases.jsonl.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from exchange import Exchange

from app.adapters.prompts import CURRENT, PROMPTS_DIR, load_prompt
from app.domain.stages import TEMPLATES, stages_from
from app.ports import Encoding, Window, WindowQuote
from app.stages.tag import parse_reply, tag_context

TASK = "tag_quotes"
ROOM = 2000


def window_of(case: dict[str, Any]) -> Window:
    """A case's window."""
    given = case["window"]
    quotes = tuple(WindowQuote(n, f"q{n}", q["text"], q["question"], q["speaker"]) for n, q in enumerate(given["quotes"], 1))
    stages = stages_from(TEMPLATES[given["template"]], "study")
    nothing = Encoding(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float16))
    return Window("w", given["language"], given["study"], given["question"], stages, quotes, nothing, product=given.get("product"))


def surprises(case: dict[str, Any], reply: Any) -> list[str]:
    """What a reply says otherwise than the case expects."""
    window = window_of(case)
    result = parse_reply(reply, window)
    if result.reason:
        return [result.reason]
    keys = {stage.id: stage.key for stage in window.stages} | {"none": "none"}
    found = []
    for number, expected in case["expected"].items():
        tags = result.tags[int(number)]
        for name, allowed in expected.items():
            said = keys[tags.stage] if name == "stage" else getattr(tags, name)
            if said not in allowed:
                found.append(f"{number} {name}: {said}, not {' or '.join(map(str, allowed))}")
    return found


def main() -> int:
    """Write or compare; 1 when a reply is missing or not as expected."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--prompt", default=CURRENT[TASK])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path)
    what.add_argument("--replay", type=Path)
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    file = PROMPTS_DIR / TASK / options.prompt / "cases.jsonl"
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    exchange = Exchange(options.out or options.replay)
    wrong = 0
    for case in cases:
        request = load_prompt(TASK, options.prompt).request(tag_context(window_of(case)), ROOM)
        key = exchange.put([{"role": "system", "content": request.system}, {"role": "user", "content": request.user}], request.schema)
        answer = exchange.reply(key) if options.replay else None
        if answer is not None:
            value = json.loads(answer.text)
            case["replies"] += [value] if value not in case["replies"] else []
            case["answered"] = {"by": answer.answered_by, "at": answer.answered_at}
        found = ["no reply"] if answer is None else surprises(case, value)
        if options.replay and found:
            wrong += 1
            sys.stdout.write(f"{key} {case['name']}: {'; '.join(found)}\n")
    if options.store:
        file.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{len(cases)} cases, {wrong} not as expected\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
