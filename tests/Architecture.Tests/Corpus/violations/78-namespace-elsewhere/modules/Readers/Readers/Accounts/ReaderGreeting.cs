namespace ModularMonolith.Readers.Greetings;

internal sealed class ReaderGreeting // finds: namespaces-follow-folders ""
{
    public static string Greet(string name) => "Hello " + name;
}
