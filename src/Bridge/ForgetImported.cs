using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Bridge;

/// <summary>Forgets the ids of events that were imported so long ago that the broker will not deliver them again.</summary>
internal sealed record ForgetImported : ICommand;

internal sealed class ForgetImportedHandler(IModuleSession<IBridgeStore> session, BridgeSettings settings, TimeProvider time) : IRequestHandler<ForgetImported, Unit>
{
    public Task<Unit> Handle(ForgetImported request, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand("delete from imported where imported_at < ?", time.GetUtcNow() - settings.Remember);
        return Task.FromResult(Unit.Value);
    }
}
