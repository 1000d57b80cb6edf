"""Evidence: several files in one go, each with its own words; pictures; what waits, and what is asked for."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from disputes import previews
from disputes.models import Evidence
from disputes.models.evidence import StagedFile
from disputes.services import evidence
from tests.disputes.pages.conftest import form_key
from tests.factories import mediation
from tests.factories.accounts import make_clerk, make_stranger

pytestmark = pytest.mark.django_db


def url(case, path=""):
    return f"/disputes/{case.reference}/{path}"


def sent(case, **values):
    return {"_once": form_key(), "seen": str(case.dispute.version), **values}


def text_file(name, text="Words.\n"):
    return SimpleUploadedFile(name, text.encode())


def picture(kind="PNG", size=(1600, 900)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    image.save(out, kind, **({"exif": _exif()} if kind == "JPEG" else {}))
    return out.getvalue()


def _exif() -> bytes:
    found = Image.Exif()
    found[0x010E] = "MARKER-PLACE-OF-SHOOTING"
    return found.tobytes()


def pdf() -> bytes:
    import typst

    return typst.compile(b"#set page(width: 200pt, height: 300pt)\n= First page\n#pagebreak()\n= Second page")


class TestSeveralFiles:
    @pytest.mark.rule("D9")
    def test_D9_each_file_has_its_own_kind_words_and_level(self, browse):
        case = mediation.active_case()

        response = browse(case.client, case).post(
            url(case, "evidence/"),
            sent(
                case,
                files=[text_file("a.txt"), text_file("b.txt")],
                **{
                    "kind-new-0": "message",
                    "shows-new-0": "Our mails.",
                    "confidentiality-new-0": "shared",
                    "kind-new-1": "invoice",
                    "shows-new-1": "The bill.",
                    "confidentiality-new-1": "specialist",
                },
            ),
        )

        assert response.status_code == 303
        found = {e.file_name: (e.kind, e.shows, e.confidentiality, e.exhibit) for e in Evidence.objects.all()}
        assert found == {
            "a.txt": ("message", "Our mails.", "shared", 1),
            "b.txt": ("invoice", "The bill.", "specialist", None),
        }

    @pytest.mark.rule("D9")
    def test_D9_without_a_script_files_come_back_as_rows_and_are_not_sent_twice(self, browse):
        case = mediation.active_case()
        client = browse(case.client, case)

        first = client.post(url(case, "evidence/"), sent(case, files=[text_file("a.txt"), text_file("b.txt")]))

        assert first.status_code == 422
        assert Evidence.objects.count() == 0
        a, b = StagedFile.objects.order_by("file_name")
        shown = first.content.decode()
        assert "2 files are uploaded and wait" in shown
        assert f'id="shows-{a.pk}"' in shown
        assert f'href="#shows-{a.pk}"' in shown

        words = {f"shows-{a.pk}": "The list.", f"kind-{a.pk}": "agreement", f"shows-{b.pk}": "The shop."}
        second = client.post(url(case, "evidence/"), sent(case, **words))

        assert second.status_code == 303
        assert {e.shows for e in Evidence.objects.all()} == {"The list.", "The shop."}
        assert not StagedFile.objects.exists()
        with default_storage.open(Evidence.objects.get(shows="The list.").file.name) as stored:
            assert stored.read() == b"Words.\n"

    def test_what_is_fit_goes_in_and_the_rest_waits_with_what_was_typed(self, browse):
        case = mediation.active_case()
        files = [text_file("good.txt"), text_file("long.txt")]
        words = {"shows-new-0": "Fine.", "shows-new-1": "x" * 301, "kind-new-1": "invoice"}

        response = browse(case.client, case).post(url(case, "evidence/"), sent(case, files=files, **words))

        assert response.status_code == 422
        assert "1 file added. The rest was not, see below." in response.content.decode()
        assert Evidence.objects.get().file_name == "good.txt"
        row = StagedFile.objects.get()
        assert (row.file_name, row.shows, row.kind) == ("long.txt", "x" * 301, "invoice")

    def test_waiting_files_are_their_senders_alone_and_can_be_taken_off(self, browse):
        case = mediation.active_case()
        client = browse(case.client, case)
        client.post(url(case, "evidence/"), sent(case, files=[text_file("marker-waiting.txt")]))
        row = StagedFile.objects.get()
        path = row.file.name

        for person in (case.freelancer, case.specialist):
            assert "marker-waiting" not in browse(person, case).get(url(case, "evidence/")).content.decode()
        other = browse(case.freelancer, case)
        other.post(url(case, "evidence/"), sent(case, do=f"remove:{row.pk}"))
        assert StagedFile.objects.exists()

        client = browse(case.client, case)
        assert "marker-waiting" in client.get(url(case, "evidence/")).content.decode()
        response = client.post(url(case, "evidence/"), sent(case, do=f"remove:{row.pk}"))
        assert response.status_code == 200
        assert not StagedFile.objects.exists()
        assert Evidence.objects.count() == 0
        assert path

    def test_a_repeat_of_the_same_form_adds_nothing_twice(self, browse):
        case = mediation.active_case()
        client = browse(case.client, case)
        key = sent(case, shows="Once.")

        for _ in range(2):
            assert client.post(url(case, "evidence/"), {**key, "files": [text_file("a.txt")]}).status_code == 303
        assert Evidence.objects.count() == 1
        assert not StagedFile.objects.exists()

    @pytest.mark.rule("D9")
    def test_D9_an_answer_goes_out_with_all_its_files_or_not_at_all(self, browse):
        case = mediation.active_case()
        asked = evidence.request_evidence(
            dispute_id=case.dispute_id,
            asked_of="client",
            text="Please add the list of tasks.",
            actor=case.specialist.actor,
            now=case.now,
        )
        client = browse(case.client, case)
        path = url(case, f"evidence/requests/{asked.pk}/answer/")

        response = client.post(path, sent(case, text="Here it is.", files=[text_file("list.txt")]))

        assert response.status_code == 422
        assert not asked.answers.exists()
        row = StagedFile.objects.get()
        assert "Here it is." in response.content.decode()
        assert client.post(path, sent(case, text="Here it is.", **{f"shows-{row.pk}": "The list."})).status_code == 303
        assert asked.answers.get().text == "Here it is."
        assert Evidence.objects.get().shows == "The list."

    def test_a_script_is_sent_to_the_next_page_not_given_it(self, browse):
        case = mediation.active_case()
        asked = evidence.request_evidence(
            dispute_id=case.dispute_id,
            asked_of="client",
            text="Please add the list of tasks.",
            actor=case.specialist.actor,
            now=case.now,
        )
        path = url(case, f"evidence/requests/{asked.pk}/answer/")
        response = browse(case.client, case).post(
            path, sent(case, text="There is none."), headers={"HX-Request": "true"}
        )

        assert response.status_code == 200
        assert response["HX-Redirect"] == url(case)


class TestPreviews:
    def add(self, case, name, data, **changes):
        given = {"kind": "deliverable", "shows": "The page.", **changes}
        return evidence.add_evidence(
            dispute_id=case.dispute_id,
            upload=SimpleUploadedFile(name, data),
            actor=case.client.actor,
            now=case.now,
            **given,
        )

    @pytest.mark.parametrize(
        ("name", "make", "side"),
        [
            ("page.png", picture, (720, 405)),
            ("shot.jpg", lambda: picture("JPEG"), (720, 405)),
            ("list.pdf", pdf, (480, 720)),
        ],
    )
    def test_pictures_and_first_pages_are_drawn_anew(self, browse, name, make, side):
        case = mediation.active_case()
        row = self.add(case, name, make())

        response = browse(case.freelancer, case).get(url(case, f"evidence/{row.pk}/preview/"))

        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]
        row.refresh_from_db()
        assert row.preview_tried
        assert row.preview
        data = b"".join(response.streaming_content)
        with Image.open(io.BytesIO(data)) as drawn:
            assert drawn.format == "WEBP"
            assert drawn.size == side
        assert b"MARKER" not in data
        response.close()

    @pytest.mark.parametrize(
        ("name", "data"),
        [("a.txt", b"Words.\n"), ("b.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")],
    )
    def test_what_cannot_be_drawn_has_none_and_is_tried_once(self, browse, monkeypatch, name, data):
        case = mediation.active_case()
        row = self.add(case, name, data)
        client = browse(case.freelancer, case)
        path = url(case, f"evidence/{row.pk}/preview/")

        assert client.get(path).status_code == 404
        monkeypatch.setattr(previews, "draw", lambda *_: pytest.fail("tried again"))
        assert client.get(path).status_code == 404
        assert path not in client.get(url(case, "evidence/")).content.decode()

    def test_a_bomb_has_no_preview_and_costs_nobody_anything(self):
        out = io.BytesIO()
        Image.new("1", (20_000, 20_000)).save(out, "PNG")

        assert previews.draw(SimpleUploadedFile("bomb.png", out.getvalue()), "image/png") is None

    def test_a_preview_is_as_private_as_its_file(self, browse):
        case = mediation.active_case()
        row = self.add(case, "page.png", picture(), confidentiality="specialist")
        path = url(case, f"evidence/{row.pk}/preview/")

        for person in (case.freelancer, make_stranger(), make_clerk()):
            assert browse(person, case).get(path).status_code == 404
        own = browse(case.client, case).get(path)
        assert own.status_code == 200
        own.close()


class TestWhatIsAskedFor:
    def test_both_sides_read_the_request_its_date_and_every_answer(self, browse):
        case = mediation.active_case()
        from datetime import timedelta

        asked = evidence.request_evidence(
            dispute_id=case.dispute_id,
            asked_of="both",
            text="Please add the list of checks.",
            due_at=case.now + timedelta(days=3),
            actor=case.specialist.actor,
            now=case.now,
        )
        case.later(hours=1)
        evidence.answer_evidence_request(request_id=asked.pk, text="It is E-1.", actor=case.client.actor, now=case.now)

        shown = browse(case.freelancer, case).get(url(case, "evidence/")).content.decode()

        assert "Both sides are asked" in shown
        assert "for both sides alike" in shown
        assert "It is E-1." in shown
        assert "You have not answered yet." in shown
        assert "Answer the request" in shown

    def test_the_list_of_what_helps_follows_the_reason_and_counts(self, browse):
        case = mediation.contested_case()
        case.exhibit(case.client)

        client = browse(case.client, case).get(url(case, "evidence/")).content.decode()
        freelancer = browse(case.freelancer, case).get(url(case, "evidence/")).content.decode()

        assert "For the reason of your answer." in client
        assert "For the reason of your claim." in freelancer
        assert "You added 1 file as “Delivered work”." in client + freelancer

    def test_the_checksum_stands_short_and_whole(self, browse):
        case = mediation.active_case()
        row = case.exhibit(case.client)

        shown = browse(case.freelancer, case).get(url(case, "evidence/")).content.decode()

        assert f"{row.sha256[:12]}…" in shown
        assert row.sha256 in shown
