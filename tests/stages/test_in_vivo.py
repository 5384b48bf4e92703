from app.stages.in_vivo import in_vivo_code

QUOTES = (
    "Yeah, so I think the verification email never came, and I waited.",
    "The email came on Tuesday, um, in the spam folder.",
    "I looked in my spam folder twice because the verification email was not there.",
)
WEIGHTS = {"verification": 0.9, "email": 0.8, "spam": 0.5, "folder": 0.5}


def test_the_code_is_a_clause_that_somebody_said_word_for_word():
    code = in_vivo_code(QUOTES, WEIGHTS, ())
    assert code == "the verification email never came"
    assert any(code in quote for quote in QUOTES)


def test_the_order_of_quotes_changes_nothing():
    assert in_vivo_code(QUOTES[::-1], WEIGHTS, ()) == in_vivo_code(QUOTES, WEIGHTS, ())


def test_a_clause_that_names_somebody_is_left_out():
    assert "tom" not in in_vivo_code(("Tom sent the verification email late", *QUOTES), WEIGHTS, {"tom"}).lower()


def test_quotes_without_a_telling_clause_have_no_code():
    assert in_vivo_code(("Email.", "Um, spam."), WEIGHTS, ()) is None
    assert in_vivo_code((), {}, ()) is None
