namespace ModularMonolith.Readers.Accounts;

internal static class ReaderDays
{
    internal static readonly int[] Days = [7, 14, 28];

    public static int[] Sorted()
    {
        var days = Days.ToArray();
        Array.Sort(days);
        days[0] = 1;
        return days;
    }
}
