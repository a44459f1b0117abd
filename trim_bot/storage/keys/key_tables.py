"""The tables of the key store: wrapped keys, which of them were never taken, and which no record uses."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

data_keys = Table(
    "data_keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("master_id", String(64), nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", String(40), nullable=False, index=True),
)
spare_keys = Table("spare_keys", metadata, Column("id", String(64), primary_key=True))
"""Keys nobody has taken yet. To take one is to take its row out, so that it is taken once and surely exists."""

unused_keys = Table(
    "unused_keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("seen_at", String(40), nullable=False),
    Column("checked_at", String(40), nullable=False),
    Column("checks", Integer, nullable=False),
)
"""Taken keys that no record used when it was looked: seen once they are watched, seen twice in quarantine."""

keys_in_hand = Table(
    "keys_in_hand",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("holder", String(64), nullable=False, index=True),
)
"""Taken keys that a process had not used when it last said so. One that was killed leaves its own here for good: that
they are idle is accounted for."""

generations = Table(
    "generations",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("token", String(64), nullable=False),
    Column("reached", Boolean, nullable=False),
)
"""What the data was told to write into itself, and the newest of it that it was seen to have written."""

key_store_facts = Table(
    "key_store_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
