"""The words of the field as frozen types: standard library only, no behaviour beyond what a value knows of itself."""
