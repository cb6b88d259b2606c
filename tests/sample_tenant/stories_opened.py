"""Stories of what is open to everybody although a package gives it, and of what may be."""

from __future__ import annotations

from tests.sample_tenant.findings import open_app, open_site
from tests.sample_tenant.words import Assignment, Holding, Story, app_role, site_group, site_role

TRAVELLER, MEMBERS, VISITORS = app_role("trips", "Traveller"), site_group("travel", 5), site_group("travel", 4)
READ = site_role("travel", "Read")
_YEAR = ("2026-02-09T09:00:00Z", "2027-02-09T09:00:00Z")

OPENED = (
    Story(
        "An application that lets everybody in",
        "Business travel gives Contoso Travel. In August somebody switched off that it requires an assignment, and "
        "since then everybody may use it: who has the package is not who has access.",
        "حليم has the package and holds the role: nothing is wrong with that. Contoso Expenses requires an assignment, "
        "and Report robot, which requires none, is in no package.",
        (Assignment("halim", "trips", *_YEAR),),
        (Holding("halim", TRAVELLER, granted="2026-02-09T09:05:21Z"), Holding("halim", MEMBERS)),
        findings=(open_app("trips", "- - new open open", "trips"),),
        cases="F20",
    ),
    Story(
        "A site that lets everybody in",
        "In August Everyone except external users was put among the visitors of Travel desk, a site that Business "
        "travel gives, and in September Everyone got Read on it by name. On 16 September SharePoint refused to tell of "
        "the site: what was known is not confirmed that day, and nobody is said to lack it.",
        "Everyone except external users stands among the visitors of Contoso today, a site that no package gives. "
        "Celeste has full control of it by name.",
        (),
        (
            Holding("everyone_except_external", VISITORS, "..xxx"),
            Holding("everyone", READ, "....x"),
            Holding("everyone_except_external", site_group("intranet", 4)),
            Holding("celeste", site_role("intranet", "Full Control")),
        ),
        findings=(
            open_site("everyone_except_external", VISITORS, "- - new unconfirmed open", "trips"),
            open_site("everyone", READ, "- - - - new", "trips"),
        ),
        cases="F50",
    ),
)
