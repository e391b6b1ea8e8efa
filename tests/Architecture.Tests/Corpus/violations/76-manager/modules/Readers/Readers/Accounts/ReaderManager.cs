namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderManager // finds: types-say-what-they-do "is named Manager, which says nothing"
{
    public static string Greet(Reader reader) => "Hello " + reader.Name;
}
