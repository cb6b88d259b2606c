-- The name of a claim by which SharePoint lets in everybody; null for anybody else.
-- macro: everybody(id)
case id
    when 'everyone' then 'Everyone'
    when 'everyone_except_external' then 'Everyone except external users'
end
