"""English speech: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

ENGLISH = Lexicon(
    fillers=words(
        SOUNDS,
        """
        yeah yep yup yes ya aye right sure alright well so like just exactly absolutely definitely totally indeed true anyway and
        but really basically sorry pardon please wow gosh anyways precisely correct agreed also then there you-know
        """,
    ),
    filler_phrases=phrases(r"""
        you know(?: what i mean)? / i mean / i guess / i'm sorry / i suppose / of course / that's (?:right|true|fair|correct) / i see /
        i (?:do )?understand / i hear you / got it / gotcha / fair enough / go on / go ahead / let me (?:see|think)(?: about that)? /
        hang on / hold on / one sec(?:ond)? / where was i / what was i (?:saying|going to say) / what else / what's the word /
        how (?:do|shall|can|should) i (?:put|say) (?:it|this|that) / and (?:stuff|everything|all that|so on) / kind of / sort of /
        makes sense / that makes sense / good question / that's a good question / for sure / i'm trying to think
    """),
    acknowledgements=words("ok okay right alright yeah-no oh-okay"),
    praise=words("great good perfect lovely brilliant nice cool awesome amazing excellent fantastic super fine wonderful"),
    stop=words(
        """
        a an the this that these those there here it its it's that's there's here's what's who's he's she's let's i me my mine
        myself you your yours yourself he him his she her hers they them their theirs we us our ours one ones who whom whose am is
        are was were be been being isn't aren't wasn't weren't i'm you're we're they're i've you've we've they've i'd you'd he'd
        she'd we'd they'd i'll you'll he'll she'll we'll they'll it'll it'd that'd that'll do does did doing done don't doesn't
        didn't have has had having haven't hasn't hadn't will would shall should can could may might must won't wouldn't shouldn't
        can't couldn't cannot ought and or but nor so if then than because as until while although though since unless whether of at
        by for with about against between into through during before after above below to from up down in out on off over under
        again further once upon onto within without when where why how what which all any both each few more most other others some
        such no not only own same too very just also even still yet already ever much many lot lots bit little quite rather pretty
        really actually basically literally honestly obviously probably maybe perhaps kind sort like well right okay ok yeah yes yep
        sure oh um uh er erm hmm hm ah mm thing things stuff something anything nothing everything someone somebody anyone anybody
        everyone everybody way ways get gets got getting go goes going gone went come comes came coming say says said saying know
        knew known think thought thinking mean means meant see saw seen look make made makes making take took put guess suppose feel
        felt let lets try gonna wanna gotta kinda sorta dunno cause 'cause cos now always sometimes back around another else god
        anyway anyways first second himself herself themselves itself would've could've should've
        """,
    ),
    small_talk=phrases(r"""
        (?:thanks|thank you|cheers|many thanks|thanks again)(?: (?:so much|very much|a lot|a million|again|you too|both|all|everyone|
        guys|everybody))*(?: for (?:having (?:me|us)|your time|the time|making (?:the )?time|doing this|taking (?:the|your) time|asking|
        inviting (?:me|us)|coming|joining(?: (?:me|us))?|listening))? /
        (?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|morning|welcome)(?: (?:there|again|all|everyone|everybody|guys|both))* /
        (?:bye|bye-bye|goodbye|ta-ra|ta-ta|see you|see ya|take care|cheerio)(?: (?:bye|now|then|soon|later|next time))* /
        have a (?:good|great|nice|lovely) (?:day|one|evening|weekend|afternoon|rest of (?:the|your) day) /
        (?:enjoy|have) (?:the rest of )?your (?:day|evening|weekend|afternoon) /
        (?:it's |it was |really |so )*(?:nice|good|great|lovely|pleasure) (?:to (?:meet|see|talk to|talk with|speak to|speak with|
        chat with) you|meeting you|talking to you|talking with you|chatting|speaking (?:to|with) you) /
        how are you(?: (?:doing|today))* / how's it going / how do you do /
        (?:i'm |i am |doing )?(?:good|fine|well|great|very well) thanks?(?: you)? /
        can (?:you|everyone|everybody) (?:hear|see) (?:me|us|my screen|that|it)(?: (?:alright|all right|okay|ok|now|well))* /
        (?:i can|can you) (?:hear|see) you(?: (?:fine|well|now|loud and clear|okay|alright))* / loud and clear /
        (?:you're|i'm|am i|i was|you are|are you) (?:still |back |now )*on mute / is (?:this|it) recording /
        (?:are we|is that) recording / (?:my|the|it's my|it's been my|you're) (?:pleasure|welcome) / no worries / no problem /
        not at all / you too / likewise / anytime / (?:can|could|would) you (?:repeat|say) (?:that|it|the question)(?: again)* /
        happy to (?:help|be here|do it) / good luck / talk (?:to you )?soon / speak soon
    """),
    weather=phrases(r"""
        (?:it's|it is|it's been|we've had|is it|what|how's|how is|the|lovely|nice|terrible|awful|miserable|horrible)(?: (?:a|an|so|such|
        the|very|really|absolutely|still|been|been so|with you|you))* (?:raining|pouring|snowing|sunny|freezing|boiling|chilly|weather|
        rain|lovely day|lovely weather|sunshine)
    """),
    shift=phrases(r"""
        but / anyway / anyways / so then / so anyway / so yeah / on the other hand / (?:and |but )?the other thing /
        (?:and |oh )?another thing / oh and / oh / mind / mind you / having said that / that said / then again / now / however /
        (?:but |and )?the (?:only|main|first|second) thing /
        (?:and |but )?the (?:worst|best|good|bad|annoying|nice|funny|weird) (?:thing|part|bit) / (?:and )?(?:also|plus) /
        at the same time / by the way / apart from that / other than that / first(?: of all| off)? / second(?:ly)? / third(?:ly)? /
        finally / in the end / eventually / these days / nowadays / next / later(?: on)? / the next (?:day|morning|week|time|thing) /
        whereas / although / speaking of / as for / as far as / in terms of / on top of that / (?:and )?one (?:more|other) thing /
        (?:and )?before(?: that)? / let me give you an example / for example / for instance
    """),
    onward=phrases(
        r"and then / then / so / okay so / yeah so / and / well / okay / when / after / before / if / yeah / no / i don't / i think / i"
    ),
    continuing=phrases(r"""
        i was (?:so|that|really|quite|just|well|pretty|very|absolutely|a bit|like) / it / it's / it'd / it'll / its / they / they'd /
        they're / they've / they'll / them / their / that / that's / that'd / this / these / those / he / he's / he'd / his / him /
        she / she's / she'd / her / which / because / 'cause / cause / cos / who / such / so it / so that's /
        and (?:it|it's|they|they're|that|that's|he|she|he'd|she'd|they'd|this) / like / i mean / you know / or / nor / not / same /
        both / neither / either / there / every / one / and not / just / even / especially / literally / basically / exactly / meaning /
        in other words / that is / twice / once / never
    """),
    clause_strong=words("but so because anyway then although though whereas however 'cause cos yeah okay oh"),
    clause_weak=words("and or which when if while until after before just"),
    subjects=words(
        "i we you he she they it there this that these those my our the i'm i've i'd we're it's that's they're there's he's she's"
    ),
    nominative=words("i we they he she i'm i've i'd i'll we're we've they're they've he's she's it's that's there's"),
    asking=phrases(r"""
        (?:(?:so|and|okay|ok|well|but|then|now|right|alright|um|uh|great|cool) )*(?:(?:what|how|why|when|where|who) (?:do|does|did|is|
        are|was|were|would|could|can|will|made|about|happened|happens|else)|how (?:long|often|many|much|easy|hard|important)|what's|
        how's|(?:do|did|would|could|can|have|are|were) (?:you|your))
    """),
    requests=phrases(r"""
        (?:(?:so|and|okay|ok|well|but|then|now|right|alright|um|uh|great|cool|yeah|please|just|maybe) )*(?:tell (?:me|
        us) (?:a (?:little )?bit |more |a little )?(?:about|what|how|why)|(?:walk|talk) (?:me|us) through|take (?:me|us) (?:back|
        through)|describe (?:for|to) (?:me|us)|give (?:me|us) an example)
    """),
    addressing=phrases(r"""
        \b(?:what|how|why|when|where|who|which)(?: \w+){0,2} (?:do|did|would|are|were|have|had|could|can|will) (?:you|your) /
        \b(?:what|how) (?:did|was|were|made|happened|happens) (?:that|it|you|the|then|next) /
        \b(?:do|did|could|would|can) you (?:ever|still|also|tell|describe|walk|talk|give|explain|say|recall|remember|feel|use|find|have) /
        \b(?:have|were|are) you (?:ever|still|using|able|ready|happy|satisfied|looking|planning|tried) /
        \b(?:tell (?:me|us)|(?:walk|talk) (?:me|us) through|take (?:me|us) (?:back|through))
    """),
    hosting=phrases(r"""
        \bthank(?:s| you)(?: so much| very much| again| all| both)?,?(?: \w+,?)? for (?:making (?:the )?time|your time|joining|doing this|
        coming|taking (?:the|part|your)|talking to|speaking|sharing) /
        \b(?:walk|talk) me through / \btell (?:me|us) (?:a (?:little |bit )*)?(?:more )?about / \btake me (?:back|through) /
        \b(?:could|can) you describe / \bbefore we (?:start|begin|wrap|finish) / \b(?:first|next|last|final) question /
        \bthat's all (?:the|my) questions / \banything (?:else )?(?:i|we) (?:didn't|haven't) / \bif you could (?:change|wave) /
        \bi(?:'d| would) (?:like|love) to (?:ask|hear|talk) / \bhow did (?:you|that|it) (?:feel|go|find) / \bwhat happened (?:next|then)
    """),
)
