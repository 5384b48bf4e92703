import bpe_openai
import pytest

from app.adapters.prompts import load_prompt
from app.ports import ModelRequest
from app.stages.tokens import estimate_tokens, foreseen_of

O200K = bpe_openai.get_encoding("o200k_base")
SPEECH = {
    "en": "It said twenty-nine all the way and then there's four pound handling on the last page. I'd rung them twice, they weren't there, "
    "and I thought, well, that's that. Oh, lovely music, really, for forty minutes.",
    "de": "Also ehrlich gesagt habe ich zuerst die Verbraucherzentrale gefragt, weil mir die Rechnung überhaupt nicht eingeleuchtet hat.",
    "fr": "Alors au début je n'ai pas compris pourquoi l'abonnement coûtait plus cher que prévu, j'ai appelé le service client trois fois.",
    "ru": "Сначала я вообще не поняла, почему счёт оказался вдвое больше, потом позвонила в поддержку и ждала сорок минут.",
    "ja": "最初にアプリを開いたときは、どこを押せばいいのか全然わからなくて、結局電話で聞きました。待ち時間が長かったです。",
}


@pytest.mark.parametrize("language", SPEECH)
def test_tokens_of_speech_are_estimated_within_an_eighth_in_many_scripts(language):
    text = SPEECH[language] * 3
    assert estimate_tokens(text) == pytest.approx(len(O200K.encode(text)), rel=0.125)


@pytest.mark.parametrize("task", ["tag_quotes", "draft_codebook", "assign_themes", "write_stage", "check_statements"])
def test_tokens_of_the_prompts_are_estimated_within_a_twentieth(task):
    text = (load_prompt(task).folder / "system.jinja").read_text(encoding="utf-8")
    assert estimate_tokens(text) == pytest.approx(len(O200K.encode(text)), rel=0.05)


def test_no_text_is_no_token_and_longer_texts_are_never_fewer():
    assert estimate_tokens("") == 0
    counts = [estimate_tokens(SPEECH["en"][:n]) for n in range(0, 200, 5)]
    assert counts == sorted(counts)


def test_one_request_is_one_call_that_may_write_all_it_is_allowed():
    foreseen = foreseen_of(ModelRequest("t", "v1", "four words of system", "and user", {}, 77))
    assert (foreseen.calls, foreseen.tokens_out, foreseen.characters) == (1, 77, 28)
    assert foreseen.tokens_in == estimate_tokens("four words of system") + estimate_tokens("and user")
