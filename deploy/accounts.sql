-- Two accounts: the owner makes and changes the tables (sandtable migrate), the app reads and writes their rows.
-- Once, by whoever runs PostgreSQL, with the two passwords in the environment (not in the process list):
--   OWNER_WORD=… APP_WORD=… psql -f deploy/accounts.sql
-- Another database than "sandtable", say for a restore drill: -v database=drill (the accounts may be there already).
-- The audit (deeds) is only added to: the app may not change it, and a trigger refuses everybody.
\set ON_ERROR_STOP on
\getenv owner_word OWNER_WORD
\getenv app_word APP_WORD
\if :{?database}
\else
  \set database sandtable
\endif
-- a statement with a password in it is written into no log
SET log_min_error_statement = panic;
SET log_statement = 'none';
SELECT NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sandtable_owner') AS fresh \gset
\if :fresh
  CREATE ROLE sandtable_owner LOGIN PASSWORD :'owner_word';
  CREATE ROLE sandtable_app LOGIN PASSWORD :'app_word';
\endif
CREATE DATABASE :"database" OWNER sandtable_owner;
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO sandtable_app;
\connect :"database"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO sandtable_owner;
GRANT USAGE ON SCHEMA public TO sandtable_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sandtable_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sandtable_app;
