"""A PDF of one page of text: enough for an invoice that somebody wants to keep."""

from __future__ import annotations

from collections.abc import Sequence

MAX_LINES = 60
_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"  # noqa: E501 - one object of the file
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"


def pdf(lines: Sequence[str]) -> bytes:
    """Set the lines in a fixed-width font on A4; what does not fit the page is left out."""
    text = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines[:MAX_LINES])
    stream = f"BT /F1 10 Tf 13 TL 50 790 Td\n{text}ET"
    return _file(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _PAGE,
            f"<< /Length {len(_bytes(stream))} >>\nstream\n{stream}\nendstream",
            _FONT,
        ]
    )


def _file(objects: Sequence[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += _bytes(f"{number} 0 obj\n{content}\nendobj\n")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size, start = len(objects) + 1, len(out)
    out += _bytes(f"xref\n0 {size}\n0000000000 65535 f \n{table}")
    out += _bytes(f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
    return bytes(out)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _bytes(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")
