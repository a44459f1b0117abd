"""What is looked through at regular intervals: records past their keeping, keys without a record, open revocations."""
