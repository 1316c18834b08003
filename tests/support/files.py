"""Small files of every allowed kind, made here, and files that pretend to be one."""

import io
import struct
import zipfile
import zlib

DOCX_TYPES = (
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


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*more: bytes, behind: bytes = b"") -> bytes:
    """A PNG of one grey dot, with more chunks before the picture, and bytes behind its end."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = png_chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + b"".join(more) + data + png_chunk(b"IEND", b"") + behind


def jpeg_segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(*more: bytes, behind: bytes = b"") -> bytes:
    """A JPEG of one grey block, with more segments after its first one, and bytes behind its end."""
    codes = bytes([1] + [0] * 15)
    return (
        b"\xff\xd8"
        + jpeg_segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + b"".join(more)
        + jpeg_segment(0xDB, b"\0" + b"\x01" * 64)
        + jpeg_segment(0xC0, b"\x08\0\x08\0\x08\x01\x01\x11\0")
        + jpeg_segment(0xC4, b"\0" + codes + b"\0")
        + jpeg_segment(0xC4, b"\x10" + codes + b"\0")
        + jpeg_segment(0xDA, b"\x01\x01\0\0\x3f\0")
        + b"\x3f\xff\xd9"
        + behind
    )


def exif(orientation: int, *, place: bytes = b"") -> bytes:
    """An EXIF block (little-endian) with an orientation and a text; put ``Exif\\0\\0`` before it in a JPEG."""
    at = 8 + 2 + 2 * 12 + 4
    return (
        struct.pack("<2sHIH", b"II", 42, 8, 2)
        + struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
        + struct.pack("<HHII", 0x010E, 2, len(place), at)
        + struct.pack("<I", 0)
        + place
    )


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


def docx(types: str = DOCX_TYPES, **more: bytes | str) -> bytes:
    """A DOCX, with more members by name."""
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<x/>", **more})


def sample(extension: str) -> bytes:
    """A good file for an extension such as ``.pdf``."""
    return {".pdf": pdf, ".png": png, ".jpg": jpeg, ".jpeg": jpeg, ".odt": odt, ".docx": docx}[extension]()
