using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ModularMonolith.Benchmarks.Comparator;

/// <summary>
/// What an experienced developer writes by hand for these operations alone: minimal API, Npgsql, plain tables; no modules, no mediator, no
/// document store, no event store. It reads the same rows and writes the same facts (an idempotency record, reservation rows, movements,
/// outgoing messages), and does what follows from an order in the order's own transaction.
/// </summary>
internal static class ComparatorHost
{
    public static async Task<int> RunAsync(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = "comparator",
            MaxPoolSize = 40,
            MaxAutoPrepare = 100,
            NoResetOnClose = true,
        }.ConnectionString);
        builder.Services.AddSingleton(source);
        await using var app = builder.Build();
        await ExecuteAsync(source, Tables.Script);
        app.MapGet("/api/catalog/products/{id:guid}", Browsing.ProductAsync);
        app.MapGet("/api/catalog/products", Browsing.SearchAsync);
        app.MapPost("/api/baskets", Buying.CreateBasketAsync);
        app.MapPost("/api/baskets/{id}/lines", Buying.AddLineAsync);
        app.MapPost("/api/ordering/checkouts", Buying.CheckoutAsync);
        app.MapPost("/api/ordering/orders", Buying.OrderAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
