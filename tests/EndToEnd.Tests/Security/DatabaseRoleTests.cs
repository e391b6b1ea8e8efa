using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// The modules' logins in the database of a host that serves, with everything that one of them could try on another, on the platform's schemas and on the server. The modules are those of the
/// repository's folder: a new one is under test without a change here.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class DatabaseRoleTests : IAsyncLifetime
{
    private const string Refused = PostgresErrorCodes.InsufficientPrivilege;

    // The functions return what lets each statement that names them succeed in the schema of who owns them.
    private const string Probes = """
        create table {own}.probe (id int generated always as identity primary key, text text);
        create view {own}.probe_view as select * from {own}.probe;
        create materialized view {own}.probe_copy as select * from {own}.probe;
        create sequence {own}.probe_sequence;
        create domain {own}.probe_domain as text;
        create function {own}.probe() returns int language sql as 'select 1';
        create function {own}.probe_operator(int, int) returns int language sql as 'select 1';
        create function {own}.probe_trigger() returns trigger language plpgsql as 'begin return new; end';
        create procedure {own}.probe_procedure() language plpgsql as 'begin end';
        """;

    private const string NoProbes = """
        drop table {own}.probe cascade; drop sequence {own}.probe_sequence; drop domain {own}.probe_domain;
        drop function {own}.probe, {own}.probe_operator, {own}.probe_trigger; drop procedure {own}.probe_procedure
        """;

    // A role that owns nothing outside of its schema holds these rights there and no others.
    private const string RightsElsewhere = """
        with mine as (select $1::regrole::oid as role, $2::text as own),
        granted as (
            select '' as space, nspname::text as name, 'schema' as kind, privilege_type, grantee from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
            union all
            select nspname, relname, 'table', privilege_type, grantee from pg_class join pg_namespace n on n.oid = relnamespace, aclexplode(coalesce(relacl, acldefault(case relkind when 'S' then 's'::"char" else 'r'::"char" end, relowner)))
            union all
            select nspname, relname || '.' || attname, 'column', privilege_type, grantee
            from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace, aclexplode(attacl)
            union all
            select nspname, proname, 'function', privilege_type, grantee from pg_proc join pg_namespace n on n.oid = pronamespace, aclexplode(coalesce(proacl, acldefault('f', proowner)))
            union all
            select '', datname, 'database', privilege_type, grantee from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) where datname = current_database()
            union all
            select '', role.rolname, 'member of', '', member from pg_auth_members join pg_roles role on role.oid = roleid)
        select kind || ' ' || case space when '' then '' else space || '.' end || name || ' ' || lower(privilege_type)
        from granted, mine
        where (grantee = role or (grantee = 0 and has_schema_privilege(role, case space when '' then own else space end, 'usage')))
            and space not in (own, 'pg_catalog', 'information_schema', 'pg_toast') and (kind <> 'schema' or name not in (own, 'pg_catalog', 'information_schema'))
        order by 1
        """;

    private static readonly string Folder = typeof(DatabaseRoleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "RepositoryFolder").Value!;

    private readonly RunningHost _host;
    private readonly DatabaseAddress _address;
    private readonly List<DatabaseLogin> _logins = [];

    public DatabaseRoleTests(SecurityHost host)
    {
        _host = host.Running;
        var configuration = new ConfigurationManager { ["ConnectionStrings:Default"] = _host.ConnectionString };
        _address = new DatabaseAddress(configuration, Options.Create(new DatabaseOptions()));
    }

    public async Task InitializeAsync()
    {
        foreach (var module in Modules())
        {
            var address = new NpgsqlConnectionStringBuilder(_host.ConnectionString) { Username = _address.RoleOf(module), Password = _address.PasswordOf(module), Pooling = false, SearchPath = module };
            var connection = new NpgsqlConnection(address.ConnectionString);
            _logins.Add(new DatabaseLogin(module, _address.RoleOf(module), connection));
            await connection.OpenAsync();
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var login in _logins)
        {
            await login.Connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_module_of_the_repository_owns_the_schema_of_its_name_and_no_other()
    {
        await using var admin = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var command = admin.CreateCommand("select nspname || ' of ' || nspowner::regrole from pg_namespace where nspname not like 'pg_%' and nspname not in ('information_schema', 'public', 'integration', 'audit') order by 1");

        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        Assert.Equal(_logins.Select(static login => $"{login.Module} of {login.Role}"), found);
        Assert.True(found.Count >= 10, "Too few modules were found to say anything.");
    }

    [Fact]
    public async Task No_module_reaches_into_the_schema_of_another_and_each_does_the_same_in_its_own()
    {
        var wrong = new List<string>();
        var made = new List<DatabaseLogin>();
        try
        {
            foreach (var login in _logins)
            {
                await login.RunAsync(Probes);
                made.Add(login);
            }

            foreach (var (login, other) in from login in _logins from other in _logins select (login, other))
            {
                foreach (var statement in DatabaseAttacks.Across)
                {
                    var state = await login.TryAsync(statement.Replace("{other}", other.Module, StringComparison.Ordinal));
                    if (state != (login == other ? null : Refused))
                    {
                        wrong.Add($"{login.Module} in {(login == other ? "its own schema" : "the schema of " + other.Module)}: {statement}: {state ?? "not refused"}");
                    }
                }
            }
        }
        finally
        {
            foreach (var login in made)
            {
                await login.RunAsync(NoProbes);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task No_module_raises_its_rights_or_reaches_the_server()
    {
        var wrong = new List<string>();
        foreach (var (login, other) in _logins.Zip(_logins.Skip(1).Append(_logins[0])))
        {
            foreach (var statement in DatabaseAttacks.Upwards.Concat(DatabaseAttacks.OnThePlatform))
            {
                Check(login, statement, await login.TryAsync(Filled(statement, other)), Refused);
            }

            foreach (var statement in DatabaseAttacks.UpwardsAlone)
            {
                Check(login, statement, await login.TryAsync(Filled(statement, other), inTransaction: false), Refused);
            }

            foreach (var statement in DatabaseAttacks.Allowed)
            {
                Check(login, statement, await login.TryAsync(statement), null);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        string Filled(string statement, DatabaseLogin other) => statement.Replace("{role}", other.Role, StringComparison.Ordinal)
            .Replace("{admin}", new NpgsqlConnectionStringBuilder(_host.ConnectionString).Username!, StringComparison.Ordinal)
            .Replace("{database}", new NpgsqlConnectionStringBuilder(_host.ConnectionString).Database!, StringComparison.Ordinal);

        void Check(DatabaseLogin login, string statement, string? state, string? expected)
        {
            if (state != expected)
            {
                wrong.Add($"{login.Module}: {statement}: {state ?? "not refused"}");
            }
        }
    }

    [Fact]
    public async Task What_a_module_may_outside_of_its_schema_is_this_and_no_more()
    {
        string[] expected =
        [
            "column audit.pending.entry insert",
            "column audit.pending.id insert",
            "column integration.message.headers insert",
            "column integration.message.id insert",
            "column integration.message.key insert",
            "column integration.message.name insert",
            "column integration.message.payload insert",
            "column integration.message.version insert",
            $"database {new NpgsqlConnectionStringBuilder(_host.ConnectionString).Database} connect",
            "function integration.keep_ahead execute",
            "function integration.keep_host execute",
            "function integration.maintain execute",
            "function integration.next_position execute",
            "function integration.overrun execute",
            "schema audit usage",
            "schema integration usage",
            "table integration.host select",
            "table integration.message select",
        ];
        await using var admin = NpgsqlDataSource.Create(_host.ConnectionString);
        foreach (var login in _logins)
        {
            await using var command = admin.CreateCommand(RightsElsewhere);
            command.Parameters.AddWithValue(login.Role);
            command.Parameters.AddWithValue(login.Module);
            await using var reader = await command.ExecuteReaderAsync();
            var rights = new List<string>();
            while (await reader.ReadAsync())
            {
                rights.Add(reader.GetString(0));
            }

            Assert.True(expected.SequenceEqual(rights), $"{login.Module} may:\n{string.Join('\n', rights)}");
        }
    }

    [Fact]
    public async Task A_module_sees_what_others_do_neither_in_the_catalogue_nor_while_it_runs()
    {
        var (one, other) = (_logins[0], _logins[1]);
        await other.RunAsync("select 'what nobody else reads'");
        foreach (var (sql, expected) in new (string, object)[]
        {
            ($"select query from pg_stat_activity where pid = {other.Connection.ProcessID}", "<insufficient privilege>"),
            ($"select count(*) from pg_stats where schemaname = '{other.Module}'", 0L),
            ($"select count(*) from information_schema.tables where table_schema = '{other.Module}'", 0L),
            ($"select count(*) from information_schema.columns where table_schema = '{other.Module}'", 0L),
            ($"select count(routine_definition) from information_schema.routines where routine_schema = '{other.Module}'", 0L),
            ($"select count(last_value) from pg_sequences where schemaname = '{other.Module}'", 0L),
            ($"select count(*) > 0 from information_schema.tables where table_schema = '{one.Module}'", true),
            ($"select count(*) > 0 from pg_stat_activity where pid = {one.Connection.ProcessID} and query like '%pg_stat_activity%'", true),
        })
        {
            await using var command = new NpgsqlCommand(sql, one.Connection);
            Assert.Equal(expected, await command.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task A_module_ends_and_interrupts_no_connection_of_another_but_its_own()
    {
        var (one, other) = (_logins[0], _logins[1]);
        foreach (var call in new[] { "pg_terminate_backend", "pg_cancel_backend" })
        {
            Assert.Equal(Refused, await one.TryAsync(string.Create(CultureInfo.InvariantCulture, $"select {call}({other.Connection.ProcessID})")));
        }

        await using var mine = new NpgsqlConnection(one.Address(_host.ConnectionString, _address));
        await mine.OpenAsync();
        Assert.Null(await one.TryAsync(string.Create(CultureInfo.InvariantCulture, $"select pg_terminate_backend({mine.ProcessID})")));
    }

    [Fact]
    public async Task A_large_object_belongs_to_the_module_that_made_it()
    {
        var (one, other) = (_logins[0], _logins[1]);
        await using var make = new NpgsqlCommand("select lo_from_bytea(0, 'x')", other.Connection);
        var id = (uint)(await make.ExecuteScalarAsync())!;
        try
        {
            foreach (var (call, result) in new[] { ("lo_get({0})", Refused), ("lo_put({0}, 0, 'y')", Refused), ("lo_open({0}, 131072)", Refused), ("lo_unlink({0})", Refused) })
            {
                var sql = "select " + string.Format(CultureInfo.InvariantCulture, call, id);
                Assert.Equal((sql, result), (sql, await one.TryAsync(sql)));
                Assert.Equal((sql, null), (sql, await other.TryAsync(sql)));
            }
        }
        finally
        {
            await other.RunAsync(string.Create(CultureInfo.InvariantCulture, $"select lo_unlink({id})"));
        }
    }

    private static IEnumerable<string> Modules() => Directory.EnumerateDirectories(Path.Combine(Folder, "modules"))
        .Where(static folder => File.Exists(Path.Combine(folder, Path.GetFileName(folder), Path.GetFileName(folder) + ".csproj")))
        .Select(static folder => Path.GetFileName(folder).ToLowerInvariant()).Order(StringComparer.Ordinal);
}
