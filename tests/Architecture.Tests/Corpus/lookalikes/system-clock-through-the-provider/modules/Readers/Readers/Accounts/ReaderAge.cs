namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderAge(TimeProvider time)
{
    public int Days(DateTimeOffset since) => (time.GetUtcNow() - since).Days;

    public long Begin() => time.GetTimestamp();

    public Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
}
