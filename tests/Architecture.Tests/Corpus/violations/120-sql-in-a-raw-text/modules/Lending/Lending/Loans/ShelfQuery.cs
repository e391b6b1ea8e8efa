using Marten;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery(IModuleSession<ILendingStore> session)
{
    public Task<IReadOnlyList<string>> TitlesAsync(int most, CancellationToken cancellationToken) => session.Documents.QueryAsync<string>(
        $"""
        select copy.data ->> 'title'
        from shelves.mt_doc_copy as copy -- finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
        limit {most}
        """,
        cancellationToken);
}
