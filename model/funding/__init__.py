"""Where the money comes from: six mechanisms, their offers, loans and their repayment, and what they get back."""
