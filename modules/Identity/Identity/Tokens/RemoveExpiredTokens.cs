using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Removes codes and families of refresh tokens that are of no use any more. Codes stay for a day, so that a second use of one is still noticed.</summary>
internal sealed record RemoveExpiredTokens : ICommand;

internal sealed class RemoveExpiredTokensHandler(IModuleSession<IIdentityStore> session, TimeProvider time) : IRequestHandler<RemoveExpiredTokens, Unit>
{
    private static readonly TimeSpan CodesKept = TimeSpan.FromDays(1);

    public Task<Unit> Handle(RemoveExpiredTokens request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = now - CodesKept;
        session.Documents.DeleteWhere<AuthorizationCode>(code => code.ExpiresAt < before);
        session.Documents.DeleteWhere<RefreshFamily>(family => family.ExpiresAt < now);
        return Unit.Task;
    }
}
