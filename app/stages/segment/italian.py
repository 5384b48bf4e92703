"""Italian speech: its fillers, courtesies, discourse cues and questions."""

from app.stages.segment.lexicon import SOUNDS, Lexicon, phrases, words

ITALIAN = Lexicon(
    fillers=words(
        SOUNDS,
        """
        sì si già beh be' bè mah boh ehm eh ecco allora quindi insomma cioè vabbè va-bene dai certo certamente esatto esattamente appunto
        giusto ovvio ovviamente praticamente infatti bene okay guarda guardi senti senta mi-scusi scusa scusi scusate e ma poi no-no
        assolutamente davvero diciamo tipo capito perfettamente
        """,
    ),
    filler_phrases=phrases(r"""
        va bene / d'accordo / per carità / come no / ho capito / capisco / (?:lo )?sai / (?:lo )?sa / voglio dire / come dire /
        come posso dire / per così dire / diciamo così / (?:è )?(?:vero|giusto|chiaro|così) / hai ragione / ha ragione / di sicuro /
        senza dubbio / mi fa piacere / vediamo / fammi (?:pensare|vedere) / mi faccia (?:pensare|vedere) / un (?:attimo|momento|secondo|
        attimino) / aspetta / aspetti / cosa (?:stavo|volevo) dire(?:ndo)? / dove ero / e (?:così via|cose così|tutto(?: il resto)?|
        via dicendo) / o (?:qualcosa del genere|cose del genere) / più o meno / (?:è una )?(?:bella|buona) domanda / cos'altro /
        (?:io )?(?:credo|penso|immagino|suppongo)(?: di sì)? / ha senso / non (?:so|lo so|saprei) / in effetti / tutto sommato /
        per esempio
    """),
    acknowledgements=words("ok okay capito capisco d'accordo perfetto"),
    praise=words(
        "ottimo ottima perfetto benissimo bellissimo fantastico eccellente meraviglioso bello bravo brava grande interessante molto"
    ),
    stop=words(
        SOUNDS,
        """
        il lo la i gli le l un uno una di a da in con su per tra fra del dello della dei degli delle dell al allo alla ai agli alle dal
        dallo dalla dai dalle nel nello nella nei negli nelle sul sullo sulla sui sulle col e ed o od ma che chi cui se non né anche
        ancora già più meno molto molta molti molte poco poca pochi tanto tanta tanti tante troppo così come quando dove perché mentre
        finché quanto quale quali cosa cos'è io tu lui lei noi voi loro mi ti si ci vi ne me te sé mio mia miei mie tuo tua suo sua
        suoi sue nostro nostra vostro questo questa questi queste quello quella quelli quelle ciò stesso stessa altro altra altri altre
        ogni tutto tutta tutti tutte qualche qualcosa qualcuno nessuno niente nulla alcuni alcune è sono era erano ero sei siamo essere
        stato stata stati stati fu sarebbe c'è c'era c'erano ci-sono ho hai ha abbiamo avete hanno avevo aveva avevano avere avuto
        avrei avrebbe sta stava stavo stanno fare faccio fa fatto facevo faceva fanno andare vado va andato andata andava vanno dire
        dico dice detto diceva venire viene venuto potere posso può potevo poteva potuto dovere devo deve dovevo doveva volere voglio
        vuole volevo voleva sapere so sa sapevo sapeva vedere vedo visto penso pensavo credo credevo mettere messo preso dato trovo
        trovato sempre mai ora adesso poi dopo prima oggi ieri qui qua lì là volta volte quasi forse magari proprio solo soltanto
        davvero abbastanza sì no beh allora quindi insomma cioè certo bene ecco infatti però quindi comunque cose tipo parte modo po'
        dell'altro l'ho l'ha m'ha c'ho un'altra
        """,
    ),
    small_talk=phrases(r"""
        (?:grazie|ti ringrazio|la ringrazio|vi ringrazio)(?: (?:mille|tante|molte|infinite|davvero|a (?:te|lei|voi|tutti)|ancora|di nuovo|
        di cuore|altrettanto|di tutto))*(?: (?:per|di|del|della)(?: [\w']+){1,4})? / prego / di (?:niente|nulla) / figurati / si figuri /
        ci mancherebbe / (?:ciao|salve|buongiorno|buonasera|buon pomeriggio|benvenut[oaie])(?: (?:a tutti|a te|a lei|ragazzi|signora|
        signore))* / arrivederci / a (?:presto|dopo|domani|risentirci) / ci (?:vediamo|sentiamo)(?: presto)? / alla prossima /
        buon(?:a)? (?:giornata|serata|notte|lavoro|weekend|fine settimana|proseguimento|fortuna)(?: anche a (?:te|lei|voi))? /
        come (?:sta|stai|va|state)(?: oggi)? / tutto bene / (?:sto )?(?:molto )?bene grazie(?: e (?:tu|lei))? /
        (?:molto )?piacere(?: di conoscerl[ao]| mio| di conoscerti)? / altrettanto / non c'è problema / nessun problema / (?:mi (?:sente|
        senti|sentite|vede|vedi|vedete)|riesce a sentirmi|riesci a sentirmi|si sente)(?: (?:bene|adesso|ora))* / (?:ti|la|
        vi) sento(?: (?:bene|benissimo))* / (?:sei|è) (?:in muto|mutat[oa]|sul muto) / (?:sta|stiamo) registrando / (?:può|
        puoi) ripetere(?: la domanda)? / in bocca al lupo / volentieri / con piacere
    """),
    weather=phrases(r"""
        (?:che|fa|oggi|qui|da voi|sta|c'è|un|il)(?: (?:fa|oggi|qui|un|molto|tanto|il|che|da voi|sta))* (?:piove|piovendo|nevica|nevicando|
        caldo|freddo|tempo|sole|pioggia|tempaccio)
    """),
    shift=phrases(r"""
        ma / però / tuttavia / d'altra parte / d'altro canto / da un lato / dall'altro(?: lato)? / invece / inoltre / comunque /
        in ogni caso / per esempio / ad esempio / eppure / nonostante / a parte (?:questo|ciò) / tra l'altro / fra l'altro / un'altra cosa
        / e un'altra cosa / (?:e )?(?:la|l'|il) ?(?:unica|unico|peggior\w*|miglior\w*|prima|primo|seconda|secondo|cosa|
        parte più \w+) (?:cosa|problema|parte|più \w+)? / all'inizio / prima / per prima cosa / innanzitutto / in primo luogo /
        in secondo luogo / alla fine / infine / più tardi / il giorno dopo / oggi / adesso / ormai / ora / per quanto riguarda / riguardo
        / a proposito / ah / oh / anche / mentre / sebbene / anche se / poi
    """),
    onward=phrases(r"e / e poi / allora / quindi / e allora / e quindi / dopo / beh / bene / quando / se / sì / no / io / noi"),
    continuing=phrases(r"""
        questo / questa / questi / queste / quello / quella / ciò / perché / siccome / poiché / dato che / lui / lei / loro / era / erano
        / è / sono / e (?:questo|lui|lei|loro|era|è) / che / il che / cioè / vale a dire / ossia / per questo / infatti / in realtà /
        soprattutto / specialmente / persino / addirittura / né / mai / neanche / nemmeno / entrambi / tutti e due / ogni / due volte / lo
        / li / gli / le / ci / ne / suo / sua
    """),
    clause_strong=words("ma però e perché allora quindi poi oppure dopo comunque infatti invece siccome"),
    clause_weak=words("che quando se dove come mentre finché prima per"),
    subjects=words("io tu lui lei noi voi loro mi ti si ci lo la il i gli le mio mia non questo ho"),
    nominative=words("io tu noi voi loro ho"),
    asking=phrases(r"""
        (?:(?:e|allora|quindi|bene|ok|okay|perfetto|ma|certo|ottimo|adesso|ora|poi|ho capito|capisco) )*(?:(?:che )?cosa (?:ha|hai|avete|
        è|l'ha|ti|le|vi|ne|pensa|pensi|fa|fai|intende|intendi|significa|succede|cambierebbe|cambieresti|farebbe|c'era|c'è|non)|cos'(?:è|
        ha|hai|altro|era)|(?:come|quando|dove|perché|chi|da dove|da quanto(?: tempo)?|ogni quanto|per quanto(?: tempo)?|con che frequenza|
        in che (?:modo|senso)) (?:ha|hai|avete|è|era|si|ti|le|vi|sono|mai|funziona|usa|usi|utilizza|utilizzi|va|vi|descriverebbe|
        descriveresti|l'ha|lo)|qual(?:e|i)? (?:è|era|sono|erano|\w+ ha)|quant[oiae] (?:tempo|volte|spesso|è|persone|ha)|(?:mi|ci) (?:può|
        puoi|potrebbe|potresti|sa|sai) \w+|(?:può|puoi|potrebbe|potresti) (?:dir|raccont|descriv|spieg|parl|far|dar)\w+|(?:si ricorda|
        ti ricordi|le è|ti è|ha mai|hai mai|c'è (?:altro|qualcosa)|le piace|ti piace|pensa che|pensi che))
    """),
    requests=phrases(r"""
        (?:(?:e|allora|quindi|bene|ok|okay|perfetto|adesso|ora|magari|per favore) )*(?:mi (?:racconti|racconta|parli|parla|dica|descriva|
        spieghi|faccia un esempio)|ci (?:racconti|racconta|parli|dica)|raccontami|racconti|parlami|dimmi|descrivimi|descriva|spiegami|
        spieghi|fammi un esempio|si presenti|presentati)
    """),
    addressing=phrases(r"""
        \b(?:cosa|come|quando|dove|perché|chi|quale|quali|quanto|quante|quanti)(?: \w+){0,1} (?:ha|hai|avete|ti|le|vi|usa|usi|utilizza|
        utilizzi|pensa|pensi|si è|è andat\w|è stat\w|era|funziona|descriverebbe) / \bmi (?:può|puoi|potrebbe|potresti|racconti|racconta|
        dica|descriva|parli|spieghi) / \b(?:può|puoi|potrebbe|potresti) (?:dir|raccont|descriv|spieg|parl)\w+ / \b(?:raccontami|dimmi|
        parlami|descrivimi|spiegami) / \b(?:si ricorda|ti ricordi|ha mai|hai mai|le è mai|ti è mai) / \b(?:cos'è successo|cosa è successo|
        come mai)
    """),
    hosting=phrases(r"""
        \bgrazie(?: \w+){0,2},? (?:per|di) (?:il|la|aver|essere|averci|avermi|partecipare|l|questo|questa|tutto)[\w']* / \b(?:mi|
        ci) (?:racconti|racconta|parli|parla|descriva|spieghi|dica) / \b(?:raccontami|parlami|descrivimi|spiegami|dimmi) / \b(?:può|puoi|
        potrebbe|potresti) (?:descriv|raccont|spieg|parl|dir)\w+ / \bprima di (?:iniziare|cominciare|chiudere|finire|concludere) /
        \b(?:prima|prossima|ultima) domanda / \b(?:vorrei|mi piacerebbe) (?:sapere|chieder\w+|capire|sentire|che) / \bcos(?:a|
        ')? ?è successo (?:dopo|poi) / \bcom'è (?:andata|stato) / \bcome (?:si è|ti sei|si|è) (?:sentit\w|trovat\w|andat\w) /
        \bse potesse? cambiare / \bse potessi cambiare / \bc'è (?:altro|qualcos'altro|qualcosa) (?:che|da) / \b(?:sto|stiamo) registrando
        / \bqueste erano (?:tutte )?le mie domande
    """),
)
