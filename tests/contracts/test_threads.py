"""Messages: several files, how far the other side has read, the list of threads with search and pages."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import Message, MessageRead
from contracts.selectors import ThreadFilters, list_threads
from contracts.services import messages
from core import clock
from tests.factories import contracts as make
from tests.factories.accounts import make_company, make_freelancer, make_support
from tests.support.unchanged import unchanged

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def as_(client):
    def sign_in(world, person):
        clock.freeze(world.now)
        client.force_login(person.user)
        return client

    return sign_in


def thread(world):
    return reverse("contracts:thread", args=[world.contract.reference])


def text(response):
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain)).replace("&#x27;", "'").replace("&amp;", "&")


def key():
    return {"_once": str(uuid4())}


def pdf(name):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


# --- several files ----------------------------------------------------------------------


def test_one_message_takes_several_files_and_keeps_their_order(as_):
    world = make.active_contract()
    names = ["one.pdf", "two.pdf", "three.pdf"]

    sent = as_(world, world.freelancer).post(
        thread(world), {"body": "Three drafts.", "file": [pdf(n) for n in names], **key()}
    )

    assert sent.status_code == 303
    rows = list(Message.objects.filter(contract=world.contract, kind="person").order_by("sent_at"))
    assert [r.file_name for r in rows] == names
    assert [r.body for r in rows] == ["Three drafts.", "", ""]
    page = as_(world, world.client).get(thread(world))
    assert re.findall(r"(one|two|three)\.pdf</a>", page.content.decode()) == ["one", "two", "three"]
    for row in rows:
        file = as_(world, world.client).get(reverse("contracts:file", args=[world.contract.reference, row.pk]))
        assert b"".join(file.streaming_content) == PDF


def test_one_refused_file_refuses_the_message_and_keeps_what_was_typed(as_):
    world = make.active_contract()
    bad = SimpleUploadedFile("tool.exe", b"MZ", content_type="application/pdf")

    with unchanged(world.contract):
        answer = as_(world, world.freelancer).post(
            thread(world), {"body": "Look at both.", "file": [pdf("good.pdf"), bad], **key()}
        )

    assert answer.status_code == 422
    assert "“tool.exe”" in text(answer)
    assert "Look at both." in answer.content.decode()
    assert not Message.objects.filter(contract=world.contract, kind="person").exists()


def test_more_files_than_a_message_takes_are_refused_in_words(as_):
    world = make.active_contract()
    files = [pdf(f"{n}.pdf") for n in range(messages.FILES_MAX + 1)]

    answer = as_(world, world.freelancer).post(thread(world), {"body": "All of it.", "file": files, **key()})

    assert answer.status_code == 422
    assert "A message takes 10 files; you chose 11." in text(answer)


# --- how far the other side has read ----------------------------------------------------


def test_the_writer_sees_who_has_read_the_message_and_when(as_):
    world = make.active_contract()
    world.write(world.freelancer, "Shall we talk on Monday?")
    assert "Read by" not in text(as_(world, world.freelancer).get(thread(world)))

    world.later(minutes=30)
    as_(world, world.client).get(thread(world))
    world.later(hours=3)
    as_(world, world.client).get(thread(world))

    seen = text(as_(world, world.freelancer).get(thread(world)))
    read_at = MessageRead.objects.get(contract=world.contract, user=world.client.user).read_at
    assert read_at == world.now - timedelta(hours=3), "a later look at the same must not move the mark"
    assert f"Read by {world.client.user.name}" in seen
    assert "Read by" not in text(as_(world, world.client).get(thread(world))), "one's own look is no news"


def test_a_new_message_stands_below_the_mark_of_the_one_that_was_read(as_):
    world = make.active_contract()
    world.write(world.freelancer, "First.")
    world.later(minutes=5)
    as_(world, world.client).get(thread(world))
    world.later(minutes=5)
    world.write(world.freelancer, "Second.")

    page = text(as_(world, world.freelancer).get(thread(world)))

    assert page.index("First.") < page.index("Read by") < page.index("Second.")
    assert page.count("Read by") == 1


def test_staff_leave_no_mark(as_):
    world = make.active_contract()
    world.write(world.freelancer)

    as_(world, make_support()).get(thread(world))

    assert not MessageRead.objects.exclude(user=world.freelancer.user).exists()


# --- the list ---------------------------------------------------------------------------


def test_the_list_counts_what_is_new_to_each_person(as_):
    world = make.active_contract()
    as_(world, world.client).get(thread(world))
    as_(world, world.freelancer).get(thread(world))
    for words in ("One.", "Two."):
        world.later(minutes=1)
        world.write(world.freelancer, words)

    (row,) = list_threads(world.client.actor).rows
    (own,) = list_threads(world.freelancer.actor).rows

    assert (row.unread, own.unread) == (2, 0)
    page = text(as_(world, world.client).get("/messages/"))
    assert "2 new" in page
    assert "Two." in page


def test_the_list_is_searched_by_name_title_number_and_words():
    client = make_company()
    logo = make.active_contract(client=client, freelancer=make_freelancer(), title="Logo design")
    shop = make.active_contract(client=client, freelancer=make_freelancer(), title="Shop redesign")
    logo.write(logo.freelancer, "The vector file is attached.")
    shop.write(shop.freelancer, "The checkout works now.")

    def found(words):
        rows = list_threads(client.actor, ThreadFilters(words=words)).rows
        return {row.contract.title for row in rows}

    assert found("logo") == {"Logo design"}
    assert found("CHECKOUT") == {"Shop redesign"}
    assert found(shop.contract.reference.lower()) == {"Shop redesign"}
    assert found("nothing like this") == set()
    assert found("\0") == {"Logo design", "Shop redesign"}


def test_the_list_shows_unread_threads_only_when_asked(as_):
    client = make_company()
    read = make.active_contract(client=client, freelancer=make_freelancer(), title="Read already")
    new = make.active_contract(client=client, freelancer=make_freelancer(), title="Still new")
    read.write(read.freelancer)
    new.write(new.freelancer)
    as_(read, client).get(thread(read))

    page = text(as_(new, client).get("/messages/?show=unread"))
    assert "Still new" in page
    assert "Read already" not in page
    as_(new, client).get(thread(new))
    assert "Everything is read" in text(as_(new, client).get("/messages/?show=unread"))


def test_the_list_has_pages_and_a_fixed_number_of_queries(as_, monkeypatch):
    monkeypatch.setattr("contracts.selectors.thread.THREADS", 2)
    client = make_company()
    titles = ["First job", "Second job", "Third job"]
    for minutes, title in enumerate(titles):
        world = make.active_contract(client=client, freelancer=make_freelancer(), title=title)
        world.later(minutes=minutes).write(world.freelancer)

    actor = client.actor
    with CaptureQueriesContext(connection) as queries:
        newest = list_threads(actor)
    older = list_threads(actor, cursor=newest.next_cursor)

    assert len(queries) == 3
    assert [r.contract.title for r in (*newest.rows, *older.rows)] == titles[::-1]
    assert older.next_cursor == ""
    assert list_threads(client.actor, cursor="not-a-cursor").rows[0].contract.title == "Third job"
    link = re.search(r'href="(\?after=[^"]+)"', as_(world, client).get("/messages/").content.decode()).group(1)
    assert "First job" in text(as_(world, client).get("/messages/" + link))
