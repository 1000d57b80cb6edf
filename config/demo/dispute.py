"""The acts of a dispute in the demonstration world."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from arbitration.models import ArbitrationCase
from arbitration.services import award, election
from arbitration.services import filing as arbitration_filing
from config.demo.case import Case
from core.permissions import PROVIDER, Actor
from disputes.enums import ConsentKind, EvidenceKind
from disputes.models import Dispute, SettlementOffer
from disputes.negotiation import services as negotiation
from disputes.services import evidence, filing, messages, statements, withdrawal
from disputes.services.texts import current_version
from mediation.services import answering, assignment, contact, impasse, notes, objection, recommendation


def paper(name: str, text: str) -> SimpleUploadedFile:
    """A small text file as somebody would upload it."""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


class Disputed(Case):
    """A contract that has come, or comes, to a dispute."""

    @property
    def dispute(self) -> Dispute:
        """The newest dispute."""
        found = self.contract.disputes.order_by("-created_at").first()
        if found is None:
            raise LookupError("no dispute yet")
        return found

    @property
    def specialist(self) -> Actor:
        """Whoever the case is assigned to."""
        user = User.objects.get(pk=self.dispute.specialist_id or UUID(int=0))
        return self.cast.actor(user.email.partition("@")[0])

    @property
    def offer(self) -> SettlementOffer:
        """The newest offer."""
        found = self.dispute.offers.order_by("-number").first()
        if found is None:
            raise LookupError("no offer yet")
        return found

    def draft(self, reason: str, details: str, amount: float | None = None) -> Dispute:
        """Begin the wizard and type into it."""
        draft = filing.start_filing(request_id=self.request.pk, **self.by(self.f))
        typed = {"reason": reason, "details": details}
        if amount is not None:
            typed["amount"] = f"{amount:.2f}"
        return filing.save_draft(dispute_id=draft.pk, data=typed, step="claim", **self.by(self.f))

    def file(
        self, reason: str, details: str, amount: float | None = None, papers: tuple[tuple[str, str, str], ...] = ()
    ) -> None:
        """File the dispute. `papers` are (name, text, what it shows)."""
        draft = self.draft(reason, details, amount)
        for name, text, shows in papers:
            filing.add_draft_evidence(
                dispute_id=draft.pk,
                upload=paper(name, text),
                kind=EvidenceKind.MESSAGE if "chat" in name else EvidenceKind.DELIVERABLE,
                shows=shows,
                **self.by(self.f),
            )
        filing.file_dispute(
            dispute_id=draft.pk, consent_version=current_version(ConsentKind.FILE_DISPUTE), **self.by(self.f)
        )

    def take_up(self) -> None:
        """The specialist signs the declaration and begins."""
        assignment.take_up(dispute_id=self.dispute.pk, declares=True, **self.by(self.specialist))

    def answer(self, reason: str, details: str, offers: float = 0) -> None:
        """D4."""
        statements.contest_claim(
            dispute_id=self.dispute.pk, reason=reason, details=details, offers=self.money(offers), **self.by(self.c)
        )

    def accept_claim(self) -> None:
        """D3."""
        statements.accept_claim(dispute_id=self.dispute.pk, **self.by(self.c))

    def withdraw(self) -> None:
        """D10."""
        withdrawal.withdraw_dispute(dispute_id=self.dispute.pk, **self.by(self.f))

    def show(self, actor: Actor, name: str, text: str, shows: str, kind: str = EvidenceKind.OTHER) -> None:
        """D9."""
        evidence.add_evidence(
            dispute_id=self.dispute.pk, upload=paper(name, text), kind=kind, shows=shows, **self.by(actor)
        )

    def request_evidence(self, text: str, asked_of: str = "both") -> None:
        """D9 by the specialist."""
        evidence.request_evidence(dispute_id=self.dispute.pk, asked_of=asked_of, text=text, **self.by(self.specialist))

    def write(self, actor: Actor, text: str, *, audience: str = "everyone", purpose: str = "") -> None:
        """A message in the case."""
        messages.post_case_message(
            dispute_id=self.dispute.pk, body=text, audience=audience, purpose=purpose, **self.by(actor)
        )

    def make_offer(self, actor: Actor, to_freelancer: float, note: str = "") -> None:
        """D11."""
        mine = self.money(to_freelancer)
        negotiation.make_offer(
            dispute_id=self.dispute.pk,
            to_freelancer=mine,
            to_client=self.dispute.money - mine,
            note=note,
            consent_version=current_version(ConsentKind.OFFER),
            **self.by(actor),
        )

    def accept_offer(self, actor: Actor) -> None:
        """D12."""
        negotiation.accept_offer(offer_id=self.offer.pk, **self.by(actor))

    def attempt(self, side: str, text: str, channel: str = "phone") -> None:
        """D5."""
        contact.log_attempt(
            dispute_id=self.dispute.pk, side=side, channel=channel, text=text, **self.by(self.specialist)
        )

    def note(self, text: str) -> None:
        """A staff note."""
        notes.add_note(dispute_id=self.dispute.pk, body=text, **self.by(self.specialist))

    def draft_recommendation(
        self, to_freelancer: float, reasons: str, for_freelancer: str, for_client: str, why: str
    ) -> None:
        """D13: write it, do not send it yet."""
        mine = self.money(to_freelancer)
        dispute = self.dispute
        recommendation.save_draft(
            dispute_id=dispute.pk,
            to_freelancer=mine,
            to_client=dispute.money - mine,
            disposition="refund",
            reasons=reasons,
            freelancer_points=for_freelancer,
            client_points=for_client,
            exhibit_ids=list(dispute.evidence.filter(exhibit__isnull=False).values_list("pk", flat=True)),
            failure="statement",
            failure_note=why,
            seen_version=dispute.version,
            **self.by(self.specialist),
        )

    def recommend(self, to_freelancer: float, reasons: str, for_freelancer: str, for_client: str, why: str) -> None:
        """D13: write and issue."""
        self.draft_recommendation(to_freelancer, reasons, for_freelancer, for_client, why)
        recommendation.issue_recommendation(
            dispute_id=self.dispute.pk, seen_version=self.dispute.version, **self.by(self.specialist)
        )

    def reply_recommendation(self, actor: Actor, *, accept: bool) -> None:
        """D14."""
        answering.answer_recommendation(dispute_id=self.dispute.pk, accept=accept, **self.by(actor))

    def impasse(self) -> None:
        """D18 by both."""
        impasse.declare_impasse(dispute_id=self.dispute.pk, **self.by(self.f))
        impasse.declare_impasse(dispute_id=self.dispute.pk, **self.by(self.c))

    def object(self, actor: Actor, reason: str) -> None:
        """D20."""
        objection.object_to_specialist(dispute_id=self.dispute.pk, reason=reason, **self.by(actor))

    def elect(self, actor: Actor) -> None:
        """N2."""
        election.elect(
            dispute_id=self.dispute.pk,
            consent_version=current_version(ConsentKind.ARBITRATION),
            **self.by(actor),
        )

    def pay_fee(self, actor: Actor) -> None:
        """N3: pay and let the gateway confirm."""
        election.start_fee_payment(dispute_id=self.dispute.pk, **self.by(actor))
        self.settle_payments()

    def arbitrate(self) -> None:
        """N2 and N3 by both: the case goes to the provider (A1)."""
        for actor in (self.f, self.c):
            self.elect(actor)
            self.pay_fee(actor)

    @property
    def arbitration(self) -> ArbitrationCase:
        """The newest case with the provider."""
        found = self.dispute.arbitrations.order_by("-opened_at").first()
        if found is None:
            raise LookupError("no arbitration yet")
        return found

    def filed_with_provider(self, reference: str) -> None:
        """The provider confirms (A1)."""
        arbitration_filing.confirm_filed(
            case_id=self.arbitration.pk, provider_case=reference, actor=PROVIDER, now=self.world.now
        )

    def progress(self, step: str) -> None:
        """A3."""
        arbitration_filing.note_progress(case_id=self.arbitration.pk, step=step, actor=PROVIDER, now=self.world.now)

    def rejected_by_provider(self, reason: str) -> None:
        """A2."""
        arbitration_filing.reject_by_provider(
            case_id=self.arbitration.pk, reason=reason, actor=PROVIDER, now=self.world.now
        )

    def awarded(self, to_freelancer: float, reasons: str, arbitrator: str) -> None:
        """A5 and A6."""
        mine = self.money(to_freelancer)
        award.record_award(
            case_id=self.arbitration.pk,
            decision=award.Decision(
                to_freelancer=mine,
                to_client=self.dispute.money - mine,
                reasons=reasons,
                arbitrator=arbitrator,
            ),
            document_sha256="",
            actor=PROVIDER,
            now=self.world.now,
        )
