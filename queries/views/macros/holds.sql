-- What somebody holds, as the middle of a sentence: is a member of “Payroll”.
-- macro: holds(kind, role_name, resource_name)
case kind
    when 'member' then 'is a member of “' || resource_name || '”'
    when 'owner' then 'is an owner of “' || resource_name || '”'
    when 'eligible_member' then 'may become a member of “' || resource_name || '”'
    when 'eligible_owner' then 'may become an owner of “' || resource_name || '”'
    when 'app_role' then 'holds “' || role_name || '” in “' || resource_name || '”'
    when 'site_group' then 'is in “' || role_name || '” of the site “' || resource_name || '”'
    when 'site_role' then 'has “' || role_name || '” on the site “' || resource_name || '”'
    when 'directory_role' then 'holds the directory role “' || resource_name || '”'
    when 'eligible_directory_role' then 'may activate the directory role “' || resource_name || '”'
    else 'holds “' || role_name || '” on “' || resource_name || '”'
end
