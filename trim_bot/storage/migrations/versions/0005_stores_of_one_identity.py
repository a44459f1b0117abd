"""Keeps versions away that know nothing of the identity which data, keys and ledger share from here on.

The identity and its generation are notes of the database, and what the key store keeps of them it makes itself; so no
table changes. A version before this one would destroy keys that it does not know to be taken: it now refuses the data.
"""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row changes: the identity is written when the desk is opened next."""


def downgrade() -> None:
    """No row changes: a version before this one does not look at the notes."""
