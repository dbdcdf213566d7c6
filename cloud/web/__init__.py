"""The few pages a browser needs: no script, nothing from elsewhere, one stylesheet."""
