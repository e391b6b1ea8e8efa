namespace ModularMonolith.Platform.Data;

/// <summary>Gives a module's role what is in its schema and belongs to somebody else, as after a dump was restored into a server that did not know the role, or under another prefix.</summary>
internal static class SchemaOwnership
{
    /// <summary>The statement, run by the admin.</summary>
    /// <param name="schema">The schema's name as a literal.</param>
    /// <param name="role">The role's name as a literal.</param>
    // A sequence of a column follows its table, and what belongs to an extension follows that; neither can be given away alone.
    public static string Take(string schema, string role) => $$"""
        do $do$
        declare
            role_name constant text := {{role}};
            role_id constant oid := (select oid from pg_roles where rolname = {{role}});
            space constant oid := (select oid from pg_namespace where nspname = {{schema}});
            kind text;
            item text;
        begin
            if (select nspowner from pg_namespace where oid = space) <> role_id then
                execute format('alter schema %I owner to %I', {{schema}}, role_name);
            end if;
            for kind, item in
                select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, c.oid::regclass::text
                from pg_class c
                where relnamespace = space and relowner <> role_id and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
                  and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and (deptype = 'e' or (c.relkind = 'S' and deptype in ('a', 'i'))))
                union all
                select 'routine', p.oid::regprocedure::text from pg_proc p
                where pronamespace = space and proowner <> role_id and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')
                union all
                select 'type', t.oid::regtype::text from pg_type t left join pg_class c on c.oid = t.typrelid
                where typnamespace = space and typowner <> role_id and (typtype in ('e', 'd', 'r') or c.relkind = 'c')
                  and not exists (select from pg_depend where classid = 'pg_type'::regclass and objid = t.oid and deptype = 'e')
            loop
                execute format('alter %s %s owner to %I', kind, item, role_name);
            end loop;
        end
        $do$;
        """;
}
