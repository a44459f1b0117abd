"""The structured interview: notice, questions, result, and what follows."""
