using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Tests.Notes;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

/// <summary>What the admin's part of "migrate" gives to the modules' logins, and what it takes back. Each test has logins of its own, because they belong to the whole server.</summary>
public sealed class ProvisioningTests : IAsyncLifetime
{
    private readonly string _prefix = "provisioning_" + Guid.NewGuid().ToString("N")[..8];
    private TestDatabase _database = null!;
    private NpgsqlDataSource _admin = null!;

    private string Notes => _prefix + "_notes";

    private string Audit => _prefix + "_audit";

    public async Task InitializeAsync()
    {
        _database = await (await Postgres.Testing.TestServer.SharedAsync()).CreateDatabaseAsync();
        _admin = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await RunAsync($"drop owned by {Notes}, {Audit} cascade; drop role {Notes}, {Audit}");
        await _admin.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_schema_that_was_opened_to_another_login_is_closed_again()
    {
        await MigrateAsync();
        await AsModuleAsync($"grant usage on schema notes to {Audit}; grant select on notes.mt_doc_note to {Audit}");
        await AsAsync(Audit, "select count(*) from notes.mt_doc_note");

        await MigrateAsync();

        await RefusedAsync(() => AsAsync(Audit, "select count(*) from notes.mt_doc_note"));
        await AsModuleAsync("select count(*) from notes.mt_doc_note");
    }

    [Fact]
    public async Task A_login_of_the_operator_keeps_what_the_operator_has_given_it()
    {
        var reporting = _prefix + "_reporting";
        await MigrateAsync();
        await RunAsync($"create role {reporting}; grant usage on schema notes to {reporting}; grant select on notes.mt_doc_note to {reporting}");
        try
        {
            await MigrateAsync();

            await AsAsync(reporting, "select count(*) from notes.mt_doc_note");
        }
        finally
        {
            await RunAsync($"drop owned by {reporting}; drop role {reporting}");
        }
    }

    [Fact]
    public async Task A_login_that_became_a_member_of_another_or_was_given_more_rights_loses_both()
    {
        await MigrateAsync();
        await RunAsync($"grant {Notes} to {Audit}; alter role {Audit} createdb createrole replication; alter role {Notes} superuser bypassrls");

        await MigrateAsync();

        Assert.Equal(0L, await ScalarAsync($"select count(*) from pg_roles where rolname in ('{Notes}', '{Audit}') and (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)"));
        Assert.Equal(0L, await ScalarAsync($"select count(*) from pg_auth_members where member in ('{Notes}'::regrole, '{Audit}'::regrole)"));
    }

    [Fact]
    public async Task An_admin_that_may_create_roles_and_nothing_else_brings_the_database_up_to_date_again_and_again()
    {
        var keeper = _prefix + "_keeper";
        await RunAsync($"create role {keeper} login createrole password 'kept'; alter database \"{_database.Name}\" owner to {keeper}");
        try
        {
            var admin = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = keeper, Password = "kept" }.ConnectionString;
            await MigrateAsync(admin);
            await MigrateAsync(admin);

            await AsModuleAsync("select count(*) from notes.mt_doc_note");
        }
        finally
        {
            await RunAsync($"reassign owned by {keeper} to current_user; drop owned by {keeper}; drop role {keeper}");
        }
    }

    [Fact]
    public async Task The_lease_of_a_host_is_prolonged_and_ended_by_the_process_that_registered_it_and_by_no_other()
    {
        var host = Guid.NewGuid();
        await MigrateAsync();
        await AsModuleAsync($"select integration.keep_host('{host}', 'here', array['notes/timers'], 60, 'secret')");

        foreach (var attempt in new[] { "'{}', 0", "'{}', 0, null", "'{}', 0, 'guessed'", "'{}', 60", "'{}', 60, 'guessed'", "'{}', 60, (select secret_hash from integration.host)" })
        {
            await RefusedAsync(() => AsModuleAsync($"select integration.keep_host('{host}', 'elsewhere', {attempt})"));
            await RefusedAsync(() => AsAsync(Audit, $"select integration.keep_host('{host}', 'elsewhere', {attempt})"));
        }

        Assert.Equal("here notes/timers", await ScalarAsync("select name || ' ' || subscriptions[1] from integration.host where expires_at between now() + interval '10 s' and now() + interval '60 s'"));
        await AsModuleAsync($"select integration.keep_host('{host}', 'here', array['notes/timers'], 3600, 'secret')");
        Assert.Equal(1L, await ScalarAsync("select count(*) from integration.host where expires_at > now() + interval '30 min'"));
        await AsModuleAsync($"select integration.keep_host('{host}', 'here', '{{}}', 0, 'secret')");
        Assert.Equal(0L, await ScalarAsync("select count(*) from integration.host"));
    }

    [Fact]
    public async Task A_host_of_the_version_before_that_runs_on_while_the_database_is_brought_up_to_date_keeps_its_lease()
    {
        var host = Guid.NewGuid();
        await MigrateAsync();
        await RunAsync($"alter table integration.host drop column secret_hash; insert into integration.host (id, name, subscriptions, expires_at) values ('{host}', 'old', '{{}}', now() + interval '1 min')");

        await MigrateAsync();

        await AsModuleAsync($"select integration.keep_host('{host}', 'old', '{{}}', 3600)");
        Assert.Equal(1L, await ScalarAsync("select count(*) from integration.host where expires_at > now() + interval '30 min'"));
        await AsModuleAsync($"select integration.keep_host('{host}', 'old', '{{}}', 0)");
        Assert.Equal(0L, await ScalarAsync("select count(*) from integration.host"));
    }

    // The functions read the cursors with the admin's rights. Both ways would have the admin run what the module wrote.
    [Theory]
    [InlineData("""
        create type mood as enum ('fine');
        create function raise_rights(mood) returns bigint language plpgsql as $$ begin execute format('alter role %I createrole', session_user); return 0; end $$;
        create cast (mood as bigint) with function raise_rights(mood) as assignment;
        alter table log_cursor alter position drop default, alter position type mood using 'fine', alter replay_until drop default, alter replay_until type mood using 'fine';
        """)]
    [InlineData("""
        create function raise_rights() returns boolean language plpgsql as $$ begin execute format('alter role %I createrole', session_user); return true; end $$;
        alter table log_cursor enable row level security, force row level security;
        create policy everything on log_cursor using (raise_rights());
        """)]
    public async Task A_module_cannot_have_its_own_code_run_with_the_admin_s_rights(string trap)
    {
        // The policy of a table does not hold for superusers, so the admin is none.
        var keeper = _prefix + "_keeper";
        await RunAsync($"create role {keeper} login createrole password 'kept'; alter database \"{_database.Name}\" owner to {keeper}");
        try
        {
            await MigrateAsync(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = keeper, Password = "kept" }.ConnectionString);
            await RunAsync("update integration.policy set keep_months = 1");
            await AsModuleAsync("insert into log_cursor (subscription, position) values ('any', 1)");
            await AsModuleAsync(trap);

            await AsModuleAsync("select integration.overrun()");
            await AsModuleAsync("select integration.keep_ahead()");
            await AsModuleAsync("select integration.maintain()");

            Assert.Equal(0L, await ScalarAsync($"select count(*) from pg_roles where rolname = '{Notes}' and rolcreaterole"));
        }
        finally
        {
            await RunAsync($"reassign owned by {keeper} to current_user; drop owned by {keeper}; drop role {keeper}");
        }
    }

    private async Task MigrateAsync(string? admin = null)
    {
        await using var app = Build(admin);
        Assert.Equal(0, await app.MigrateAsync());
    }

    private WebApplication Build(string? admin)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = _database.ConnectionString,
            ["ConnectionStrings:Admin"] = admin,
            ["Database:RolePrefix"] = _prefix,
            ["Database:RoleSecret"] = "a secret for tests only, of no use elsewhere",
            ["Http:RequireHttps"] = "false",
        });
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.AddModularMonolith(ModuleCatalog.Alone(typeof(NotesModule).Assembly));
        return builder.Build();
    }

    private Task AsModuleAsync(string sql) => AsAsync(Notes, "set search_path to notes; " + sql);

    private async Task AsAsync(string role, string sql)
    {
        await using var connection = await _admin.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"set session authorization {role}; {sql}", connection);
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            await using var back = new NpgsqlCommand("reset session authorization", connection);
            await back.ExecuteNonQueryAsync();
        }
    }

    private static async Task RefusedAsync(Func<Task> work) =>
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(work)).SqlState);

    private async Task RunAsync(string sql)
    {
        await using var command = _admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _admin.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
