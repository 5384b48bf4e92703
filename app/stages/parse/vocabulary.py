"""Words by which a speaker's label is told from a sentence with a colon in it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    """
    & + al and bin da das de del della den der des di do dos du e el ibn la las le los of ten ter van von y zu
    zum
    """
)
"""Small words within a name."""

OPENERS = _words(
    """
    a about after all also am an and another any appendix are as at because before both but by chapter could
    day did does each every example exhibit fig figure for from had has have he her here his how i'd i'm if
    image in is it it's item its just last let like many maybe more most my never new next no not note now of
    oh on one option or other our over page part phase question rule same scene second section she should
    since so some source step still such table task that that's the their then there these they third this
    those three tip to two under until version was we week were what when where which while who why with would
    yes yet you your
    """
)
"""Words that start a sentence or a numbered part, but no name of two or more words."""

NOT_NAMES = _words(
    """
    pros cons abstract action actions actually agenda also and anyway attendees audio basically bcc because blog
    bonus bottom but caution cc channel conclusion contact contents copyright date description
    details disclaimer duration edit edited email etc example examples file finally first firstly
    format from ftp goal goals guests heading hint honestly however http https important info invitees
    keywords language lastly length licence license like link links list location mailto maybe meaning media
    meeting method mp3 mp4 no note notes objective obviously ok okay overview participants
    phone place plus present problem produced project ps published purpose quote re reason recap recorded
    recording reference references regards remember reminder result results right same second secondly sent
    sidenote so solution source sources statement still study subject subtitle summary suppose tags tip tips
    title to todo topic topics transcribed transcriber transcript transcription translation type
    update url usage version video warning website well whatever when where why yeah yes
    """
)
"""Single words that introduce what follows, in speech or in the head of a document."""

FIGURES = _words(
    """
    actually also and another anyway basically because but caution etc example examples finally first firstly hint honestly however
    important last lastly like maybe meaning no obviously ok okay plus ps re reason remember result right same second secondly so still
    suppose then third tip well whatever when where which who why yeah yes yet
    """
)
"""Single words before a colon that speech has again and again: a file must show more before they are taken for a speaker."""

OWNERS = _words("her his my our the their your")
"""Words that start a label such as "My mother"."""

VERBS = _words("added are asked be goes is like of replied said say says that this thought to was went were with")
"""Words that end a sentence before a quotation, but no label."""

PEOPLE = _words(
    """
    audience aunt boss boy brother caller carer caregiver child clerk client colleague coordinator cousin customer daughter doctor driver
    father female flatmate friend girl girlfriend boyfriend grandfather grandmother guest guy host husband interpreter interviewer lady
    male man manager member men mother mum mom dad narrator neighbour neighbor nurse officer operator participant partner passenger
    patient person people relative respondent roommate sibling sister son speaker spouse student teacher technician translator uncle user
    visitor voice voices wife woman women worker
    """
)
"""What somebody is: the last word of a label for one who speaks once."""

SOUNDS = _words(
    """
    applaudissements applause audio background beep bell blank_audio both break breath breathing chatter
    cheering chuckle chuckles clap clapping clears cough coughs crosstalk crying end foreign gap gasp gasps
    gibberish giggle giggles groan groans hum humming inaudible indiscernible indistinct interruption lachen
    lacht laugh laughing laughs laughter mumbles music musik noise overlapping pause pauses phone recording
    redacted rires risas risate sigh sighs silence singing sniff sniffs snorts sound speaks static unclear
    unintelligible whispering whispers unverständlich seufzt rires rire soupir soupire silencio inaudível ininteligible onverstaanbaar
    gelach lach sospira incomprensibile risos
    """
)
"""Words in brackets that describe a sound."""

INTERJECTIONS = _words(
    """
    absolutely agreed bye cool correct definitely exactly fine good goodbye great hello hey hi hm hmm huh mhm mm mmm nah nice nope oh
    ok okay perfect really right sorry sure thanks totally true uh uh-huh um well wow yeah yep yes yup no
    ja nein doch genau klar stimmt danke oui non voilà exactement merci sí claro exacto vale gracias nee precies bedankt sim não
    obrigado certo esatto grazie
    """
)
"""Whole turns of one word, which stand alone on a line as a name does."""
