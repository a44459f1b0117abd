"""The steps by which the schema of the data has grown; `trim_bot.storage.migrate` runs them."""
