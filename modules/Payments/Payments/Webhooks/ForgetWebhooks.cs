using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Payments.Webhooks;

/// <summary>Forgets the ids of webhooks that are too old to be sent once more: their signatures are not accepted any more anyway.</summary>
internal sealed record ForgetWebhooks : ICommand;

internal sealed class ForgetWebhooksHandler(IModuleSession<IPaymentsStore> session, TimeProvider time) : IRequestHandler<ForgetWebhooks, Unit>
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public Task<Unit> Handle(ForgetWebhooks request, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand("delete from received_webhook where received_at < ?", time.GetUtcNow() - Kept);
        return Task.FromResult(Unit.Value);
    }
}
