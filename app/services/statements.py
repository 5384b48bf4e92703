"""Statements with a model: it words them stage by stage, and where that is wanted looks again at whether their quotes bear them out.

Each step may run twice: what was answered is kept as suggestions, and nothing is asked for that has an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.db.repositories import Repositories
from app.domain.journey import Lane
from app.domain.review import Suggestion
from app.domain.runs import Gap, Run
from app.ports import ModelRequest
from app.services.calls import LEFT_OUT, LLM, Calls
from app.services.coded import transcripts_of
from app.services.drawing import Drawing, load_drawing
from app.services.privacy import Hidden
from app.services.windowing import Windowing
from app.services.wordings import CHECK, STATEMENT, Wordings, load_wordings
from app.services.words import setting_of, shown_quotes
from app.stages.checking import CHECK_STATEMENTS, Checked, Claim, check_request, claim_batches, parse_checks
from app.stages.wording import WRITE_STAGE, StatementGroup, Worded, faulty

WRITE_STEP, CHECK_STEP = "write", "check"


class Statements:
    """The pipeline's steps that have statements written and checked."""

    def __init__(self, calls: Calls, windowing: Windowing) -> None:
        self._calls = calls
        self._store = calls.store
        self._windowing = windowing

    def list_stages(self, run_id: str) -> list[str]:
        """Items `run/stage/part` of the stages that have statements to be worded; none without a model."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drawing, hidden = load_drawing(repo, run), self._windowing.hidden(repo, run)
        items = []
        if self._calls.writes(run):
            for stage in drawing.material.stages:
                parts = self._calls.required_words().parts(drawing.material, hidden, drawing.worded_slots(stage.id))
                items += [f"{run_id}/{stage.id}/{n}" for n in range(len(parts))]
        return self._calls.listed(run, WRITE_STEP, items)

    def write_stage(self, item: str) -> None:
        """Have the model word a part of a stage's statements, and once more those that it did not word as it should.

        What it then has not worded is worded from the quotes.
        """
        run_id, stage_id, n = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drawing, hidden = load_drawing(repo, run), self._windowing.hidden(repo, run)
        parts = self._calls.required_words().parts(drawing.material, hidden, drawing.worded_slots(stage_id))
        if int(n) >= len(parts):
            return
        part: Sequence[StatementGroup] = parts[int(n)]
        for last in (False, True):
            worded = self._word(run, item, drawing, hidden, part, last=last)
            if worded is None or not worded.rejected:
                return
            part = faulty(part, worded.rejected)

    def _word(self, run: Run, item: str, drawing: Drawing, hidden: Hidden, part: Sequence[StatementGroup], *, last: bool) -> Worded | None:
        """Ask for these groups and keep what can be kept; None where there was no reply, which then is a gap."""
        words, material = self._calls.required_words(), drawing.material
        stage = next(s for s in material.stages if s.id == item.split("/")[1])
        kept: list[Worded] = []

        def keep(worded: Worded) -> None:
            refused = {g.key: worded.rejected.get(g.key, g.rejected) for g in part if g.rejected and g.key not in worded.statements}
            faults = {key: list(rejected.faults) for key, rejected in refused.items() if rejected} if last else {}
            transcripts = transcripts_of(material, [q.quote_id for g in part for q in g.quotes])
            self._keep_statements(run, item, worded, faults, transcripts, ended=last or not worded.rejected)
            kept.append(worded)

        self._calls.ask(
            run,
            Gap(item, f"wording of the stage “{stage.title}”", LEFT_OUT),
            WRITE_STAGE,
            foresee=lambda: words.foresee_stage(material, hidden, stage, part),
            ask=lambda: words.write_stage(material, hidden, stage, part),
            keep=keep,
        )
        return kept[0] if kept else None

    def _keep_statements(
        self,
        run: Run,
        item: str,
        worded: Worded,
        faults: Mapping[str, Sequence[str]],
        transcripts: Sequence[str],
        *,
        ended: bool,
    ) -> None:
        """Store sentences, and of places that got none what was wrong; a sentence that was not kept is not stored either."""
        told: dict[str, dict[str, Any]] = {slot: {"text": text, "quote_ids": list(ids)} for slot, (text, ids) in worded.statements.items()}
        told |= {slot: {"text": None, "quote_ids": [], "faults": list(wrong)} for slot, wrong in faults.items()}
        prompt = self._calls.required_words().prompts.id(WRITE_STAGE)
        said = [Suggestion(STATEMENT, slot, run.id, LLM, run.model, prompt, 1.0, payload) for slot, payload in told.items()]
        with self._store.write() as repo:
            if all(map(repo.transcripts.there, transcripts)):  # else erased while the model was thinking
                repo.reviews.suggest(run.study_id, run.tagger_key, said, self._store.now())
            self._calls.spend(repo, run, WRITE_STAGE, worded.usage, worded.ungrounded)
            if ended:
                repo.runs.close_gap(run.id, item)
                repo.runs.done(run.id, WRITE_STEP, item)

    def list_unchecked(self, run_id: str) -> list[str]:
        """Items `run/check/first+last` of the batches of statements without a verdict, by their places; none where that is not wanted."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            repo.runs.close_gaps(run_id, f"{run_id}/{CHECK_STEP}/")  # what is still missing is listed again
        if not run.inputs.check or not self._calls.writes(run):
            return self._calls.listed(run, CHECK_STEP, [])
        with self._store.read() as repo:
            drawing, hidden = load_drawing(repo, run), self._windowing.hidden(repo, run)
            claims = self.claims(drawing, hidden, load_wordings(repo, run, drawing.slots))
        batches = claim_batches(claims, self._calls.required_words().room_chars)
        return self._calls.listed(run, CHECK_STEP, [f"{run_id}/{CHECK_STEP}/{batch[0].key}+{batch[-1].key}" for batch in batches])

    def claims(self, drawing: Drawing, hidden: Hidden, wordings: Wordings) -> list[Claim]:
        """What the model wrote and has not looked at again, in the order of the map."""
        return [
            Claim(slot.id, slot.lane.value, hidden.free(said.text), self._quotes(drawing, hidden, said.quote_ids))
            for slot in drawing.slots
            if slot.lane is not Lane.TOUCHPOINTS and slot.id not in wordings.verdicts
            for said in [wordings.kept.get(slot.id)]
            if said is not None and said.fits(slot)
        ]

    def requests(self, repo: Repositories, run: Run, drawing: Drawing, hidden: Hidden) -> list[ModelRequest]:
        """What would be sent to have the statements looked at that were not yet."""
        claims = self.claims(drawing, hidden, load_wordings(repo, run, drawing.slots))
        return [self._request(drawing, hidden, batch) for batch in claim_batches(claims, self._calls.required_words().room_chars)]

    def check_statements(self, item: str) -> None:
        """Have the model look at the statements of one batch that have no verdict yet; what it leaves out becomes a named gap."""
        run_id, _, ends = item.split("/")
        first, last = ends.split("+")
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drawing, hidden = load_drawing(repo, run), self._windowing.hidden(repo, run)
            wordings = load_wordings(repo, run, drawing.slots)
        place = {slot.id: n for n, slot in enumerate(drawing.slots)}
        if first not in place or last not in place:
            return  # erased meanwhile
        waiting = [c for c in self.claims(drawing, hidden, wordings) if place[first] <= place[c.key] <= place[last]]
        if not waiting:
            return
        model = self._calls.required_words().model
        request = self._request(drawing, hidden, waiting)

        def ask() -> Checked:
            reply = model.ask(request)
            return replace(parse_checks(reply.value, waiting), usage=reply.usage)

        self._calls.ask(
            run,
            _gap(item, len(waiting)),
            CHECK_STATEMENTS,
            foresee=lambda: model.foresee(request),
            ask=ask,
            keep=lambda checked: self._keep_verdicts(run, item, wordings, waiting, checked, request.transcript_ids),
        )

    def _request(self, drawing: Drawing, hidden: Hidden, claims: Sequence[Claim]) -> ModelRequest:
        material, words = drawing.material, self._calls.required_words()
        slots = {slot.id: slot for slot in drawing.slots}
        shown = transcripts_of(material, [q for claim in claims for q in slots[claim.key].supporting])
        return check_request(words.prompts, setting_of(material, hidden), claims, shown)

    def _quotes(self, drawing: Drawing, hidden: Hidden, quote_ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(quote.text for quote in shown_quotes(drawing.material, hidden, quote_ids))

    def _keep_verdicts(
        self, run: Run, item: str, wordings: Wordings, waiting: Sequence[Claim], checked: Checked, transcripts: Sequence[str]
    ) -> None:
        prompt = self._calls.required_words().prompts.id(CHECK_STATEMENTS)
        said = [
            Suggestion(
                CHECK,
                claim.key,
                run.id,
                LLM,
                run.model,
                prompt,
                1.0,
                {
                    "text": wordings.kept[claim.key].text,
                    "quote_ids": list(wordings.kept[claim.key].quote_ids),
                    "verdict": checked.verdicts[claim.key].verdict.value,
                    "reason": checked.verdicts[claim.key].reason,
                },
            )
            for claim in waiting
            if claim.key in checked.verdicts
        ]
        with self._store.write() as repo:
            if all(map(repo.transcripts.there, transcripts)):  # else erased while the model was thinking
                repo.reviews.suggest(run.study_id, run.tagger_key, said, self._store.now(), anew=True)
            self._calls.spend(repo, run, CHECK_STATEMENTS, checked.usage, checked.ungrounded)
            if left := len(waiting) - len(said):
                repo.runs.add_gap(run.id, _gap(item, left))
            else:
                repo.runs.close_gap(run.id, item)
                repo.runs.done(run.id, CHECK_STEP, item)


def _gap(item: str, statements: int) -> Gap:
    counted = "1 statement" if statements == 1 else f"{statements} statements"
    return Gap(item, f"a second look at {counted}", LEFT_OUT)
