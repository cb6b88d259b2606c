-- One row per account of a person or a guest.
-- column id: Directory object id.
-- column name: Name as the directory shows it.
-- column user_principal_name: Sign-in name.
-- column mail: Mail address.
-- column user_type: Member or Guest; null on some old accounts.
-- column external_state: PendingAcceptance or Accepted, for guests.
-- column enabled: False: sign-in is blocked.
-- column created_at: When the account was made.
-- column department: Department.
-- column job_title: Job title.
-- column company: Company.
-- column employee_type: Employee, contractor, ... as the organisation writes it.
-- column synced: True: the account comes from an on-premises directory.
-- column manager_id: The manager.
-- column manager_name: Name of the manager.
select
    u.id,
    u.name,
    u.user_principal_name,
    u.mail,
    u.user_type,
    u.external_state,
    u.enabled,
    u.created_at,
    u.department,
    u.job_title,
    u.company,
    u.employee_type,
    u.synced,
    u.manager_id,
    m.name as manager_name
from history.users as u
left join history.users as m on m.id = u.manager_id and as_of(m.valid_from, m.valid_to)
where as_of(u.valid_from, u.valid_to)
