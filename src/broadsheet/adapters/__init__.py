"""What fills the ports; only `app.py` imports these."""
