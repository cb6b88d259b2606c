"""What was read, and the proof."""

from __future__ import annotations

from dataclasses import replace

from driftaudit.report.coverage import coverage
from driftaudit.report.evidence import evidence
from tests.report import made_audit as made
from tests.report.pages import text_of
from tests.report.test_page_one import paper


def test_what_was_not_read_comes_first_with_its_consequence() -> None:
    page = coverage(made.incomplete())
    worst, part = page.readings[:2]
    assert (worst.collection, worst.mark, worst.records) == ("review_decisions", "failed", "–")
    assert worst.meaning.endswith("On page 1 it touches: reviews unanswered.")
    assert (part.mark, part.gaps) == ("part", "1")
    assert part.meaning.endswith("On page 1 it touches: outside packages and past their end.")


def test_a_gap_that_no_number_rests_on_is_said_to_be_harmless() -> None:
    read = [replace(one, status="partial", gaps=2) if one.collection == "sites" else one for one in made.coverage()]
    assert coverage(made.audit(coverage=tuple(read))).readings[0].meaning == "No number on page 1 rests on it."


def test_the_lead_counts_every_collection() -> None:
    assert (
        coverage(made.incomplete())
        .lead.replace("\u00a0", " ")
        .startswith("24 collections: 18 read whole, 1 in part, 1 not read, 4 left out.")
    )


def test_missing_fields_are_named() -> None:
    read = [replace(one, missing_fields=("accountEnabled",)) for one in made.coverage()[:1]]
    assert coverage(made.audit(coverage=tuple(read))).readings[0].meaning == (
        "Without accountEnabled: the export does not hold it."
    )


def test_what_no_collection_shows_is_said() -> None:
    text = text_of(paper(made.audit()), "coverage")
    assert "Direct SharePoint sharing, Azure roles and DevOps are not read by this version." in text
    assert "A group inside a packaged group is one finding" in text
    assert "Not in the export: role_assignments and role_eligibilities." in text


def test_the_evidence_holds_what_a_second_auditor_needs() -> None:
    audit = made.audit()
    text = text_of(paper(audit), "evidence")
    digest = audit.snapshot.export_sha256 or ""
    assert " ".join(digest[start : start + 8] for start in range(0, 64, 8)) in text
    assert "24 hours; 3\u00a0grants are inside it and not counted as a finding".replace("\u00a0", " ") in text.replace(
        "\u00a0", " "
    )
    assert "2 days to repair reading, 14 for high, 31 for medium and low findings" in text
    assert audit.tenant.id in text


def test_the_reasons_of_all_packaged_grants_add_up() -> None:
    page = evidence(made.audit(explanations={"assignment": 5, "grace": 1, "brand_new_word": 2}))
    assert [line.word for line in page.explained] == ["assignment", "grace", "brand_new_word"]
    assert page.explained_total == "8"
