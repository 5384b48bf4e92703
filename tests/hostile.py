"""Mutated and hostile files, made by code: what a careless export, a broken disk or an attacker could hand to the readers.

`python tests/hostile.py` hands them, one after the other, to a reading process of its own and prints a line of JSON for each: how it ended,
seconds, and the most memory in megabytes that the process had held by then.
"""

import json
import random
import resource
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from containers import PDF_PAGE, docx, odt, packed, pdf, pdf_of, xlsx

ROOT = Path(__file__).resolve().parents[1]
STUDIES = ROOT / "fixtures" / "transcripts"
SPOKEN = "I went to the desk and asked, and they said the form was wrong again. So I left."
MEGABYTE = 1_000_000


def corpus() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file, the same on every call; made one at a time, because some are large."""
    for name, seed in seeds().items():
        yield f"whole {name}", seed
        yield from mutations(name, seed)
    yield from bombs()
    yield from large()


def seeds() -> dict[str, bytes]:
    """A small, sound file of every container and of many shapes."""
    found = {
        path.name: path.read_bytes()[:12_000] for path in sorted(STUDIES.glob("*/*")) if path.suffix in {".vtt", ".srt", ".txt", ".md"}
    }
    keep = sorted(found)[::2]
    turns = [("Anna Lee", "Why did you call?"), ("Ben", SPOKEN), ("Anna Lee", "And then?"), ("Ben", "Then nothing happened.")] * 6
    html = "".join(f"<p><b>{name}:</b> {words}</p>\n" for name, words in turns)
    segments = [{"speaker": name, "start": i * 4.0, "end": i * 4.0 + 3, "text": words} for i, (name, words) in enumerate(turns)]
    words = [
        {"word": word, "start": i / 3, "end": i / 3 + 0.2, "speaker": i // 9 % 2, "confidence": 0.9}
        for i, word in enumerate(" ".join(said for _, said in turns).split())
    ]
    aws = [
        {
            "type": "pronunciation",
            "start_time": str(w["start"]),
            "end_time": str(w["end"]),
            "alternatives": [{"content": w["word"]}],
            "speaker_label": "spk_0",
        }
        for w in words
    ]
    cells = "".join(
        f'<row r="{i}">'
        + "".join(f'<c r="{c}{i}" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("AB", row, strict=True))
        + "</row>"
        for i, row in enumerate([("speaker", "text"), *turns], 1)
    )
    return {
        **{name: found[name] for name in keep},
        "talk.docx": docx("".join(f"<w:p><w:r><w:t>{name}: {said}</w:t></w:r></w:p>" for name, said in turns)),
        "talk.odt": odt("".join(f"<text:p>{name}: {said}</text:p>" for name, said in turns)),
        "talk.xlsx": xlsx(cells),
        "talk.rtf": ("{\\rtf1\\ansi\\ansicpg1252 " + "".join(f"{n}: {t}\\par\n" for n, t in turns) + "}").encode(),
        "talk.pdf": pdf([f"{name}: {said}" for name, said in turns]),
        "talk.html": f"<!DOCTYPE html><html><head><title>t</title></head><body>{html}</body></html>".encode(),
        "segments.json": json.dumps({"segments": segments, "language": "en"}).encode(),
        "deepgram.json": json.dumps(
            {"metadata": {"channels": 1}, "results": {"channels": [{"alternatives": [{"transcript": "…", "words": words}]}]}}
        ).encode(),
        "aws.json": json.dumps({"jobName": "j", "results": {"transcripts": [{"transcript": "…"}], "items": aws}}).encode(),
        "lines.jsonl": "\n".join(map(json.dumps, segments)).encode(),
        "talk.csv": (
            "speaker,start,end,text\n" + "".join(f'{s["speaker"]},{s["start"]},{s["end"]},"{s["text"]}"\n' for s in segments)
        ).encode(),
        "talk.sbv": "".join(f"0:00:{i:02}.000,0:00:{i:02}.900\n{name}: {said}\n\n" for i, (name, said) in enumerate(turns)).encode(),
        "talk.ttml": (
            '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
            + "".join(f'<p begin="00:00:{i:02}.000" end="00:00:{i:02}.900">{name}: {said}</p>' for i, (name, said) in enumerate(turns))
            + "</div></body></tt>"
        ).encode(),
        "talks.zip": packed({"a.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nAnna: hello you there\n", "b.txt": b"Anna: hi\nBen: ho\n"}),
    }


def mutations(name: str, seed: bytes) -> Iterator[tuple[str, bytes]]:
    """The seed cut off, damaged, mixed with others' bytes."""
    rng = random.Random(name)  # noqa: S311 - the same files on every call
    at = [rng.randrange(1, len(seed)) for _ in range(4)]
    yield f"cut early {name}", seed[: len(seed) // 3]
    yield f"cut late {name}", seed[: len(seed) * 9 // 10]
    yield f"cut at the last byte {name}", seed[:-1]
    yield f"headless {name}", seed[len(seed) // 5 :]
    flipped = bytearray(seed)
    for i in rng.sample(range(len(seed)), len(seed) // 100 + 1):
        flipped[i] ^= 1 << rng.randrange(8)
    yield f"flipped bits {name}", bytes(flipped)
    yield f"zeroed middle {name}", seed[: at[0]] + bytes(200) + seed[at[0] + 200 :]
    yield f"latin-1 in it {name}", seed[: at[1]] + "caf\xe9 na\xefve \x80\x9f".encode("latin-1") + seed[at[1] :]
    yield f"utf-16 tail {name}", seed + "Ben: und dann noch mehr davon\n".encode("utf-16")
    yield f"twice {name}", seed + seed
    lines = seed.split(b"\n")
    rng.shuffle(lines)
    yield f"shuffled {name}", b"\n".join(lines)
    yield f"no line ends {name}", seed.replace(b"\r", b"").replace(b"\n", b" ")
    yield f"bare returns {name}", seed.replace(b"\n", b"\r")
    yield f"inserted rubbish {name}", seed[: at[2]] + rng.randbytes(64) + seed[at[2] :]


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that would grow, nest or reach out if they were trusted."""
    yield from entities()
    yield from packages()
    yield from markup()
    yield from oddities()
    yield from pages()


def entities() -> Iterator[tuple[str, bytes]]:
    """XML that names what is elsewhere, or a lot of it."""
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(12)) + "]>"
    outside = '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/hostname">]>'
    for what, doctype, entity in (("laughs", laughs, "&m;"), ("outside", outside, "&out;")):
        yield f"{what}.ttml", f'<?xml version="1.0"?>{doctype}<tt><body><div><p begin="0s" end="1s">{entity}</p></div></body></tt>'.encode()
        yield f"{what}.docx", docx(f"<w:p><w:r><w:t>Anna: {entity}</w:t></w:r></w:p>", doctype)
        yield f"{what}.odt", odt(f"<text:p>Anna: {entity}</text:p>", doctype)
        yield f"{what}.xlsx", xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{entity}</t></is></c></row>', doctype)
        yield f"{what}.html", f"{doctype}<html><body><p>Anna: {entity}</p></body></html>".encode()


def packages() -> Iterator[tuple[str, bytes]]:
    """Archives and Office documents."""
    yield "zeros.zip", packed({"zeros.txt": bytes(100 * MEGABYTE)})
    yield "spaces.docx", docx(" " * 60 * MEGABYTE)
    yield "words.docx", docx("<w:p><w:r><w:t>Anna: so it went on</w:t></w:r></w:p>" * 300_000)
    yield "words.odt", odt("<text:p>Anna: so it went on</text:p>" * 300_000)
    yield "blanks.odt", odt('<text:p>Anna:<text:s text:c="999999999"/>hi</text:p>')
    yield (
        "rows.odt",
        odt(
            '<table:table><table:table-row table:number-rows-repeated="999999999">'
            '<table:table-cell table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell>'
            "</table:table-row></table:table>"
        ),
    )
    yield "cells.xlsx", xlsx('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')
    yield "rows.xlsx", xlsx("".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 200_000)))
    yield "many.zip", packed({f"{i}.txt": b"Anna: hi\n" for i in range(20_000)})
    yield "matryoshka.zip", nested_zip(12)
    yield (
        "paths.zip",
        packed({"../../etc/passwd": b"Anna: hi\nBen: ho\n", "/var/x.txt": b"Anna: hi\nBen: ho\n", "C:\\x.txt": b"Anna: hi\nBen: ho\n"}),
    )
    yield "lying.zip", lying_zip()
    yield "macro.docm", docx("<w:p><w:r><w:t>Anna: hi</w:t></w:r></w:p>", extra={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 100})
    yield (
        "relations.docx",
        docx(
            '<w:p><w:r><w:t>Anna: hi there you</w:t></w:r></w:p><w:altChunk r:id="rId9"/>',
            extra={
                "word/_rels/document.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                b'<Relationship Id="rId9" TargetMode="External" Target="http://127.0.0.1:9/x" '
                b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"/></Relationships>'
            },
        ),
    )
    yield "deep.docx", docx("<w:sdt><w:sdtContent>" * 20_000 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 20_000)
    yield "deep tables.docx", docx("<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000)
    yield "deep.odt", odt("<text:section>" * 20_000 + "</text:section>" * 20_000)


def markup() -> Iterator[tuple[str, bytes]]:
    """HTML and XML without end."""
    yield "deep.html", b"<html><body>" + b"<div>" * 300_000 + b"Anna: hi"
    yield "deep spans.html", b"<html><body><p>" + b"<span>" * 100_000 + b"Anna: hi" + b"</span>" * 100_000
    yield "deep tables.html", b"<html><body>" + b"<table><tr><td>" * 30_000 + b"Anna: hi"
    yield "attributes.html", b"<html><body><p " + b"".join(b'a%d="1" ' % i for i in range(100_000)) + b">Anna: hi</p>"
    yield "open tags.html", b"<html><body>" + b"<" * 2 * MEGABYTE
    yield "open comment.html", b"<html><body><p>Anna: hi</p><!--" + b"-" * 2 * MEGABYTE
    yield "entities.html", b"<html><body><p>" + b"&amp;" * 1_000_000
    yield "deep.ttml", b'<?xml version="1.0"?><tt><body>' + b"<div>" * 100_000 + b"</div>" * 100_000 + b"</body></tt>"


def oddities() -> Iterator[tuple[str, bytes]]:
    """JSON and RTF that keep to the grammar, more or less."""
    yield "deep lists.json", b"[" * 500_000
    yield "deep closed.json", b"[" * 100_000 + b"]" * 100_000
    yield "deep objects.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "long number.json", b'{"segments":[{"start":' + b"9" * 100_000 + b',"text":"hi you"}]}'
    yield (
        "no numbers.json",
        b'{"segments":[{"speaker":"A","start":NaN,"end":-Infinity,"text":"hi you"},{"speaker":"B","start":1e400,"text":"ho you"}]}',
    )
    yield (
        "odd types.json",
        b'{"segments":[{"speaker":{"a":[1]},"start":[],"text":["hi"]},null,3,"x",{"text":null},{"text":{"a":"b"},"words":7}]}',
    )
    yield "empty frames.json", b'{"segments":[],"results":{"items":[],"channels":[{}],"utterances":null},"monologues":{}}'
    yield "lone surrogates.json", b'{"segments":[{"speaker":"\\ud800","text":"hi \\udfff you"}]}'
    yield "groups.rtf", b"{\\rtf1" + b"{" * 1_000_000
    yield "controls.rtf", b"{\\rtf1 " + b"\\b\\i\\par" * 300_000 + b"}"
    yield "binary.rtf", b"{\\rtf1 \\bin999999999999 " + b"x" * 1000 + b"}"
    yield "unicode.rtf", b"{\\rtf1 " + b"\\u99999999?\\uc999999 \\'zz" * 20_000 + b"}"


def pages() -> Iterator[tuple[str, bytes]]:
    """PDF files that loop, nest and swell."""
    yield "loop.pdf", pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>"])
    yield "self.pdf", pdf_of([b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>"])
    blown = zlib.compress(zlib.compress(b"(x) Tj " * 15 * MEGABYTE))
    tree = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PDF_PAGE]
    yield "blown.pdf", pdf_of([*tree, b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(blown) + blown + b"\nendstream"])
    shown = zlib.compress(b"BT /F1 12 Tf (so it went on and on) Tj ET\n" * 400_000, 9)
    yield "shown.pdf", pdf_of([*tree, b"<</Filter/FlateDecode/Length %d>>stream\n" % len(shown) + shown + b"\nendstream"])
    pages = b" ".join([b"3 0 R"] * 50_000)
    yield (
        "pages.pdf",
        pdf_of(
            [
                tree[0],
                b"<</Type/Pages/Kids[" + pages + b"]/Count 50000>>",
                PDF_PAGE,
                b"<</Length 30>>stream\nBT /F1 12 Tf (Anna: hi) Tj ET\nendstream",
            ]
        ),
    )
    yield "deep.pdf", pdf_of([b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 100_000 + b"]" * 100_000 + b">>", *tree[1:]])
    yield "startxref.pdf", b"%PDF-1.7\nstartxref\n99999999999999\n%%EOF"
    yield "rubbish.pdf", b"%PDF-1.7\n" + random.Random(1).randbytes(200_000)  # noqa: S311 - the same bytes on every call


def large() -> Iterator[tuple[str, bytes]]:
    """Files near the size limit, and units that invite a reader to look back again and again."""
    yield (
        "a million cues.vtt",
        b"WEBVTT\n\n"
        + b"".join(
            b"%02d:%02d:%02d.%03d --> %02d:%02d:%02d.999\nhi\n\n"
            % (i // 3600 % 100, i // 60 % 60, i % 60, 0, i // 3600 % 100, i // 60 % 60, i % 60)
            for i in range(1_000_000)
        ),
    )
    yield "many cues.srt", b"".join(b"%d\n00:00:%02d,000 --> 00:00:%02d,900\nAnna: hi\n\n" % (i, i % 60, i % 60) for i in range(120_000))
    yield "a million labels.txt", b"Anna: hi\nBen: ho\n" * 500_000
    yield "a name a line.txt", b"".join(b"Anna %s: so it went on\n" % bytes(97 + int(c) for c in f"{i}") for i in range(29_000))
    yield "a million cells.csv", b"speaker,text\n" + b"Anna,hi\n" * 400_000
    yield "wide.csv", b"a," * 5 * MEGABYTE
    yield "open quote.csv", b'speaker,text\nAnna,"' + b"hi " * 10 * MEGABYTE
    yield (
        "long list.json",
        b'{"segments":[' + b",".join([b'{"speaker":"A","start":1,"end":2,"text":"so it went on and on"}'] * 400_000) + b"]}",
    )
    yield (
        "long words.json",
        b'{"results":{"channels":[{"alternatives":[{"words":['
        + b",".join([b'{"word":"a","start":1,"end":2,"speaker":1}'] * 400_000)
        + b"]}]}]}}",
    )
    yield "long string.json", b'{"text":"' + b"so it went " * 4 * MEGABYTE + b'"}'
    yield (
        "long lines.ttml",
        b'<?xml version="1.0"?><tt><body><div>' + b'<p begin="1s" end="2s">Anna: hi</p>' * 300_000 + b"</div></body></tt>",
    )
    yield "many blocks.html", b"<html><body>" + b"<p><b>Anna:</b> hi</p>" * 200_000
    yield "many blocks.rtf", b"{\\rtf1 " + b"Anna: hi\\par " * 300_000 + b"}"
    for unit in (
        b"word and ",
        b"x",
        b"Anna: hi ",
        b"\xc3\xa9",
        b"<v Anna>",
        b"[0:01] ",
        b"a,b\t;",
        "\U0001d160".encode(),
        "e\u0301".encode(),
        b"--> ",
    ):
        yield f"one long line of {unit!r}", unit * (49 * MEGABYTE // len(unit))
    for unit in (
        b"\n",
        b"\n\n",
        b"Anna\n",
        b": \n",
        b"0:01\n",
        b"> \n",
        b"# \n",
        b"--> \n",
        b"<v A>\n",
        b"| a | b |\n",
        b"**a** \n",
        b"- \n",
        b"{\n",
    ):
        yield f"many lines of {unit!r}", unit * 450_000
    for head in (
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
        b"Anna: hi\nBen: ho\nAnna: so\n",
        b"1\n00:00:01,000 --> 00:00:02,000\n",
        b"<html><body>",
        b"{\\rtf1 ",
    ):
        for unit in (b" ", b"(", b"[", b"*", b"_ ", b"&", b"<", b"\\", b"a: ", b"0:", b"#", b"\xe2\x80\x8f", b"!["):
            yield f"{head[:8]!r} and then {unit!r}", head + unit * (400_000 // len(unit))
    yield "marks upon marks.txt", b"Anna: a" + "\u0316\u0301".encode() * 500_000
    yield "only a byte order mark.txt", b"\xef\xbb\xbf"
    yield "wide characters.txt", "Anna: hello there\nBen: so it was\n".encode("utf-32")
    yield "odd wide characters.txt", b"\xff\xfe" + b"A\x00\x00\xd8" * 5000 + b"x"


def nested_zip(depth: int) -> bytes:
    """Archives within archives."""
    data = packed({"talk.txt": b"Anna: hi\nBen: ho\n"})
    for _ in range(depth):
        data = packed({"a.zip": data, "b.zip": data}) if len(data) < MEGABYTE else packed({"a.zip": data})
    return data


def lying_zip() -> bytes:
    """An archive whose directory says that 50 MB are 100 bytes."""
    data = bytearray(packed({"talk.txt": b"Anna: hi\n" * (50 * MEGABYTE // 9)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    data[22:26] = struct.pack("<I", 100)
    return bytes(data)


def read_from(stream: BinaryIO) -> None:
    """Read files as they come (length, bytes) until the stream ends; a line of JSON each."""
    from app.errors import UnreadableFile  # noqa: PLC0415 - the corpus itself needs nothing of the application
    from app.stages.parse import parse  # noqa: PLC0415 - same

    while head := stream.read(8):
        data = stream.read(struct.unpack("<Q", head)[0])
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            end = parse(data, "any").shape
        except UnreadableFile as error:
            end = type(error).__name__ if error.message.startswith("any: ") else f"crashed: unnamed {error.message[:80]}"
        except BaseException as error:  # noqa: BLE001 - anything else is what is looked for
            end = f"crashed: {type(error).__name__}: {str(error)[:120]}"
        told = {"end": end, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "bytes": len(data), "peak_mb": peak_mb()}
        print(json.dumps(told), flush=True)  # noqa: T201 - its output


def peak_mb() -> float:
    """The most memory this process has held; on Linux not by `getrusage`, which also counts what its parent held when it began."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def outcomes(files: Iterable[tuple[str, bytes]]) -> Iterator[dict[str, Any]]:
    """What became of each file in a reading process, which is started again where a file ends it."""
    reader = None
    for name, data in files:
        if reader is None:
            reader = subprocess.Popen([sys.executable, __file__, "--read"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        assert reader.stdin
        assert reader.stdout
        try:
            reader.stdin.write(struct.pack("<Q", len(data)) + data)
            reader.stdin.flush()
            line = reader.stdout.readline()
        except BrokenPipeError:
            line = b""
        if line:
            yield {"name": name, **json.loads(line)}
        else:
            yield {"name": name, "end": f"crashed: the process ended with {reader.wait()}", "wall": 0.0, "cpu": 0.0, "peak_mb": 0.0}
            reader = None
    if reader:
        reader.communicate()


if __name__ == "__main__":
    if "--read" in sys.argv:
        sys.path.insert(0, str(ROOT))
        read_from(sys.stdin.buffer)
    else:
        for outcome in outcomes(corpus()):
            print(json.dumps(outcome), flush=True)  # noqa: T201 - its output
