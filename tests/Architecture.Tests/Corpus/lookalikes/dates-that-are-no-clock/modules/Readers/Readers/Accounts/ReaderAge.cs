namespace ModularMonolith.Readers.Accounts;

internal sealed record ReaderAge(DateTime Now, DateTimeOffset UtcNow)
{
    public static readonly DateTime First = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public int Days => (Now - First).Days + DateTime.MinValue.Day + DateTimeOffset.UnixEpoch.Day + UtcNow.Day;

    public static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
