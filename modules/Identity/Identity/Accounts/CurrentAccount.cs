using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Accounts;

/// <summary>The account of whoever sends the request.</summary>
internal sealed class CurrentAccount(ICaller caller, IModuleSession<IIdentityStore> session)
{
    /// <exception cref="ProblemException">401 for nobody known or an account that was deleted, 403 for guests and machines, who have none.</exception>
    public async Task<Account> LoadAsync(CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(caller.RequireSubject(), out var id))
        {
            throw new ProblemException(ProblemTypes.Forbidden, "This is for those who have an account. Sign in with it.");
        }

        return await session.Documents.LoadAsync<Account>(id, cancellationToken)
            ?? throw new ProblemException(ProblemTypes.InvalidCredentials, "The account does not exist any more.");
    }
}
