"""The steps that carry out what the stages decide: each is short, and does input and output through the ports only."""
