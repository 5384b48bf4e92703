"""Asking: a gold standard's windows, and having a tagger judge them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from app.domain.gold import GoldInterview, GoldQuote, GoldStudy
from app.domain.tags import Tags
from app.errors import ModelError
from app.ports import Embedder, Encoding, Tagger, Usage, Window, WindowQuote, WindowTags
from app.services.scoring import Outcome
from app.stages.tag import windows

LLM = "llm"
LEFT_OUT = "the model left them out"

Progress = Callable[[int, int], None]
"""Told the quotes done and all quotes."""


@dataclass
class Asking:
    """The asking of a measurement: so many windows `at_once`, `whole` quotes in all, and who is told how many are done."""

    at_once: int
    whole: int
    progress: Progress
    done: int = 0

    def ask(self, tagger: Tagger, asked: Sequence[Window]) -> Outcome:
        """Have a tagger judge windows; the order of the answers is that of the windows."""
        tags: dict[str, Tags] = {}
        usage = Usage()
        reasons: Counter[str] = Counter()
        with ThreadPoolExecutor(self.at_once if tagger.source == LLM else 1) as pool:
            for window, answer in zip(asked, pool.map(lambda window: _judge(tagger, window), asked), strict=True):
                tags |= {quote.quote_id: answer.tags[quote.number] for quote in window.quotes if quote.number in answer.tags}
                usage += answer.usage
                if left := len(window.quotes) - len(answer.tags):
                    reasons[answer.reason or LEFT_OUT] += left
                self.tell(len(window.quotes))
        return Outcome(tags, usage, reasons)

    def tell(self, quotes: int) -> None:
        """Say that so many more quotes are done."""
        self.done += quotes
        self.progress(self.done, self.whole)


def _judge(tagger: Tagger, window: Window) -> WindowTags:
    try:
        return tagger.tag(window)
    except ModelError as error:
        return WindowTags({}, reason=error.message)


def gold_windows(study: GoldStudy, interview: GoldInterview, tagger: Tagger, embedder: Embedder) -> Iterator[Window]:
    """An interview's windows as the pipeline would cut them for this tagger."""
    labelled = {quote.quote.id: quote for quote in interview.quotes}
    who = {name: f"P{n}" for n, name in enumerate(dict.fromkeys(quote.quote.speaker for quote in study.quotes), start=1)}
    for window in windows([quote.quote for quote in interview.quotes], tagger.window_size):
        inside = [labelled[quote.id] for quote in window]
        yield Window(
            id=window[0].id,
            language=interview.language,
            study=study.title,
            question=study.question,
            product=study.product,
            stages=study.stages,
            quotes=tuple(
                WindowQuote(number, quote.quote.id, quote.text, quote.question, who[quote.quote.speaker])
                for number, quote in enumerate(inside, start=1)
            ),
            encoding=_encoded(inside, tagger, embedder),
        )


def _encoded(quotes: Sequence[GoldQuote], tagger: Tagger, embedder: Embedder) -> Encoding:
    """A row a quote; none for a language model, which reads words."""
    if tagger.source == LLM:
        return Encoding(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float16))
    return embedder.encode([quote.text for quote in quotes])
