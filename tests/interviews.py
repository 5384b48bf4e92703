"""Invented interviews, one a language: who says what, in order; the one who asks and the one who tells take turns."""

# ruff: noqa: E501  # a line is a turn

ASKER_AND_TELLER = {
    "en": ("Hannah", "Owen"),
    "de": ("Katrin", "Jörg"),
    "fr": ("Solène", "Mathieu"),
    "es": ("Lucía", "Ramón"),
    "nl": ("Femke", "Sander"),
    "pt": ("Beatriz", "Otávio"),
    "it": ("Chiara", "Davide"),
    "ja": ("佐藤", "田中"),
}

INTERVIEWS = {
    "en": """
        Thanks so much for making the time today, Owen. Can you hear me okay?
        Yeah, loud and clear.
        Great. So, tell me about the last time you ordered groceries online.
        Um, that was on Sunday. I wanted the big shop done before the week started. But the slots were all gone by the time I had filled the basket.
        Right. And how did that feel?
        Honestly, it was annoying. I'd spent half an hour on that basket, and nothing told me the slots were running out.
        What did you do then?
        I drove to the shop instead. My wife laughed at me. The car park was full as well.
        Mm-hm. How often does that happen?
        Maybe once a month. It happened twice in December, when everybody is ordering.
        And is there anything you like about the app?
        Oh, the favourites list is brilliant. I can add the whole weekly shop with two taps.
        That's all my questions. Thank you very much.
        Thanks, bye.
    """,
    "de": """
        Guten Tag, Herr Weber. Vielen Dank, dass Sie sich die Zeit genommen haben.
        Gern geschehen.
        Erzählen Sie mir bitte, wie Sie auf den Stromanbieter gekommen sind.
        Ähm, also, das war im letzten Herbst. Mein alter Vertrag wurde plötzlich doppelt so teuer. Ein Kollege hat mir dann das Vergleichsportal empfohlen.
        Genau. Und wie lief der Wechsel ab?
        Die Anmeldung hat keine zehn Minuten gedauert. Aber danach habe ich sechs Wochen lang nichts gehört, weder per Mail noch per Post.
        Wie haben Sie darauf reagiert?
        Ich habe dreimal bei der Hotline angerufen. Beim dritten Mal sagte mir eine Dame, dass mein Zählerstand fehlt.
        Mhm, verstehe.
        Das hätte man mir doch gleich schreiben können. Ich war wirklich verärgert über diese Warterei.
        Was hat Ihnen denn gut gefallen?
        Die App zeigt mir jeden Monat den Verbrauch. Seitdem schalte ich nachts die Geräte ganz aus.
        Dann sind wir am Ende. Haben Sie noch Fragen an mich?
        Nein, alles klar. Schönen Tag noch.
    """,
    "fr": """
        Bonjour Mathieu, merci beaucoup d'avoir accepté cet entretien. Vous m'entendez bien ?
        Oui, très bien.
        Alors, racontez-moi votre dernier voyage en train de nuit.
        Euh, c'était au mois de mars. Je devais aller voir ma sœur à Nice. J'ai réservé sur le site la veille, et il ne restait que deux couchettes.
        D'accord. Et comment s'est passée la réservation ?
        Le paiement a échoué deux fois. Par contre, la confirmation est arrivée tout de suite après le troisième essai.
        Qu'est-ce que vous avez ressenti à ce moment-là ?
        J'étais assez stressé, parce que je voyais les places disparaître. Ma carte avait été débitée deux fois.
        Hum, je vois.
        Le service client m'a remboursé au bout de dix jours. Il a fallu que j'envoie trois courriels.
        Et dans le train, comment c'était ?
        Le contrôleur était vraiment adorable. Il m'a apporté une couverture et un café le matin.
        C'était ma dernière question. Merci beaucoup pour votre temps.
        Merci à vous, bonne journée.
    """,
    "es": """
        Hola, Ramón. Muchas gracias por participar en esta entrevista.
        De nada, con mucho gusto.
        Cuéntame cómo abriste la cuenta en el banco.
        Bueno, pues, la abrí desde el móvil en enero. Me pidieron una foto del carné y un vídeo corto. El vídeo falló cuatro veces porque había poca luz.
        Vale. ¿Y qué hiciste entonces?
        Fui a la oficina de mi barrio con todos los papeles. La chica de la ventanilla lo arregló en cinco minutos.
        ¿Cómo te sentiste?
        La verdad es que aliviado. Pero también pensé que la aplicación no servía para nada.
        Ajá, entiendo.
        Luego la tarjeta tardó tres semanas en llegar. Nadie me avisó del retraso, y yo tenía un viaje pagado.
        ¿Hay algo que te guste de la aplicación?
        Me encanta que avise de cada compra al momento. Así descubrí un cargo que no era mío.
        Esas son todas mis preguntas. Muchas gracias por tu tiempo.
        Gracias a ti, hasta luego.
    """,
    "nl": """
        Goedemiddag Sander, bedankt voor je tijd. Kun je me goed horen?
        Ja, prima.
        Vertel eens, hoe ben je bij deze fietsverzekering terechtgekomen?
        Nou, ehm, mijn fiets was vorig jaar gestolen bij het station. De winkel raadde me toen deze verzekering aan. Ik heb hem meteen aan de balie afgesloten.
        Oké. En hoe ging het toen je een claim moest indienen?
        Dat was echt een drama. Ik moest twee sleutels opsturen en een aangifte van de politie. Maar het formulier accepteerde mijn bestanden niet.
        Wat heb je toen gedaan?
        Ik heb de klantenservice gebeld en stond veertig minuten in de wacht. Uiteindelijk mocht ik alles per mail sturen.
        Hm, snap ik.
        Na drie weken stond het geld op mijn rekening. Niemand had me verteld dat het zo lang zou duren.
        Is er iets wat je wel fijn vindt?
        De maandelijkse prijs is heel eerlijk. En opzeggen kan met één klik in de app.
        Dat waren mijn vragen. Heel erg bedankt voor je tijd.
        Graag gedaan, tot ziens.
    """,
    "pt": """
        Oi, Otávio, muito obrigada por participar. Você está me ouvindo bem?
        Sim, perfeitamente, tudo certo.
        Me conta um pouco sobre como você escolheu o plano de saúde.
        Então, é, foi quando minha filha nasceu. O plano da empresa não cobria o pediatra do bairro. Pesquisei três operadoras na internet e pedi indicação aos vizinhos.
        Entendi. E como foi a contratação?
        O vendedor foi muito atencioso e explicou cada carência. Mas o contrato chegou com o nome da minha esposa errado.
        O que você fez nessa hora?
        Liguei para a central e fiquei cinquenta minutos esperando. Depois me pediram para mandar os documentos de novo.
        Uhum, certo.
        A correção demorou um mês inteiro. Nesse período a gente pagou duas consultas do próprio bolso.
        E tem algo que funciona bem para você?
        O aplicativo mostra todos os médicos perto de casa. Marquei a vacina da bebê em dois minutos.
        Essas eram as minhas perguntas. Muito obrigada pelo seu tempo.
        Obrigado você, até logo.
    """,
    "it": """
        Buongiorno Davide, grazie mille per aver accettato questa intervista. Mi sente bene?
        Sì, benissimo.
        Mi racconti come ha scelto la palestra sotto casa.
        Allora, ehm, cercavo un posto vicino all'ufficio da almeno due mesi. Un collega mi ha regalato un ingresso di prova. L'istruttrice mi ha seguito per tutta la lezione.
        Capisco. E come è andata l'iscrizione?
        Il modulo sul sito non accettava il mio codice fiscale. Però la segreteria ha risolto tutto al telefono in pochi minuti.
        Cosa ha pensato in quel momento?
        Ho pensato che il sito fosse abbandonato. Mi dava fastidio compilare tre volte gli stessi dati.
        Mhm, certo.
        Poi mi hanno addebitato due mensilità nello stesso giorno. Il rimborso è arrivato dopo quaranta giorni di telefonate.
        C'è qualcosa che le piace in particolare?
        La sala pesi è sempre pulita e ordinata. Prenoto i corsi dall'applicazione mentre vado al lavoro.
        Queste erano tutte le mie domande. Grazie ancora per il suo tempo.
        Grazie a lei, arrivederci.
    """,
    "ja": """
        本日はお忙しいところお時間をいただきありがとうございます。よろしくお願いします。
        よろしくお願いします。
        まず、このフリマアプリを使い始めたきっかけを教えてください。
        えっと、三年前に引っ越しをしたんです。家具がたくさん余ってしまって、友達に勧められて登録しました。最初の一週間で机と椅子が売れました。
        なるほど。最初に出品したときはどうでしたか。
        写真を撮るのは簡単でした。でも、送料の設定がとても分かりにくくて、何度もやり直しました。
        そのとき、どのように感じましたか？
        正直に言うと、かなりイライラしました。説明のページを読んでも答えが見つかりませんでした。
        そうなんですね。
        問い合わせの返事が来るまで五日もかかりました。その間に購入者からキャンセルされてしまいました。
        逆に、気に入っている点はありますか。
        はい、匿名で発送できるところが安心です。近くのコンビニから夜でも送れるので助かっています。
        質問は以上です。ありがとうございました。
        ありがとうございました。
    """,
}

UNPUNCTUATED = {
    "en": """
        hi thanks for joining so can you tell me how you first heard about the bike scheme
        um yeah so a friend at work kept talking about it and i saw the bikes outside the station every morning
        okay and what did you think when you signed up
        well the app asked for my card three times and it froze on the last page so i nearly gave up on the whole thing
        right
        and then my first bike had a flat tyre and i walked two miles to the next dock with it
        how did you feel about that
        i was furious to be honest because i was late for a meeting and nobody answered the help line
        mhm and have you used it since
        i use it most days now the new bikes are lovely and the docks are never full near my house
        great thank you so much what would you change
        i would want the map to show which bikes are broken before i walk all the way over there
    """,
    "de": """
        hallo danke dass sie dabei sind wie sind sie denn auf die carsharing app gekommen
        ähm ja also meine nachbarin hat mir davon erzählt weil wir in der straße keine parkplätze mehr finden
        okay und was haben sie bei der anmeldung erlebt
        ich musste den führerschein dreimal fotografieren und die prüfung hat dann noch zwei tage gedauert
        mhm
        beim ersten auto war der tank leer und die tankkarte lag nicht im handschuhfach wie es in der app stand
        wie haben sie sich da gefühlt
        ich war richtig sauer weil ich zum flughafen musste und die hotline hat mich zwanzig minuten warten lassen
        verstehe und nutzen sie es heute noch
        ja fast jede woche die autos sind sauber und die abrechnung kommt sofort aufs handy
        was würden sie denn gerne ändern
        ich hätte gern eine anzeige wie voll der tank ist bevor ich durch die halbe stadt laufe
    """,
    "es": """
        hola gracias por venir cómo conociste la aplicación de comida a domicilio
        pues mira mi hermana la usaba todos los viernes y me pasó un código de descuento para el primer pedido
        vale y qué te pareció el primer pedido
        llegó una hora tarde y la sopa se había derramado dentro de la bolsa entonces pedí que me devolvieran el dinero
        ajá
        me contestó un robot cuatro veces seguidas y al final tuve que escribir una reseña para que alguien me llamara
        cómo te sentiste en ese momento
        bastante enfadado porque tenía invitados en casa y no había nada más en la nevera
        entiendo y has vuelto a usarla
        sí casi todas las semanas porque los repartidores de mi barrio son muy amables y el mapa funciona bien
        qué cambiarías de la aplicación
        pondría un teléfono de verdad con una persona que pueda resolver los problemas en el momento
    """,
    "ja": """
        今日はありがとうございます 英会話のアプリを始めたきっかけを教えてください
        えっと 去年海外の出張が急に決まって 同僚がこのアプリを使っていたので登録しました
        なるほど 最初の授業はどうでしたか
        先生が時間になっても現れなくて 画面の前で三十分待っていました
        そうなんですね
        振り替えの予約をしようとしたんですが 空いている時間が夜中しかなくて諦めました
        そのときどのように感じましたか
        お金を払っているのにひどいなと思って 解約のボタンを探しました
        今も使っていますか
        はい 毎朝電車の中で使っています 新しい先生がとても丁寧で発音を直してくれます
        どんなところを変えてほしいですか
        先生が休んだときにすぐ別の先生を紹介してくれる仕組みがあると嬉しいです
    """,
}
"""As speech-to-text without punctuation writes it."""

ONE_PAGE = {
    "ar": """
        شكراً لوقتك اليوم. كيف تعرفت على تطبيق التوصيل؟
        تعرفت عليه من أختي قبل سنة تقريباً. كانت تطلب منه الخضار كل أسبوع، وقالت إن الأسعار أرخص من السوق.
        وكيف كانت تجربتك الأولى؟
        وصل الطلب متأخراً ساعتين، وكان الحليب ساخناً. اتصلت بخدمة العملاء مرتين ولم يرد أحد على الهاتف.
    """,
    "he": """
        תודה רבה שהצטרפת אלינו. איך הגעת לאפליקציה של הבנק?
        פתחתי חשבון בסניף ליד הבית, והפקידה הראתה לי איך מורידים את האפליקציה. ההרשמה לקחה פחות מעשר דקות.
        ומה קרה אחר כך?
        הסיסמה ננעלה אחרי שלושה ניסיונות, וחיכיתי ארבעים דקות על הקו. בסוף נסעתי שוב לסניף כי אף אחד לא ענה.
    """,
    "pl": """
        Dziękuję, że znalazła pani czas. Jak trafiła pani na tę przychodnię?
        Koleżanka z pracy poleciła mi ją w zeszłym roku. Umówiłam się przez stronę, ale nie dostałam żadnego potwierdzenia.
        I co pani wtedy zrobiła?
        Zadzwoniłam do rejestracji i czekałam pół godziny. Okazało się, że mojej wizyty w ogóle nie ma w systemie.
    """,
    "tr": """
        Zaman ayırdığınız için teşekkür ederim. Bu uygulamayı nasıl duydunuz?
        Komşum geçen yaz tavsiye etti. Faturaları oradan ödemek çok daha kolay dedi, ben de hemen indirdim.
        Peki ilk ödeme nasıl geçti?
        Kartımdan iki kere para çekildi. Müşteri hizmetlerini aradım ama kırk dakika boyunca kimse cevap vermedi.
    """,
    "ko": """
        오늘 시간 내 주셔서 감사합니다. 이 앱을 어떻게 알게 되셨나요?
        작년에 친구가 추천해 줬어요. 처음에는 가입하는 게 너무 복잡해서 중간에 포기할 뻔했어요.
        그때 어떤 느낌이 드셨나요?
        솔직히 많이 답답했어요. 상담원하고 통화하려고 삼십 분이나 기다렸는데 결국 연결이 안 됐어요.
    """,
    "zh": """
        谢谢您今天抽出时间。您是怎么知道这个外卖软件的？
        去年冬天同事推荐给我的。注册的时候要填很多信息，我差一点就放弃了。
        后来您是怎么解决的？
        我打了客服电话，等了半个小时才有人接。最后他们给我发了一张优惠券，我就继续用了。
    """,
}
"""Further languages, in which nothing but sentence ends is known."""


def lines(interview: str) -> list[str]:
    """The turns of an interview, first the one who asks, then in turn."""
    return [line.strip() for line in interview.strip().splitlines()]
