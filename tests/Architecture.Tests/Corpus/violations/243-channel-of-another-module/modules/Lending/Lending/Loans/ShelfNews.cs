namespace ModularMonolith.Lending.Loans;

internal static class ShelfNews
{
    public static string Listen() => "listen shelves_news"; // finds: files-are-own "uses the file or lock 'shelves_news', which is named after Shelves"
}
