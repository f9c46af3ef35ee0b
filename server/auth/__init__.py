"""Sign-in: logins, one session per device, and the record of who signed in and out."""
