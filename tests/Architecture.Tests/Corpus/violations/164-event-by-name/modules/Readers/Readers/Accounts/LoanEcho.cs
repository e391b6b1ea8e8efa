namespace ModularMonolith.Readers.Accounts;

internal sealed class LoanEcho
{
    public static bool IsBorrowed(string eventName)
    {
        return eventName == "lending.copy-borrowed"; // finds: manifest-names-dependencies "lending.copy-borrowed"; events-by-name "lending.copy-borrowed"
    }
}
