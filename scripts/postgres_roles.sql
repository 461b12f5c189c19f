-- Three roles for a database of the warehouse's own; run as a superuser, in it (again does no harm):
-- psql -d customer_health -f scripts/postgres_roles.sql
-- The loader writes raw tables, the builder runs dbt, readers see published marts and nothing else. Give each a password
-- (psql: \password health_loader) or another way to prove who they are.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['health_loader', 'health_builder', 'health_reader'] loop
        -- roles belong to the server and not to a database
        if to_regrole(role_name) is null then
            execute format('create role %I login', role_name);
        end if;
    end loop;
    -- nobody connects who is not named here, and who reads makes no temporary tables either
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to health_loader, health_builder, health_reader', current_database());
    -- the builder makes its other schemas itself, and nobody else may look into them
    execute format('grant create, temporary on database %I to health_builder', current_database());
end
$$;

-- a build that was killed ends on the server too, within seconds; large joins and sums stay in memory, and compiling would
-- take longer than most statements of a build
alter role health_builder set client_connection_check_interval = '2s';
alter role health_builder set work_mem = '64MB';
alter role health_builder set jit = off;

-- raw data and e-mails: the loader's, and the builder may look
create schema if not exists raw authorization health_loader;
grant usage on schema raw to health_builder;
alter default privileges for role health_loader in schema raw grant select on tables to health_builder;

-- what readers see; a mart that is made anew is theirs at once
create schema if not exists marts authorization health_builder;
grant usage on schema marts to health_reader;
alter default privileges for role health_builder in schema marts grant select on tables to health_reader;
