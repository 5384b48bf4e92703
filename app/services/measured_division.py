"""Hybrid tagging of a gold standard, whose interviews are all taken to be one study's: what the model is asked, what the heads add."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.gold import Gold, GoldInterview, GoldStudy
from app.domain.tags import NO_STAGE, Tags
from app.errors import ModelError
from app.ports import Embedder, Usage, Window
from app.services.asking import Asking, gold_windows
from app.services.hybrid import HybridTagger, Sample, Taught, teach
from app.services.scoring import Outcome
from app.stages.imitate import Sheet, sheet_of, stacked, values_of
from app.stages.sample import Part, first_round, hold_back, least_sure, share, take


class Divided:
    """The division of a gold standard; stages of its studies go by their keys, which they share, and not by their ids."""

    def __init__(self, gold: Gold, tagger: HybridTagger, embedder: Embedder, asking: Asking) -> None:
        self._seed = gold.sha256
        self._tagger = tagger
        self._asking = asking
        self._talks: dict[str, tuple[GoldStudy, GoldInterview]] = {
            f"{study.name}/{talk.name}": (study, talk) for study in gold.studies for talk in study.interviews
        }
        self._keys = {stage.id: stage.key for study in gold.studies for stage in study.stages}
        self._values = values_of(tuple(dict.fromkeys(self._keys.values())))
        self._sheets = {name: self._sheet(*talk, embedder) for name, talk in self._talks.items()}
        self._windows: dict[Part, Window] = {
            Part(f"{name}/{n}", name, tuple(quote.quote_id for quote in window.quotes)): window
            for name, (study, talk) in self._talks.items()
            for n, window in enumerate(gold_windows(study, talk, tagger.llm, embedder))
        }

    def outcome(self) -> Outcome:
        """Ask in two rounds as a run does, and have the heads judge the rest; where they can learn nothing it stays without tags."""
        sure = {q: tags.confidence for sheet in self._sheets.values() for q, tags in zip(sheet.quote_ids, sheet.tags, strict=True)}
        room = share(len(sure))
        chosen = first_round(list(self._windows), room, self._seed, sure)
        outcome = self._ask(chosen)
        left = [part for part in self._windows if part not in chosen]
        if not left:
            return outcome
        try:
            heads = self._taught(outcome, chosen)
            sure = {q: tags.confidence for sheet in self._sheets.values() for q, tags in heads.judge(sheet).items()}
            if unsure := take(least_sure(left, sure), room - _quotes(chosen)):
                chosen += unsure
                outcome = outcome.joined(self._ask(unsure))
                heads = self._taught(outcome, chosen)
        except ModelError as error:
            return outcome.joined(Outcome({}, Usage(), {error.message: _quotes(left)}))
        return outcome.joined(Outcome(self._judged(heads, [part for part in left if part not in chosen]), Usage(), {}))

    def _ask(self, parts: Sequence[Part]) -> Outcome:
        return self._asking.ask(self._tagger.llm, [self._windows[part] for part in parts])

    def _taught(self, outcome: Outcome, chosen: Sequence[Part]) -> Taught:
        answers = {q: replace(tags, stage=self._keys.get(tags.stage, NO_STAGE)) for q, tags in outcome.tags.items()}
        held = hold_back(self._windows, self._seed, answers.keys())
        sample = Sample(answers, set(held), _quotes(chosen), _quotes(self._windows))
        return teach(stacked(list(self._sheets.values())), sample, self._values, self._tagger)

    def _judged(self, heads: Taught, parts: Sequence[Part]) -> Mapping[str, Tags]:
        told: dict[str, Tags] = {}
        wanted = {q for part in parts for q in part.quote_ids}
        for name, sheet in self._sheets.items():
            ids = {stage.key: stage.id for stage in self._talks[name][0].stages}
            judged = heads.judge(sheet.only([q for q in sheet.quote_ids if q in wanted]))
            told |= {q: replace(tags, stage=ids.get(tags.stage, NO_STAGE)) for q, tags in judged.items()}
        self._asking.tell(len(wanted))
        return told

    def _sheet(self, study: GoldStudy, talk: GoldInterview, embedder: Embedder) -> Sheet:
        offline = self._tagger.offline
        return stacked([sheet_of(w, offline.tag(w), self._values, self._keys) for w in gold_windows(study, talk, offline, embedder)])


def _quotes(parts: Mapping[Part, Window] | Sequence[Part]) -> int:
    return sum(len(part.quote_ids) for part in parts)
