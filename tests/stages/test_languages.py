"""Interviews in eight languages: who asks, what is left out, what is quoted."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interviews import ASKER_AND_TELLER, INTERVIEWS, UNPUNCTUATED, lines

from app.domain.people import Role
from app.domain.quote import Segmentation, Skip
from app.domain.transcript import CanonicalTranscript, Utterance, count_words, render_canonical
from app.stages.roles import guess_roles
from app.stages.segment import segment
from app.stages.segment.languages import LANGUAGES
from app.stages.segment.sentences import AT_ONCE, LONG_WORDS, RUN_WORDS, split_sentences

EIGHT = sorted(INTERVIEWS)
SAID = [line for interview in INTERVIEWS.values() for line in lines(interview)]
LEFT_OUT = {
    "en": ["Mm-hm.", "Yeah, loud and clear.", "Thanks, bye."],
    "de": ["Genau.", "Mhm, verstehe.", "Gern geschehen.", "Schönen Tag noch."],
    "fr": ["D'accord.", "Hum, je vois.", "Oui, très bien.", "Vous m'entendez bien ?", "Merci à vous, bonne journée."],
    "es": ["Vale.", "Ajá, entiendo.", "De nada, con mucho gusto.", "Hola, Ramón.", "Gracias a ti, hasta luego."],
    "nl": ["Oké.", "Hm, snap ik.", "Ja, prima.", "Kun je me goed horen?", "Graag gedaan, tot ziens."],
    "pt": ["Entendi.", "Uhum, certo.", "Sim, perfeitamente, tudo certo.", "Você está me ouvindo bem?", "Obrigado você, até logo."],
    "it": ["Capisco.", "Mhm, certo.", "Mi sente bene?", "Grazie a lei, arrivederci."],
    "ja": ["なるほど。", "そうなんですね。", "よろしくお願いします。", "ありがとうございました。"],
}
FILLERS = {
    "en": ["Yeah, okay.", "I see.", "Mm-hm.", "Got it."],
    "de": ["Ja, genau.", "Ähm, also.", "Alles klar.", "Na ja, gut.", "Das stimmt.", "Ach so, okay."],
    "fr": ["Oui, voilà.", "Euh, ben oui.", "C'est ça.", "Tout à fait.", "Bien sûr.", "Ok, super."],
    "es": ["Sí, claro.", "Eh, bueno.", "Por supuesto.", "O sea, ya.", "Ok, genial."],
    "nl": ["Ja, precies.", "Ehm, nou ja.", "Dat klopt.", "Oké, mooi.", "Zeg maar."],
    "pt": ["Sim, claro.", "É, pois é.", "Com certeza.", "Isso mesmo.", "Certo, ótimo."],
    "it": ["Sì, esatto.", "Eh, allora.", "Va bene.", "Certo, infatti.", "Ok, perfetto."],
    "ja": ["はい。", "えっと、そうですね。", "なるほど、なるほど。", "うん、確かに。", "あの、まあ。", "はい、いいですね。"],
}
COURTESIES = {
    "de": ["Vielen Dank für Ihre Zeit.", "Guten Morgen.", "Auf Wiedersehen.", "Können Sie mich gut hören?"],
    "fr": ["Merci beaucoup.", "Bonjour à tous.", "Bonne journée à vous.", "Enchanté."],
    "es": ["Muchas gracias por tu tiempo.", "Buenos días.", "¿Me oyes bien?", "Hasta luego."],
    "nl": ["Dank je wel.", "Goedemorgen allemaal.", "Fijne dag nog.", "Tot ziens."],
    "pt": ["Muito obrigado.", "Bom dia.", "Tudo bem com você?", "Até logo."],
    "it": ["Grazie mille.", "Buongiorno.", "Buona giornata anche a lei.", "Arrivederci."],
    "ja": ["こんにちは。", "本日はよろしくお願いいたします。", "声は聞こえていますか。", "お疲れ様でした。"],
}
CONTENT = {
    "en": "Thanks to the chat it got fixed.",
    "de": "Dank dem Chat war es am selben Tag behoben.",
    "fr": "Grâce au chat, le problème a été réglé.",
    "es": "Gracias al chat lo arreglaron el mismo día.",
    "nl": "Dankzij de chat was het dezelfde dag opgelost.",
    "pt": "Graças ao chat resolveram tudo no mesmo dia.",
    "it": "Grazie alla chat lo hanno sistemato in giornata.",
    "ja": "チャットのおかげですぐに解決しました。",
}
SHIFTS = {
    "de": ("Die Dame in der Filiale war freundlich und hat mir jedes einzelne Formular an diesem Morgen ausgedruckt.",
           "Aber die Anmeldung in der App hat wochenlang nicht geklappt und niemand konnte mir den Grund nennen."),
    "fr": ("La dame de l'agence était très gentille et elle a imprimé tous les formulaires pour moi ce matin-là.",
           "Par contre, la connexion à l'application a échoué pendant des semaines et personne ne savait pourquoi."),
    "es": ("La señora de la oficina fue muy amable y me imprimió todos los formularios aquella misma mañana de lunes.",
           "Sin embargo, el acceso a la aplicación falló durante semanas y nadie del soporte sabía explicarme el motivo."),
    "nl": ("De mevrouw in het filiaal was vriendelijk en printte die ochtend alle formulieren een voor een voor mij uit.",
           "Aan de andere kant werkte het inloggen wekenlang niet en kon geen medewerker mij vertellen waarom dat gebeurde."),
    "pt": ("A moça da agência foi muito gentil e imprimiu todos os formulários para mim naquela manhã de segunda-feira.",
           "Por outro lado, o acesso ao aplicativo falhou durante semanas e nenhum atendente sabia explicar o motivo."),
    "it": ("La signora della filiale era gentile e mi ha stampato tutti i moduli quella stessa mattina di lunedì scorso.",
           "Invece l'accesso all'applicazione non ha funzionato per settimane e nessun operatore sapeva spiegarmi il motivo."),
    "ja": ("支店の窓口の女性はとても親切で、その日の朝に必要な書類を全部印刷して一枚ずつ丁寧に説明してくれました。",
           "一方、携帯からのログインは何週間も失敗し続けて、サポートの担当者も誰一人として原因を説明できませんでした。"),
}  # fmt: skip


def talk(language: str, source: dict[str, str] = INTERVIEWS, *, named: bool = True) -> CanonicalTranscript:
    people = ASKER_AND_TELLER[language]
    return render_canonical(Utterance(people[i % 2] if named else None, text) for i, text in enumerate(lines(source[language])))


def skipped(canonical: CanonicalTranscript, cut: Segmentation) -> dict[str, Skip]:
    return {canonical.text[s.start : s.end]: s.reason for s in cut.skipped}


def answers(language: str, source: dict[str, str] = INTERVIEWS) -> list[str]:
    return lines(source[language])[1::2]


def within(text: str, language: str) -> tuple[list[str], dict[str, Skip]]:
    """Quotes and skipped sentences of one turn in the midst of an interview."""
    others = [Utterance("B" if i % 2 else "A", "…") for i in range(6)]
    canonical = render_canonical([*others, Utterance("Ana", text), *others])
    cut = segment("t", canonical, language)
    return (
        [canonical.text[q.start : q.end] for q in cut.quotes if q.speaker == "Ana"],
        {text: reason for text, reason in skipped(canonical, cut).items() if text != "…"},
    )


def test_there_is_a_table_and_an_interview_for_each_of_the_eight_languages():
    assert sorted(LANGUAGES) == EIGHT == sorted(LEFT_OUT)
    assert all(len(lines(INTERVIEWS[language])) >= 12 for language in EIGHT)


BOTH = [*INTERVIEWS.items(), *UNPUNCTUATED.items()]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("language", "interview"), BOTH, ids=[*INTERVIEWS, *(f"{language}-unpunctuated" for language in UNPUNCTUATED)])
def test_who_asks_interviews_whoever_speaks_first(language, interview, first):
    asker, teller = ASKER_AND_TELLER[language]
    turns = list(enumerate(lines(interview)))[first:]
    canonical = render_canonical(Utterance((asker, teller)[i % 2], text) for i, text in turns)
    assert guess_roles(canonical, language) == {asker: Role.INTERVIEWER, teller: Role.PARTICIPANT}


@pytest.mark.parametrize("language", EIGHT)
def test_roles_do_not_rest_on_punctuation(language):
    asker, teller = ASKER_AND_TELLER[language]
    said = [re.sub(r"[.,;:!?¿¡…。、？！]", " ", text).lower() for text in lines(INTERVIEWS[language])]
    canonical = render_canonical(Utterance((asker, teller)[i % 2], text) for i, text in enumerate(said))
    assert guess_roles(canonical, language) == {asker: Role.INTERVIEWER, teller: Role.PARTICIPANT}


@pytest.mark.parametrize("language", EIGHT)
def test_fillers_and_courtesies_of_an_interview_are_left_out(language):
    canonical = talk(language)
    reasons = skipped(canonical, segment("t", canonical, language))
    assert {reasons.get(text) for text in LEFT_OUT[language]} <= {Skip.FILLER, Skip.SMALL_TALK}


@pytest.mark.parametrize("language", EIGHT)
def test_every_answer_is_quoted_in_one_to_four_sentences(language):
    canonical = talk(language)
    cut = segment("t", canonical, language)
    teller = ASKER_AND_TELLER[language][1]
    quotes = [canonical.text[q.start : q.end] for q in cut.quotes if q.speaker == teller]
    assert all(1 <= q.sentences <= 4 for q in cut.quotes)
    told = answers(language)[1:-1]
    assert " ".join(quotes) == " ".join(told)
    assert len(told) <= len(quotes) <= 2 * len(told)
    assert all(count_words(quote) <= 60 for quote in quotes)


@pytest.mark.parametrize("language", sorted(UNPUNCTUATED))
def test_answers_without_punctuation_are_quoted_whole(language):
    canonical = talk(language, UNPUNCTUATED)
    teller = ASKER_AND_TELLER[language][1]
    quotes = [canonical.text[q.start : q.end] for q in segment("t", canonical, language).quotes if q.speaker == teller]
    assert " ".join(quotes) == " ".join(answers(language, UNPUNCTUATED))


@pytest.mark.parametrize("language", EIGHT)
def test_where_nobody_is_named_the_questions_are_left_out(language):
    canonical = talk(language, named=False)
    reasons = skipped(canonical, segment("t", canonical, language))
    questions = [text for text, reason in reasons.items() if reason is Skip.QUESTION]
    assert sum(1 for line in lines(INTERVIEWS[language])[::2] for question in questions if question in line) >= 4
    assert not any(question in line for line in answers(language)[1:-1] for question in questions)


def test_japanese_without_full_stops_is_parted_at_polite_endings():
    canonical = talk("ja", UNPUNCTUATED, named=False)
    questions = [text for text, reason in skipped(canonical, segment("t", canonical, "ja")).items() if reason is Skip.QUESTION]
    assert questions == [
        "英会話のアプリを始めたきっかけを教えてください",
        "なるほど 最初の授業はどうでしたか",
        "そのときどのように感じましたか",
        "今も使っていますか",
        "どんなところを変えてほしいですか",
    ]


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in FILLERS.items() for text in texts])
def test_what_only_fills_is_a_filler(language, text):
    assert within(text, language) == ([], {text: Skip.FILLER})


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in COURTESIES.items() for text in texts])
def test_courtesies_are_small_talk_in_every_language(language, text):
    assert within(text, language) == ([], {text: Skip.SMALL_TALK})


@pytest.mark.parametrize(("language", "text"), CONTENT.items())
def test_thanks_that_tell_something_are_quoted_in_every_language(language, text):
    assert within(text, language) == ([text], {})


@pytest.mark.parametrize(("language", "sentences"), SHIFTS.items())
def test_a_turn_to_something_else_starts_a_quote_in_every_language(language, sentences):
    glue = "" if language == "ja" else " "
    assert within(glue.join(sentences), language)[0] == list(sentences)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ich habe bspw. am 3. Mai mit Dr. Weber bzw. ca. zehn Leuten gesprochen."),
        ("fr", "J'ai appelé M. Dupont vers 15 h et Mme. Leroy m'a rappelé."),
        ("es", "El Sr. López y la Srta. Ruiz llegaron a las 3 p.m. con la tarjeta."),
        ("nl", "Ik sprak dhr. Jansen en o.a. mevr. De Wit over de bon van ca. vijf euro."),
        ("pt", "O Dr. Silva e a Sra. Costa ligaram às 15 h por causa da fatura."),
        ("it", "Il sig. Rossi e la dott.ssa Bianchi hanno chiamato verso le 3 per la bolletta."),
        ("ja", "窓口で「番号が違います。」と言われて帰りました。"),
    ],
)
def test_abbreviations_and_quotations_do_not_end_a_sentence(language, text):
    assert [text[s.start : s.end] for s in split_sentences(text, language)] == [text]


def test_japanese_ends_sentences_without_blanks():
    text = "最初は良かったです。でも、どうでしょうか？本当に困りました！それだけです。"
    assert [text[s.start : s.end] for s in split_sentences(text, "ja")] == [
        "最初は良かったです。",
        "でも、どうでしょうか？",
        "本当に困りました！",
        "それだけです。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "駅前の店で注文したのですが品物が届かなくて電話をかけたら担当の方が休みだと言われました" * 8,
        "それで電話をかけたけど誰も出なくて三回目にやっと繋がったんですけど番号が違うと言われて" * 8,
        "我在网上买了一双鞋，等了两个星期还没有到，打电话过去也没有人接，" * 8,
    ],
)
def test_long_speech_without_blanks_is_cut_into_readable_pieces(text):
    pieces = [text[s.start : s.end] for s in split_sentences(text, "ja")]
    assert "".join(pieces) == text
    assert len(pieces) >= 3
    assert all(10 <= count_words(piece) <= (LONG_WORDS if "，" in text else RUN_WORDS) for piece in pieces)


@pytest.mark.parametrize("language", ["en", "it", "ja"])
def test_a_turn_longer_than_what_is_split_at_once_keeps_its_sentences(language):
    glue = "" if language == "ja" else " "
    once = glue.join(lines(INTERVIEWS[language])) + glue
    text = once * (2 * AT_ONCE // len(once) + 1)
    pieces = [text[s.start : s.end] for s in split_sentences(text, language)]
    assert set(pieces) == {once[s.start : s.end] for s in split_sentences(once, language)}
    assert len(text) > 2 * AT_ONCE


@pytest.mark.parametrize(
    ("language", "word"),
    [("ja", "あ"), ("ja", "そう"), ("ja", "です か "), ("de", "was "), ("it", "cosa "), ("fr", "est-ce que ")],
)
def test_time_grows_with_the_length_of_what_is_said_over_and_over(language, word):
    def seconds(times: int) -> float:
        canonical = render_canonical([Utterance("Ana", word * times), Utterance("Bo", word)])
        start = time.process_time()
        segment("t", canonical, language)
        guess_roles(canonical, language)
        return time.process_time() - start

    seconds(100)  # tables are read
    # linear is 10, quadratic 100; the shortest of three, as a busy machine stretches even a process's own time
    assert min(seconds(10_000) for _ in range(3)) < 30 * max(min(seconds(1_000) for _ in range(3)), 0.01)


def test_words_without_blanks_are_counted_by_two_characters():
    assert count_words("アプリを使いました。") == 5
    assert count_words("Zoomで話しました") == 4
    assert count_words("We waited — twice.") == 4
    said = render_canonical([Utterance("佐藤", "どうでしたか"), Utterance("田中", "とても便利でした。")]).words_by_speaker()
    assert said == {"佐藤": 3, "田中": 4}


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(EIGHT), st.lists(st.sampled_from([*"。、？！ .,?", *SAID]), max_size=12))
def test_every_sentence_is_accounted_for_in_every_language(language, parts):
    canonical = render_canonical([Utterance("Ana", "".join(parts)), Utterance("Bo", " ".join(parts))])
    cut = segment("t", canonical, language)
    spans = sorted([(q.start, q.end) for q in cut.quotes] + [(s.start, s.end) for s in cut.skipped])
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert not canonical.text[at:start].strip()
        at = end
    assert not canonical.text[at:].strip()
    assert set(guess_roles(canonical, language)) == set(canonical.speakers())
