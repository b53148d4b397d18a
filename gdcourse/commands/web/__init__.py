"""What the web edition is made of: pages from notebooks, formulas, recorded answers, and what a browser loads."""
