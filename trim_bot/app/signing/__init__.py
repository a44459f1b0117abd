"""What a clinical lead signs: thresholds, and questionnaires that the site brought in."""
