using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>On whose behalf an operator's request changes something.</summary>
/// <param name="Actor">The caller's subject, or <c>anonymous</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Origin">From where.</param>
internal sealed record OperatorAction(string Actor, string Reason, AuditOrigin Origin);

/// <summary>What the operators' requests about events and timers have in common.</summary>
internal static class OperatorRequests
{
    public const string Read = Permissions.LogRead;
    public const string Manage = Permissions.LogManage;

    private const int LongestReason = 500;

    /// <summary>Who asks, and why.</summary>
    /// <exception cref="ProblemException">400: there is no reason, or it is too long.</exception>
    public static OperatorAction By(HttpContext http, string? reason) =>
        new(http.RequestServices.GetRequiredService<ICaller>().Subject ?? "anonymous", Checked(reason), http.RequestServices.GetRequiredService<AuditScope>().Origin);

    private static string Checked(string? reason) => reason is { Length: > 0 and <= LongestReason } && !reason.Contains('\0', StringComparison.Ordinal)
        ? reason
        : throw new ProblemException(ProblemTypes.MalformedRequest, $"Say why in reason, 1 to {LongestReason} characters; it is kept in the audit.");

    /// <exception cref="ProblemException">404: the operation does not know what was asked for.</exception>
    public static async Task<T> Known<T>(Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (KeyNotFoundException exception)
        {
            throw new ProblemException(ProblemTypes.NotFound, exception.Message, exception);
        }
    }

    /// <summary>Why an operator does it.</summary>
    internal sealed record OperatorReason(string? Reason = null);

    /// <summary>How many events or timers it concerned.</summary>
    internal sealed record Changed(int Count);
}
