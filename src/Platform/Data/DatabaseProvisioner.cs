using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Platform.Data;

/// <summary>Creates what only an admin can: the database's roles and schemas, the integration log and the audit log. Safe to run again and on several hosts at once.</summary>
internal sealed partial class DatabaseProvisioner(
    DatabaseAddress address, ModuleCatalog modules, IOptions<LogOptions> log, IOptions<AuditOptions> audit, AuditWriter writer, ILogger<DatabaseProvisioner> logger)
{
    private const long LockKey = 0x4D4D_4442_0000_0001;
    private const int LongestRetention = 36_500;

    private const string OpenedToModules = """
        select distinct format('revoke all on schema %I from %I cascade', space.nspname, grantee.rolname), 'schema ' || space.nspname, grantee.rolname::text
        from pg_namespace space cross join aclexplode(space.nspacl) opened join pg_roles grantee on grantee.oid = opened.grantee
        where space.nspname = any ($1) and opened.grantee <> space.nspowner and grantee.rolname = any ($2)
        union
        select format('revoke %I from %I', held.rolname, member.rolname), 'role ' || held.rolname, member.rolname::text
        from pg_auth_members membership join pg_roles held on held.oid = membership.roleid join pg_roles member on member.oid = membership.member
        where held.rolname = any ($2) and member.rolname = any ($2)
        """;

    public async Task ProvisionAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address.Admin.ConnectionString) { Pooling = false, SearchPath = null }.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await RunAsync(connection, LogSchema.Log + LogSchema.Import + HostMembership.Schema + LogSchema.Retention + LogPositions.Schema, cancellationToken);
        await RunAsync(connection, AuditSchema.Tables + AuditSchema.Sealing + AuditSchema.Retention, cancellationToken);
        await SetPolicyAsync(connection, cancellationToken);
        if (address.Isolation == DatabaseIsolation.Role)
        {
            await CloseToOthersAsync(connection, cancellationToken);
            await ProvisionAuditAsync(connection, cancellationToken);
        }
        else
        {
            LogSharedLogin();
        }

        foreach (var module in modules.Modules)
        {
            await ProvisionAsync(connection, module, cancellationToken);
        }

        if (address.Isolation == DatabaseIsolation.Role)
        {
            await CloseToModulesAsync(connection, cancellationToken);
        }

        await RecordAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task SetPolicyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update integration.policy set keep_months = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)log.Value.KeepMonths ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await RunAsync(connection, "select integration.maintain()", cancellationToken);
        var days = audit.Value.RetentionDays is >= 0 and <= LongestRetention
            ? audit.Value.RetentionDays
            : throw new ModuleConfigurationException($"Audit:RetentionDays is {audit.Value.RetentionDays}; it must be between 1 and {LongestRetention}, or 0 to keep the audit log for ever.");
        await using var retention = new NpgsqlCommand("update audit.chain set keep_days = nullif($1, 0)", connection) { Parameters = { new() { Value = days } } };
        await retention.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RecordAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into audit.pending (id, entry) values ($1, $2)", connection);
        command.Parameters.AddRange(writer.Values("platform", "Migrate", AuditOrigin.Host, new ChangeList()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Without this every role could connect to the database and create objects in "public".
    private static async Task CloseToOthersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await RunAsync(connection, $"revoke connect, temporary on database {Quote(connection.Database)} from public", cancellationToken);
        await RunAsync(connection, "revoke all on schema public from public", cancellationToken);
        foreach (var schema in new[] { LogSchema.Name, AuditSchema.Name })
        {
            await RunAsync(connection, $"revoke all on schema {schema} from public; revoke all on all functions in schema {schema} from public", cancellationToken);
        }
    }

    private async Task ProvisionAuditAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var role = await KeepRoleAsync(connection, AuditSchema.Name, cancellationToken);
        await RunAsync(connection, AuditSchema.GrantToReader(role), cancellationToken);
    }

    // The path stands with the role too, because a pooler may not pass on the one that a connection asks for.
    private async Task<string> KeepRoleAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var role = Quote(address.RoleOf(name));
        var rights = await RightsAsync(connection, address.RoleOf(name), cancellationToken);
        await RunAsync(connection, $"{(rights is null ? "create" : "alter")} role {role} login nocreatedb nocreaterole{rights} password {Literal(address.PasswordOf(name))}", cancellationToken);
        await RunAsync(connection, $"""
            grant {role} to current_user;
            grant connect on database {Quote(connection.Database)} to {role};
            alter role {role} in database {Quote(connection.Database)} set search_path to {Quote(name)};
            {PlansFor(role, connection.Database)}
            """, cancellationToken);
        if (await HasFastCompressionAsync(connection, cancellationToken))
        {
            await RunAsync(connection, $"alter role {role} in database {Quote(connection.Database)} set default_toast_compression to lz4", cancellationToken);
        }

        return role;
    }

    // A table of a few rows is searched from end to end at less cost than through its index, and PostgreSQL keeps such a plan until autovacuum looks at the table again, a minute later at best. In a shop that has
    // just opened the table has thousands of rows by then, and each event that refers to its stream searches all of them. What a module asks for has an index; where none serves, the table is searched all the
    // same. Compiling such a plan, which then looks expensive, would cost more than running it.
    private static string PlansFor(string role, string database) => $"""
        alter role {role} in database {Quote(database)} set enable_seqscan to off;
        alter role {role} in database {Quote(database)} set jit to off;
        """;

    // Documents of more than 2 kB are compressed at each write. LZ4 takes a fraction of the time that PostgreSQL's own method does, where the server was built with it.
    private static async Task<bool> HasFastCompressionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals))", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task ProvisionAsync(NpgsqlConnection connection, ModuleDescriptor module, CancellationToken cancellationToken)
    {
        if (address.Isolation == DatabaseIsolation.Schema)
        {
            await RunAsync(connection, $"create schema if not exists {Quote(module.Name)}", cancellationToken);
            return;
        }

        var role = await KeepRoleAsync(connection, module.Name, cancellationToken);
        await RunAsync(connection, $"""
            create schema if not exists {Quote(module.Name)} authorization {role};
            revoke all on schema {Quote(module.Name)} from public;
            grant usage on schema {LogSchema.Name} to {role};
            grant execute on function {LogSchema.Name}.next_position, {LogSchema.Name}.keep_host, {LogSchema.Name}.maintain, {LogSchema.Name}.overrun, {LogSchema.Name}.keep_ahead to {role};
            {(module.Manifest.ImportsEvents ? "grant" : "revoke")} execute on function {LogSchema.Name}.import_message {(module.Manifest.ImportsEvents ? "to" : "from")} {role};
            grant select on {LogSchema.Name}.message, {LogSchema.Name}.host to {role};
            grant insert (id, name, version, key, payload, headers) on {LogSchema.Name}.message to {role};
            {AuditSchema.GrantToModule(role)}
            """, cancellationToken);
        await RunAsync(connection, SchemaOwnership.Take(Literal(module.Name), Literal(address.RoleOf(module.Name))), cancellationToken);
    }

    // Only a superuser may so much as name these, so they are named where there is something to take away.
    private static async Task<string?> RightsAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        const string Excess = """
            select case when rolsuper then ' nosuperuser' else '' end || case when rolreplication then ' noreplication' else '' end || case when rolbypassrls then ' nobypassrls' else '' end
            from pg_roles where rolname = $1
            """;
        await using var command = new NpgsqlCommand(Excess, connection) { Parameters = { new() { Value = role } } };
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    // Whoever owns a schema can open it, and an admin can make one login a member of another. Roles that are no module's are the operator's to decide about.
    private async Task CloseToModulesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Every module may append to the schema "audit".
        string[] schemas = [.. modules.Modules.Select(static module => module.Name), .. modules.Disabled];
        string[] roles = [.. schemas.Append(AuditSchema.Name).Select(address.RoleOf)];
        var opened = new List<(string Statement, string What, string Role)>();
        await using (var command = new NpgsqlCommand(OpenedToModules, connection) { Parameters = { new() { Value = schemas }, new() { Value = roles } } })
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                opened.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
            }
        }

        foreach (var (statement, what, role) in opened)
        {
            await RunAsync(connection, statement, cancellationToken);
            LogClosed(what, role);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Quote(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    // Utility statements take no parameters.
    private static string Literal(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    [LoggerMessage(LogLevel.Warning, "The {What} was open to the login {Role}, which is another module's. It has been closed again: modules use each other's Contracts, and nobody else's tables.")]
    private partial void LogClosed(string what, string role);

    [LoggerMessage(LogLevel.Warning, "Database:Isolation is Schema: all modules share one database login, so the database itself does not keep them apart.")]
    private partial void LogSharedLogin();
}
