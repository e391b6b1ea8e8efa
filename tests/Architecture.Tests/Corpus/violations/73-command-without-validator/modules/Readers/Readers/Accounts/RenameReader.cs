using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Readers.Accounts;

internal sealed record RenameReader(Guid Id, string Name) : ICommand; // finds: commands-are-validated "has no validator"

internal sealed class RenameReaderHandler(IModuleSession<IReadersStore> session) : IRequestHandler<RenameReader, Unit>
{
    public Task<Unit> Handle(RenameReader request, CancellationToken cancellationToken)
    {
        session.Documents.Store(new Reader { Id = request.Id, Name = request.Name });
        return Unit.Task;
    }
}
