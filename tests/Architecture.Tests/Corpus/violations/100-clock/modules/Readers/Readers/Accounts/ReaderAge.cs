namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderAge
{
    public static int Days(DateTime since) =>
        (DateTime.Now - since).Days; // finds: time-comes-from-time-provider "DateTime.Now"

    public static Func<DateTimeOffset> Later() => static () =>
        DateTimeOffset.UtcNow; // finds: time-comes-from-time-provider "DateTimeOffset.UtcNow"

    public static DateTime Day()
    {
        return DateTime.Today; // finds: time-comes-from-time-provider "DateTime.Today"
    }
}
