namespace ModularMonolith.Readers.Services;

internal sealed class ReaderGreeting // finds: naming ""
{
    public static string Greet(string name) => "Hello " + name;
}
