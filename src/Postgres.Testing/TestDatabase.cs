using Npgsql;

namespace ModularMonolith.Postgres.Testing;

/// <summary>A database of one test's own; disposing it drops it, disconnecting whoever still uses it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TestServer server;
    private bool dropped;

    internal TestDatabase(TestServer server, string name, string connectionString)
    {
        this.server = server;
        Name = name;
        ConnectionString = connectionString;
    }

    /// <summary>The database's name, unique in its server.</summary>
    public string Name { get; }

    /// <summary>Connects the superuser to this database.</summary>
    public string ConnectionString { get; }

    /// <summary>Drops the database. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (dropped)
            return;
        dropped = true;
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        await server.DropDatabaseAsync(Name);
    }
}
