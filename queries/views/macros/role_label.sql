-- What to call a role: its own name, else the kind's.
-- macro: role_label(name, kind, role_id)
case
    when kind = 'member' then 'Member'
    when kind = 'owner' then 'Owner'
    when kind = 'eligible_member' then 'Eligible member'
    when kind = 'eligible_owner' then 'Eligible owner'
    when kind in ('directory_role', 'eligible_directory_role') then
        case when kind = 'directory_role' then 'Active' else 'Eligible' end
        || case when role_id = '/' then '' else ' for ' || role_id end
    when kind = 'site_role' then
        case role_id
            when '1073741829' then 'Full Control'
            when '1073741828' then 'Design'
            when '1073741830' then 'Edit'
            when '1073741827' then 'Contribute'
            when '1073741826' then 'Read'
            when '1073741825' then 'Limited Access'
            else 'Permission level ' || role_id
        end
    when nullif(name, '') is not null then name
    when kind = 'app_role' and nobody(role_id) then 'Default access'
    when kind = 'site_group' then 'Site group ' || role_id
    else role_id
end
