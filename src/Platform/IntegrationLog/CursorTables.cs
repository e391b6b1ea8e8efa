namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>How the admin reads the cursors, which lie in tables that modules own.</summary>
internal static class CursorTables
{
    /// <summary>
    /// Whether a table is what the platform made of it, held so until the transaction ends. Run by the admin before <c>integration.maintain</c> and <c>integration.overrun</c>, which ask it before they
    /// read a module's cursors with the admin's rights.
    /// </summary>
    // A module owns its table. A policy on it, or a cast of its own from a column's type, would be run by whoever reads the table: with the admin's rights a module could make itself a superuser. So
    // nothing but plain numbers is read, of this table and none that inherits from it. The lock comes first, so that the table is not another one by the time it is read.
    public const string Guard = """
        create or replace function integration.is_plain_cursor(part text) returns boolean
            language plpgsql volatile security invoker set search_path = pg_catalog as
        $$
        begin
            execute format('lock table only %s in access share mode', part);
            if exists (select from pg_class where oid = to_regclass(part) and relkind = 'r' and not relrowsecurity)
                and not exists (
                    select from pg_attribute
                    where attrelid = to_regclass(part) and attname in ('position', 'replay_until') and not attisdropped and (atttypid <> 'bigint'::regtype or attgenerated <> '')) then
                return true;
            end if;
            raise warning 'The cursors in % are not read: the table is not as the platform made it.', part;
            return false;
        end
        $$;
        """;
}
