"""What may be uploaded, and the sentence that says why not (edge case 24)."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image

from core.errors import InvalidInputError
from core.uploads import PATH_MARK, CheckedUpload, check_upload, checked

MB = 1024 * 1024
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
MAIL = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Delivered\r\n\r\nHere it is.\r\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


def office(*names: str, content: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")


def check(name: str, content: bytes, max_bytes: int = 10 * MB) -> CheckedUpload:
    file = SimpleUploadedFile("x", content, content_type="application/x-lie")
    file._name = name  # past the clean-up of Django's own setter
    return check_upload(file, max_bytes=max_bytes)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.jpeg", picture("JPEG"), "image/jpeg"),
        ("a.gif", picture("GIF"), "image/gif"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("Übergabe – final.txt", "Grüße".encode(), "text/plain"),
        ("wide.txt", "Grüße".encode("utf-16"), "text/plain"),
        ("old.txt", "Gr\u00fc\u00dfe".encode("cp1252"), "text/plain"),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.eml", MAIL, "message/rfc822"),
    ],
)
def test_good_files_pass_with_our_content_type_and_hash(name, content, content_type):
    upload = check(name, content)
    assert (upload.name, upload.content_type, upload.size) == (name, content_type, len(content))
    assert upload.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"", "is empty"),
        ("a.pdf", PDF + b" " * (10 * MB), "the most one file can have"),
        ("a.exe", b"MZ\x90\x00" * 40, "not accepted. Use csv, docx"),
        ("a.svg", b"<svg/>", "not accepted"),
        ("a.html", b"<html>", "not accepted"),
        ("a.zip", DOCX, "not accepted"),
        ("pdf", PDF, "not accepted"),
        (".pdf", PDF, "not accepted"),
        ("invoice.pdf", b"MZ\x90\x00" * 40, "content is a Windows program"),
        ("invoice.pdf.txt", b"MZ\x90\x00" * 40, "content is a Windows program"),
        ("notes.txt", b"\x7fELF" + b"\0" * 90, "content is a Linux program"),
        ("notes.txt", b"#!/bin/sh\nrm -rf /\n", "content is a script"),
        ("notes.txt", b"hello\0world", "the content"),
        ("a.pdf", picture(), "looks like png"),
        ("a.png", PDF, "looks like pdf"),
        ("a.jpg", picture("PNG"), "looks like png"),
        ("a.pdf", b"junk" + PDF, "the content"),
        ("a.pdf", PDF[:20], "damaged or incomplete"),
        ("a.png", picture()[:-400], "damaged or incomplete"),
        ("a.png", picture()[:30], "damaged or incomplete"),
        ("a.docx", DOCX[:-30], "damaged or incomplete"),
        ("a.docx", office("evil.txt"), "another kind of archive"),
        ("a.docx", XLSX, "another kind of archive"),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "../../x"), "damaged"),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml", content=b"0" * (101 * MB)), "unpacks to far more"),
        ("a.eml", b"Hello there", "no e-mail"),
        ("../../etc/passwd.pdf", PDF, "parts of a folder path"),
        ("C:\\x\\a.pdf", PDF, "parts of a folder path"),
        (f"..{PATH_MARK}a.pdf", PDF, "parts of a folder path"),
        ("a\u202efdp.txt", b"x", "invisible characters"),
        ("a\nb.txt", b"x", "invisible characters"),
        ("x" * 300 + ".pdf", PDF, "at most 200 characters"),
    ],
)
def test_bad_files_are_refused_with_the_reason(name, content, says):
    with pytest.raises(InvalidInputError) as refusal:
        check(name, content)
    assert set(refusal.value.fields) == {"file"}
    assert says in refusal.value.message
    assert "\n" not in refusal.value.message


def test_a_picture_with_too_many_pixels_is_refused():
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(InvalidInputError, match="9000 × 9000 pixels"):
        check("a.png", out.getvalue())


def test_the_virus_hook_decides_and_an_unsure_scanner_refuses():
    def finds(file):
        return "EICAR" if b"EICAR" in file.read() else ""

    def fails(file):
        raise OSError("scanner down")

    with override_settings(UPLOAD_SCANNER=finds):
        assert check("a.txt", b"clean").size == 5
        with pytest.raises(InvalidInputError, match="found a problem"):
            check("a.txt", b"EICAR")
    with override_settings(UPLOAD_SCANNER=fails), pytest.raises(InvalidInputError, match="cannot be checked"):
        check("a.txt", b"clean")


def test_a_checked_file_is_stored_once_under_a_private_name():
    upload = check("secret name.pdf", PDF)
    path = upload.store()
    assert upload.store() == path
    assert "secret" not in path
    with default_storage.open(path) as stored:
        assert stored.read() == PDF
    default_storage.delete(path)


def test_a_checked_file_meets_the_limit_of_the_case():
    upload = check("a.pdf", PDF)
    assert checked(upload, max_bytes=len(PDF)) is upload
    with pytest.raises(InvalidInputError, match="the most one file can have"):
        checked(upload, max_bytes=len(PDF) - 1)
