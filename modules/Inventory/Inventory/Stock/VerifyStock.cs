using System.Data;
using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Adds up the movements of stock items again and compares the sums with what the items and the reservations say.</summary>
internal sealed record VerifyStock(string? After = null) : IQuery<StockVerification>;

/// <param name="Items">How many stock items were compared.</param>
/// <param name="Movements">How many movements were added up.</param>
/// <param name="Reservations">How many active reservations were compared, at most 1,000, all with the first part.</param>
/// <param name="Differences">What does not agree, at most 100; empty when all is well.</param>
/// <param name="Next">Where the next part starts; null after the last.</param>
internal sealed record StockVerification(int Items, long Movements, int Reservations, IReadOnlyList<StockDifference> Differences, string? Next);

internal sealed record StockDifference(string Sku, string Location, string Problem);

internal sealed class VerifyStockValidator : AbstractValidator<VerifyStock>
{
    public VerifyStockValidator() => RuleFor(query => query.After).NoNul();
}

internal sealed class VerifyStockEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/verification", static async (string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var verification = await sender.Send(new VerifyStock(PageCursor.Decode<StockCursor>(http, cursor)?.Sku), cancellationToken);
            return Results.Ok(verification with { Next = PageCursor.Link(http, verification.Next) });
        })
        .RequirePermission("inventory:read").WithName("VerifyStock")
        .WithSummary("Adds up the movements of up to 500 stock items again and reports what does not agree with the items or the reservations.")
        .Produces<StockVerification>().ProducesProblem(400);
}

internal sealed class VerifyStockHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<VerifyStock, StockVerification>
{
    private const int PageSize = 500;
    private const int MostDifferences = 100;
    private const int MostReservations = 1_000;

    public async Task<StockVerification> Handle(VerifyStock request, CancellationToken cancellationToken)
    {
        // One snapshot of the database for all reads: traffic that goes on meanwhile must not look like a difference.
        await using var reading = session.Store.LightweightSession(IsolationLevel.RepeatableRead);
        await reading.BeginTransactionAsync(cancellationToken);
        IQueryable<StockItem> query = reading.Query<StockItem>();
        if (request.After is { } after)
        {
            query = query.Where(item => item.Id.CompareTo(after) > 0);
        }

        var items = await query.OrderBy(item => item.Id).Take(PageSize).ToListAsync(cancellationToken);
        var ledger = new StockLedger(items);
        var keys = items.Select(static item => item.Id).ToArray();
        if (keys.Length > 0)
        {
            var movements = reading.Events.QueryAllRawEvents().Where(stored => stored.StreamKey!.IsOneOf(keys)).OrderBy(stored => stored.Version);
            await foreach (var stored in movements.ToAsyncEnumerable(cancellationToken))
            {
                ledger.Add(stored.StreamKey!, (IStockMovement)stored.Data, stored.Version);
            }
        }

        ledger.CompareItems();
        var holders = items.SelectMany(static item => item.Holds.Keys).Distinct().ToList();
        ledger.CompareHolds(holders.Count == 0 ? [] : await reading.LoadManyAsync<Reservation>(cancellationToken, holders));
        var alive = request.After is null ? await AliveAsync(reading, cancellationToken) : [];
        if (alive.Count > 0)
        {
            var held = alive.SelectMany(static reservation => reservation.Lines).Select(static line => StockKey.Of(line.Location, line.Sku)).Distinct(StringComparer.Ordinal);
            ledger.CompareReservations(alive, await reading.LoadManyAsync<StockItem>(cancellationToken, held));
        }

        return new StockVerification(
            items.Count, ledger.Movements, alive.Count, [.. ledger.Differences.Take(MostDifferences)],
            items.Count == PageSize ? PageCursor.Encode(new StockCursor(items[^1].Id)) : null);
    }

    private async Task<IReadOnlyList<Reservation>> AliveAsync(IQuerySession reading, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        return await reading.Query<Reservation>().Where(reservation => reservation.DueAt > now).OrderBy(reservation => reservation.DueAt).Take(MostReservations).ToListAsync(cancellationToken);
    }
}
