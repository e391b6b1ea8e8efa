using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.ApiKeys;

/// <summary>Whose keys a request is about.</summary>
internal static class ApiKeyOwner
{
    /// <summary>The caller's account.</summary>
    /// <exception cref="ProblemException">Guests, keys and service accounts have none, and make no keys.</exception>
    public static Guid Of(ICaller caller) => Guid.TryParse(caller.RequireSubject(), out var accountId)
        ? accountId
        : throw new ProblemException(ProblemTypes.Forbidden, "API keys belong to accounts. Sign in with one.");
}
