using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Inventory.Tests;

/// <summary>A row that a test has locked, so that what needs it stops there until the test lets it go: races have one outcome then.</summary>
internal sealed class HeldRow : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private HeldRow(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>Locks the stock of a SKU at a location, for which every decision about it waits.</summary>
    public static Task<HeldRow> OfStockAsync(InventoryHost inventory, string sku, string location = "main") =>
        LockAsync(inventory, "select id from inventory.mt_streams where id = $1 for update", location + "/" + sku);

    /// <summary>Locks a reservation's document: what changes it has decided all and stops in the middle of its commit, with the locks of the stock.</summary>
    public static Task<HeldRow> OfReservationAsync(InventoryHost inventory, Guid id) =>
        LockAsync(inventory, "select id from inventory.mt_doc_reservation where id = $1 for update", id);

    /// <summary>Waits until as many transactions wait for locks in this database.</summary>
    public async Task AwaitedByAsync(int transactions)
    {
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", _connection, _transaction);
        await Eventually.Async(() => command.ExecuteScalarAsync(), waiting => waiting is long count && count >= transactions);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static async Task<HeldRow> LockAsync(InventoryHost inventory, string sql, object key)
    {
        var connection = new NpgsqlConnection(inventory.Host.ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.AddWithValue(key);
        Assert.NotNull(await command.ExecuteScalarAsync());
        return new HeldRow(connection, transaction);
    }
}
