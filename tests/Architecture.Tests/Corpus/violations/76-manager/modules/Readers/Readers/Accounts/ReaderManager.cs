namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderManager // finds: types-say-what-they-do ""
{
    public static string Greet(Reader reader) => "Hello " + reader.Name;
}
