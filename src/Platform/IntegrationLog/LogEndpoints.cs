using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using static ModularMonolith.Platform.IntegrationLog.OperatorRequests;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>The operators' view of the log: subscriptions, what they could not handle, and what to do with it.</summary>
internal static class LogEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var log = routes.MapGroup("/api/log/subscriptions").WithTags("log");
        log.MapGet("", ListAsync).RequirePermission(Read)
            .WithName("ListSubscriptions").WithSummary("Lists the subscriptions, how far each is behind, and what it could not handle.");
        log.MapGet("/{module}/{name}/failed", FailedAsync).RequirePermission(Read)
            .WithName("ListFailedEvents").WithSummary("Lists the events that a subscription could not handle.");
        log.MapGet("/{module}/{name}/failed/{position:long}", ShowAsync).RequirePermission(Read)
            .WithName("ShowFailedEvent").WithSummary("Shows an event that a subscription could not handle, with every error.");
        log.MapPost("/{module}/{name}/failed/{position:long}/replay", ReplayOneAsync).RequirePermission(Manage).NeverConflicts()
            .WithName("ReplayFailedEvent").WithSummary("Has a failed event tried again, once.");
        log.MapPost("/{module}/{name}/failed/replay", ReplayManyAsync).RequirePermission(Manage).NeverConflicts()
            .WithName("ReplayFailedEvents").WithSummary("Has the failed events of a key, or all of them, tried again, each once.");
        log.MapPost("/{module}/{name}/failed/{position:long}/discard", DiscardAsync).RequirePermission(Manage).NeverConflicts()
            .WithName("DiscardFailedEvent").WithSummary("Gives a failed event up; those of its key that wait behind it go on.");
        log.MapPost("/{module}/{name}/rewind", RewindAsync).RequirePermission(Manage).NeverConflicts()
            .WithName("RewindSubscription").WithSummary("Lets a subscription go again over events that it has had.");
    }

    private static Task<Changed> ReplayOneAsync(string module, string name, long position, OperatorReason body, HttpContext http, CancellationToken cancellationToken) =>
        ReplayAsync(module, name, position, null, body.Reason, http, cancellationToken);

    private static Task<Changed> ReplayManyAsync(string module, string name, ReplayMany body, HttpContext http, CancellationToken cancellationToken) =>
        ReplayAsync(module, name, null, body.Key, body.Reason, http, cancellationToken);

    private static async Task<IReadOnlyList<SubscriptionStatus>> ListAsync(HttpContext http, CancellationToken cancellationToken)
    {
        return await Operations(http).ListAsync(cancellationToken);
    }

    private static async Task<Page<FailedEvent>> FailedAsync(
        string module, string name, string? state, string? key, string? cursor, int? limit, HttpContext http, CancellationToken cancellationToken)
    {
        var size = PageCursor.Size(limit);
        var after = PageCursor.Decode<Place>(http, cursor)?.Position ?? 0;
        var found = await Known(() => Operations(http).FailedAsync(module + "/" + name, state, key, after, size + 1, cancellationToken));
        var next = found.Count > size ? PageCursor.Encode(new Place(found[size - 1].Position)) : null;
        return PageCursor.Linked(http, new Page<FailedEvent>([.. found.Take(size)], next));
    }

    private static async Task<FailedEventDetails> ShowAsync(string module, string name, long position, HttpContext http, CancellationToken cancellationToken) =>
        await Known(() => Operations(http).ShowAsync(module + "/" + name, position, cancellationToken)) ?? throw ProblemException.NotFound("failed event", position);

    private static async Task<Changed> ReplayAsync(
        string module, string name, long? position, string? key, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        var count = await Known(() => Operations(http).ReplayAsync(module + "/" + name, position, key, By(http, reason), cancellationToken));
        return count > 0 || position is null ? new Changed(count) : throw ProblemException.NotFound("parked event", position);
    }

    private static async Task<Changed> DiscardAsync(string module, string name, long position, OperatorReason body, HttpContext http, CancellationToken cancellationToken) =>
        await Known(() => Operations(http).DiscardAsync(module + "/" + name, position, By(http, body.Reason), cancellationToken))
            ? new Changed(1)
            : throw ProblemException.NotFound("failed event", position);

    private static async Task<Rewound> RewindAsync(string module, string name, Rewind body, HttpContext http, CancellationToken cancellationToken) => body is { Position: not null, Time: not null } or { Position: < 0 }
        ? throw new ProblemException(ProblemTypes.MalformedRequest, "Give the place either as position, 0 or more, or as time; without both the subscription begins at the log's beginning.")
        : new Rewound(await Known(() => Operations(http).RewindAsync(module + "/" + name, body.Position, body.Time, By(http, body.Reason), cancellationToken)));

    private static LogOperations Operations(HttpContext http) => http.RequestServices.GetRequiredService<LogOperations>();

    private sealed record Place(long Position);

    /// <summary>Which parked events are tried again: those of one key, or all.</summary>
    internal sealed record ReplayMany(string? Key = null, string? Reason = null);

    /// <summary>Where the subscription goes on.</summary>
    internal sealed record Rewind(long? Position = null, DateTimeOffset? Time = null, string? Reason = null);

    /// <summary>From where the subscription goes on.</summary>
    internal sealed record Rewound(long Position);
}
