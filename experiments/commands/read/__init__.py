"""Commands that read what is stored: tell it, draw it, hand it on."""
