namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderVisits
{
    public void Count(DayOfWeek day) => ReaderCache.Visits[(int)day]++;
}
