using System.Reflection;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object? Session(object keeper)
    {
        return keeper.GetType().GetField("session", BindingFlags.NonPublic | BindingFlags.Instance)?.GetValue(keeper); // finds: no-unsafe-accessor "looks for 'session' among members that are not public"
    }
}
