-- A site's address in the one form in which addresses are compared.
-- macro: site_address(address)
rtrim(lower(url_decode(address)), '/')
