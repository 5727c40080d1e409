"""Evidence packs and briefs: what stands behind a status on a day, to be handed to people who do not use the site."""
