using System.Collections.Frozen;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class ReaderCheck(IReadOnlyList<ReaderView> readers)
{
    private readonly FrozenDictionary<Guid, ReaderView> _readers = readers.ToFrozenDictionary(static reader => reader.Id);

    public ReaderView? Find(Guid id) => _readers.GetValueOrDefault(id);
}
