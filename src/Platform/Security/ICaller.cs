using System.Security.Claims;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Security;

/// <summary>Whoever sent the request, or caused the event or timer, that is being handled in this scope.</summary>
public interface ICaller
{
    /// <summary>Who it is: a customer, a guest, a member of the staff or a machine. Null for nobody known, and for what the system does by itself.</summary>
    string? Subject { get; }

    /// <summary>Whether a permission was granted to the caller, or access is open.</summary>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <returns>True when the caller may.</returns>
    bool Has(string permission);

    /// <summary>The subject, for what belongs to somebody.</summary>
    /// <returns>The subject.</returns>
    /// <exception cref="ProblemException">401 for a caller who is nobody known.</exception>
    string RequireSubject();
}

/// <summary>The claims that an authentication handler gives to a caller; everything else in a token stays there.</summary>
public static class CallerClaims
{
    /// <summary>Who it is (RFC 7519, section 4.1.2). Exactly one.</summary>
    public const string Subject = "sub";

    /// <summary>A permission that the caller holds. Any number.</summary>
    public const string Permission = "permission";

    /// <summary>The session in which the caller signed in, if there is one (OpenID Connect Back-Channel Logout 1.0, section 2.1).</summary>
    public const string Session = "sid";

    /// <summary>The client that acts for the caller (RFC 8693, section 4.3).</summary>
    public const string Client = "client_id";

    /// <summary>What the token was asked for (RFC 8693, section 4.2), names with blanks in between.</summary>
    public const string Scope = "scope";
}

internal sealed class Caller(OpenAccess access, MessageScope scope) : ICaller
{
    /// <summary>The subject of those who are nobody known where access is open.</summary>
    public const string OpenSubject = "open-access";

    private ClaimsPrincipal? _principal;

    public bool IsAuthenticated => _principal is not null;

    public string? Subject => scope.Current.Actor;

    public bool Has(string permission) => _principal?.HasClaim(CallerClaims.Permission, permission) ?? access.IsOpen;

    public string RequireSubject() => Subject ?? (access.IsOpen
        ? OpenSubject
        : throw new ProblemException(ProblemTypes.Unauthenticated, "Send an access token in the Authorization header."));

    /// <summary>From here on the scope works for this principal, and so does whatever it writes to the log.</summary>
    public void Enter(ClaimsPrincipal principal)
    {
        _principal = principal;
        scope.Current = scope.Current with { Actor = principal.FindFirst(CallerClaims.Subject)?.Value };
    }
}
