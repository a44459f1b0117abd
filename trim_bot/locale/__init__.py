"""What a place brings with it: its public holidays, its numbers for help, its name."""
