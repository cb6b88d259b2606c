"""The invented tenant Contoso: five snapshots written from stories, each with the findings it must give."""
