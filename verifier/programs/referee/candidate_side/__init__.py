"""Goes into the candidate's jail as text: beside the candidate, and never believed."""
