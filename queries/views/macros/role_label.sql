-- What to call a role: its own name, else the kind's.
-- macro: role_label(name, kind, role_id)
case
    when kind = 'member' then 'Member'
    when kind = 'owner' then 'Owner'
    when kind = 'eligible_member' then 'Eligible member'
    when kind = 'eligible_owner' then 'Eligible owner'
    when nullif(name, '') is not null then name
    when kind = 'app_role' and nobody(role_id) then 'Default access'
    when kind = 'site_group' then 'Site group ' || role_id
    else role_id
end
