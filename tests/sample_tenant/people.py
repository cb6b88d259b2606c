"""The people of Contoso and its guests; all invented."""

from __future__ import annotations

from tests.sample_tenant.person import Person


def _team(department: str, manager: str | None, *rows: tuple[str, str, str | None]) -> tuple[Person, ...]:
    """Return the members of one department."""
    return tuple(
        Person(key, name, department, title, manager if key != manager else "sunniva") for key, name, title in rows
    )


_BOARD = (Person("sunniva", "Sunniva Ødegård-Mæhle", "Executive board", "Chief financial officer"),)

_PAYMENTS = _team(
    "Accounts payable",
    "ines",
    ("ines", "Inês Carvalhais Brandão", "Head of payments"),
    ("marta", "Marta Świątkowska", "Payments analyst"),
    ("tomas", "Tomáš Hruškovič", "Payments analyst"),
    ("kofi", "Kɔfi Asante-Mɛnsa", "Payments analyst"),
    ("lukasz", "Łukasz Brzęczyszczykiewicz", "Invoice clerk"),
    ("siobhan", "Siobhán Ní Dhomhnaill", "Invoice clerk"),
    ("renata", "Renata Dvořáčková", "Invoice clerk"),
    ("miklos", "Szőllősi-Győrffy Miklós", "Payments controller"),
    ("orsolya", "Kővágó Orsolya", "Payments controller"),
    ("kenji", "大河内 健二", "Bank relations"),
    ("tamar", "תמר לוינסון־ברק", "Bank relations"),
    ("noam", "נועם בן־דוד", "Bank relations"),
    ("nadia", "نادية الحمداني", "Payments analyst"),
    ("karim", "كريم بن سالم", "Payments analyst"),
    ("agata", "Agata Źrebiec-Żółkiewska", None),
    ("ondrej", "Ondřej Šťastný", "Master data"),
    ("joao", "João Conceição", "Interim cover"),
    ("freya", "Freyja Þórðardóttir", "Interim cover"),
    ("wei", "欧阳 伟", "Dunning"),
    ("mei", "欧阳 美玲", "Dunning"),
    ("chidi", "Chídì Ọ́kọ́nkwọ̀", "Dunning"),
    ("livia", "Līvija Bērziņa-Kļaviņa", "Cash desk"),
    ("selin", "Selin Gündoğdu Şener", "Cash desk"),
    ("bao", "Trần Quốc Bảo", "Cash desk"),
    ("yuki", "佐々木 ゆき", "Trainee"),
    ("pavel", "Pavel Šimůnek", "Payments analyst"),
    ("ingeborg", "Ingeborg Hallström", "Payments analyst"),
    ("torvald", "Torvald Ekeberg", "Payments analyst"),
)

_TREASURY = _team(
    "Treasury",
    "bjorn",
    ("bjorn", "Björn Åkesson-Lindqvist", "Head of treasury"),
    ("anika", "Anika Großmüller", "Cash manager"),
    ("petr", "Petr Říčný", "Cash manager"),
    ("giulia", "Giulia D'Ambrosio", "Hedging"),
    ("omar", "عمر الفارسي", "Hedging"),
    ("ravi", "ரவி சுந்தரம்", "Back office"),
    ("sola", "Ṣọlá Adébáyọ̀", "Back office"),
    ("funmilayo", "Fúnmiláyọ̀ Ògúnbíyìí", "Back office"),
    ("emre", "Emre Çağlayan", "Consolidation"),
    ("zeynep", "Zeynep Özgür-Çelik", "Consolidation"),
    ("cosima", "Cosima Brandauer", "Hedging"),
    ("dagmar", "Dagmar Ruszkowska", "Back office"),
    ("fritz", "Fritz Käsmayr", "Back office"),
    ("nils", "Nils Aho", "Reporting"),
    ("oona", "Oona Lehtisalo", "Reporting"),
    ("ulrike", "Ulrike Zängerle", "Consolidation"),
)

_MOVERS = (Person("teresa", "Teresa Holgado", "Treasury", "Analyst", "bjorn", moves=(1, "Projects", "thanh")),)

_CONTRACTORS = tuple(
    Person(key, name, "Accounts payable", "Contractor, quarter-end", "ines", contractor=True)
    for key, name in (
        ("gaspar", "Gaspar Ferreira Lobo"),
        ("ilse", "Ilse Vandenbroucke"),
        ("dragan", "Dragan Petrović"),
        ("maren", "Maren Oyelaran"),
    )
)

_LEAVERS = (
    Person("magnus", "Magnus Þorvaldsson", "Treasury", "Ledger controller", "bjorn", disabled=2),
    Person(
        "lorcan",
        "Lorcán Mac Giolla",
        "Accounts payable",
        "Payments analyst",
        "ines",
        leaves=3,
        deleted_at="2026-09-09T16:21:37Z",
    ),
    Person(
        "beatriz",
        "Beatriz Vasconcelos",
        "Accounts payable",
        "Payments analyst",
        "ines",
        leaves=2,
        returns=3,
        deleted_at="2026-08-14T11:02:55Z",
    ),
    Person(
        "corinne",
        "Corinne Maillard",
        "Lisbon office",
        "Consultant",
        "celeste",
        contractor=True,
    ),
)

_PROJECTS = _team(
    "Projects",
    "thanh",
    ("thanh", "Phạm Ngọc Thanh", "Head of projects"),
    ("thuy", "Nguyễn Thị Thu Thủy", "Project lead"),
    ("radek", "Radek Němeček", "Engineer"),
    ("linnea", "Linnéa Sjöö", "Engineer"),
    ("hedda", "Hedda Bjørkås", "Engineer"),
)

_LEGAL = _team(
    "Legal",
    "agnes",
    ("agnes", "Agnès Lefèvre-Noël", "General counsel"),
    ("yetunde", "Yétúndé Ọlátúnjí", "Contract manager"),
    ("kamal", "कमल शर्मा", "Contract manager"),
)

_OFFICE = _team(
    "Lisbon office",
    "celeste",
    ("celeste", "Celeste Magalhães", "Office manager"),
    ("bruno", "Bruno Gonçalves", "Facilities"),
    ("bruna", "Bruna Simões", "Travel desk"),
    ("edda", "Édda Guðmundsdóttir", "Travel desk"),
    ("halim", "حليم منصور", "Travel desk"),
    ("viktor", "Viktor Čapek", "Travel desk"),
)

_IT = _team(
    "Information technology",
    "britta",
    ("britta", "Britta Jörgensen", "Head of workplace IT"),
    ("dagny", "Dagný Ævarsdóttir", "Administrator"),
    ("stellan", "Stellan Hägg", "Administrator"),
    ("soren", "Søren Kirkegaard-Holm", "Administrator"),
    ("priya", "பிரியா நடராஜன்", "Administrator"),
    ("tobias", "Tobias Achterberg", "Operator"),
)

_EWA_GONE = "2026-09-11T13:40:26Z"
_SYNCED = (
    Person("clara", "Clara Eugênia Peçanha", "Facilities", "Print room", "celeste", synced=True),
    Person(
        "ewa", "Ewa Wójcik-Gąsienica", "Registry", "Paralegal", "agnes", synced=True, leaves=3, deleted_at=_EWA_GONE
    ),
)

_GUESTS = (
    Person("oluwaseun", "Olúwaṣeun Fálọ́lá", title="Consultant", company="Northwind"),
    Person("marek", "Marek Čížek", title="Consultant", company="Northwind"),
    Person("aiko", "渡辺 愛子", title="Engineer", company="Litware"),
    Person("rashid", "رشيد العلوي", title="Engineer", company="Litware"),
    Person("hanne", "Hanne Kjærsgård", title="Engineer", company="Litware"),
    Person("dov", "דב רוזנצוויג", title="Auditor", company="Adatum"),
    Person("quynh", "Đặng Thúy Quỳnh", title="Auditor", company="Adatum"),
    Person("jurgita", "Jurgita Šimkutė", title="Auditor", company="Adatum"),
    Person("matthias", "Matthias Groß", company="Fabrikam"),
    Person("iseult", "Iseult Ó Súilleabháin", company="Fabrikam"),
    Person("nino", "ნინო ბერიძე", title="Engineer", company="Litware", accepted=False, joins=4),
    Person("paulo", "Paulo Assunção", company="Northwind", disabled=0),
    Person("lieke", "Lieke Hoogeveen", title="Consultant", company="Northwind"),
    Person(
        "yuto",
        "高橋 悠斗",
        title="Engineer",
        company="Litware",
        disabled=3,
        leaves=4,
        deleted_at="2026-09-27T09:30:00Z",
    ),
    Person(
        "teemu", "Teemu Järvinen", title="Consultant", company="Northwind", leaves=4, deleted_at="2026-09-21T08:15:44Z"
    ),
    Person("teemu-again", "Teemu Järvinen", title="Consultant", company="Northwind", joins=4, address="teemu"),
)

LEAVE_AT = {"corinne": "2026-08-14T17:00:00Z", "bruna": "2026-12-31T17:00:00Z"}
"""When people leave, where the directory was told."""

PEOPLE = {
    person.key: person
    for person in (
        *_BOARD,
        *_PAYMENTS,
        *_TREASURY,
        *_PROJECTS,
        *_LEGAL,
        *_OFFICE,
        *_IT,
        *_SYNCED,
        *_MOVERS,
        *_CONTRACTORS,
        *_LEAVERS,
        *_GUESTS,
    )
}
"""Everybody, by short name."""
