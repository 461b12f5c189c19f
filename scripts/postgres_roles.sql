-- Three roles for a database of the warehouse's own; run once, as a superuser, in it:
-- psql -d customer_health -f scripts/postgres_roles.sql
-- The loader writes raw tables, the builder runs dbt, readers see published marts and nothing else. Give each a password
-- (psql: \password health_loader) or another way to prove who they are.
create role health_loader login;
create role health_builder login;
create role health_reader login;

-- raw data and e-mails: the loader's, and the builder may look
create schema raw authorization health_loader;
grant usage on schema raw to health_builder;
alter default privileges for role health_loader in schema raw grant select on tables to health_builder;

-- the builder makes its other schemas itself, and nobody else may look into them
do $$ begin execute format('grant create on database %I to health_builder', current_database()); end $$;

-- what readers see; a mart that is made anew is theirs at once
create schema marts authorization health_builder;
grant usage on schema marts to health_reader;
alter default privileges for role health_builder in schema marts grant select on tables to health_reader;
