using JasperFx;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Rates;

/// <summary>What the shipping table is made of: zones, methods and pickup points, each known by a code that never changes.</summary>
/// <typeparam name="TSelf">The kind.</typeparam>
/// <typeparam name="TContent">What a client can say about one.</typeparam>
/// <typeparam name="TView">One as the API shows it.</typeparam>
internal interface ITableEntry<TSelf, TContent, TView> : IRevisioned
    where TSelf : class, ITableEntry<TSelf, TContent, TView>
{
    /// <summary>What one is called.</summary>
    static abstract string Kind { get; }

    /// <summary>How many there are at most: all of them are kept in memory.</summary>
    static abstract int MaximumCount { get; }

    /// <summary>The code.</summary>
    string Id { get; }

    static abstract TSelf Create(string code, TContent content);

    void Change(TContent content);

    TView ToView();
}

/// <summary>Changes the table. Each change takes its turn, so that no two of them contradict each other, and is seen at once on this host.</summary>
internal sealed class TableDesk(IModuleSession<IShippingStore> session, ShippingTable table)
{
    /// <exception cref="ProblemException">409 when the code is taken, or there are as many as there may be.</exception>
    public async Task<Versioned<TView>> CreateAsync<TEntry, TContent, TView>(string code, TContent content, CancellationToken cancellationToken)
        where TEntry : class, ITableEntry<TEntry, TContent, TView>
    {
        await TakeTurnAsync(cancellationToken);
        if (await session.Documents.LoadAsync<TEntry>(code, cancellationToken) is not null)
        {
            throw new ProblemException(ShippingProblems.CodeTaken, $"There is a {TEntry.Kind} '{code}' already. Choose another code, or change that one.");
        }

        if (await session.Documents.Query<TEntry>().CountAsync(cancellationToken) >= TEntry.MaximumCount)
        {
            throw new ProblemException(ShippingProblems.TooMany, $"There are {TEntry.MaximumCount} {TEntry.Kind}s already, and no more can be created.");
        }

        var entry = TEntry.Create(code, content);
        session.Documents.Insert(entry);
        return new Versioned<TView>(entry.ToView(), 1);
    }

    /// <exception cref="ProblemException">404 when there is none, 412 when it is not the version that the client knows.</exception>
    public async Task<Versioned<TView>> ChangeAsync<TEntry, TContent, TView>(string code, long? expectedVersion, TContent content, CancellationToken cancellationToken)
        where TEntry : class, ITableEntry<TEntry, TContent, TView>
    {
        var entry = await RequireAsync<TEntry, TContent, TView>(code, expectedVersion, cancellationToken);
        var next = entry.Version + 1;
        entry.Change(content);
        session.Documents.UpdateRevision(entry, next);
        return new Versioned<TView>(entry.ToView(), next);
    }

    /// <exception cref="ProblemException">404 when there is none, 412 when it is not the version that the client knows.</exception>
    public async Task DeleteAsync<TEntry, TContent, TView>(string code, long? expectedVersion, CancellationToken cancellationToken)
        where TEntry : class, ITableEntry<TEntry, TContent, TView> =>
        session.Documents.Delete(await RequireAsync<TEntry, TContent, TView>(code, expectedVersion, cancellationToken));

    /// <summary>One as it is stored.</summary>
    /// <exception cref="ProblemException">404 when there is none.</exception>
    public async Task<Versioned<TView>> GetAsync<TEntry, TContent, TView>(string code, CancellationToken cancellationToken)
        where TEntry : class, ITableEntry<TEntry, TContent, TView> =>
        await session.Documents.LoadAsync<TEntry>(code, cancellationToken) is { } entry
            ? new Versioned<TView>(entry.ToView(), entry.Version)
            : throw ProblemException.NotFound(TEntry.Kind, code);

    /// <summary>That a method's zone is there, and stays there until the method is.</summary>
    /// <exception cref="ProblemException">409 when it is not.</exception>
    public async Task RequireZoneAsync(string code, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<Zone>(code, cancellationToken) is null)
        {
            throw new ProblemException(ShippingProblems.UnknownZone, $"There is no zone '{code}'. Create it first, or name one of those at /api/shipping/zones.");
        }
    }

    private async Task<TEntry> RequireAsync<TEntry, TContent, TView>(string code, long? expectedVersion, CancellationToken cancellationToken)
        where TEntry : class, ITableEntry<TEntry, TContent, TView>
    {
        await TakeTurnAsync(cancellationToken);
        var entry = await session.Documents.LoadAsync<TEntry>(code, cancellationToken) ?? throw ProblemException.NotFound(TEntry.Kind, code);
        EntityTags.Check(expectedVersion, entry.Version);
        return entry;
    }

    private Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        session.AfterCommit(table.Changed);
        return TableStamp.TakeTurnAsync(session.Documents, cancellationToken);
    }
}

/// <summary>A position in a list by code.</summary>
internal sealed record TableCursor(string Code)
{
    /// <summary>The part of a list that follows a code.</summary>
    public static Page<TView> PageOf<TEntry, TContent, TView>(IReadOnlyList<TEntry> all, string? after, int limit)
        where TEntry : class, ITableEntry<TEntry, TContent, TView>
    {
        var found = all.Where(entry => string.CompareOrdinal(entry.Id, after) > 0).Take(limit + 1).ToList();
        var next = found.Count > limit ? PageCursor.Encode(new TableCursor(found[limit - 1].Id)) : null;
        return new Page<TView>([.. found.Take(limit).Select(static entry => entry.ToView())], next);
    }
}

/// <summary>What the operations of all kinds have in common.</summary>
internal static class TableRoutes
{
    public static RouteHandlerBuilder Creates<TView>(this RouteHandlerBuilder route) => route
        .RequirePermission("shipping:manage")
        .SupportsDryRun()
        .Produces<TView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict);

    public static RouteHandlerBuilder Changes<TView>(this RouteHandlerBuilder route) => route.NeedsTag().Produces<TView>();

    public static RouteHandlerBuilder Deletes(this RouteHandlerBuilder route) => route.NeedsTag().Produces(StatusCodes.Status204NoContent);

    private static RouteHandlerBuilder NeedsTag(this RouteHandlerBuilder route) => route
        .RequirePermission("shipping:manage")
        .SupportsDryRun()
        .WithDescription("Needs its ETag in If-Match.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}
