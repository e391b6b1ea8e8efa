using System.Reflection;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object? Make()
    {
        var assembly = Assembly.Load("ModularMonolith.Shelves"); // finds: no-reflection-by-name ""
        return assembly.GetType("ModularMonolith.Shelves.Copies.Copy"); // finds: no-reflection-by-name ""
    }
}
