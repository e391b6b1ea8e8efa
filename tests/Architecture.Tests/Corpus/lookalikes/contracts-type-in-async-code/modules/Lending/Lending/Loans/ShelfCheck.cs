using MediatR;
using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck(ISender sender)
{
    public async IAsyncEnumerable<CopyView> FindAsync(IEnumerable<Guid> ids, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            yield return await sender.Send(new GetCopy(id), cancellationToken);
        }
    }
}
