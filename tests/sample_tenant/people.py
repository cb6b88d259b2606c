"""The people of Contoso and its guests; all invented."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sample_tenant.ids import guid


@dataclass(frozen=True, slots=True)
class Person:
    """One account: short name, display name, department, job title, short name of the manager."""

    key: str
    name: str
    department: str | None = None
    title: str | None = None
    manager: str | None = None
    company: str | None = None
    synced: bool = False
    enabled: bool = True
    accepted: bool = True
    leaves: int | None = None
    """The first snapshot in which the account is deleted."""

    @property
    def id(self) -> str:
        """Return the directory object id."""
        return guid("user", self.key)

    @property
    def guest(self) -> bool:
        """Tell whether the account was invited."""
        return self.company is not None

    @property
    def mail(self) -> str:
        """Return the mail address, which for guests is that of their own company."""
        return f"{self.key}@{'contoso' if self.company is None else self.company.lower()}.example"

    @property
    def upn(self) -> str:
        """Return the sign-in name; a guest's is made from the mail address."""
        return f"{self.mail.replace('@', '_')}#EXT#@contoso.onmicrosoft.com" if self.guest else self.mail


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
)

_SYNCED = (
    Person("clara", "Clara Eugênia Peçanha", "Facilities", "Print room", "celeste", synced=True),
    Person("ewa", "Ewa Wójcik-Gąsienica", "Registry", "Paralegal", "agnes", synced=True, leaves=3),
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
    Person("nino", "ნინო ბერიძე", company="Fabrikam", accepted=False),
    Person("paulo", "Paulo Assunção", company="Northwind", enabled=False),
)

PEOPLE = {
    person.key: person
    for person in (*_BOARD, *_PAYMENTS, *_TREASURY, *_PROJECTS, *_LEGAL, *_OFFICE, *_IT, *_SYNCED, *_GUESTS)
}
"""Everybody, by short name."""
