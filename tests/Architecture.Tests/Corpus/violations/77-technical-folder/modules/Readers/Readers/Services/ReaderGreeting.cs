namespace ModularMonolith.Readers.Services; // finds: folders-are-business-concepts ""

internal sealed class ReaderGreeting
{
    public static string Greet(string name) => "Hello " + name;
}
