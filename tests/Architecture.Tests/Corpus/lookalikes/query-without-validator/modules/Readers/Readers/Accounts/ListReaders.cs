using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Readers.Accounts;

internal sealed record ListReaders : IQuery<IReadOnlyList<Guid>>;

internal sealed class ListReadersHandler(IModuleSession<IReadersStore> session) : IRequestHandler<ListReaders, IReadOnlyList<Guid>>
{
    public async Task<IReadOnlyList<Guid>> Handle(ListReaders request, CancellationToken cancellationToken) =>
        await session.Documents.Query<Reader>().OrderBy(static reader => reader.Id).Select(static reader => reader.Id).Take(100).ToListAsync(cancellationToken);
}
