using Marten;
using ModularMonolith.Platform.Data;
using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck(IModuleSession<ILendingStore> session)
{
    public Task<int> CountAsync(CancellationToken cancellationToken) =>
        session.Documents.Query<Copy>().CountAsync(cancellationToken); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy as a type argument" → ModularMonolith.Shelves.Copies.Copy
}
