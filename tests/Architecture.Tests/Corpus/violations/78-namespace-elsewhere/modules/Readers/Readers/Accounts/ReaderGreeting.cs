namespace ModularMonolith.Readers.Greetings;

internal sealed class ReaderGreeting // finds: namespaces-follow-folders "stands in modules/Readers/Readers/Accounts/ReaderGreeting.cs, which is ModularMonolith.Readers.Accounts"
{
    public static string Greet(string name) => "Hello " + name;
}
