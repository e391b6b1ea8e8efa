namespace ModularMonolith.Shelves.Copies;

internal static class MoreCopyWords
{
    public static string AsCopy(this object found) => found is Copy copy ? copy.Title : string.Empty;
}
