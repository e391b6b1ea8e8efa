namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderClock(TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();
}
