"""Spanish speech: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

SPANISH = Lexicon(
    fillers=words(
        SOUNDS,
        """
        sí si sip claro bueno vale pues eso exacto exactamente ya este eh em entonces bien así ajá mjm órale ándale oye mira fíjate
        efectivamente correcto cierto totalmente absolutamente obvio básicamente realmente y pero ahí perdón disculpa disculpe hombre
        """,
    ),
    filler_phrases=phrases(r"""
        o sea / es decir / digamos / (?:tú )?sabes / ya sabes / ¿no / me explico / por supuesto / desde luego / sin duda / de acuerdo /
        está bien / muy bien / así es / eso es / es verdad / es cierto / tienes razón / tiene razón / (?:ya )?(?:entiendo|veo) /
        te entiendo / le entiendo / entendido / a ver / vamos a ver / déjame (?:pensar|ver) / déjeme (?:pensar|ver) / un (?:momento|
        segundo)(?: por favor)? / espera / espere / cómo (?:se dice|te digo|le digo|decirlo|lo digo) / qué iba a decir / dónde estaba /
        y (?:todo eso|tal|ya está|demás) / y eso / algo así / más o menos / (?:es una )?buena pregunta / qué más / (?:yo )?(?:creo|
        supongo|pienso|imagino) que sí / tiene sentido / lo que sea / en plan / la verdad(?: es que)? / no sé
    """),
    acknowledgements=words("ok okay vale entiendo entendido ajá"),
    praise=words("genial perfecto estupendo fantástico excelente maravilloso buenísimo super súper bien muy qué bonito interesante guay"),
    stop=words(
        SOUNDS,
        """
        sí si claro bueno vale pues eso exacto ya este eh entonces bien el la los las un una unos unas de del al a en y e o u pero que
        qué quien quién quienes yo tú él ella usted ustedes nosotros nosotras ellos ellas me te se nos os lo le les mi mis tu tus su
        sus nuestro nuestra es son era eran fue fueron ser sido soy eres somos sería estar está están estaba estaban estoy estuvo
        estamos he has ha han hemos había habían habrá habría hay hubo haber tengo tiene tienes tenía tuve tuvo tener no ni muy más
        menos también tampoco con por para sin sobre entre desde hasta hacia según contra como cómo cuando cuándo donde dónde cuál
        cuánto porque aunque mientras ese esa esos esas esto esta estos estas aquel aquella aquí allí ahí allá todo toda todos todas
        nada nadie algo alguien algún alguna algunos alguno cada otro otra otros otras mismo misma tan tanto mucho mucha muchos muchas
        poco poca bastante demasiado nunca siempre ahora luego después antes hoy ayer vez veces casi quizás tal hacer hago hace hizo
        hice hacía hecho ir voy va vamos iba fui ido ver veo vi visto decir digo dijo dijeron dicho poder puedo puede pude
        pudo podía querer quiero quiere quería saber sé sabe sabía creo pienso pensé dar da dio poner puse parece pareció llevar cosa
        cosas tipo parte forma manera además embargo así además realmente verdad solamente
        """,
    ),
    small_talk=phrases(r"""
        (?:muchas |muchísimas |mil )?gracias(?: (?:a (?:ti|usted|ustedes|vosotros|todos)|por todo|de nuevo|igualmente|otra vez|
        de verdad))*(?: por (?:tu|su|vuestro|el|la|estar|venir|participar|recibirme|invitarme|acompañarnos)(?: \w+){0,3})? / (?:hola|
        buenos días|buenas(?: tardes| noches)?|buen día|bienvenid[oa]s?|qué tal|encantad[oa])(?: (?:a todos|qué tal|cómo está|cómo estás|
        cómo están|de conocerte|de conocerle|muy|buenas|igualmente))* / adiós / chao / chau / hasta (?:luego|pronto|la próxima|mañana|
        otra) / nos vemos / que (?:tenga|tengas|pase|pases)(?: un| una)? (?:buen|buena|lindo|linda|feliz) (?:día|tarde|noche|
        fin de semana) / cuídate / cuídese / (?:cómo|qué tal) (?:está|estás|te va|le va|están|andas) /
        (?:estoy )?(?:muy )?bien gracias(?: y (?:tú|usted))? / de nada / no hay de qué / (?:con )?mucho gusto / un placer /
        el placer es mío / con gusto / no pasa nada / no hay problema / igualmente / (?:me (?:oyes|escuchas|oye|escucha|ves|ve)|
        se me (?:oye|escucha))(?: (?:bien|ahora))* / te (?:oigo|escucho|veo)(?: bien)? / le (?:oigo|escucho|veo)(?: bien)? / (?:estás|
        está) (?:en silencio|silenciad[oa]|muteado) / (?:está|estamos) grabando / (?:puedes|puede|podrías|podría) repetir(?: la pregunta|
        lo)? / mucha suerte
    """),
    weather=phrases(r"""
        (?:qué|hace|está|aquí|hoy|el|un|con|mucho|menudo)(?: (?:hace|está|hoy|aquí|un|muy|mucho|tan|el|día))* (?:lloviendo|nevando|calor|
        frío|tiempo|sol|lluvia|nublado|clima)
    """),
    shift=phrases(r"""
        pero / sin embargo / por otro lado / por un lado / por otra parte / además / luego / después / de todas (?:formas|maneras) /
        por ejemplo / en cambio / no obstante / aun así / eso sí / ahora / ahora bien / encima / aparte / aparte de eso / otra cosa /
        y otra cosa / lo (?:único|primero|segundo|otro|peor|mejor|malo|bueno|más \w+) / y lo (?:único|peor|mejor|malo|bueno|más \w+) /
        primero / al principio / en segundo lugar / en primer lugar / al final / finalmente / por último / más tarde / al día siguiente /
        hoy en día / antes / en cuanto a / respecto a / por cierto / ah / también / mientras que / aunque
    """),
    onward=phrases(r"y / entonces / y entonces / y luego / así que / pues / bueno / cuando / si / sí / no / yo / a mí / después de"),
    continuing=phrases(r"""
        eso / esto / ese / esa / este / esta / esos / esas / porque / ellos / ellas / ella / él / lo / la / los / les / le / es que /
        y eso / y (?:esto|ellos|ella|él|le|me lo) / o sea / es decir / era / fue / es / son / por eso / que / ya que / pues que /
        sobre todo / especialmente / incluso / ni / nunca / tampoco / ambos / los dos / las dos / cada / dos veces / su / sus /
        en realidad / de hecho
    """),
    clause_strong=words("pero y porque entonces luego o pues aunque después además"),
    clause_weak=words("que cuando si donde como mientras hasta para antes"),
    subjects=words("yo tú él ella nosotros ellos ellas usted me te se lo la le el los las mi mis nos eso esto ya no"),
    nominative=words("yo tú nosotros ellos ellas usted"),
    asking=phrases(r"""
        (?:(?:y|entonces|bueno|ok|okay|vale|pues|pero|bien|muy bien|perfecto|ahora|eh|claro|genial) )*(?:(?:a |de |con |en |para |por |
        desde )?(?:qué|cómo|cuándo|dónde|adónde|quién|quiénes|cuál|cuáles|cuánto|cuánta|cuántos|cuántas)|(?:puedes|puede|podrías|podría|
        pueden) (?:contar\w*|decir\w*|describir\w*|explicar\w*|hablar\w*|dar\w*|me|nos)|(?:has|ha) (?:tenido|usado|utilizado|probado|
        pensado|notado|vivido)|(?:recuerdas|recuerda|te acuerdas|se acuerda|crees que|cree que|dirías|diría que|sueles|suele usted|usas|
        utilizas|tienes|tiene usted|hay algo|hubo algo|te gust\w+|le gust\w+|te pareció|le pareció))
    """),
    requests=phrases(r"""
        (?:(?:y|entonces|bueno|ok|okay|vale|pues|por favor|ahora|perfecto|muy bien) )*(?:cuénta(?:me|nos)|cuénte(?:me|nos)|cuentame|
        háblame|hábleme|háblanos|descríbe(?:me|nos|lo)|descríba(?:me|nos)|dime|dígame|explíca(?:me|nos)|explíque(?:me|nos)|
        dame un ejemplo|deme un ejemplo|llévame|preséntate|preséntese)
    """),
    addressing=phrases(r"""
        \b(?:qué|cómo|cuándo|dónde|quién|cuál|cuáles|cuánto|cuánta|cuántos|cuántas|por qué)(?: \w+){0,1} (?:te|le|les|os|usted|tú|es|fue|
        era|son|ha|has|han|suele|sueles|tan|pasó|haces|hace|utilizas?|usas?|opinas?|piensas?|cree|crees|tipo|parte|\w+ste|\w+steis|\w+ías)
        / \b(?:puedes|puede|podrías|podría) (?:contar|decir|describir|explicar|hablar|dar)\w* / \bme (?:puedes|puede|podrías|podría) \w+ /
        \b(?:cuénta|cuénte|háble|hábla|descríbe|explíca|explíque)(?:me|nos) / \b(?:recuerdas|te acuerdas|se acuerda usted|has tenido|
        te gustaría|le gustaría)
    """),
    hosting=phrases(r"""
        \bgracias(?: \w+){0,2},? por (?:tu|su|vuestro|el|participar|venir|estar|acompañar|tomar|sacar|recibir|compartir|aceptar) /
        \bcuénta(?:me|nos) / \bcuénte(?:me|nos) / \bháblame / \bhábleme / \bdescríbe(?:me|nos) / \b(?:puedes|puede|podrías|
        podría) (?:\w+ )?(?:contar|describir|explicar|hablar|decir)\w* / \bantes de (?:empezar|comenzar|terminar|acabar) / \b(?:primera|
        siguiente|última|próxima) pregunta / \bme gustaría (?:saber|preguntar|que me|entender|hablar) / \bquería preguntar\w* /
        \bqué pasó (?:después|luego|entonces) / \bcómo (?:te|se|le) (?:sentiste|sintió|fue|pareció) / \bsi pudieras? cambiar /
        \balgo más que (?:quieras|quiera|te|le) / \bvoy a grabar / \bestoy grabando / \besas (?:son|eran) todas (?:las|mis) preguntas
    """),
)
