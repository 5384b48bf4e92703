"""Words by which speech is judged: fillers, small talk, discourse cues. A small table a language, shared sounds for all."""

import re
from dataclasses import dataclass
from functools import cache

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’\-][^\W_\u3040-\u30ff\u3400-\u9fff]+)*")
"""One spoken word. Scripts without blanks count two characters a word."""

STAGE_DIRECTION = re.compile(
    r"\[[^\[\]]{1,80}\]|\((?:[^()]{0,20}\b)?(?:laugh(?:s|ing|ter)?|pause[sd]?|sigh(?:s|ing)?|cough(?:s|ing)?|music|applause|inaudible"
    r"|unintelligible|indistinct|unclear|crosstalk)\b[^()]{0,20}\)",
    re.IGNORECASE,
)
"""What a transcriber wrote about the speech: `[laughs]`, `[crosstalk 00:12:03]`, `(inaudible)`."""

INAUDIBLE = re.compile(r"inaudible|unintelligible|indistinct|unclear|unverständlich|inintelligible|ininteligible|\?{2,}", re.IGNORECASE)
CROSSTALK = re.compile(r"cross-?\s?talk|overlapping|talk(?:s|ing)? over|durcheinander", re.IGNORECASE)

_SOUNDS = "mm mmm mhm mm-hm mm-hmm mmhm m-hm mmhmm uh-huh uhhuh hm hmm hmmm um umm uh er erm ah eh oh ooh ok okay okey aha ha haha huh"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language. Phrases are patterns over lower-case words joined by single blanks."""

    fillers: frozenset[str]
    filler_phrases: re.Pattern[str]
    acknowledgements: frozenset[str]
    """Beside one of these, praise ("Okay, great.") is a filler as well."""
    praise: frozenset[str]
    stop: frozenset[str]
    """Words that bear no content of their own."""
    small_talk: re.Pattern[str]
    weather: re.Pattern[str]
    shift: re.Pattern[str]
    """A sentence that starts so turns to another idea."""
    onward: re.Pattern[str]
    """A sentence that starts so may go on with the idea or leave it."""
    continuing: re.Pattern[str]
    """A sentence that starts so leans on the one before."""
    clause_strong: frozenset[str]
    """Long speech is best cut before these words."""
    clause_weak: frozenset[str]
    """These start a clause where a subject or a stronger word follows."""
    subjects: frozenset[str]
    nominative: frozenset[str]
    """Subjects that are never objects."""
    asking: re.Pattern[str]
    """Words that open a question, where no punctuation shows it."""
    requests: re.Pattern[str]
    """Words that ask somebody to tell, which need no question mark."""


def _words(*parts: str) -> frozenset[str]:
    return frozenset(" ".join(parts).split())


def _any(*phrases: str) -> re.Pattern[str]:
    """Matches any of the phrases as whole words; nothing at all where there are none."""
    return re.compile(rf"(?:{'|'.join(phrases)})(?![^\W_]|['\-])" if phrases else r"(?!)")


_ENGLISH = Lexicon(
    fillers=_words(
        _SOUNDS,
        "yeah yep yup yes ya aye right sure alright well so like just exactly absolutely definitely totally indeed true anyway and but",
        "really basically sorry pardon please wow gosh anyways precisely correct agreed also then there you-know",
    ),
    filler_phrases=_any(
        "you know(?: what i mean)?",
        "i mean",
        "i guess",
        "i'm sorry",
        "i suppose",
        "of course",
        "that's (?:right|true|fair|correct)",
        "i see",
        "i (?:do )?understand",
        "i hear you",
        "got it",
        "gotcha",
        "fair enough",
        "go on",
        "go ahead",
        "let me (?:see|think)(?: about that)?",
        "hang on",
        "hold on",
        "one sec(?:ond)?",
        "where was i",
        "what was i (?:saying|going to say)",
        "what else",
        "what's the word",
        "how (?:do|shall|can|should) i (?:put|say) (?:it|this|that)",
        "and (?:stuff|everything|all that|so on)",
        "kind of",
        "sort of",
        "makes sense",
        "that makes sense",
        "good question",
        "that's a good question",
        "for sure",
        "i'm trying to think",
    ),
    acknowledgements=_words("ok okay right alright yeah-no oh-okay"),
    praise=_words("great good perfect lovely brilliant nice cool awesome amazing excellent fantastic super fine wonderful"),
    stop=_words(
        "a an the this that these those there here it its it's that's there's here's what's who's he's she's let's",
        "i me my mine myself you your yours yourself he him his she her hers they them their theirs we us our ours one ones who whom whose",
        "am is are was were be been being isn't aren't wasn't weren't i'm you're we're they're i've you've we've they've i'd you'd he'd she'd",
        "we'd they'd i'll you'll he'll she'll we'll they'll it'll it'd that'd that'll do does did doing done don't doesn't didn't have has had",
        "having haven't hasn't hadn't will would shall should can could may might must won't wouldn't shouldn't can't couldn't cannot ought",
        "and or but nor so if then than because as until while although though since unless whether of at by for with about against between",
        "into through during before after above below to from up down in out on off over under again further once upon onto within without",
        "when where why how what which all any both each few more most other others some such no not only own same too very just also even",
        "still yet already ever much many lot lots bit little quite rather pretty really actually basically literally honestly obviously",
        "probably maybe perhaps kind sort like well right okay ok yeah yes yep sure oh um uh er erm hmm hm ah mm",
        "thing things stuff something anything nothing everything someone somebody anyone anybody everyone everybody way ways",
        "get gets got getting go goes going gone went come comes came coming say says said saying know knew known think thought",
        "thinking mean means meant see saw seen look make made makes making take took put guess suppose feel felt let lets try",
        "gonna wanna gotta kinda sorta dunno cause 'cause cos now always sometimes back around another else god",
        "anyway anyways though first second yourself himself herself themselves itself would've could've should've",
    ),
    small_talk=_any(
        "(?:thanks|thank you|cheers|many thanks|thanks again)(?: (?:so much|very much|a lot|a million|again|you too|both|all|everyone|guys|everybody))*"
        "(?: for (?:having (?:me|us)|your time|the time|making (?:the )?time|doing this|taking (?:the|your) time|asking|inviting (?:me|us)"
        "|coming|joining(?: (?:me|us))?|listening))?",
        "(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|morning|welcome)(?: (?:there|again|all|everyone|everybody|guys|both))*",
        "(?:bye|bye-bye|goodbye|ta-ra|ta-ta|see you|see ya|take care|cheerio)(?: (?:bye|now|then|soon|later|next time))*",
        "have a (?:good|great|nice|lovely) (?:day|one|evening|weekend|afternoon|rest of (?:the|your) day)",
        "(?:enjoy|have) (?:the rest of )?your (?:day|evening|weekend|afternoon)",
        "(?:it's |it was |really |so )*(?:nice|good|great|lovely|pleasure) (?:to (?:meet|see|talk to|talk with|speak to|speak with|chat with) you"
        "|meeting you|talking to you|talking with you|chatting|speaking (?:to|with) you)",
        "how are you(?: (?:doing|today))*",
        "how's it going",
        "how do you do",
        "(?:i'm |i am |doing )?(?:good|fine|well|great|very well) thanks?(?: you)?",
        "can (?:you|everyone|everybody) (?:hear|see) (?:me|us|my screen|that|it)(?: (?:alright|all right|okay|ok|now|well))*",
        "(?:i can|can you) (?:hear|see) you(?: (?:fine|well|now|loud and clear|okay|alright))*",
        "loud and clear",
        "(?:you're|i'm|am i|i was|you are|are you) (?:still |back |now )*on mute",
        "is (?:this|it) recording",
        "(?:are we|is that) recording",
        "(?:my|the|it's my|it's been my|you're) (?:pleasure|welcome)",
        "no worries",
        "no problem",
        "not at all",
        "you too",
        "likewise",
        "anytime",
        "(?:can|could|would) you (?:repeat|say) (?:that|it|the question)(?: again)*",
        "happy to (?:help|be here|do it)",
        "good luck",
        "talk (?:to you )?soon",
        "speak soon",
    ),
    weather=_any(
        "(?:it's|it is|it's been|we've had|is it|what|how's|how is|the|lovely|nice|terrible|awful|miserable|horrible)"
        "(?: (?:a|an|so|such|the|very|really|absolutely|still|been|been so|with you|you))*"
        " (?:raining|pouring|snowing|sunny|freezing|boiling|chilly|weather|rain|lovely day|lovely weather|sunshine)",
    ),
    shift=_any(
        "but",
        "anyway",
        "anyways",
        "so then",
        "so anyway",
        "so yeah",
        "on the other hand",
        "(?:and |but )?the other thing",
        "(?:and |oh )?another thing",
        "oh and",
        "oh",
        "mind",
        "mind you",
        "having said that",
        "that said",
        "then again",
        "now",
        "however",
        "(?:but |and )?the (?:only|main|first|second) thing",
        "(?:and |but )?the (?:worst|best|good|bad|annoying|nice|funny|weird) (?:thing|part|bit)",
        "(?:and )?(?:also|plus)",
        "at the same time",
        "by the way",
        "apart from that",
        "other than that",
        "first(?: of all| off)?",
        "second(?:ly)?",
        "third(?:ly)?",
        "finally",
        "in the end",
        "eventually",
        "these days",
        "nowadays",
        "next",
        "later(?: on)?",
        "the next (?:day|morning|week|time|thing)",
        "whereas",
        "although",
        "speaking of",
        "as for",
        "as far as",
        "in terms of",
        "on top of that",
        "(?:and )?one (?:more|other) thing",
        "(?:and )?before(?: that)?",
        "let me give you an example",
        "for example",
        "for instance",
    ),
    onward=_any(
        "and then",
        "then",
        "so",
        "okay so",
        "yeah so",
        "and",
        "well",
        "okay",
        "when",
        "after",
        "before",
        "if",
        "yeah",
        "no",
        "i don't",
        "i think",
        "i",
    ),
    continuing=_any(
        "i was (?:so|that|really|quite|just|well|pretty|very|absolutely|a bit|like)",
        "it",
        "it's",
        "it'd",
        "it'll",
        "its",
        "they",
        "they'd",
        "they're",
        "they've",
        "they'll",
        "them",
        "their",
        "that",
        "that's",
        "that'd",
        "this",
        "these",
        "those",
        "he",
        "he's",
        "he'd",
        "his",
        "him",
        "she",
        "she's",
        "she'd",
        "her",
        "which",
        "because",
        "'cause",
        "cause",
        "cos",
        "who",
        "such",
        "so it",
        "so that's",
        "and (?:it|it's|they|they're|that|that's|he|she|he'd|she'd|they'd|this)",
        "like",
        "i mean",
        "you know",
        "or",
        "nor",
        "not",
        "same",
        "both",
        "neither",
        "either",
        "there",
        "every",
        "one",
        "and not",
        "just",
        "even",
        "especially",
        "literally",
        "basically",
        "exactly",
        "meaning",
        "in other words",
        "that is",
        "twice",
        "once",
        "never",
    ),
    clause_strong=_words("but so because anyway then although though whereas however 'cause cos yeah okay oh"),
    clause_weak=_words("and or which when if while until after before just"),
    subjects=_words(
        "i we you he she they it there this that these those my our the i'm i've i'd we're it's that's they're there's he's she's"
    ),
    nominative=_words("i we they he she i'm i've i'd i'll we're we've they're they've he's she's it's that's there's"),
    asking=_any(
        "(?:(?:so|and|okay|ok|well|but|then|now|right|alright|um|uh|great|cool) )*(?:"
        "(?:what|how|why|when|where|who) (?:do|does|did|is|are|was|were|would|could|can|will|made|about|happened|happens|else)"
        "|how (?:long|often|many|much|easy|hard|important)|what's|how's"
        "|(?:do|did|would|could|can|have|are|were) (?:you|your)"
        ")",
    ),
    requests=_any(
        "(?:(?:so|and|okay|ok|well|but|then|now|right|alright|um|uh|great|cool|yeah|please|just|maybe) )*(?:tell (?:me|us) (?:a (?:little )?bit |more |a little )?(?:about|what|how|why)"
        "|(?:walk|talk) (?:me|us) through|take (?:me|us) (?:back|through)|describe (?:for|to) (?:me|us)|give (?:me|us) an example)",
    ),
)

_BARE = Lexicon(
    fillers=_words(_SOUNDS),
    filler_phrases=_any(),
    acknowledgements=_words("ok okay"),
    praise=frozenset(),
    stop=_words(_SOUNDS),
    small_talk=_any(),
    weather=_any(),
    shift=_any(),
    onward=_any(),
    continuing=_any(),
    clause_strong=frozenset(),
    clause_weak=frozenset(),
    subjects=frozenset(),
    nominative=frozenset(),
    asking=_any(),
    requests=_any(),
)


def _european(
    *,
    fillers: str,
    stop: str,
    small_talk: tuple[str, ...],
    shift: tuple[str, ...],
    continuing: tuple[str, ...],
    clause: str,
    asking: tuple[str, ...],
    requests: tuple[str, ...],
) -> Lexicon:
    """A language with a small table; what it lacks does nothing."""
    return Lexicon(
        fillers=_words(_SOUNDS, fillers),
        filler_phrases=_any(),
        acknowledgements=_words("ok okay"),
        praise=frozenset(),
        stop=_words(_SOUNDS, fillers, stop),
        small_talk=_any(*small_talk),
        weather=_any(),
        shift=_any(*shift),
        onward=_any(),
        continuing=_any(*continuing),
        clause_strong=_words(clause),
        clause_weak=frozenset(),
        subjects=frozenset(),
        nominative=frozenset(),
        asking=_any(*asking),
        requests=_any(*requests),
    )


_GERMAN = _european(
    fillers="ja jo jep genau richtig stimmt gut klar also na naja ähm äh öhm tja achso ach so doch eben halt",
    stop="der die das den dem des ein eine einen einem einer ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch mein meine ist sind war waren bin "
    "hat habe haben hatte wird werden und oder aber weil dass wenn als wie was wer wo nicht kein keine auch nur noch schon sehr mehr in im an am auf aus bei "
    "mit nach von vom vor zu zum zur für über um da dann dort hier man mal nein nie sich",
    small_talk=(
        "(?:vielen |herzlichen )?dank(?:e)?(?: (?:schön|sehr|ihnen|dir|euch))*",
        "(?:guten (?:tag|morgen|abend)|hallo|servus|moin)",
        "(?:auf wiedersehen|tschüss|bis bald)",
        "(?:können sie|kannst du|hören sie|hörst du) mich(?: (?:gut|hören))*",
    ),
    shift=("aber", "andererseits", "allerdings", "außerdem", "jedenfalls", "trotzdem", "und noch", "zum beispiel"),
    continuing=("es", "das", "sie", "er", "weil", "denn", "die", "der", "dass", "und das", "und es"),
    clause="aber und weil dann also denn oder",
    asking=("(?:was|wie|warum|wann|wo|wer|welche[rs]?) (?:haben|hat|war|ist|sind|machen|würden|können)", "können sie"),
    requests=("(?:dann |und |bitte )*erzählen sie", "(?:dann |und |bitte )*erzähl mal", "beschreiben sie"),
)
_FRENCH = _european(
    fillers="oui ouais bon ben bah euh voilà exactement tout-à-fait daccord d'accord bien hein alors enfin donc",
    stop="le la les l un une des du de d je tu il elle on nous vous ils elles me te se mon ma mes son sa ses ce cet cette ces c'est est sont était suis ai as a "
    "avons avez ont avait et ou mais que qui quoi dont où ne pas plus non si très aussi à au aux en dans sur sous avec pour par sans ça y j'ai c'était comme quand jamais",
    small_talk=(
        "merci(?: (?:beaucoup|bien|à vous|infiniment))*",
        "bonjour",
        "bonsoir",
        "salut",
        "au revoir",
        "à bientôt",
        "bonne journée",
        "vous m'entendez",
    ),
    shift=("mais", "par contre", "en revanche", "d'ailleurs", "ensuite", "sinon", "de toute façon", "par exemple", "et puis"),
    continuing=("il", "elle", "ils", "elles", "c'est", "ça", "parce que", "parce qu", "car", "cela", "ce"),
    clause="mais et parce donc puis alors car ou",
    asking=("est-ce que", "(?:comment|pourquoi|quand|où) (?:avez|est|était|vous)", "qu'est-ce", "pouvez-vous"),
    requests=("(?:et |alors )*racontez", "parlez-moi", "décrivez"),
)
_SPANISH = _european(
    fillers="sí si claro bueno vale pues eso exacto ya este eh entonces bien",
    stop="el la los las un una unos unas de del al a en y o u pero que qué quien yo tú él ella nosotros ellos me te se lo le les mi su sus es son era fue ser estar "
    "está he ha han había hay no ni muy más también con por para sin como cuando donde porque ese esa esto eso aquí allí todo nunca",
    small_talk=(
        "(?:muchas )?gracias(?: (?:a (?:ti|usted|ustedes)|por todo))*",
        "hola",
        "buenos días",
        "buenas (?:tardes|noches)",
        "adiós",
        "hasta (?:luego|pronto)",
        "me (?:oyes|escuchas|oye|escucha)",
    ),
    shift=("pero", "sin embargo", "por otro lado", "además", "luego", "después", "de todas formas", "por ejemplo", "en cambio"),
    continuing=("eso", "esto", "porque", "ellos", "ella", "él", "lo", "es que", "y eso"),
    clause="pero y porque entonces luego o pues",
    asking=("(?:qué|cómo|cuándo|dónde|quién|cuál|cuánto)", "puedes", "podría"),
    requests=("(?:y |entonces )*cuénta(?:me|nos)", "(?:y |entonces )*cuénteme", "háblame"),
)


@cache
def lexicon_for(language: str) -> Lexicon:
    """The table of a language tag such as `en` or `de-AT`; other languages know sounds only."""
    tables = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}
    return tables.get(language.replace("_", "-").split("-")[0].lower(), _BARE)


def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words of a text, stage directions left out, typographic apostrophes made plain."""
    return tuple(WORD.findall(STAGE_DIRECTION.sub(" ", text).lower().replace("’", "'")))
