using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Shelves;

namespace ModularMonolith.Lending.Loans;

internal sealed record CountShelves : IQuery<int>;

internal sealed class CountShelvesHandler(IModuleSession<IShelvesStore> session) : IRequestHandler<CountShelves, int> // finds: module-references "uses ModularMonolith.Shelves.IShelvesStore as a type argument" → ModularMonolith.Shelves.IShelvesStore; handlers-use-own-store "injects the session of ModularMonolith.Shelves.IShelvesStore"
{
    public Task<int> Handle(CountShelves request, CancellationToken cancellationToken) => Task.FromResult(session.Documents is null ? 0 : 1);
}
