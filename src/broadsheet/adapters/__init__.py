"""What fills the ports; only `app/` imports these."""
