"""Small files of every allowed kind, made here, and files that pretend to be one."""

import io
import struct
import zipfile
import zlib

_DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def pdf(text: str = "knelpunt") -> bytes:
    """A PDF of one empty page, different for each text."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% " + text.encode() + b"\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def png() -> bytes:
    """A PNG of one grey dot."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The frame of a JPEG: enough to be recognised by, and whole."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"


def zipped(members: dict[str, bytes | str], *, stored: tuple[str, ...] = ()) -> bytes:
    """An archive with these members, in order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return buffer.getvalue()


def odt(**more: bytes | str) -> bytes:
    """An ODT, with more members by name."""
    members = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>", **more}
    return zipped(members, stored=("mimetype",))


def docx(types: str = _DOCX_TYPES, **more: bytes | str) -> bytes:
    """A DOCX, with more members by name."""
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<x/>", **more})


def sample(extension: str) -> bytes:
    """A good file for an extension such as ``.pdf``."""
    return {".pdf": pdf, ".png": png, ".jpg": jpeg, ".jpeg": jpeg, ".odt": odt, ".docx": docx}[extension]()
