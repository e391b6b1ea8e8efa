namespace ModularMonolith.Readers.Services; // finds: folders-are-business-concepts "is named after the kind of class Services, not after a concept"

internal sealed class ReaderGreeting
{
    public static string Greet(string name) => "Hello " + name;
}
