"""The sandbox's mail server, over real SMTP."""

from __future__ import annotations

import email
import shutil
import smtplib
import socket
import subprocess
import sys
import time

import pytest

from config.embedded.profile import ROOT
from config.smtp_sink import Mailbox


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mail box"


@pytest.fixture
def port(folder):
    number = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "config.smtp_sink", "--port", str(number), "--mailbox", str(folder)],
        cwd=ROOT,
    )
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                break
        time.sleep(0.05)
    yield number
    server.terminate()
    assert server.wait(10) == 0


def test_what_was_sent_lies_in_the_folder_with_its_envelope(port, folder):
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail(
            "notices@evenhand.example",
            ["ana@example.com", "bo@example.com"],
            "Subject: A notice\r\nTo: everybody\r\n\r\nGood day.\r\n",
        )

    [file] = (folder / "new").iterdir()
    message = email.message_from_bytes(file.read_bytes())
    assert message["X-Envelope-From"] == "notices@evenhand.example"
    assert message.get_all("X-Envelope-To") == ["ana@example.com", "bo@example.com"]
    assert message["Subject"] == "A notice"
    assert message.get_payload().strip() == "Good day."
    assert list((folder / "tmp").iterdir()) == []


def test_names_sort_by_arrival(port, folder):
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(5):
            client.sendmail("a@example.com", ["b@example.com"], f"Subject: {number}\r\n\r\n.\r\n")

    files = sorted((folder / "new").iterdir())
    assert [email.message_from_bytes(file.read_bytes())["Subject"] for file in files] == list("01234")


def test_a_message_that_cannot_be_kept_is_not_said_to_be(port, folder):
    shutil.rmtree(folder)

    with smtplib.SMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@example.com", ["b@example.com"], "Subject: lost\r\n\r\n.\r\n")

    assert refused.value.smtp_code == 452


def test_an_envelope_cannot_add_header_lines(tmp_path):
    mailbox = Mailbox(tmp_path)

    file = mailbox.deliver("a@example.com\r\nBcc: evil@example.com", ["b@example.com\nX: y"], b"\r\nhello\r\n")

    message = email.message_from_bytes(file.read_bytes())
    assert message["Bcc"] is None
    assert message["X"] is None


def test_the_folder_stays_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("config.smtp_sink._KEPT_MESSAGES", 3)
    mailbox = Mailbox(tmp_path)
    for number in range(5):
        mailbox.deliver("a@example.com", [], f"Subject: {number}\r\n\r\n".encode())

    mailbox.forget_oldest()

    kept = sorted(mailbox.messages.iterdir())
    assert [email.message_from_bytes(file.read_bytes())["Subject"] for file in kept] == ["2", "3", "4"]
