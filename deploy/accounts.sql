-- Two accounts: the owner makes and changes the tables (sandtable migrate), the app reads and writes their rows.
-- Once, by whoever runs PostgreSQL: psql -v owner_word=… -v app_word=… -f deploy/accounts.sql
-- The audit (deeds) is only added to: the app may not change it, and a trigger refuses everybody.
CREATE ROLE sandtable_owner LOGIN PASSWORD :'owner_word';
CREATE ROLE sandtable_app LOGIN PASSWORD :'app_word';
CREATE DATABASE sandtable OWNER sandtable_owner;
\connect sandtable
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO sandtable_owner;
GRANT USAGE ON SCHEMA public TO sandtable_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sandtable_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sandtable_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sandtable_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO sandtable_app;
