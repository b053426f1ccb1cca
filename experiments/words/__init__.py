"""What everything is called, in English and Chinese: labels, phrases, numbers, columns."""
