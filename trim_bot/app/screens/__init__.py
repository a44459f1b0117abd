"""Every sentence a person reads, built into forms and messages."""
