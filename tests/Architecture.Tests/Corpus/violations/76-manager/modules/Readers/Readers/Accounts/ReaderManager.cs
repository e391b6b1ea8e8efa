namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderManager // finds: naming ""
{
    public static string Greet(Reader reader) => "Hello " + reader.Name;
}
