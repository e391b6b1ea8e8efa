using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>A module's login with a connection of its own.</summary>
internal sealed record DatabaseLogin(string Module, string Role, NpgsqlConnection Connection)
{
    /// <summary>The login's connection string.</summary>
    public string Address(string server, DatabaseAddress address) =>
        new NpgsqlConnectionStringBuilder(server) { Username = Role, Password = address.PasswordOf(Module), Pooling = false }.ConnectionString;

    /// <summary>Tries a statement; what it does is undone.</summary>
    /// <returns>The SQLSTATE of the refusal; null when it was done.</returns>
    public async Task<string?> TryAsync(string statement, bool inTransaction = true)
    {
        await using var transaction = inTransaction ? await Connection.BeginTransactionAsync() : null;
        try
        {
            await RunAsync(statement);
            return null;
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }

    /// <summary>Runs a statement, in which <c>{own}</c> is the module's schema and <c>{me}</c> its login.</summary>
    public async Task RunAsync(string statement)
    {
        var sql = statement.Replace("{own}", Module, StringComparison.Ordinal).Replace("{me}", Role, StringComparison.Ordinal);
        if (sql.StartsWith("copy ", StringComparison.Ordinal) && sql.EndsWith(" to stdout", StringComparison.Ordinal))
        {
            using var text = await Connection.BeginTextExportAsync(sql);
            await text.ReadToEndAsync();
            return;
        }

        await using var command = new NpgsqlCommand(sql, Connection);
        await command.ExecuteNonQueryAsync();
    }
}
