using MediatR;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Identity.Passkeys;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.SignIns;

/// <summary>Removes what has ended: links, challenges and sessions hold personal data and are of no more use.</summary>
internal sealed record RemoveExpired : ICommand;

internal sealed class RemoveExpiredHandler(IModuleSession<IIdentityStore> session, TimeProvider time) : IRequestHandler<RemoveExpired, Unit>
{
    public Task<Unit> Handle(RemoveExpired request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        session.Documents.DeleteWhere<MailLink>(link => link.ExpiresAt < now);
        session.Documents.DeleteWhere<PasskeyChallenge>(challenge => challenge.ExpiresAt < now);
        session.Documents.DeleteWhere<Session>(found => found.ExpiresAt < now || found.RevokedAt < now);
        return Unit.Task;
    }
}
