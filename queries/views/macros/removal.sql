-- Where and how a grant is taken away, and what to do instead.
-- macro: removal(kind, synced, mail_only, instead)
case
    when kind = 'member' and synced then 'Remove from the group in the on-premises directory'
    when mail_only then 'Remove from the group in Exchange'
    when kind = 'member' then 'Remove from the group in Entra'
    when kind = 'owner' then 'Remove as owner in Entra (an owner can add others)'
    when kind in ('eligible_member', 'eligible_owner', 'eligible_directory_role')
        then 'Remove the eligibility in Privileged Identity Management'
    when kind = 'app_role' then 'Remove the role assignment of the application in Entra'
    when kind = 'site_group' then 'Remove from the site group in SharePoint'
    else 'Remove the role in Entra'
end || ', or ' || instead || '.'
