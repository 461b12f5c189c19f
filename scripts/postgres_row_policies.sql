-- Customer success managers see their own accounts in every mart, and nothing of anybody else's. Run it after the first build
-- that published, and again after a release (it says the same as often as it is run):
-- psql -d customer_health -f scripts/postgres_row_policies.sql
--
-- Whose accounts are whose: those that name the manager as csm_owner in customer_health tonight; a churn stays with who owned
-- the account then. Which login is which csm_owner stands in access.books; a login is a member of health_csm:
--     create role ana_lopez login in role health_csm;
--     grant connect on database customer_health to health_csm;
--     insert into access.books values ('ana_lopez', 'Ana Lopez');
-- Policies stay where they are when builds publish. A mart that a release adds is shown to no manager until this ran again.
-- Who else may see all accounts is a member of health_reader.
begin;

do $$ begin if to_regrole('health_csm') is null then create role health_csm nologin; end if; end $$;

create schema if not exists access;
create table if not exists access.books (
    login text not null,
    csm_owner text not null,
    primary key (login, csm_owner)
);
alter table access.books enable row level security;
drop policy if exists own_rows on access.books;
create policy own_rows on access.books for select to health_csm using (login = current_user);
grant usage on schema access, marts to health_csm;
grant select on access.books to health_csm;

do $$
declare
    mart record;
    is_mine text;
begin
    for mart in
        select
            c.oid::regclass as name,
            c.relname,
            c.relkind,
            bool_or(a.attname = 'account_id') as has_account,
            bool_or(a.attname = 'csm_owner') as has_owner
        from pg_class as c
        inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'v')
        group by c.oid, c.relname, c.relkind
    loop
        continue when not (mart.has_account or mart.has_owner);
        execute format('grant select on %s to health_csm', mart.name);
        -- a view reads with the rights of who asks
        continue when mart.relkind = 'v';
        is_mine := case
            when mart.relname in ('customer_health', 'churn_autopsy') or not mart.has_account
                then 'csm_owner in (select books.csm_owner from access.books where books.login = current_user)'
            -- of which the policy above leaves the manager's own
            else 'account_id in (select own.account_id from marts.customer_health as own)'
        end;
        execute format('alter table %s enable row level security', mart.name);
        execute format('drop policy if exists own_book on %s', mart.name);
        execute format('create policy own_book on %s for select to health_csm using (%s)', mart.name, is_mine);
        execute format('drop policy if exists all_accounts on %s', mart.name);
        execute format('create policy all_accounts on %s for select to health_reader using (true)', mart.name);
    end loop;
    -- what the views of accounts read beside accounts: configurations, and what a signal lacked on a day
    for mart in
        select distinct format('%I.%I', table_schema, table_name) as name
        from information_schema.view_table_usage
        where view_schema = 'marts' and table_schema = 'marts'
            and to_regclass(format('%I.%I', view_schema, view_name)) in (
                select attrelid from pg_attribute where attname in ('account_id', 'csm_owner')
            )
    loop
        execute format('grant select on %s to health_csm', mart.name);
    end loop;
end
$$;

commit;
