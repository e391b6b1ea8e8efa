namespace ModularMonolith.Lending.Loans;

internal sealed class LoanImport
{
    private readonly List<Reader> _readers = [];

    public int Count => _readers.Count;

    public void Add(Guid id) => _readers.Add(new Reader(id));

    private sealed record Reader(Guid Id);
}
