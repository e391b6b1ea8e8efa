using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using static ModularMonolith.Platform.IntegrationLog.OperatorRequests;

namespace ModularMonolith.Platform.Timers;

/// <summary>The operators' view of the timers and recurring jobs.</summary>
internal static class TimerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var timers = routes.MapGroup("/api/log/timers").WithTags("log");
        timers.MapGet("", ListAsync).RequirePermission(Read)
            .WithName("ListTimers").WithSummary("Lists the timers of all modules: those that wait for an operator, then those that wait for their time.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        timers.MapGet("/{module}/{id:guid}", ShowAsync).RequirePermission(Read)
            .WithName("ShowTimer").WithSummary("Shows a timer with its command and its last errors.");
        timers.MapPost("/{module}/{id:guid}/replay", ReplayAsync).RequirePermission(Manage).NeverConflicts()
            .WithName("ReplayTimer").WithSummary("Has a failed timer sent again, once.");
        timers.MapPost("/{module}/{id:guid}/discard", DiscardAsync).RequirePermission(Manage).NeverConflicts()
            .WithName("DiscardTimer").WithSummary("Gives a timer up: its command is not sent any more.");
        routes.MapGet("/api/log/jobs", JobsAsync).WithTags("log").RequirePermission(Read)
            .WithName("ListJobs").WithSummary("Lists the recurring jobs, when each ran and when it runs next.");
    }

    private static async Task<Page<TimerSummary>> ListAsync(
        string? module, string? state, string? cursor, int? limit, HttpContext http, CancellationToken cancellationToken)
    {
        if (state is not null && !TimerOperations.States.Contains(state))
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no state '{state}'. Known are {string.Join(", ", TimerOperations.States)}.");
        }

        var size = PageCursor.Size(limit);
        var after = PageCursor.Decode<TimerPlace>(http, cursor);
        var found = await Known(() => Operations(http).ListAsync(module, state, after, size + 1, cancellationToken));
        var next = found.Count > size ? PageCursor.Encode(found[size - 1].Place) : null;
        return PageCursor.Linked(http, new Page<TimerSummary>([.. found.Take(size).Select(static listed => listed.Timer)], next));
    }

    private static async Task<TimerDetails> ShowAsync(string module, Guid id, HttpContext http, CancellationToken cancellationToken) =>
        await Known(() => Operations(http).ShowAsync(module, id, cancellationToken)) ?? throw ProblemException.NotFound("timer", id);

    private static async Task<Changed> ReplayAsync(string module, Guid id, OperatorReason body, HttpContext http, CancellationToken cancellationToken) =>
        await Known(() => Operations(http).ReplayAsync(module, id, By(http, body.Reason), cancellationToken))
            ? new Changed(1)
            : throw ProblemException.NotFound("timer that failed", id);

    private static async Task<Changed> DiscardAsync(string module, Guid id, OperatorReason body, HttpContext http, CancellationToken cancellationToken) =>
        await Known(() => Operations(http).DiscardAsync(module, id, By(http, body.Reason), cancellationToken))
            ? new Changed(1)
            : throw ProblemException.NotFound("timer that is not settled", id);

    private static async Task<IReadOnlyList<JobStatus>> JobsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        return await Operations(http).JobsAsync(cancellationToken);
    }

    private static TimerOperations Operations(HttpContext http) => http.RequestServices.GetRequiredService<TimerOperations>();
}
