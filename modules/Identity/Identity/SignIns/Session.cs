using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SignIns;

/// <summary>Where somebody is signed in.</summary>
internal sealed class Session
{
    public Guid Id { get; set; }

    /// <summary>The account's id, or <c>guest:</c> and an id.</summary>
    public required string Subject { get; init; }

    public string? ClientId { get; init; }

    public string? Ip { get; init; }

    public string? UserAgent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsActiveAt(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}

/// <summary>Where a sign-in comes from.</summary>
/// <param name="ClientId">The client program, when it is known.</param>
/// <param name="Ip">The address of the peer.</param>
/// <param name="UserAgent">What the program says it is, cut at 300 characters.</param>
internal sealed record SessionOrigin(string? ClientId, string? Ip, string? UserAgent)
{
    private const int LongestUserAgent = 300;

    public static SessionOrigin Of(HttpContext http, string? clientId = null)
    {
        var agent = http.Request.Headers.UserAgent.ToString().Replace("\0", string.Empty, StringComparison.Ordinal);
        return new SessionOrigin(clientId, http.Connection.RemoteIpAddress?.ToString(), agent.Length switch
        {
            0 => null,
            > LongestUserAgent => agent[..LongestUserAgent],
            _ => agent,
        });
    }

    /// <summary>The session that a request belongs to, when its credentials say so.</summary>
    public static Guid? SessionOf(HttpContext http) => Guid.TryParse(http.User.FindFirst(CallerClaims.Session)?.Value, out var id) ? id : null;
}
