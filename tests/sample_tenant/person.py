"""What is known of one account of Contoso, and when."""

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
    accepted: bool = True
    contractor: bool = False
    disabled: int | None = None
    """The first snapshot in which nobody can sign in with the account."""
    joins: int = 0
    """The first snapshot in which the account is there."""
    leaves: int | None = None
    """The first snapshot in which the account is deleted."""
    returns: int | None = None
    """The first snapshot in which a deleted account was restored."""
    deleted_at: str | None = None
    moves: tuple[int, str, str] | None = None
    """The first snapshot in another department, its name, and the new manager."""
    address: str | None = None
    """What stands before the @, where it is not the short name."""

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
        return f"{self.address or self.key}@{'contoso' if self.company is None else self.company.lower()}.example"

    @property
    def upn(self) -> str:
        """Return the sign-in name; a guest's is made from the mail address."""
        return f"{self.mail.replace('@', '_')}#EXT#@contoso.onmicrosoft.com" if self.guest else self.mail

    def there(self, snapshot: int) -> bool:
        """Tell whether the directory lists the account in one snapshot."""
        return self.joins <= snapshot and not self.deleted(snapshot)

    def deleted(self, snapshot: int) -> bool:
        """Tell whether the account is deleted and can still be restored."""
        back = 5 if self.returns is None else self.returns
        return self.leaves is not None and self.leaves <= snapshot < back

    @property
    def seen(self) -> str:
        """Return the snapshots in which the account is there."""
        return "".join("x" if self.there(snapshot) else "." for snapshot in range(5))
