"""The auditor's search of the journal, by opaque ids alone."""
