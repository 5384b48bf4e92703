"""Portuguese speech, of Brazil and of Portugal: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

PORTUGUESE = Lexicon(
    fillers=words(
        SOUNDS,
        """
        sim é né pois bom bem então tá ahã aham uhum hã hum ãh ok certo exato exatamente exacto claro assim olha olhe aí tipo
        isso pronto portanto realmente perfeitamente verdade
        absolutamente totalmente basicamente e mas enfim desculpa desculpe beleza entendi
        """,
    ),
    filler_phrases=phrases(r"""
        com certeza / sem dúvida / (?:tu )?sabes?(?: como é)? / você sabe / quer dizer / ou seja / digamos(?: assim)? / por assim dizer /
        é (?:isso|verdade|isso aí|isso mesmo) / isso mesmo / isso aí / pois é / pois não / tudo (?:bem|certo|ótimo) /
        está bem / está bom / tá bom /
        tá certo / muito bem / de acordo / (?:eu )?(?:entendo|percebo|vejo|imagino) / faz sentido / deixa eu (?:ver|pensar) /
        deixe-me (?:ver|pensar) / deixa-me (?:ver|pensar) / só um (?:momento|minuto|minutinho|segundo) / um (?:momento|segundo|minuto) /
        espera(?: aí)? / como (?:é que )?(?:se diz|eu digo|vou dizer|dizer) / o que (?:é que )?(?:eu )?ia dizer / e (?:tal|tudo mais|tudo|
        assim|coisa e tal) / essas coisas / mais ou menos / (?:é uma )?boa pergunta / que mais / (?:eu )?(?:acho|creio|penso|
        suponho) que sim / não sei / na verdade / ora bem
    """),
    acknowledgements=words("ok okay certo entendi percebi beleza tá perfeito"),
    praise=words(
        "ótimo ótima óptimo excelente perfeito maravilha maravilhoso legal bacana fantástico incrível bom muito bem que interessante"
    ),
    stop=words(
        SOUNDS,
        """
        o a os as um uma uns umas de do da dos das no na nos nas ao aos à às em por pelo pela pelos pelas para pra pro com sem sobre
        entre até desde após contra e ou mas que quem qual quais onde quando como porque porquê quanto se eu tu ele ela você vocês nós
        gente eles elas me te lhe lhes mim ti si meu minha meus minhas teu tua seu sua seus suas nosso nossa dele dela deles isso isto
        aquilo esse essa esses essas este esta estes estas aquele aquela é são era eram foi foram ser sido sou somos seria está estão
        estava estavam estar estou estive tá tava tem têm tinha tinham ter tenho tive teve há havia houve vai vão ia foi ir vou fui
        não nem nunca já ainda só também muito muita muitos muitas mais menos pouco pouca bem mal tão tanto todo toda todos todas tudo
        nada algo alguém ninguém algum alguma alguns cada outro outra outros outras mesmo mesma aqui ali lá aí agora hoje ontem depois
        antes então sempre vez vezes quase talvez assim tal fazer faz fez fiz fazia feito dizer digo diz disse disseram dito ver vejo
        vi visto poder posso pode pude podia conseguir quero quer queria saber sei sabe sabia acho achei achava penso pensei dar deu
        dei ficar fica ficou fiquei pôr coloquei coisa coisas tipo parte forma jeito maneira sim pois bom certo claro né porém além
        realmente verdade apenas pra-mim num numa nuns daí dali disso nisso nele nela
        """,
    ),
    small_talk=phrases(r"""
        (?:muito |muitíssimo )?obrigad[oa](?: (?:a (?:você|vocês|si|todos|ti)|eu|mesmo|mais uma vez|de novo|também|igualmente|
        viu))*(?: (?:por|pelo|pela)(?: \w+){1,4})? / agradeço(?: (?:muito|imenso))?(?: (?:o|a|pelo|pela)(?: \w+){1,3})? / de nada /
        imagina / por nada / (?:olá|oi|bom dia|boa tarde|boa noite|bem-vind[oa]s?|e aí)(?: (?:a todos|tudo bem|tudo bom|pessoal|gente|
        como vai|como está))* / (?:tudo (?:bem|bom)|como (?:vai|está|estás|vai você|você está))(?: (?:com você|e você|e contigo|contigo|
        e o senhor|e a senhora))* / (?:estou |tudo )?(?:muito )?bem obrigad[oa] / (?:tchau|adeus|até (?:logo|breve|mais|já|a próxima|
        amanhã)|a gente se (?:vê|fala)|falamos|um abraço|abraço|cumprimentos) / (?:tenha|tenham|tem) (?:um|uma) (?:bom|boa|ótimo|ótima|
        excelente) (?:dia|tarde|noite|semana|fim de semana) / bom (?:fim de semana|trabalho|descanso) / (?:muito )?prazer(?: (?:em|é meu|
        te conhecer|conhecer)(?: \w+){0,2})? / igualmente / (?:sem|não há|não tem) problemas? / (?:você )?(?:está |consegue |
        tá )?me (?:ouve|ouvindo|ouvir|escuta|escutando|vendo|ver)(?: (?:bem|agora|direito))* / (?:consegues|está a|estás a) (?:ouvir|
        ver)-?me(?: bem)? / (?:estou|eu) (?:te|a|lhe)? ?(?:ouvindo|ouvir|ouço|vendo)(?: (?:bem|você|vocês))* / (?:você )?(?:está|
        tá) (?:no mudo|mutado|sem som) / (?:está|tá|estamos) gravando / (?:pode|podes|poderia) repetir(?: a pergunta)? / boa sorte
    """),
    weather=phrases(r"""
        (?:que|está|tá|hoje|aqui|um|faz|o)(?: (?:está|tá|hoje|aqui|um|muito|tanto|faz|o|dia))* (?:chovendo|a chover|nevando|calor|frio|
        tempo|sol|chuva|nublado|clima)
    """),
    shift=phrases(r"""
        mas / porém / contudo / no entanto / entretanto / todavia / por outro lado / por um lado / em compensação / em contrapartida /
        além disso / aliás / por exemplo / mesmo assim / ainda assim / fora isso / tirando isso / outra coisa / e outra coisa /
        (?:e )?(?:o|a) (?:único|única|pior|melhor|primeira|primeiro|segunda|segundo|outra|mais \w+) (?:coisa|parte|problema|ponto|foi|é)?
        / no (?:começo|início|final|fim|dia seguinte) / primeiro / em primeiro lugar / em segundo lugar / finalmente / por fim /
        por último / mais tarde / depois / hoje / hoje em dia / agora / antes / quanto (?:ao|à) / em relação / a propósito / ah / também /
        enquanto / embora / só que
    """),
    onward=phrases(r"e / então / e aí / aí / e então / e depois / daí / portanto / bom / bem / quando / se / sim / não / eu / nós"),
    continuing=phrases(r"""
        isso / isto / aquilo / esse / essa / este / esta / esses / essas / porque / pois / eles / elas / ele / ela / era / foi / é que / é
        / são / e (?:isso|ele|ela|eles|foi) / que / já que / ou seja / quer dizer / por isso / principalmente / especialmente / inclusive
        / até / nem / nunca / ambos / os dois / as duas / cada / duas vezes / na verdade / de fato / de facto / seu / sua / lá
    """),
    clause_strong=words("mas e porque então depois ou pois portanto porém aí daí embora"),
    clause_weak=words("que quando se onde como enquanto até para antes"),
    subjects=words("eu tu ele ela você vocês nós eles elas a o os as meu minha isso isto não já me te se lá"),
    nominative=words("eu ele ela nós eles elas você"),
    asking=phrases(r"""
        (?:(?:e|então|bom|ok|okay|certo|mas|bem|muito bem|perfeito|agora|entendi|legal|ótimo|claro) )*(?:o que (?:é que )?(?:você|vocês|
        aconteceu|te|a|o|achou|fez|mais|motivou|levou|acha|sentiu|significa|poderia|é|foi)|como (?:é que|foi|era|você|vocês|é|funciona|
        funcionava|se sentiu|correu|costuma|ficou sabendo|conheceu)|(?:por que|por quê|porque é que|quando|onde|quem|qual|quais|quantos|
        quantas|quanto)(?: é que)? (?:você|vocês|foi|era|é|são|eram|vezes|tempo|anos|pessoas|o|a|os|as|costuma|seria)|de que (?:forma|
        maneira)|com que frequência|(?:você|o senhor|a senhora) (?:pode|poderia|consegue|já|costuma|usa|usou|teve|tem|lembra|se lembra|
        acha|acredita|diria|gostaria|mudaria)|(?:pode|poderia|podes|podia) (?:me |nos )?(?:contar|falar|dizer|descrever|explicar|dar)\w*|
        (?:há|tem|teve|houve) (?:algo|alguma coisa|mais))
    """),
    requests=phrases(r"""
        (?:(?:e|então|bom|ok|okay|certo|agora|por favor|perfeito|talvez) )*(?:(?:me |nos )?(?:conte|conta|fale|fala|diga|descreva|
        explique)(?:-me|-nos|me| mais| um pouco| para mim| sobre| como| o que)+|conte-me|conta-me|fale-me|descreva|dê um exemplo|
        se apresente|apresente-se)
    """),
    addressing=phrases(r"""
        \b(?:o que|como|quando|onde|por que|qual|quais|quanto|quantos|quantas)(?: [\w\-]+){0,3} (?:você|vocês|te|lhe|o senhor|a senhora) /
        \b(?:como|o que|porque|por que|onde|quando) é que / \b(?:pode|poderia|podes|podia)(?: me| nos)? (?:contar|falar|dizer|descrever|
        explicar)\w* / \b(?:me|nos) (?:conta|conte|fala|fale|descreve|descreva|explica|explique) / \bvocê (?:pode|poderia|já|costuma|
        se lembra|lembra|acha|gostaria|mudaria|consegue me) / \b(?:como foi|como era|como correu|o que aconteceu|o que achou|o que sentiu)
    """),
    hosting=phrases(r"""
        \bobrigad[oa](?: \w+){0,2},? (?:por|pelo|pela)(?: \w+)* / \bagradeço / \b(?:me|nos) (?:conte|conta|fale|fala|descreva) /
        \b(?:conte|conta|fale|fala|descreva)(?:-me|-nos| um pouco| mais) / \b(?:pode|poderia|podes|podia)(?: me| nos)? (?:contar|
        descrever|explicar|falar|dizer)\w* / \bantes de (?:começar|começarmos|terminar|encerrar|a gente) / \b(?:primeira|próxima|
        última) (?:pergunta|questão) / \b(?:eu )?gostaria de (?:saber|perguntar|ouvir|entender) / \bqueria (?:perguntar|saber) /
        \bo que aconteceu (?:depois|então|em seguida) / \bcomo (?:foi|se sentiu|correu|você se sentiu) / \bse (?:você )?pudesse mudar /
        \bmais alguma coisa que / \b(?:vou|estou) (?:gravar|gravando|a gravar) / \bessas (?:foram|
        eram) (?:todas )?as (?:minhas )?perguntas
    """),
)
