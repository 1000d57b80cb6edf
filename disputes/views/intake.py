"""Files on their way into a case: what is fit is added, what is not waits with what was typed about it.

The same for the page of the evidence and for the answer to a request, with and without a script: files chosen
without words of their own come back as rows, each with its fields.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from core.errors import InvalidInputError
from core.uploads import check_upload
from disputes import previews
from disputes.exhibit_forms import NEW, ExhibitsForm, FileRow, choices, typed_for
from disputes.models import Evidence
from disputes.services import evidence, staging
from disputes.views.common import Case

PREVIEW_SECONDS = 3.0  # spent on pictures before the answer goes out; the rest is drawn when it is looked at


@dataclass(slots=True)
class Intake:
    """The files of one form: those that waited and those chosen now."""

    request: Any
    case: Case
    page: str
    rows: list[FileRow] = field(default_factory=list)
    added: list[Evidence] = field(default_factory=list)

    @classmethod
    def waiting(cls, request: Any, case: Case, page: str) -> Intake:
        """What waits from an earlier try, with what is typed about it in this post if there is one."""
        intake = cls(request, case, page)
        for row in staging.staged(dispute_id=case.dispute.pk, page=page, actor=request.actor):
            kept = {"kind": row.kind, "shows": row.shows, "confidentiality": row.confidentiality}
            typed = {**kept, **typed_for(request.POST, str(row.pk))}
            intake.rows.append(FileRow(str(row.pk), row.file_name, row.size, typed, staged=row))
        return intake

    def read(self, form: ExhibitsForm, *, max_bytes: int) -> None:
        """Take in the files chosen now. A file that is refused stands on the form, and the rest goes on."""
        shared = {name: self.request.POST.get(name, "") for name in ("kind", "shows", "confidentiality")}
        for number, file in enumerate(form.cleaned_data.get("files") or []):
            try:
                upload = check_upload(file, max_bytes=max_bytes, field_name="files")
            except InvalidInputError as error:
                form.add_error("files", error.fields["files"])
                continue
            upload.store()
            typed = {**shared, **typed_for(self.request.POST, f"{NEW}-{number}")}
            self.rows.append(FileRow(f"{NEW}-{number}", upload.name, upload.size, typed, upload=upload))

    def remove(self, key: str) -> None:
        """Take a waiting file off the form."""
        for row in self.rows:
            if row.staged is not None and row.key == key:
                staging.unstage(row=row.staged)
                self.rows.remove(row)
                return

    def add(self, *, strict: bool = False) -> int:
        """Add what is fit, one by one; returns how many. To be called inside the command's transaction.

        `strict`: the first refusal is the command's own, and nothing is added.
        """
        added: list[Evidence] = []
        for row in self.rows:
            if not row.check():
                continue
            try:
                added.append(self._add(row))
                row.done = True
            except InvalidInputError as error:
                row.errors.update(error.fields)
                if strict:
                    raise
            except evidence.UnableToAddEvidenceError as error:
                row.errors["file"] = f"“{row.name}”: {error.message}"
                if strict:
                    raise
        self.added = added
        return len(added)

    def _add(self, row: FileRow) -> Evidence:
        given: dict[str, Any] = {**row.given, "actor": self.request.actor, "now": self.request.now}
        if row.staged is not None:
            return staging.add_staged(row=row.staged, **given)
        if row.upload is None:
            raise ValueError("a row holds a waiting file or a new one")
        return evidence.add_evidence(dispute_id=self.case.dispute.pk, upload=row.upload, **given)

    def keep(self, form: ExhibitsForm) -> None:
        """Let wait what was not added, as typed."""
        for row in self.rows:
            if row.done:
                continue
            if row.staged is not None:
                staging.retype(row=row.staged, typed=row.typed)
            if row.upload is None:
                continue
            try:
                staging.stage(
                    dispute=self.case.dispute,
                    page=self.page,
                    upload=row.upload,
                    typed=row.typed,
                    actor=self.request.actor,
                    now=self.request.now,
                )
            except InvalidInputError as error:
                form.add_error("files", error.fields["files"])

    def undone(self) -> None:
        """The command was rolled back: nothing was added after all."""
        self.added = []
        for row in self.rows:
            row.done = False

    @property
    def problems(self) -> list[dict[str, str]]:
        """What is wrong with single files, for the summary at the top."""
        return [problem for row in self.rows for problem in row.problems]

    def again(self) -> Intake:
        """The rows as they wait now, with what was said about each."""
        fresh = Intake.waiting(self.request, self.case, self.page)
        told = {(row.name, row.size): row.errors for row in self.rows if row.errors}
        for row in fresh.rows:
            row.errors = told.get((row.name, row.size), {})
        return fresh

    def draw_previews(self) -> None:
        """Draw the pictures of what was added, outside of every transaction, as long as it takes no time."""
        until = time.monotonic() + PREVIEW_SECONDS
        for row in self.added:
            if time.monotonic() < until:
                previews.ensure(row)

    def context(self) -> dict[str, Any]:
        """For the template `disputes/_files.html`."""
        return {"file_rows": self.rows, "file_problems": self.problems, "file_choices": choices()}
