using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Returns.Requests;

namespace ModularMonolith.Returns;

/// <summary>Whose returns the caller may see and change: their own, and everybody's with a permission. What is somebody else's does not exist.</summary>
internal sealed class Ownership(ICaller caller)
{
    /// <summary>Sees the returns of all customers.</summary>
    public const string ReadAll = "returns:read";

    /// <summary>Changes the returns of all customers.</summary>
    public const string ManageAll = "returns:manage";

    /// <summary>Whether the caller acts for the shop.</summary>
    public bool IsStaff => caller.Has(ManageAll);

    /// <summary>Whose returns the caller sees; null for everybody's.</summary>
    /// <exception cref="ProblemException">401 for a caller who is nobody known.</exception>
    public string? OnlyOf(string permission) => caller.Has(permission) ? null : caller.RequireSubject();

    /// <summary>The return, as far as it exists for the caller.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public Return Require(Return? found, Guid id, string permission) => found is not null && (OnlyOf(permission) is not { } owner || found.Owner == owner)
        ? found
        : throw ProblemException.NotFound("return", id);
}
