"""What headings in meeting documents are called, in the languages read here; all in lower case."""

import re


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.replace("\n", ",").split(",") if phrase.strip())


TRANSCRIPT = re.compile(
    r"(?:.{1,70}\s[-–—|:]\s)?"
    r"(?:(?:begin|start|beginning|start of|full|complete|edited|raw|verbatim|the|meeting|interview|call|audio|video|recording|auto|"
    r"vollständiges|volledige?|complète|completa|intégrale|completo)\s){0,3}"
    r"(?:transcript|transcripts|transcription|transkript|transkription|abschrift|niederschrift|wortprotokoll|retranscription|"
    r"transcripción|transcripcion|transcriptie|transcriptie|transcrição|transcricao|trascrizione)"
    r"(?:\s(?:text|of (?:the )?(?:interview|call|meeting|talk|recording)(?: .{1,60})?|complète|intégrale|completa|de l'entretien|"
    r"de la réunion|de la reunión|della riunione|da reunião))?"
)
UNTIL_BLANK = _phrases(
    """
    attendees, participants, invitees, invited, present, speakers, keywords, summary keywords, teilnehmer, teilnehmende, anwesende,
    schlagwörter, participantes, asistentes, palabras clave, présents, invités, mots clés, deelnemers, aanwezigen, trefwoorden,
    presentes, convidados, palavras-chave, partecipanti, presenti, parole chiave
    """
)
"""Headings of a list: what stands below is over with its paragraph."""

TITLES = _phrases(
    """
    meeting summary, call summary, meeting notes, call notes, meeting minutes, minutes, meeting recap, notes by gemini, ai notes,
    ai summary, ai-generated summary, besprechungsnotizen, besprechungszusammenfassung, meeting-zusammenfassung, protokoll,
    notizen von gemini,
    compte rendu, compte rendu de réunion, compte-rendu de réunion, résumé de la réunion, notes de gemini, resumen de la reunión,
    acta, acta de la reunión, notas de gemini, notulen, vergadernotities, samenvatting van de vergadering, notities van gemini,
    resumo da reunião, ata, ata da reunião, notas do gemini, verbale, riepilogo della riunione, note di gemini
    """
)
"""Titles of a document that is a summary as a whole."""

STRONG = TITLES | _phrases(
    """
    summary, executive summary, quick recap, recap, tl;dr, tldr, next steps, suggested next steps, action items, action points,
    follow-ups, follow-up tasks, to-dos, key takeaways, takeaways, key points, key insights, decisions, meeting purpose,
    zusammenfassung, kurzfassung, nächste schritte, vorgeschlagene nächste schritte, aufgaben, maßnahmen, wichtige punkte,
    wichtigste punkte, kernaussagen, wichtige erkenntnisse, wichtigste erkenntnisse, entscheidungen,
    résumé, récapitulatif, synthèse, prochaines étapes, étapes suivantes, étapes suivantes suggérées, actions à mener, points clés,
    points à retenir, décisions,
    resumen, próximos pasos, siguientes pasos, próximos pasos sugeridos, puntos clave, conclusiones, decisiones, elementos de acción,
    tareas pendientes,
    samenvatting, volgende stappen, voorgestelde volgende stappen, actiepunten, belangrijkste punten, besluiten,
    resumo, próximos passos, próximas etapas, próximas etapas sugeridas, pontos principais, principais pontos, itens de ação, decisões,
    riepilogo, riassunto, sintesi, prossimi passi, passaggi successivi, passaggi successivi suggeriti, punti chiave, azioni, decisioni
    """
)
"""Headings that only a summary has."""

NOTES = STRONG | _phrases(
    """
    overview, details, notes, outline, chapters, topics, topics discussed, discussion, discussion points, agenda, purpose, insights,
    highlights, keypoints, questions, open questions, key questions, bullet points, shorthand bullet, actions, sentiment,
    notizen, themen, tagesordnung, überblick, offene fragen, détails, ordre du jour, sujets abordés, aperçu, notas, detalles, temas,
    orden del día, acciones, notities, onderwerpen, overzicht, detalhes, tópicos, ações, pauta, note, dettagli, argomenti,
    ordine del giorno, dettagli della riunione
    """
)
"""Headings of what somebody, or a model, wrote about a meeting."""
