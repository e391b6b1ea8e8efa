using Marten;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery(IModuleSession<ILendingStore> session)
{
    public Task<IReadOnlyList<int>> CountAsync(CancellationToken cancellationToken) =>
        session.Documents.QueryAsync<int>("select count(*)::int from " + ShelfTables.Copies, cancellationToken); // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
}
