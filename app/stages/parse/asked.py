"""Tables with a column of questions and one of answers, which name nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from .columns import TITLES_WITHIN, ends_sentence, fold_title, ident_in
from .source import Row

ASKS, ANSWERS = "Interviewer", "Participant"
WARNING = "no column names a speaker: the questions are read as the Interviewer's and the answers as the Participant's, by the titles"

_QUESTIONS = (
    "question / questions / q / Frage / Fragen / pregunta / preguntas / vraag / vragen / pergunta / perguntas / domanda / domande / 質問"
)
_ANSWERS = (
    "answer / answers / response / responses / a / Antwort / Antworten / réponse / réponses / respuesta / respuestas / antwoord / "
    "antwoorden / resposta / respostas / risposta / risposte / 回答"
)
_ASKED, _ANSWERED = (frozenset(map(fold_title, titles.split("/"))) for titles in (_QUESTIONS, _ANSWERS))


@dataclass(frozen=True, slots=True)
class Asked:
    """Indexes of the two columns, of the one with an id (None where there is none), and of the first row below the titles."""

    question: int
    answer: int
    ident: int | None
    first: int


def find_asked(rows: Sequence[Row]) -> Asked | None:
    """The columns where one of the first rows titles them."""
    for at, row in enumerate(rows[:TITLES_WITHIN]):
        titles = [fold_title(cell.strip("\ufeff \"'*")) for cell in row]
        question = next((i for i, title in enumerate(titles) if title in _ASKED), None)
        answer = next((i for i, title in enumerate(titles) if title in _ANSWERED), None)
        if question is not None and answer is not None and not ends_sentence(row):
            return Asked(question, answer, ident_in(row), at + 1)
    return None
