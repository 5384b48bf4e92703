"""French speech: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

FRENCH = Lexicon(
    fillers=words(
        SOUNDS,
        """
        oui ouais ouaip si bon ben bah bein beh euh heu hum voilà exactement tout-à-fait daccord d'accord bien hein alors enfin donc
        effectivement absolument clairement évidemment bref genre quoi tiens pardon désolé désolée et mais puis là franchement
        """,
    ),
    filler_phrases=phrases(r"""
        tout à fait / bien sûr / bien entendu / c'est (?:ça|vrai|clair|sûr|bon|exact|juste) / je (?:vois|comprends) / j'imagine / en fait
        / (?:tu|vous) (?:vois|voyez|savez|sais) / je (?:veux|voulais) dire / comment dire / comment dirais-je / on va dire / si (?:tu|
        vous) (?:veux|voulez) / en effet / au fait / du coup / et tout(?: ça)? / et voilà / ou quelque chose comme ça / un peu / ça marche
        / ça roule / très bien / bonne question / (?:c'est )?une bonne question / laissez-moi (?:réfléchir|voir) / attends / attendez /
        une seconde / un instant / qu'est-ce que je voulais dire / où j'en étais / quoi d'autre / pas de souci / entendu / compris /
        je pense / je crois / je suppose
    """),
    acknowledgements=words("ok okay d'accord daccord entendu"),
    praise=words("super génial parfait excellent formidable top nickel chouette magnifique bravo merveilleux intéressant très vraiment"),
    stop=words(
        SOUNDS,
        """
        oui ouais bon ben bah euh voilà exactement tout-à-fait daccord d'accord bien hein alors enfin donc le la les l un une des du
        de d je tu il elle on nous vous ils elles me te se lui leur leurs moi toi eux soi mon ma mes ton ta tes son sa ses notre nos
        votre vos ce cet cette ces ceci cela ça c'est c'était c'étaient est sont était étaient étais suis sommes êtes été être sera
        serait soit ai as a avons avez ont avait avaient avais eu avoir aura aurait et ou mais que qui quoi dont où ni car ne pas plus
        moins non si très trop aussi assez peu beaucoup à au aux en dans sur sous avec sans pour par vers chez entre depuis pendant
        avant après contre jusque jusqu'à y j'ai j'avais j'étais je-suis j'y j'en n'ai n'est n'était n'avait n'ont n'a n'y qu'il
        qu'elle qu'on qu'ils qu'est-ce est-ce d'un d'une l'on s'est s'il m'a m'ont l'ai l'a comme quand comment pourquoi combien jamais
        toujours encore déjà maintenant là ici tous toute toutes même mêmes autre autres chaque quelque quelques quelqu'un rien
        personne plusieurs certains fait faire fais faisait faut fallait peut peux pouvait pouvoir pu veut veux voulait vouloir doit
        dois devait sais sait savait savoir vais vas va allait aller allé viens vient venait dit disait vois voit voir vu mis met
        mettre pris trouve trouvais pense pensais crois croyais vraiment juste peut-être plutôt quand-même parce puis ensuite
        après-ça fois truc trucs choses coup petit petite bref genre voire
        """,
    ),
    small_talk=phrases(r"""
        (?:un (?:grand|immense) )?merci(?: (?:beaucoup|bien|à vous|à toi|infiniment|encore|à tous|mille fois|également|
        d'avance))*(?: (?:pour|de|d'avoir|d'être|de m'avoir)(?: [\w'-]+){1,4})? /
        (?:bonjour|bonsoir|salut|coucou|bienvenue|enchantée?)(?: (?:à (?:vous|tous|toi)|madame|monsieur|tout le monde))* /
        au revoir / à (?:bientôt|la prochaine|plus tard|plus|très bientôt) / ciao / adieu / (?:bonne|excellente|belle) (?:journée|soirée|
        continuation|fin de journée|après-midi|semaine)(?: (?:à vous|également|aussi))* / bon (?:week-end|après-midi|courage) /
        (?:comment )?(?:ça va|allez-vous|vas-tu|vous allez)(?: bien)?(?: et vous| et toi)? / (?:je vais |ça va )?(?:très )?bien merci /
        (?:je vous en prie|je t'en prie|de rien|il n'y a pas de quoi|avec plaisir|volontiers|pas de problème) /
        ravie? de vous (?:rencontrer|parler|connaître) / (?:est-ce que )?(?:vous m'entendez|tu m'entends|m'entendez-vous)(?: (?:bien|là|
        maintenant))* / je vous (?:entends|vois)(?: (?:bien|très bien))* / vous êtes (?:en )?(?:muet|mute|coupée?) /
        l'enregistrement (?:est )?(?:lancé|commencé) / vous pouvez répéter(?: la question)? / bonne chance / de même / pareillement /
        à vous aussi
    """),
    weather=phrases(r"""
        (?:il|le|quel|c'est|on a|fait|un|temps)(?: (?:fait|pleut|un|très|beau|si|bien|assez|quel|chez vous|aujourd'hui|temps))* (?:pleut|
        neige|beau|froid dehors|chaud dehors|temps|soleil|pluie|beau temps|mauvais temps)
    """),
    shift=phrases(r"""
        mais / par contre / en revanche / d'ailleurs / ensuite / sinon / de toute façon / par exemple / et puis / cependant / pourtant /
        toutefois / néanmoins / malgré tout / à part ça / au contraire / d'un autre côté / d'un côté / de l'autre côté / en plus / de plus
        / (?:et )?(?:autre chose|une autre chose|encore une chose) / (?:la|le) (?:seule|première|deuxième|pire|meilleure?|seul|premier|
        deuxième) (?:chose|truc|problème|point|souci) / (?:et )?le plus (?:dur|pénible|agréable|énervant) / au début / d'abord /
        tout d'abord / premièrement / deuxièmement / finalement / au final / à la fin / enfin / plus tard / le lendemain / aujourd'hui /
        maintenant / avant / avant ça / quant à / en ce qui concerne / bref / au fait / ah oui / oh
    """),
    onward=phrases(r"et / alors / donc / du coup / puis / après / quand / lorsque / si / oui / non / bon / ben / je / j'ai / on / nous"),
    continuing=phrases(r"""
        il / elle / ils / elles / c'est / c'était / ça / parce que / parce qu / parce qu'(?:il|elle|on|ils) / car / cela / ce / ces /
        cette / cet / celui-ci / celle-ci / et (?:ça|c'est|c'était|il|elle|ils|elles) / qui / que / dont / ce qui / ce que / puisque /
        puisqu'on / je veux dire / c'est-à-dire / autrement dit / surtout / notamment / même / voire / jamais / pas / non plus / aussi /
        deux fois / les deux / tous / chacun / lui / leur / leurs / son / sa / ses / en fait
    """),
    clause_strong=words("mais et parce donc puis alors ou ensuite pourtant cependant sauf finalement enfin sinon"),
    clause_weak=words("quand si que qui où comme pendant avant après lorsque pour"),
    subjects=words("je j'ai j'avais j'étais on nous vous tu il elle ils elles ça c'est c'était le la les mon ma mes notre il-y"),
    nominative=words("je j'ai j'avais j'étais on ils c'est c'était"),
    asking=phrases(r"""
        (?:(?:et|alors|donc|ok|okay|d'accord|bon|très bien|euh|mais|oui|ensuite|super|du coup) )*(?:est-ce qu(?:e|'\w+)|est-ce|qu'est-ce|
        (?:comment|pourquoi|quand|où|qui|combien(?: de \w+)?|à quel(?:le)? \w+|de quel(?:le)? \w+|quel(?:le)?s? \w*) ?(?:avez|est|était|
        étaient|sont|vous|tu|ça|c'était|avez-vous|as-tu|êtes-vous|s'est|cela|fait|faites|utilisez|a|ont|se|de fois|temps)|
        quel(?:le)?s? (?:est|sont|était|étaient)|c'est quoi|c'était comment|que (?:faites|s'est|pensez|vous|diriez)[\w\-]*|(?:pouvez|
        pourriez|avez|êtes|utilisez|diriez|pensez|étiez|aviez|savez|auriez|voulez|trouvez)[ \-]vous|(?:peux|as|es|penses|utilises|
        pourrais)[ \-]tu)
    """),
    requests=phrases(r"""
        (?:(?:et|alors|donc|ok|okay|d'accord|bon|très bien|euh|maintenant|peut-être) )*(?:racontez(?:-moi|-nous)?|raconte-moi|
        parlez(?:-moi|-nous| moi| nous)|parle-moi|décrivez(?:-moi|-nous)?|décris-moi|expliquez(?:-moi|-nous)?|explique-moi|
        dites(?:-moi|-nous| moi)|dis-moi|donnez-moi un exemple|présentez-vous)
    """),
    addressing=phrases(r"""
        \b(?:comment|pourquoi|quand|où|combien|que|quoi|quel(?:le)?s?)(?: [\w'\-]+){0,3}[ \-](?:vous|tu) / \b(?:est-ce|est ce) (?:que|
        qu'\w+) / \bqu'est[ \-]ce (?:que|qui|qu'\w+) / \b(?:avez|êtes|pouvez|pourriez|utilisez|pensez|diriez|aviez|étiez|trouvez|auriez|
        voulez)[ \-]vous / \bvous (?:pouvez|pourriez) (?:me|nous) (?:\w+ )?(?:raconter|dire|décrire|expliquer|parler) / \b(?:racontez|
        parlez|décrivez|expliquez|dites)[ \-](?:moi|nous) / \b(?:comment|pourquoi) (?:ça|c'était|s'est)
    """),
    hosting=phrases(r"""
        \bmerci(?: \w+){0,3},? (?:de|d'|pour)(?:avoir| avoir|votre| votre| ton| prendre| m'accorder| participer| nous)(?: \w+)* /
        \bracontez[ \-](?:moi|nous) / \bparlez[ \-](?:moi|nous) / \bdécrivez[ \-](?:moi|nous)? / \b(?:pouvez|pourriez)[ \-]vous (?:me |
        nous |m'|nous )?(?:\w+ )?(?:décrire|raconter|expliquer|parler|dire|présenter) / \bavant (?:de|qu'on|que nous) (?:commencer|
        commence|commencions|terminer|finir) / \b(?:première|prochaine|dernière) question / \bj'aimerais (?:savoir|comprendre|vous|
        que vous|revenir) / \bque s'est-il passé / \bqu'est-ce qui s'est passé / \bcomment (?:ça s'est|cela s'est|avez-vous (?:vécu|
        trouvé)) / \bsi vous pouviez (?:changer|modifier) / \b(?:autre chose|quelque chose) (?:à|que vous) (?:ajouter|souhait\w+|voul\w+)
        / \bj'enregistre / \bon enregistre
    """),
)
