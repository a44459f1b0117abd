"""Writes down anew what every renderer draws and what each platform has: `make goldens`."""

from tests.contract import goldens, parity_table

goldens.write()
parity_table.PATH.write_text(parity_table.table(), "utf-8")
