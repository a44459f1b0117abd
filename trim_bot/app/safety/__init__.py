"""Help that cannot wait: lead, deputy and cover are called at once."""
