"""The ids by which an app registration names a permission; the same in every tenant."""

from __future__ import annotations

from dataclasses import dataclass

GRAPH = "00000003-0000-0000-c000-000000000000"
SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000"


@dataclass(frozen=True, slots=True)
class Ids:
    """One permission as applications and as people hold it; these are two different things with one name."""

    application: str
    delegated: str | None
    """None where only an application can use it for what is read here."""


IDS = {
    GRAPH: {
        "AccessReview.Read.All": Ids("d07a8cc0-3d51-4b77-b3b0-32704d1f69fa", "ebfcd32b-babb-40f4-a14b-42706e83bd28"),
        "Agreement.Read.All": Ids("2f3e6f8c-093b-4c57-a58b-ba5ce494a169", "af2819c9-df71-4dd3-ade7-4d7c9dc653b7"),
        "AgreementAcceptance.Read.All": Ids(
            "d8e4ec18-f6c0-4620-8122-c8b1f2bf400e", "a66a5341-e66e-4897-9d52-c2df58c2bfb9"
        ),
        "Application.Read.All": Ids("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "c79f8feb-a9db-4090-85f9-90d820caa0eb"),
        "AuditLog.Read.All": Ids("b0afded3-3588-46d8-8b3d-9842eff778da", "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20"),
        "EntitlementManagement.Read.All": Ids(
            "c74fd47d-ed3c-45c3-9a9e-b8676de685d2", "5449aa12-1393-4ea2-a7c7-d0e06c1a56b2"
        ),
        "Group.Read.All": Ids("5b567255-7703-4780-807c-7be8301ae99b", "5f8c59db-677d-491f-a6b8-5f174b11ec1d"),
        "GroupMember.Read.All": Ids("98830695-27a2-44f7-8c18-0c3ebc9698f6", "bc024368-1153-4739-b217-4326f2e966d0"),
        "Member.Read.Hidden": Ids("658aa5d8-239f-45c4-aa12-864f4fc7e490", "f6a3db3e-f7e8-4ed2-a414-557c8c9830be"),
        "Organization.Read.All": Ids("498476ce-e0fe-48b0-b801-37ba7e2685c6", "4908d5b9-3fb2-4b1e-9336-1888b7937185"),
        "PrivilegedAssignmentSchedule.Read.AzureADGroup": Ids(
            "cd4161cb-f098-48f8-a884-1eda9a42434c", "02a32cc4-7ab5-4b58-879a-0586e0f7c495"
        ),
        "PrivilegedEligibilitySchedule.Read.AzureADGroup": Ids(
            "edb419d6-7edc-42a3-9345-509bfdf5d87c", "8f44f93d-ecef-46ae-a9bf-338508d44d6b"
        ),
        "RoleAssignmentSchedule.Read.Directory": Ids(
            "d5fe8ce8-684c-4c83-a52c-46e882ce4be1", "344a729c-0285-42c6-9014-f12b9b8d6129"
        ),
        "RoleEligibilitySchedule.Read.Directory": Ids(
            "ff278e11-4a33-4d0c-83d2-d01dc58929a5", "eb0788c2-6d4e-4658-8c9e-c0fb8053f03d"
        ),
        "RoleManagement.Read.Directory": Ids(
            "483bed4a-2ad3-4361-a73b-c83ccdbdc53c", "741c54c3-0c1e-44a1-818b-3f97ab4e8c83"
        ),
        "Sites.Read.All": Ids("332a536c-c7ef-4017-ab91-336970924f0d", None),
        "User-LifeCycleInfo.Read.All": Ids(
            "8556a004-db57-4d7a-8b82-97a13428e96f", "ed8d2a04-0374-41f1-aefe-da8ac87ccc87"
        ),
        "User.Read.All": Ids("df021288-bdef-4463-88db-98f22de89214", "a154be20-db9c-4678-8ab7-66f6cc099a59"),
    },
    SHAREPOINT: {"Sites.FullControl.All": Ids("678536fe-1083-478a-9c59-b99265e6b0d3", None)},
}
"""By the application id of the interface that asks for them."""
