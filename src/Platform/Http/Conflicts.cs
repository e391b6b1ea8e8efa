using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Platform.Http;

/// <param name="ArePossible">Whether the endpoint sends a command.</param>
internal sealed record ConflictMetadata(bool ArePossible);

/// <summary>Which operations can lose against a concurrent change, and so answer 409 <c>concurrent-change</c>.</summary>
public static class Conflicts
{
    /// <summary>
    /// Says that the endpoint sends no command, so that nobody's change can make it fail although its method is none of the safe ones: it computes or asks something. All other endpoints
    /// with such a method are described with 409 <c>concurrent-change</c>.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder NeverConflicts(this RouteHandlerBuilder builder) => builder.WithMetadata(new ConflictMetadata(false));

    /// <summary>Says that the endpoint sends a command although its method is a safe one, so that it is described with 409 <c>concurrent-change</c>.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder MayConflict(this RouteHandlerBuilder builder) => builder.WithMetadata(new ConflictMetadata(true));

    // Safe methods (RFC 9110, section 9.2.1) change nothing.
    internal static bool ArePossible(string? method, IEnumerable<object> metadata) => metadata.OfType<ConflictMetadata>().LastOrDefault()?.ArePossible
        ?? (method is not null && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method));
}
