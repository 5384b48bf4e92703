"""Documents: containers that hold a transcript (Word, OpenDocument, PDF, RTF, HTML, Excel), opened to text or to rows."""
