namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderGreeting(ReaderDesk desk, IEnumerable<ReaderDesk> desks)
{
    public async Task<string> GreetAsync(Guid id, CancellationToken cancellationToken) => $"Hello {(await desk.RequireAsync(id, cancellationToken)).Name} ({desks.Count()})";
}
