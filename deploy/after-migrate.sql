-- After sandtable migrate, by the owner: what the app may not do to its own record of who did what, nor to the tables' version.
REVOKE UPDATE, DELETE ON deeds FROM sandtable_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM sandtable_app;
