"""Commands that run the model and store or show what comes out."""
