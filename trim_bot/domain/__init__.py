"""The desk's nouns as plain frozen data that know no database, clock or vendor."""
